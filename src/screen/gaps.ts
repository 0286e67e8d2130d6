import { addDays, type Day } from "../base/day.ts";
import { ChainBlocks } from "../clusters/blocks.ts";
import { ClustersReader } from "../clusters/clusters-reader.ts";
import { ownerIfAny } from "../clusters/owners.ts";
import type { Incident } from "../incidents/incident.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { incidentsFor, partiesOn, theftTxids } from "../trace/theft/incident-chain.ts";
import { illicitOf } from "../trace/taint/illicit.ts";
import { TaintReader } from "../trace/taint/taint-reader.ts";
import { assumptionData, mattersTo } from "./assumptions.ts";
import type { ScreeningBasis } from "./basis.ts";
import type { Payments } from "./payments.ts";
import type { Checked, Missing } from "./verdict.ts";
import type { Wanted } from "./wanted.ts";

/** The first block of chains that do not begin with block 0. XRP Ledger's own history lacks those before. */
const firstBlocks: Readonly<Record<string, number>> = { ripple: 32_570, stellar: 1, nem: 1 };

const daySeconds = 86_400;
/** So many days' answers are kept. */
const daysMax = 4_096;

/** The state of a chain that a verdict is made from. */
export type ChainParts = {
  readonly reader: ChainReader;
  readonly basis: ScreeningBasis;
  readonly taint: TaintReader | "none" | "lost";
  readonly clusters: ClustersReader | "none" | "outdated";
  readonly payments: Payments;
};

/** What is known of when a subject's value can have come. */
export type Horizon = {
  /** Unix seconds after which nothing can have come to it. */
  readonly time: number;
};

/** What a chain's state lacks, whatever the subject is. */
export class ChainGaps {
  readonly #parts: ChainParts;
  readonly #blocks: ChainBlocks;
  readonly #thefts: ReadonlyMap<string, Incident>;
  readonly #unplaced: readonly string[];
  readonly #absentByDay = new Map<number, Pick<Checked, "later" | "absent">>();
  readonly #counts: { readonly incidents: number; readonly origins: number };
  #hasIllicit: boolean | undefined;
  #begins: ReadonlyMap<number, number> | undefined;
  #unfollowed: readonly Incident[] | undefined;

  constructor(parts: ChainParts) {
    this.#parts = parts;
    this.#blocks = new ChainBlocks(parts.reader);
    const { chain } = parts.reader;
    const incidents = incidentsFor(parts.basis.register.incidents, parts.reader);
    this.#thefts = new Map(incidents.filter((one) => theftTxids(one, chain).length > 0).map((one) => [one.id, one]));
    const strands = parts.taint instanceof TaintReader ? parts.taint.state.strands : [];
    const origins = new Map(strands.map(({ origin }) => [origin.key, origin.kind]));
    const followed = [...origins.values()].filter((kind) => kind === "incident").length;
    this.#counts = { incidents: followed, origins: origins.size };
    this.#unplaced = incidents
      .filter(
        (one) =>
          theftTxids(one, chain).length === 0 &&
          !origins.has(`incident:${one.id}`) &&
          (partiesOn(one, chain).thieves.length > 0 ||
            (one.chain.theft.length === 0 &&
              one.stolen.some((item) => item.kind === "asset" && item.asset.chain === chain.id))),
      )
      .map(({ id }) => id);
  }

  /** What is missing for a subject whose value cannot have come after a time. */
  of(wanted: Wanted, horizon: () => Horizon): readonly Missing[] {
    if (this.#blocks.count === 0) {
      return [
        { gap: "ledger-empty", what: "the ledger has no block of this chain", data: {}, mend: "ingest the chain" },
      ];
    }
    return [
      ...(wanted.exposure ? this.#index(wanted) : []),
      ...(wanted.tagged ? this.#tags() : []),
      ...(wanted.clusters ? this.#clusters() : []),
      ...(wanted.exposure ? this.#history() : []),
      ...(wanted.thefts ? this.#lackingThefts(horizon) : []),
      ...(wanted.exposure ? this.#assumptions(wanted, horizon) : []),
    ];
  }

  /** What was followed, and what not. */
  checked(horizon: () => Horizon): Checked {
    const { later, absent } = this.#absent(horizon);
    return {
      ...this.#counts,
      later,
      absent,
      unplaced: this.#unplaced,
    };
  }

  #index({ policies }: Wanted): readonly Missing[] {
    const { taint, reader } = this.#parts;
    const mend = "run fundtrail taint build";
    if (taint === "none") return [{ gap: "index-none", what: "there is no taint index", data: {}, mend }];
    if (taint === "lost")
      return [{ gap: "index-lost", what: "the taint index is of a branch that was replaced", data: {}, mend }];
    const { kind, changed } = taint.standing;
    const found: Missing[] = [];
    if (kind === "stale") {
      const what = changed.includes("unfinished")
        ? "the taint index is not finished"
        : `the taint index is older than a change of ${changed.join(", ") || "what it rests on"}`;
      found.push({ gap: "index-stale", what, data: { changed }, mend });
    }
    if (taint.standing.blocksBehind > 0) {
      const what = `the taint index ends at block ${taint.state.tip.height}, the ledger at ${reader.state.tip?.height ?? "none"}`;
      const data = { index: taint.state.tip.height, ledger: reader.state.tip?.height ?? 0 };
      found.push({ gap: "index-behind", what, data, mend });
    }
    const lacking = [...policies].filter((policy) => !taint.state.policies.some((one) => one === policy));
    if (lacking.length > 0) {
      found.push({
        gap: "index-policy",
        what: `the taint index has no ${lacking.join(", ")}, which a rule asks for`,
        data: { policies: lacking },
        mend,
      });
    }
    return found;
  }

  #tags(): readonly Missing[] {
    const { alias } = this.#parts.reader.chain;
    if (this.#isIllicitKnown()) return [];
    const what = `no tags of illicit addresses are loaded for ${alias}`;
    const mend = "run fundtrail tags import with a sanctions list, then taint build";
    return [{ gap: "tags-none", what, data: { chain: alias }, mend }];
  }

  /** Whether any tag of the chain says something illicit: without one, nothing was looked into. */
  #isIllicitKnown(): boolean {
    if (this.#hasIllicit !== undefined) return this.#hasIllicit;
    const { taint, basis, reader } = this.#parts;
    const { tags } = basis;
    if (taint instanceof TaintReader && taint.state.strands.some(({ origin }) => origin.kind === "tag"))
      return (this.#hasIllicit = true);
    for (const { address } of tags.taggedAddresses(reader.chain.id)) {
      const entity = tags.entityAt(reader.chain.id, address);
      if (entity !== undefined && illicitOf(entity).length > 0) return (this.#hasIllicit = true);
    }
    return (this.#hasIllicit = false);
  }

  #clusters(): readonly Missing[] {
    const { clusters } = this.#parts;
    const mend = "run fundtrail clusters build";
    if (clusters === "none")
      return [{ gap: "clusters", what: "no clusters have been built", data: { kind: "none" }, mend }];
    if (clusters === "outdated") {
      const what = "the clusters are older than a reorganisation or this version";
      return [{ gap: "clusters", what, data: { kind: "outdated" }, mend }];
    }
    if (clusters.rowsBehind === 0) return [];
    const what = `the clusters end ${clusters.rowsBehind} ${this.#parts.reader.model === "utxo" ? "transactions" : "transfers"} before the ledger`;
    return [{ gap: "clusters", what, data: { kind: "behind", count: clusters.rowsBehind }, mend }];
  }

  /** What of the chain the ledger has not seen. */
  #history(): readonly Missing[] {
    const { reader } = this.#parts;
    const { state, chain, model } = reader;
    const blocks = this.#blocks;
    const found: Missing[] = [];
    const [first, due] = [blocks.height(0), firstBlocks[chain.alias] ?? 0];
    if (first > due) {
      const what = `the ledger begins at block ${first}: what came before is not known`;
      found.push({ gap: "begins-late", what, data: { first, due }, mend: `ingest from block ${due}` });
    }
    const left = (state.tip?.height ?? 0) - first + 1 - blocks.count;
    if (left > 0) {
      const what = `${left} heights between block ${first} and the last are not in the ledger`;
      const mend = "see fundtrail ledger info; ingest what is missing";
      found.push({ gap: "heights-left-out", what, data: { count: left, first }, mend });
    }
    const unseen = state.counts.unseen ?? 0;
    if (model === "utxo" && unseen > 0 && first <= due) {
      const what = `${unseen} outputs that were spent are not in the ledger`;
      const data = { kind: "ledger", count: unseen } as const;
      found.push({ gap: "outputs-unseen", what, data, mend: "run fundtrail ledger check" });
    }
    if (model === "account" && state.internalUnknown > 0) {
      const what = `transfers inside transactions are not known in ${state.internalUnknown} blocks`;
      const data = { count: state.internalUnknown };
      found.push({ gap: "internal-unknown", what, data, mend: "ingest them with traces" });
    }
    return found;
  }

  #lackingThefts(horizon: () => Horizon): readonly Missing[] {
    const { taint } = this.#parts;
    if (!(taint instanceof TaintReader)) return [];
    const mend = "ingest the blocks that they are in, then run fundtrail taint build";
    const absent = this.#absent(horizon).absent.map((id): Missing => {
      const what = `the ledger holds no transaction of the theft ${id}`;
      return { gap: "theft-absent", what, data: { incident: id }, mend };
    });
    const seen = new Set<string>();
    const partial = taint.state.strands.flatMap(({ origin }): readonly Missing[] => {
      if (origin.missing.length === 0 || seen.has(origin.key)) return [];
      seen.add(origin.key);
      const id = origin.key.replace(/^incident:/u, "");
      // Of one that is followed by its thief's addresses alone, all transactions are absent, which is told.
      if (taint.state.absent.includes(id) || this.#isLater(id, horizon)) return [];
      const count = origin.missing.length;
      const what = `${count} theft transaction${count === 1 ? "" : "s"} of ${origin.name} (${origin.key}) ${count === 1 ? "is" : "are"} not in the ledger`;
      return [{ gap: "theft-partial", what, data: { count, name: origin.name }, mend }];
    });
    const unfollowed = this.#notFollowed()
      .filter((one) => !isLaterThan(one, horizon))
      .map(({ id }): Missing => {
        const what = `the register names addresses of the thief of ${id} that the ledger has, and no transaction of the theft; it shows nothing that came to them since, or they are a service's: what left them is not followed`;
        return {
          gap: "theft-unfollowed",
          what,
          data: { incident: id },
          mend: "import them as tags (service_hack), then run fundtrail taint build",
        };
      });
    return [...absent, ...partial, ...unfollowed];
  }

  /**
   * The thefts without a known transaction of which thieves' addresses are in the ledger, and none in an origin of the index. Cost: once,
   * a look-up for each of the addresses of thieves and origins.
   */
  #notFollowed(): readonly Incident[] {
    if (this.#unfollowed !== undefined) return this.#unfollowed;
    const { taint, reader, basis } = this.#parts;
    const strands = taint instanceof TaintReader ? taint.state.strands : [];
    const addresses = new Set(strands.flatMap(({ origin }) => origin.addresses));
    const followed = new Set([...addresses].map((address) => ownerIfAny(reader, address)));
    this.#unfollowed = incidentsFor(basis.register.incidents, reader).filter((one) => {
      if (theftTxids(one, reader.chain).length > 0) return false;
      const owners = partiesOn(one, reader.chain).thieves.map((address) => ownerIfAny(reader, address));
      return owners.some((owner) => owner !== undefined && !followed.has(owner));
    });
    return this.#unfollowed;
  }

  /** The thefts of which the ledger holds no transaction: those that are later than all that can have come to a subject, and others. */
  #absent(horizon: () => Horizon): Pick<Checked, "later" | "absent"> {
    const { taint } = this.#parts;
    const all = taint instanceof TaintReader ? taint.state.absent : [];
    if (all.length === 0) return { later: [], absent: [] };
    const { time } = horizon();
    const number = (time - (time % daySeconds)) / daySeconds;
    const known = this.#absentByDay.get(number);
    if (known !== undefined) return known;
    const later = all.filter((id) => this.#isLater(id, horizon));
    const found = { later, absent: all.filter((id) => !later.includes(id)) };
    if (this.#absentByDay.size >= daysMax) this.#absentByDay.clear();
    this.#absentByDay.set(number, found);
    return found;
  }

  #isLater(id: string, horizon: () => Horizon): boolean {
    const incident = this.#thefts.get(id);
    return incident !== undefined && isLaterThan(incident, horizon);
  }

  #assumptions(wanted: Wanted, horizon: () => Horizon): readonly Missing[] {
    const { taint } = this.#parts;
    if (!(taint instanceof TaintReader)) return [];
    return taint.state.strands.flatMap(({ number, origin, policy, assumptions }): readonly Missing[] => {
      const mattering = assumptions.filter(mattersTo);
      if (mattering.length === 0 || !wanted.isOrigin(origin.category, policy)) return [];
      if (this.#beginning(number) > horizon().time) return [];
      return mattering.map((one) => ({
        gap: "assumption",
        what: `${origin.name} by ${policy} rests on this: ${one}`,
        data: { origin: origin.name, policy, ...assumptionData(one) },
        mend: null,
      }));
    });
  }

  /** Unix seconds of the first output or transfer of a strand with assumptions. */
  #beginning(strand: number): number {
    const { taint } = this.#parts;
    if (!(taint instanceof TaintReader)) return 0;
    this.#begins ??= new Map(
      taint.state.strands
        .filter(({ assumptions, records }) => assumptions.length > 0 && records > 0)
        .map(({ number }) => [number, this.#parts.payments.timeOfRow(taint.record(number, 0).row)]),
    );
    return this.#begins.get(strand) ?? 0;
  }
}

/** Whether a theft is later than all that can have come to a subject. A day is left for how dates are written. */
function isLaterThan({ date }: Incident, horizon: () => Horizon): boolean {
  const day = new Date(horizon().time * 1_000).toISOString().slice(0, 10) as Day;
  return date.first > addDays(day, 1);
}

import type { ChainReader } from "../ledger/reader.ts";
import { ownerIfAny } from "../clusters/owners.ts";
import { ClustersReader } from "../clusters/clusters-reader.ts";
import { Failure } from "../base/failure.ts";
import { categories } from "../tags/category.ts";
import { stands } from "../tags/tag.ts";
import { TaintReader } from "../trace/taint/taint-reader.ts";
import { Exposures } from "./exposures.ts";
import type { Fact, Party } from "./fact.ts";
import { ChainGaps, type ChainParts, type Horizon } from "./gaps.ts";
import { Parties, type Known } from "./parties.ts";
import { paymentsTo, type Payers, type Payment } from "./payments.ts";
import type { Placed } from "./place.ts";
import type { Checked, Missing, Verdict } from "./verdict.ts";
import { wantedBy, wantedOfExposures, type Wanted } from "./wanted.ts";
import type { Direction, Role } from "./words.ts";

/** All that was found of a subject, before rules are asked. */
export type Findings = {
  readonly block: Verdict["block"];
  readonly facts: readonly Fact[];
  readonly parties: readonly Party[];
  readonly missing: readonly Missing[];
  readonly checked: Checked;
};

export type PlacedRequest = {
  readonly placed: Placed;
  readonly reader: ChainReader;
  readonly direction: Direction;
  readonly to: string | undefined;
  readonly block: number | undefined;
  readonly wantsExposures?: true;
};

/** So many payers, or receivers, of a transaction are looked up. */
const partiesMax = 1_000;
/** What is known of a subject's latest receipt. */
const always = Infinity;

/** Finds what is known of addresses and transactions of one chain. */
export class ChainScreener {
  readonly #parts: ChainParts;
  readonly #gaps: ChainGaps;
  readonly #parties: Parties;
  readonly #exposures: Exposures | undefined;
  readonly #wanted = new Map<Direction, Wanted>();

  constructor(parts: ChainParts) {
    const { reader, basis, taint, clusters, payments } = parts;
    this.#parts = parts;
    this.#gaps = new ChainGaps(parts);
    this.#parties = new Parties(reader, basis.tags, {
      clusters: clusters instanceof ClustersReader ? clusters : undefined,
      incidents: basis.register.incidents,
    });
    this.#exposures =
      taint instanceof TaintReader
        ? new Exposures({ reader, taint, payments, prices: basis.register.prices })
        : undefined;
  }

  findings(request: PlacedRequest): Findings {
    const found = request.placed.kind === "address" ? this.#address(request) : this.#transaction(request);
    const { state } = this.#parts.reader;
    const { tip } = state;
    const horizon = remembered(() => ({ time: Math.min(found.horizon(), tip?.time ?? always) }));
    const wanted = request.wantsExposures === true ? wantedOfExposures : this.#wantedBy(request.direction);
    return {
      block: tip === undefined ? null : { height: tip.height, hash: tip.hash ?? null, time: tip.time },
      facts: [
        ...found.known.flatMap(({ facts }, place) => facts.map((fact) => ({ ...fact, party: place }))),
        ...found.facts,
      ],
      parties: found.known.map(({ party }) => party),
      missing: [
        ...this.#unseen(request, wanted),
        ...found.missing,
        ...(wanted.tags ? unclear(found.known) : []),
        ...this.#gaps.of(wanted, horizon),
      ],
      checked: this.#gaps.checked(horizon),
    };
  }

  #wantedBy(direction: Direction): Wanted {
    const wanted = this.#wanted.get(direction) ?? wantedBy(this.#parts.basis.rules, direction);
    this.#wanted.set(direction, wanted);
    return wanted;
  }

  /** Not seen is never clear, but where nothing is asked that a ledger could tell. */
  #unseen({ placed, block }: PlacedRequest, wanted: Wanted): readonly Missing[] {
    const { tip } = this.#parts.reader.state;
    if (tip === undefined) return [];
    if (block !== undefined && block > tip.height) {
      const what = `the ledger ends at block ${tip.height}, and this is in block ${block}`;
      const data = { tip: tip.height, block };
      return [{ gap: "not-synced", what, data, mend: `ingest to block ${block}, then screen again` }];
    }
    if (placed.numbers.length > 0 || !(wanted.exposure || wanted.clusters || placed.kind === "transaction")) return [];
    const what = `${placed.text} is not in this ledger (to block ${tip.height}); that does not mean clean`;
    const mend = placed.kind === "transaction" ? "ingest further blocks, or check the id" : null;
    return [{ gap: "not-in-ledger", what, data: { kind: placed.kind, block: tip.height }, mend }];
  }

  #address({ placed }: PlacedRequest): Found {
    const [owner] = placed.numbers;
    const known = this.#parties.of(placed.text, owner, "subject");
    return {
      known: [known],
      facts: owner === undefined ? [] : this.#exposed(owner, 0),
      missing: [],
      horizon: () => (owner === undefined ? always : (this.#parts.payments.lastTime(owner) ?? always)),
    };
  }

  #exposed(owner: number, party: number): readonly Fact[] {
    return (this.#exposures?.ofOwner(owner) ?? []).map((fact) => ({ ...fact, party }));
  }

  #transaction({ placed, to, direction }: PlacedRequest): Found {
    const { payments } = this.#parts;
    const all = payments.of(placed.numbers);
    const chosen = to === undefined || placed.numbers.length === 0 ? all : this.#chosen(all, to, placed);
    const [first] = placed.numbers;
    const payers = payments.payers(placed.numbers, chosen);
    const tagged = this.#ofTransactionTags(placed);
    const parts = [
      ...(direction === "withdrawal" ? [] : [this.#from(placed, { chosen, all, payers })]),
      ...(direction === "deposit" ? [] : [this.#to(chosen, to === undefined ? payers : undefined)]),
    ];
    const known: Known[] = [];
    const facts: Fact[] = [];
    for (const part of parts) {
      facts.push(
        ...part.facts.map((fact) => ({
          ...fact,
          party: fact.party === undefined ? undefined : fact.party + known.length,
        })),
      );
      known.push(...part.known);
    }
    return {
      known: [...known, ...tagged],
      facts,
      missing: parts.flatMap(({ missing }) => missing),
      // Who receives a withdrawal may have received more since.
      horizon: () => (direction === "deposit" && first !== undefined ? payments.timeOf(first) : always),
    };
  }

  /** Tags of the transaction itself. */
  #ofTransactionTags({ text, chain }: Placed): readonly Known[] {
    const { tags } = this.#parts.basis;
    const found = chain === undefined ? [] : tags.tagsOfTransaction(chain.id, text);
    return found.length === 0 || chain === undefined ? [] : [this.#parties.ofTags(text, found)];
  }

  #chosen(all: readonly Payment[], to: string, { text }: Placed): readonly Payment[] {
    const numbered = /^(?:(?<txid>.+):)?(?<index>[0-9]{1,9})$/u.exec(to)?.groups;
    const owner = numbered === undefined ? ownerIfAny(this.#parts.reader, to) : undefined;
    const txid = numbered?.["txid"]?.toLowerCase().replace(/^0x/u, "");
    if (txid !== undefined && txid !== text.toLowerCase().replace(/^0x/u, "")) {
      throw new Failure("USAGE", { what: `${to} is of another transaction than ${text}`, mend: "name one of its own" });
    }
    const index = numbered === undefined ? undefined : Number.parseInt(numbered["index"] ?? "", 10);
    return paymentsTo(all, { text: to, owner, index }, text);
  }

  /** Where the value of payments comes from: what is in them, and who pays. */
  #from(
    { numbers }: Placed,
    of: { readonly chosen: readonly Payment[]; readonly all: readonly Payment[]; readonly payers: Payers },
  ): Part {
    const { chosen, all, payers } = of;
    const exposed = this.#exposures?.ofPayments(numbers, chosen, all) ?? [];
    const { known, missing } = this.#known(payers.owners, "payer");
    const nobody: readonly Missing[] =
      payers.unknown === 0
        ? []
        : [
            {
              gap: "outputs-unseen",
              what: `whose ${payers.unknown} of its inputs are, which are from before the ledger`,
              data: { kind: "payers", count: payers.unknown },
              mend: "ingest from the chain's first block",
            },
          ];
    return {
      known,
      facts: exposed.map((fact) => ({ ...fact, party: undefined })),
      missing: [...missing, ...nobody],
    };
  }

  /** Who payments go to. Without a choice what goes back to a payer is left out. */
  #to(chosen: readonly Payment[], payers: Payers | undefined): Part {
    const back = new Set(payers?.owners);
    const owners = [...new Set(chosen.map(({ to }) => to).filter((to) => to >= 0 && !back.has(to)))];
    const { known, missing } = this.#known(owners, "receiver");
    const facts = owners.slice(0, partiesMax).flatMap((owner, place) => this.#exposed(owner, place));
    return { known, facts, missing };
  }

  #known(owners: readonly number[], role: Role): Pick<Part, "known" | "missing"> {
    const known = owners.slice(0, partiesMax).map((owner) => this.#parties.ofOwner(owner, role));
    if (owners.length <= partiesMax) return { known, missing: [] };
    const what = `who ${owners.length - partiesMax} further ${role}s are: ${partiesMax} were looked up`;
    const data = { role, count: owners.length - partiesMax, known: partiesMax };
    return { known, missing: [{ gap: "parties", what, data, mend: "name one payment (--to)" }] };
  }
}

type Part = { readonly known: readonly Known[]; readonly facts: readonly Fact[]; readonly missing: readonly Missing[] };
type Found = Part & { readonly horizon: () => number };

/** Parties with tags of which none says in a known word what they are: somebody has to read them. */
function unclear(known: readonly Known[]): readonly Missing[] {
  return known.flatMap(({ party }) => {
    const standing = party.tags.filter(stands);
    const words = standing.flatMap(({ category, abuse, concepts }) => [category, abuse, ...concepts]);
    const [first] = standing;
    if (first === undefined || words.some((word) => word !== undefined && categories.has(word))) return [];
    const what = `what the tag "${first.label}" (${first.source.name}) of ${party.address} means: it has no known category`;
    const data = { label: first.label, source: first.source.name, address: party.address };
    return [{ gap: "tag-unclear", what, data, mend: "give it one with fundtrail tags correct" }];
  });
}

function remembered(make: () => Horizon): () => Horizon {
  let made: Horizon | undefined;
  return () => (made ??= make());
}

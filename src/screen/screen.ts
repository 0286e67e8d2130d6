import { halves } from "../base/halves.ts";
import { parseUsd, scaleUsd } from "../base/usd.ts";
import { canonicalAddress } from "../chains/address.ts";
import { ChainBlocks } from "../clusters/blocks.ts";
import { entityOfCluster } from "../clusters/cluster-entity.ts";
import { ClustersReader } from "../clusters/clusters-reader.ts";
import { addressOf, ownerIfAny, transactionIfAny, txidOf } from "../clusters/owners.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { assetsShape } from "../ledger/shapes.ts";
import type { TaggedEntity } from "../tags/entity.ts";
import type { TagReader } from "../tags/tag-reader.ts";
import { stands } from "../tags/tag.ts";
import { AccountView } from "../trace/account/account-view.ts";
import type { PriceRule } from "../trace/account/swap.ts";
import { Moments } from "../trace/moments.ts";
import { illicitOf } from "../trace/taint/illicit.ts";
import { TaintReader, type Tainted } from "../trace/taint/taint-reader.ts";
import { UtxoView } from "../trace/utxo/utxo-view.ts";
import type { Fact } from "./fact.ts";
import { applies, type Direction, type Rule, type RuleSet } from "./rules.ts";

export type Verdict = {
  readonly verdict: "flagged" | "clear" | "unknown";
  readonly subject: string;
  readonly chain: string;
  readonly direction: Direction;
  readonly rules: { readonly name: string; readonly version: string };
  /** The last block of the ledger; null where it is empty. */
  readonly block: number | null;
  readonly matches: readonly { readonly rule: Rule; readonly fact: Fact }[];
  readonly facts: readonly Fact[];
  /** What is not known; never empty where the verdict is `unknown`. */
  readonly missing: readonly string[];
  readonly checked: {
    readonly incidents: number;
    readonly origins: number;
    readonly lists: readonly string[];
    readonly notInLedger: readonly string[];
  };
};

const oneDollar = parseUsd("1");
/** Receipts of an owner that are added up for a share; of one with more the share is not known. */
const receiptsMax = 10_000;

/** Screens addresses and transactions of one chain at one state of its ledger. */
export class Screen {
  readonly #reader: ChainReader;
  readonly #tags: TagReader;
  readonly #rules: RuleSet;
  readonly #price: PriceRule;
  readonly #policy: "fifo" | "haircut" | undefined;
  readonly #taint: TaintReader | "none" | "lost";
  readonly #clusters: ClustersReader | undefined;
  readonly #lists: readonly string[];
  readonly #moments: Moments;

  constructor(
    reader: ChainReader,
    by: {
      readonly tags: TagReader;
      readonly rules: RuleSet;
      readonly price: PriceRule;
      readonly policy: "fifo" | "haircut" | undefined;
    },
  ) {
    this.#reader = reader;
    this.#tags = by.tags;
    this.#rules = by.rules;
    this.#price = by.price;
    this.#policy = by.policy;
    this.#taint = TaintReader.open(reader);
    const clusters = ClustersReader.open(reader);
    this.#clusters = clusters instanceof ClustersReader ? clusters : undefined;
    const lists = new Set<string>();
    for (const { tags } of by.tags.taggedAddresses(reader.chain.id))
      for (const { source } of tags) lists.add(source.name);
    this.#lists = [...lists].toSorted();
    this.#moments = new Moments(reader);
  }

  /** The verdict on an address or a transaction's id. Cost: look-ups, and a page for each step of a path. */
  screen(subject: string, direction: Direction): Verdict {
    const owner = ownerIfAny(this.#reader, subject);
    const transaction = owner === undefined ? transactionIfAny(this.#reader, subject) : undefined;
    const { state, chain } = this.#reader;
    const facts = [...this.#tagged(subject, owner), ...this.#exposed(owner, transaction)];
    const missing = this.#missing(subject, owner ?? transaction);
    const time = state.tip?.time ?? 0;
    const matches = this.#rules.rules.flatMap((rule) =>
      facts.flatMap((fact) => {
        const outcome = applies(rule, fact, { direction, time });
        if (typeof outcome === "string") missing.push(outcome);
        return outcome === true ? [{ rule, fact }] : [];
      }),
    );
    const strands = this.#taint instanceof TaintReader ? this.#taint.state.strands : [];
    const origins = new Map(strands.map(({ origin }) => [origin.key, origin]));
    const absent = this.#taint instanceof TaintReader ? this.#taint.state.absent : [];
    return {
      verdict: matches.length > 0 ? "flagged" : missing.length > 0 ? "unknown" : "clear",
      subject,
      chain: chain.id,
      direction,
      rules: { name: this.#rules.name, version: this.#rules.version },
      block: state.tip?.height ?? null,
      matches,
      facts,
      missing: [...new Set(missing)],
      checked: {
        incidents: [...origins.values()].filter(({ kind }) => kind === "incident").length,
        origins: origins.size,
        lists: this.#lists,
        notInLedger: absent,
      },
    };
  }

  #missing(subject: string, found: number | undefined): string[] {
    const { state, chain } = this.#reader;
    const block = state.tip?.height ?? "none";
    const missing: string[] = [];
    if (found === undefined)
      missing.push(`${subject} is not in this ledger (to block ${block}); that does not mean clean`);
    if (this.#taint === "none") missing.push("there is no taint index: run fundtrail taint build");
    else if (this.#taint === "lost")
      missing.push("the taint index is of a branch that was replaced: run fundtrail taint build");
    else if (this.#taint.isBehind) {
      missing.push(
        `the taint index ends at block ${this.#taint.state.tip.height}, the ledger at ${block}: run fundtrail taint build`,
      );
    }
    if (this.#lists.length === 0)
      missing.push(`no tags are loaded for ${chain.alias}: sanctioned and illicit addresses are not known`);
    if (this.#reader.model === "account" && state.internalUnknown > 0) {
      missing.push(`transfers inside transactions are not known in ${state.internalUnknown} blocks`);
    }
    return [...missing, ...this.#unseen()];
  }

  /** What taint could have come by and the index cannot have seen. */
  #unseen(): readonly string[] {
    const blocks = new ChainBlocks(this.#reader);
    const first = blocks.count === 0 ? 0 : blocks.height(0);
    const begins = first > 0 ? [`the ledger begins at block ${first}: what came before is not known`] : [];
    const strands = this.#taint instanceof TaintReader ? this.#taint.state.strands : [];
    const partial = strands.flatMap(({ origin }) =>
      origin.missing.length === 0
        ? []
        : [`${origin.missing.length} theft transactions of ${origin.name} are not in the ledger`],
    );
    const assumed = strands.flatMap(({ origin, policy, assumptions }) =>
      assumptions.map((one) => `${origin.name} by ${policy} rests on an assumption: ${one}`),
    );
    return [...begins, ...partial, ...assumed];
  }

  #tagged(subject: string, owner: number | undefined): readonly Fact[] {
    const { chain } = this.#reader;
    const address = owner === undefined ? subject : addressOf(this.#reader, owner);
    const own = this.#tags.entityAt(chain.id, canonicalAddress(chain, address) ?? address);
    const found = own === undefined ? [] : entityFacts("tag", own);
    if (owner === undefined || this.#clusters === undefined) return found;
    const cluster = this.#clusters.clusterOf(owner);
    const entity = cluster.size < 2 ? undefined : entityOfCluster(this.#tags, this.#reader, this.#clusters, cluster);
    return entity === undefined ? found : [...found, ...entityFacts("cluster", entity)];
  }

  #exposed(owner: number | undefined, transaction: number | undefined): readonly Fact[] {
    const taint = this.#taint;
    if (!(taint instanceof TaintReader)) return [];
    const isAsked = ({ strand }: Tainted): boolean => this.#policy === undefined || strand.policy === this.#policy;
    if (owner !== undefined) {
      return taint
        .ofOwner(owner)
        .filter(isAsked)
        .map((one) => this.#exposure(taint, one, this.#received(owner, one.asset)));
    }
    if (transaction === undefined) return [];
    return taint
      .ofTransaction(transaction)
      .filter(isAsked)
      .map((one) => this.#exposure(taint, one, this.#moved(transaction, one.asset)));
  }

  #exposure(taint: TaintReader, one: Tainted, whole: bigint | null): Fact {
    const { origin, policy, number } = one.strand;
    const last = this.#timeOf(one.last);
    const asset = this.#assetText(one.asset);
    const amount = one.amount;
    const price = this.#price(asset, last);
    // On accounts an entity's own payments are the origin; on outputs what it was paid is.
    const more = origin.kind === "tag" && this.#reader.model === "account" ? 1 : 0;
    return {
      evidence: "exposure",
      origin: origin.key,
      name: origin.name,
      actor: origin.actor,
      category: origin.category,
      confidence: origin.confidence,
      sources: origin.sources,
      date: origin.date,
      policy,
      asset,
      amount,
      whole,
      usd: price === undefined ? null : scaleUsd(oneDollar, amount * price.numerator, price.denominator),
      hops: one.hops + more,
      first: this.#timeOf(one.first),
      last,
      path: taint.path(number, one.largest).map((step) => ({
        txid: step.transaction < 0 ? "" : txidOf(this.#reader, step.transaction),
        address: step.owner < 0 ? null : addressOf(this.#reader, step.owner),
        asset: this.#assetText(step.asset),
        amount: step.amount,
      })),
    };
  }

  /** All that an owner received of an asset; null where that is too much to add up. */
  #received(owner: number, asset: number): bigint | null {
    const isUtxo = this.#reader.model === "utxo";
    const index = this.#reader.index(isUtxo ? "outputByOwner" : "transferByAccount");
    const rows = index.rangeOf(...halves(owner), 0, receiptsMax + 1);
    if (rows.length > receiptsMax) return null;
    if (isUtxo) {
      const view = new UtxoView(this.#reader);
      return rows.reduce((sum, row) => (row % 2 === 0 ? sum + view.exactValue(row / 2) : sum), 0n);
    }
    const view = new AccountView(this.#reader);
    return rows.reduce(
      (sum, row) => (view.to(row) === owner && view.asset(row) === asset ? sum + view.amount(row) : sum),
      0n,
    );
  }

  /** All that a transaction moved of an asset, but fees. */
  #moved(transaction: number, asset: number): bigint {
    if (this.#reader.model === "utxo") {
      const view = new UtxoView(this.#reader);
      let sum = 0n;
      for (let row = view.firstOutput(transaction); row < view.firstOutput(transaction + 1); row += 1)
        sum += view.exactValue(row);
      return sum;
    }
    const view = new AccountView(this.#reader);
    return view
      .rowsOfTransaction(transaction)
      .reduce((sum, row) => (view.asset(row) === asset && !view.isFee(row) ? sum + view.amount(row) : sum), 0n);
  }

  #assetText(asset: number): string {
    return this.#reader.model === "utxo"
      ? this.#reader.chain.native
      : this.#reader.table(assetsShape).value("text", asset);
  }

  #timeOf(row: number): number {
    return this.#moments.ofRow(row).time;
  }
}

/** What is said of an entity: all that is illicit, and else its category. */
function entityFacts(evidence: "tag" | "cluster", entity: TaggedEntity): readonly Fact[] {
  const { category = "", confidence } = entity;
  const sources = [...new Set(entity.tags.filter(stands).map(({ source }) => source.name))];
  const illicit = illicitOf(entity);
  const said = illicit.some((one) => one.category === category)
    ? illicit
    : [...illicit, { category, confidence, sources }];
  return said.map((one) => ({
    evidence,
    origin: entity.actor?.id ?? entity.entity,
    name: entity.entity,
    actor: entity.actor?.id ?? null,
    ...one,
    date: null,
    policy: null,
    asset: null,
    amount: null,
    whole: null,
    usd: null,
    hops: 0,
    first: null,
    last: null,
    path: [],
  }));
}

import { assert } from "../../base/assert.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { utxoIdsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { Moments } from "../moments.ts";
import { isOrdered, type Policy } from "../policy.ts";
import type { StopRule } from "../stops.ts";
import {
  isConserved,
  originTooLate,
  type Arrival,
  type AssetTotals,
  type Exit,
  type Flow,
  type Holding,
  type LimitMet,
  type LimitName,
  type Limits,
  type Moment,
  type OriginRow,
  type PathStep,
  type Trace,
} from "../trace.ts";
import { AmountTooLarge, type Attribution } from "./attribution.ts";
import { ExactAttribution } from "./exact-attribution.ts";
import { OrderedAttribution } from "./ordered-attribution.ts";
import { OwnerNames } from "./owner-names.ts";
import { PooledAttribution } from "./pooled-attribution.ts";
import { fates, Trail, type Fate } from "./trail.ts";
import { UtxoView } from "./utxo-view.ts";
import { UtxoWalk, type OriginOutput } from "./utxo-walk.ts";

export type UtxoRequest = {
  /** Numbers of outputs. */
  readonly origins: readonly number[];
  readonly policy: Policy;
  readonly stops: StopRule | undefined;
  readonly limits: Limits;
  readonly notes?: readonly string[];
  readonly onProgress?: (transactions: number) => void;
};

const limitOfFate: Readonly<Partial<Record<Fate, LimitName>>> = {
  [fates.until]: "until",
  [fates.hops]: "hops-max",
  [fates.amount]: "amount-min",
  [fates.budget]: "budget",
};

/** Of chains whose blocks have a part that is not public: what goes there cannot be told from a fee. */
const shieldedChains: ReadonlySet<string> = new Set(["zcash", "litecoin"]);

/**
 * Traces outputs forward on a chain of outputs. The rules stand in
 * `docs/methods/tracing.md`.
 *
 * Cost: as {@link UtxoWalk}. Where an amount passes 2^53 the trace is done with exact amounts of any size, some ten times
 * slower and equal in its results.
 */
export function traceUtxo(reader: ChainReader, request: UtxoRequest, kept: Partial<Kept> = {}): UtxoTrace {
  const view = kept.view ?? new UtxoView(reader);
  const isLarge = reader.chain.alias === "dogecoin";
  try {
    return walked(reader, request, view, isLarge ? "exact" : "numbers");
  } catch (thrown) {
    if (!(thrown instanceof AmountTooLarge)) throw thrown;
    return walked(reader, request, view, "exact");
  }
}

/** What later traces of the same chain can use again. */
export type Kept = { readonly view: UtxoView };

function walked(reader: ChainReader, request: UtxoRequest, view: UtxoView, amounts: "numbers" | "exact"): UtxoTrace {
  const { policy, limits } = request;
  const trail = new Trail();
  const attribution = attributionOf(policy, view, trail, amounts);
  const names = new OwnerNames(reader, request.stops);
  const moments = new Moments(reader);
  const end = limits.until === undefined ? undefined : moments.after(limits.until)?.transaction;
  const origins = [...new Set(request.origins)]
    .toSorted((left, right) => left - right)
    .map((output): OriginOutput => ({ output, transaction: view.transactionOfOutput(output) }));
  const late = origins.find(({ transaction }) => transaction >= (end ?? Infinity));
  if (late !== undefined) throw originTooLate(moments.of(late.transaction).height, limits);
  new UtxoWalk({
    view,
    trail,
    attribution,
    bounds: {
      endTransaction: end ?? Infinity,
      hopsMax: limits.hopsMax ?? Infinity,
      amountMin: limits.amountMin,
      budget: limits.budget ?? Infinity,
    },
    isStop: names.isStop,
    tidying: "on",
    onProgress: request.onProgress ?? (() => undefined),
  }).run(origins);
  return new UtxoTrace({
    reader,
    policy,
    notes: request.notes ?? [],
    view,
    trail,
    attribution,
    names,
    moments,
    origins,
  });
}

export function attributionOf(policy: Policy, view: UtxoView, trail: Trail, amounts: "numbers" | "exact"): Attribution {
  if (amounts === "exact") return new ExactAttribution(policy, view, trail);
  return isOrdered(policy) ? new OrderedAttribution(policy, view, trail) : new PooledAttribution(policy, view, trail);
}

/** What a trace on a chain of outputs is made of. */
export type UtxoParts = {
  readonly view: UtxoView;
  readonly trail: Trail;
  readonly attribution: Attribution;
  readonly names: OwnerNames;
  readonly moments: Moments;
  readonly origins: readonly OriginOutput[];
};

/** The answer of a trace on a chain of outputs. */
export class UtxoTrace implements Trace {
  readonly model = "utxo";
  readonly chain: Trace["chain"];
  readonly policy: Policy;
  readonly totals: readonly AssetTotals[];
  readonly limits: readonly LimitMet[];
  readonly assumptions: readonly string[];
  readonly cost: Trace["cost"];
  readonly #ids: TableReader<typeof utxoIdsShape>;
  readonly #parts: UtxoParts;

  constructor(
    parts: UtxoParts & { readonly reader: ChainReader; readonly policy: Policy; readonly notes: readonly string[] },
  ) {
    const { reader, policy, view, trail, attribution } = parts;
    this.chain = reader.chain;
    this.policy = policy;
    this.#parts = parts;
    this.#ids = reader.table(utxoIdsShape);
    const { holdings, exits, limits } = this.#sums();
    const { origin, fees } = attribution;
    const totals = { asset: this.chain.native, origin, holdings, exits, fees, convertedInto: 0n, convertedOut: 0n };
    assert(policy === "poison" || isConserved(totals), "trace: value is not conserved");
    this.totals = [totals];
    this.limits = limits;
    this.assumptions = [...parts.notes, ...this.#assumptionsOf()];
    this.cost = { transactions: trail.steps, rows: trail.records, pages: view.pagesRead };
  }

  /** For what is found in a trace: by numbers, not to be changed. */
  get parts(): UtxoParts {
    return this.#parts;
  }

  get origins(): readonly OriginRow[] {
    const { view, names, origins } = this.#parts;
    return origins.map(({ transaction, output }) => ({
      ...this.#moment(transaction),
      ref: this.#ref(transaction, output),
      address: names.text(view.owner(output)),
      asset: this.chain.native,
      amount: view.exactValue(output),
    }));
  }

  *holdings(): Iterable<Holding> {
    const { trail, attribution } = this.#parts;
    const undetermined = Map.groupBy(attribution.undetermined, ({ record }) => record);
    for (let record = 0; record < trail.records; record += 1) {
      const fate = trail.fates[record] as Fate;
      if (fate === fates.exit) continue;
      if (fate !== fates.spent) {
        yield this.#holding(record, attribution.amountOf(record), limitOfFate[fate]);
        continue;
      }
      const amount = (undetermined.get(record) ?? []).reduce((sum, one) => sum + one.amount, 0n);
      if (amount > 0n) yield this.#holding(record, amount, "unknown-value");
    }
  }

  *exits(): Iterable<Exit> {
    const { trail, attribution, names, view } = this.#parts;
    for (let record = 0; record < trail.records; record += 1) {
      if (trail.fates[record] !== fates.exit) continue;
      const owner = view.owner(trail.outputs[record] as number);
      const stop = names.stop(owner);
      const transaction = this.#transactionOf(record);
      yield {
        id: record,
        ref: this.#ref(transaction, trail.outputs[record] as number),
        address: names.text(owner),
        entity: stop?.entity ?? "",
        category: stop?.category ?? "",
        asset: this.chain.native,
        amount: attribution.amountOf(record),
        hops: trail.hops[record] as number,
        ...this.#moment(transaction),
      };
    }
  }

  arrivalsOf({ id, amount }: Holding): readonly Arrival[] | undefined {
    const { time } = this.#parts.moments.of(this.#transactionOf(id));
    return amount === undefined ? undefined : [{ time, amount }];
  }

  feePayments(asset: string): readonly Arrival[] | undefined {
    if (asset !== this.chain.native) return undefined;
    const { trail, attribution, view, moments } = this.#parts;
    const byTime = new Map<number, bigint>();
    const add = (transaction: number, amount: bigint): void => {
      const { time } = moments.of(transaction);
      byTime.set(time, (byTime.get(time) ?? 0n) + amount);
    };
    const spending = (record: number): number => view.transactionOfInput(trail.spenders[record] as number);
    for (let record = 0; record < trail.records; record += 1) {
      const amount = attribution.amountOf(record);
      if ((trail.parents[record] as number) >= 0) add(this.#transactionOf(record), -amount);
      if (trail.fates[record] === fates.spent) add(spending(record), amount);
    }
    for (const { record, amount } of attribution.undetermined) add(spending(record), -amount);
    const paid = [...byTime].flatMap(([time, amount]) => (amount === 0n ? [] : [{ time, amount }]));
    const sum = paid.reduce((before, { amount }) => before + amount, 0n);
    return sum === attribution.fees && paid.every(({ amount }) => amount > 0n) ? paid : undefined;
  }

  /** On a chain of outputs there is one asset. */
  conversions(): { readonly into: readonly Arrival[]; readonly out: readonly Arrival[] } {
    return { into: [], out: [] };
  }

  path(id: number): readonly PathStep[] {
    const { trail, attribution, names, view } = this.#parts;
    const steps: PathStep[] = [];
    for (let record = id; record >= 0; record = trail.parents[record] as number) {
      const transaction = this.#transactionOf(record);
      const parent = trail.parents[record] as number;
      const address = (of: number): string | null => names.text(view.owner(trail.outputs[of] as number));
      steps.push({
        ref: this.#ref(transaction, trail.outputs[record] as number),
        from: parent < 0 ? null : address(parent),
        to: address(record),
        asset: this.chain.native,
        amount: attribution.amountOf(record),
        what: parent < 0 ? "origin" : "payment",
        ...this.#moment(transaction),
      });
    }
    return steps.toReversed();
  }

  *flows(): Iterable<Flow> {
    const { trail, attribution, names, view } = this.#parts;
    for (let record = 0; record < trail.records; record += 1) {
      const output = trail.outputs[record] as number;
      const transaction = this.#transactionOf(record);
      const ref = this.#ref(transaction, output);
      const owner = names.text(view.owner(output));
      const place = owner === null ? `ref:${ref}` : `address:${owner}`;
      const common = { ref, asset: this.chain.native, amount: attribution.amountOf(record) };
      const moment = this.#moment(transaction);
      yield { ...common, ...moment, source: `tx:${moment.txid}`, target: place };
      if (trail.fates[record] !== fates.spent) continue;
      const spending = this.#moment(view.transactionOfInput(trail.spenders[record] as number));
      yield { ...common, ...spending, source: place, target: `tx:${spending.txid}` };
    }
  }

  #sums(): { readonly holdings: bigint; readonly exits: bigint; readonly limits: readonly LimitMet[] } {
    const { trail, attribution } = this.#parts;
    const [sums, counts]: [bigint[], number[]] = [[], []];
    for (let record = 0; record < trail.records; record += 1) {
      const fate = trail.fates[record] as Fate;
      if (fate === fates.spent) continue;
      sums[fate] = (sums[fate] ?? 0n) + attribution.amountOf(record);
      counts[fate] = (counts[fate] ?? 0) + 1;
    }
    const unknown = attribution.undetermined.reduce((sum, { amount }) => sum + amount, 0n);
    const asset = this.chain.native;
    const met = Object.entries(limitOfFate).map(([fate, limit]): LimitMet & { readonly amount: bigint } => {
      const at = fate as unknown as Fate;
      return { limit, asset, amount: sums[at] ?? 0n, count: counts[at] ?? 0 };
    });
    const records = new Set(attribution.undetermined.map(({ record }) => record)).size;
    met.push({ limit: "unknown-value", asset, amount: unknown, count: records });
    const beyond = met.reduce((sum, { amount }) => sum + amount, 0n);
    return {
      holdings: (sums[fates.unspent] ?? 0n) + beyond,
      exits: sums[fates.exit] ?? 0n,
      limits: met.filter(({ count }) => count > 0),
    };
  }

  #assumptionsOf(): readonly string[] {
    const found: string[] = [];
    if (shieldedChains.has(this.chain.alias)) {
      found.push(`${this.chain.name} has a part that is not public: what went there is among the fees.`);
    }
    const { feesUnknown } = this.#parts.attribution;
    if (feesUnknown > 0) {
      found.push(`The fees of ${feesUnknown} transactions are not known, since a value they take in is not.`);
    }
    return found;
  }

  #holding(record: number, amount: bigint, limit: LimitName | undefined): Holding {
    const { trail, names, view } = this.#parts;
    const output = trail.outputs[record] as number;
    return {
      id: record,
      ref: this.#ref(this.#transactionOf(record), output),
      address: names.text(view.owner(output)),
      asset: this.chain.native,
      amount,
      hops: trail.hops[record] as number,
      limit,
    };
  }

  #transactionOf(record: number): number {
    const { trail } = this.#parts;
    return trail.transactions[trail.madeBy[record] as number] as number;
  }

  #ref(transaction: number, output: number): string {
    return `${this.#txid(transaction)}:${output - this.#parts.view.firstOutput(transaction)}`;
  }

  #txid(transaction: number): string {
    return Buffer.from(this.#ids.value("id", transaction).toReversed()).toString("hex");
  }

  #moment(transaction: number): Moment {
    return { txid: this.#txid(transaction), ...this.#parts.moments.of(transaction) };
  }
}

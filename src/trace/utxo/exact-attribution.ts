import { isOrdered, type Policy } from "../policy.ts";
import { byFallingValue, type Attribution, type Spending, type Undetermined, type Waiting } from "./attribution.ts";
import type { Trail } from "./trail.ts";
import type { UtxoView } from "./utxo-view.ts";

/** An incoming segment; `amount` undefined: clean, of unknown length. `record` -1: clean. */
type Segment = { readonly amount: bigint | undefined; readonly record: number };
type Holder = { readonly taint: bigint; readonly parent: number; readonly segments: readonly Segment[] };

const nothing: Holder = { taint: 0n, parent: -1, segments: [] };

/** Every policy with amounts of any size: for chains whose amounts doubles do not hold (Dogecoin). */
export class ExactAttribution implements Attribution {
  readonly #policy: Policy;
  readonly #view: UtxoView;
  readonly #trail: Trail;
  readonly #amounts: bigint[] = [];
  /** Of records that wait, for the policies in which their order counts. */
  readonly #segments = new Map<number, readonly Segment[]>();
  #places: Holder[] = [];
  origin = 0n;
  fees = 0n;
  feesUnknown = 0;
  readonly undetermined: Undetermined[] = [];

  constructor(policy: Policy, view: UtxoView, trail: Trail) {
    this.#policy = policy;
    this.#view = view;
    this.#trail = trail;
  }

  get settled(): number {
    return this.#places.length;
  }

  hasTaint(place: number): boolean {
    return (this.#places[place]?.taint ?? 0n) > 0n;
  }

  isBelow(place: number, least: bigint): boolean {
    return (this.#places[place]?.taint ?? 0n) < least;
  }

  parentOf(place: number): number {
    return this.#places[place]?.parent ?? -1;
  }

  makeOrigin(place: number, output: number): void {
    while (this.#places.length <= place) this.#places.push(nothing);
    const value = this.#view.exactValue(output);
    this.origin += value - (this.#places[place]?.taint ?? 0n);
    // A record of its own is not known yet: `keep` names it.
    this.#places[place] = { taint: value, parent: -1, segments: [{ amount: value, record: 0 }] };
  }

  keep(place: number, record: number): void {
    const { taint, segments } = this.#places[place] ?? nothing;
    this.#amounts[record] = taint;
    const own = segments.map((one) => (one.record < 0 ? one : { amount: one.amount, record }));
    if (isOrdered(this.#policy)) this.#segments.set(record, own);
  }

  amountOf(record: number): bigint {
    return this.#amounts[record] ?? 0n;
  }

  segmentsOf(record: number): readonly bigint[] | undefined {
    const own = this.#segments.get(record);
    if (own === undefined || (own.length <= 2 && (own[0]?.record ?? -1) >= 0)) return undefined;
    return own.map((one) => (one.record < 0 ? -(one.amount ?? 0n) : (one.amount ?? 0n)));
  }

  restore(record: number, amount: bigint, segments: readonly bigint[] | undefined): void {
    this.#amounts[record] = amount;
    if (segments === undefined) return;
    const own = segments.map((one): Segment => (one > 0n ? { amount: one, record } : { amount: -one, record: -1 }));
    this.#segments.set(record, own);
  }

  tidy(waiting: Waiting): void {
    if (this.#segments.size < 1_024 + waiting.count * 2) return;
    const kept = new Set<number>();
    waiting.forEach((record) => kept.add(record));
    for (const record of this.#segments.keys()) if (!kept.has(record)) this.#segments.delete(record);
  }

  settle(spending: Spending): void {
    this.#places = [];
    if (spending.hitCount === 0) return;
    const incoming = this.#incoming(spending);
    const values = Array.from({ length: spending.endOutput - spending.firstOutput }, (_, place) =>
      this.#view.exactValue(spending.firstOutput + place),
    );
    if (this.#policy === "haircut") this.#cut(incoming, values);
    else if (this.#policy === "poison") this.#poison(incoming, values);
    else this.#distribute(inOrder(this.#policy, incoming), values);
  }

  /** All segments in the order of the inputs. */
  #incoming({ firstInput, endInput, hits, hitCount }: Spending): readonly Segment[] {
    const found: Segment[] = [];
    let hit = 0;
    for (let input = firstInput; input < endInput; input += 1) {
      const record = hit < hitCount ? (hits[hit] ?? -1) : -1;
      if (record >= 0 && this.#trail.spenders[record] === input) {
        hit += 1;
        found.push(...this.#ofRecord(record));
      } else {
        const amount = this.#cleanValue(input);
        if (amount !== 0n) found.push({ amount, record: -1 });
      }
    }
    return found;
  }

  #ofRecord(record: number): readonly Segment[] {
    const ordered = this.#segments.get(record);
    if (ordered !== undefined) return ordered;
    const taint = this.amountOf(record);
    const clean = this.#view.exactValue(this.#trail.outputs[record] ?? -1) - taint;
    return [{ amount: taint, record }, ...(clean > 0n ? [{ amount: clean, record: -1 }] : [])];
  }

  #cleanValue(input: number): bigint | undefined {
    const spent = this.#view.spent(input);
    if (spent === 0) return 0n;
    return spent % 2 === 1 ? this.#view.exactValue((spent - 1) / 2) : this.#view.unseenValue((spent - 2) / 2);
  }

  #distribute(incoming: readonly Segment[], values: readonly bigint[]): void {
    const order = this.#policy === "tiho" ? byFallingValue(values, values.length) : values.keys();
    const places: Holder[] = values.map(() => nothing);
    const left = [...incoming];
    for (const place of order) {
      let need = values[place] ?? 0n;
      const taken: Segment[] = [];
      while (need > 0n && left[0] !== undefined) {
        const [{ amount, record }] = left as [Segment];
        if (amount === undefined) {
          this.#leaveUndetermined(left);
          left.length = 0;
          break;
        }
        const part = amount < need ? amount : need;
        need -= part;
        taken.push({ amount: part, record });
        if (part === amount) left.shift();
        else left[0] = { amount: amount - part, record };
      }
      if (need > 0n) taken.push({ amount: need, record: -1 });
      places[place] = holderOf(taken);
    }
    this.#places = places;
    this.fees += taintOf(left);
  }

  #cut(incoming: readonly Segment[], values: readonly bigint[]): void {
    if (incoming.some(({ amount }) => amount === undefined) && values.some((value) => value > 0n)) {
      this.#leaveUndetermined(incoming);
      return;
    }
    const taint = taintOf(incoming);
    const whole = incoming.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n);
    const parent = largestOf(incoming);
    let [sum, given] = [0n, 0n];
    this.#places = values.map((value) => {
      sum = sum + value < whole ? sum + value : whole;
      const upTo = (taint * sum) / whole;
      const part = upTo - given;
      given = upTo;
      return { taint: part, parent, segments: [] };
    });
    this.fees += taint - given;
  }

  #poison(incoming: readonly Segment[], values: readonly bigint[]): void {
    const parent = largestOf(incoming);
    this.#places = values.map((value) => ({ taint: value, parent, segments: [] }));
    if (incoming.some(({ amount }) => amount === undefined)) {
      this.feesUnknown += 1;
      return;
    }
    const paid = values.reduce((sum, value) => sum + value, 0n);
    const fee = incoming.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n) - paid;
    if (fee > 0n) this.fees += fee;
  }

  #leaveUndetermined(segments: readonly Segment[]): void {
    for (const { amount, record } of segments) {
      if (record >= 0 && amount !== undefined) this.undetermined.push({ record, amount });
    }
  }
}

function inOrder(policy: Exclude<Policy, "haircut" | "poison">, incoming: readonly Segment[]): readonly Segment[] {
  const [tainted, clean] = [incoming.filter(({ record }) => record >= 0), incoming.filter(({ record }) => record < 0)];
  switch (policy) {
    case "fifo":
      return incoming;
    case "lifo":
      return incoming.toReversed();
    case "taint-first":
    case "tiho":
      return [...tainted, ...clean];
    case "taint-last":
      // Clean segments are alike: those of unknown length come last, where they hide least.
      return [
        ...clean.filter(({ amount }) => amount !== undefined),
        ...clean.filter(({ amount }) => amount === undefined),
        ...tainted,
      ];
    default:
      return policy satisfies never;
  }
}

function holderOf(taken: readonly Segment[]): Holder {
  return {
    taint: taintOf(taken),
    parent: taken.find(({ record }) => record >= 0)?.record ?? -1,
    segments: taken,
  };
}

function taintOf(segments: readonly Segment[]): bigint {
  return segments.reduce((sum, { amount, record }) => (record < 0 ? sum : sum + (amount ?? 0n)), 0n);
}

function largestOf(incoming: readonly Segment[]): number {
  let largest: Segment = { amount: 0n, record: -1 };
  for (const one of incoming) if (one.record >= 0 && (one.amount ?? 0n) > (largest.amount ?? 0n)) largest = one;
  return largest.record;
}

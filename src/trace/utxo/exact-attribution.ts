import { isOrdered, type Policy } from "../policy.ts";
import type { Attribution, Spending, Undetermined, Waiting } from "./attribution.ts";
import { attributed, nothingHeld, type Holder, type Segment } from "./exact-rules.ts";
import type { Trail } from "./trail.ts";
import type { UtxoView } from "./utxo-view.ts";

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
    while (this.#places.length <= place) this.#places.push(nothingHeld);
    const value = this.#view.exactValue(output);
    this.origin += value - (this.#places[place]?.taint ?? 0n);
    // A record of its own is not known yet: `keep` names it.
    this.#places[place] = { taint: value, parent: -1, segments: [{ amount: value, record: 0 }] };
  }

  keep(place: number, record: number): void {
    const { taint, segments } = this.#places[place] ?? nothingHeld;
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
    const { places, fee, isFeeKnown, undetermined } = attributed(this.#policy, incoming, values);
    this.#places = [...places];
    this.fees += fee;
    if (!isFeeKnown) this.feesUnknown += 1;
    for (const { record, amount = 0n } of undetermined) this.undetermined.push({ record, amount });
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
}

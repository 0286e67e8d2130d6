import { safeNumber, tooLarge } from "../../ledger/safe-number.ts";
import { AmountTooLarge, type Attribution, type Spending, type Undetermined, type Waiting } from "./attribution.ts";
import { grown, type Trail } from "./trail.ts";
import { isOutput } from "./rows/input-rows.ts";
import type { UtxoView } from "./utxo-view.ts";

/** What a clean input brings whose value is not known. */
export const unknownValue = -1;

/** What all policies in doubles share: amounts by record and, for the transaction at hand, by output. */
export abstract class NumberAttribution implements Attribution {
  protected readonly view: UtxoView;
  protected readonly trail: Trail;
  /** By record. */
  protected amounts = new Float64Array(1_024);
  /** By place. */
  protected taints = new Float64Array(64);
  protected parents = new Int32Array(64);
  protected feeSum = 0;
  settled = 0;
  feesUnknown = 0;
  readonly undetermined: Undetermined[] = [];
  #origin = 0n;

  constructor(view: UtxoView, trail: Trail) {
    this.view = view;
    this.trail = trail;
  }

  abstract settle(spending: Spending): void;
  abstract tidy(waiting: Waiting): void;

  get origin(): bigint {
    return this.#origin;
  }

  get fees(): bigint {
    return BigInt(this.feeSum);
  }

  hasTaint(place: number): boolean {
    return place < this.settled && (this.taints[place] as number) > 0;
  }

  isBelow(place: number, least: bigint): boolean {
    return BigInt(this.taints[place] as number) < least;
  }

  parentOf(place: number): number {
    return this.parents[place] as number;
  }

  makeOrigin(place: number, output: number): void {
    this.makeRoom(place + 1);
    for (; this.settled <= place; this.settled += 1) this.taints[this.settled] = 0;
    const value = this.valueOf(output);
    this.#origin += BigInt(value - (this.taints[place] as number));
    this.taints[place] = value;
    this.parents[place] = -1;
  }

  keep(place: number, record: number): void {
    this.#setAmount(record, this.taints[place] as number);
  }

  segmentsOf(_record: number): readonly bigint[] | undefined {
    return undefined;
  }

  restore(record: number, amount: bigint, _segments: readonly bigint[] | undefined): void {
    const safe = safeNumber(amount);
    if (safe === tooLarge) throw new AmountTooLarge();
    this.#setAmount(record, safe);
  }

  #setAmount(record: number, amount: number): void {
    if (record >= this.amounts.length) this.amounts = grown(this.amounts, new Float64Array(this.amounts.length * 2));
    this.amounts[record] = amount;
  }

  amountOf(record: number): bigint {
    return BigInt(this.amounts[record] as number);
  }

  /** Begins a transaction of so many outputs. */
  protected makeRoom(outputs: number): void {
    if (outputs <= this.taints.length) return;
    this.taints = grown(this.taints, new Float64Array(outputs * 2));
    this.parents = grown(this.parents, new Int32Array(outputs * 2));
  }

  protected addFee(amount: number): void {
    this.feeSum += amount;
    if (this.feeSum > Number.MAX_SAFE_INTEGER) throw new AmountTooLarge();
  }

  protected valueOf(output: number): number {
    const value = this.view.value(output);
    if (value === tooLarge) throw new AmountTooLarge();
    return value;
  }

  /** What a clean input brings; {@link unknownValue} where that is not known. A coinbase brings nothing that counts. */
  protected cleanValueOf(input: number): number {
    const spent = this.view.spent(input);
    if (spent === 0) return 0;
    if (isOutput(spent)) return this.valueOf((spent - 1) / 2);
    const value = this.view.unseenValue((spent - 2) / 2);
    if (value === undefined) return unknownValue;
    const amount = safeNumber(value);
    if (amount === tooLarge) throw new AmountTooLarge();
    return amount;
  }
}

import type { Policy } from "../policy.ts";
import { shareOf } from "../share.ts";
import { AmountTooLarge, byFallingValue, type Spending } from "./attribution.ts";
import { NumberAttribution, unknownValue } from "./number-attribution.ts";
import type { Trail } from "./trail.ts";
import type { UtxoView } from "./utxo-view.ts";

/** The policies in which an output's tainted amount says all, not where in it the taint lies. */
export class PooledAttribution extends NumberAttribution {
  readonly #policy: Exclude<Policy, "fifo" | "lifo">;
  /** The clean inputs' value as far as it is known, and whether that is all. */
  #clean = 0;
  #isCleanKnown = true;
  #values = new Float64Array(64);

  constructor(policy: Exclude<Policy, "fifo" | "lifo">, view: UtxoView, trail: Trail) {
    super(view, trail);
    this.#policy = policy;
  }

  settle(spending: Spending): void {
    this.settled = 0;
    if (spending.hitCount === 0) return;
    this.makeRoom(spending.endOutput - spending.firstOutput);
    const { taint, largest } = this.#taintOf(spending);
    switch (this.#policy) {
      case "taint-first":
        this.#fill(spending, taint, 0);
        return;
      case "tiho":
        this.#fillByValue(spending, taint);
        return;
      case "taint-last":
        this.#readClean(spending);
        this.#fillLast(spending, taint);
        return;
      case "haircut":
        this.#readClean(spending);
        this.#cut(spending, taint, largest);
        return;
      case "poison":
        this.#readClean(spending);
        this.#poison(spending, taint, largest);
        return;
      default:
        this.#policy satisfies never;
    }
  }

  tidy(): void {
    // An amount a record is all there is, and the answer needs it.
  }

  #taintOf({ hits, hitCount }: Spending): { readonly taint: number; readonly largest: number } {
    let [taint, largest] = [0, -1];
    for (let hit = 0; hit < hitCount; hit += 1) {
      const record = hits[hit] as number;
      const amount = this.amounts[record] as number;
      taint += amount;
      if (largest < 0 || amount > (this.amounts[largest] as number)) largest = record;
    }
    if (taint > Number.MAX_SAFE_INTEGER) throw new AmountTooLarge();
    return { taint, largest };
  }

  /** The rest of a tainted input is clean, too. */
  #readClean({ firstInput, endInput, hits, hitCount }: Spending): void {
    const { spenders, outputs } = this.trail;
    let [clean, isKnown] = [0, true];
    let hit = 0;
    for (let input = firstInput; input < endInput; input += 1) {
      const record = hit < hitCount ? (hits[hit] as number) : -1;
      if (record >= 0 && spenders[record] === input) {
        clean += this.valueOf(outputs[record] as number) - (this.amounts[record] as number);
        hit += 1;
        continue;
      }
      const value = this.cleanValueOf(input);
      if (value === unknownValue) isKnown = false;
      else clean += value;
    }
    if (clean > Number.MAX_SAFE_INTEGER) throw new AmountTooLarge();
    this.#clean = clean;
    this.#isCleanKnown = isKnown;
  }

  #fillLast(spending: Spending, taint: number): void {
    if (this.#isCleanKnown || this.#isPaidBy(spending, this.#clean)) this.#fill(spending, taint, this.#clean);
    else this.#leaveUndetermined(spending);
  }

  /** Whether an amount is enough for all outputs. */
  #isPaidBy({ firstOutput, endOutput }: Spending, amount: number): boolean {
    let rest = amount;
    for (let output = firstOutput; output < endOutput && rest >= 0; output += 1) rest -= this.valueOf(output);
    return rest >= 0;
  }

  /** Outputs in their order take `clean` first, then the taint. */
  #fill({ firstOutput, endOutput, hits }: Spending, taint: number, clean: number): void {
    let [cleanLeft, taintLeft] = [clean, taint];
    let [hit, ofHit] = [0, this.amounts[hits[0] as number] as number];
    let output = firstOutput;
    for (; output < endOutput && taintLeft > 0; output += 1) {
      const value = this.valueOf(output);
      const fromClean = cleanLeft < value ? cleanLeft : value;
      cleanLeft -= fromClean;
      const open = value - fromClean;
      const part = taintLeft < open ? taintLeft : open;
      const place = output - firstOutput;
      this.taints[place] = part;
      this.parents[place] = hits[hit] as number;
      taintLeft -= part;
      for (let left = part; left > 0;) {
        const step = ofHit < left ? ofHit : left;
        [ofHit, left] = [ofHit - step, left - step];
        if (ofHit > 0 || taintLeft + left === 0) break;
        hit += 1;
        ofHit = this.amounts[hits[hit] as number] as number;
      }
    }
    this.settled = output - firstOutput;
    this.addFee(taintLeft);
  }

  #fillByValue(spending: Spending, taint: number): void {
    const { firstOutput, endOutput, hits } = spending;
    const outputs = endOutput - firstOutput;
    if (outputs > this.#values.length) this.#values = new Float64Array(outputs * 2);
    for (let place = 0; place < outputs; place += 1) this.#values[place] = this.valueOf(firstOutput + place);
    let left = taint;
    let [hit, before] = [0, this.amounts[hits[0] as number] as number];
    for (let place = 0; place < outputs; place += 1) this.taints[place] = 0;
    for (const place of byFallingValue(this.#values, outputs)) {
      const value = this.#values[place] as number;
      const part = left < value ? left : value;
      if (part === 0) break;
      const used = taint - left;
      while (used >= before) {
        hit += 1;
        before += this.amounts[hits[hit] as number] as number;
      }
      this.taints[place] = part;
      this.parents[place] = hits[hit] as number;
      left -= part;
    }
    this.settled = outputs;
    this.addFee(left);
  }

  #cut(spending: Spending, taint: number, largest: number): void {
    const { firstOutput, endOutput } = spending;
    if (!this.#isCleanKnown && !this.#isPaidBy(spending, 0)) {
      this.#leaveUndetermined(spending);
      return;
    }
    const whole = taint + this.#clean;
    if (whole > Number.MAX_SAFE_INTEGER) throw new AmountTooLarge();
    let [sum, given] = [0, 0];
    for (let output = firstOutput; output < endOutput; output += 1) {
      // Where value comes out of a part of the chain that is not public, outputs can pass the known inputs.
      const next = sum + this.valueOf(output);
      sum = next < whole ? next : whole;
      const upTo = shareOf(taint, sum, whole);
      this.taints[output - firstOutput] = upTo - given;
      this.parents[output - firstOutput] = largest;
      given = upTo;
    }
    this.settled = endOutput - firstOutput;
    this.addFee(taint - given);
  }

  #poison({ firstOutput, endOutput }: Spending, taint: number, largest: number): void {
    let fee = taint + this.#clean;
    for (let output = firstOutput; output < endOutput; output += 1) {
      const value = this.valueOf(output);
      this.taints[output - firstOutput] = value;
      this.parents[output - firstOutput] = largest;
      fee -= value;
    }
    this.settled = endOutput - firstOutput;
    if (!this.#isCleanKnown) this.feesUnknown += 1;
    else if (fee > 0) this.addFee(fee);
  }

  #leaveUndetermined({ hits, hitCount }: Spending): void {
    for (let hit = 0; hit < hitCount; hit += 1) {
      const record = hits[hit] as number;
      this.undetermined.push({ record, amount: BigInt(this.amounts[record] as number) });
    }
    this.settled = 0;
  }
}

import { attributed, type Segment } from "../utxo/exact-rules.ts";
import { isOutput } from "../utxo/rows/input-rows.ts";
import { type UtxoView } from "../utxo/utxo-view.ts";
import { usualBudget, type AncestryRequest, type Arrived, type Origin, type OriginPolicy } from "./by-origin.ts";
import { FallingQueue } from "./falling-queue.ts";
import { progressEvery } from "./progress.ts";
import type { Ended } from "./sources.ts";
import { inputsOf, isCoinbase, type UtxoEnds } from "./utxo-ends.ts";

/** What an output is called here, as an input that spends it has it: 2n + 1 the output n, 2n + 2 the unseen output n. */
const keyOf = (output: number): number => output * 2 + 1;

/**
 * All transactions from which value can have come to outputs, back to services, coinbases and the ledger's beginning, whatever
 * the rule; and what a trace forward within them brings there. No other transaction can bring anything.
 *
 * Cost: proportional to the transactions on all ways back; as many are looked at as `budget` says.
 */
export class UtxoAncestry {
  /** Places at which ways back end, each once. */
  readonly origins: Origin[] = [];
  transactions = 0;
  readonly #view: UtxoView;
  readonly #deposits: ReadonlySet<number>;
  /** In falling order; without those at whose outputs a way back ends. */
  readonly #steps: number[] = [];
  readonly #found = new Set<number>();
  /** Deposits that a way back ends at before it has begun: the chain created them. */
  readonly #own = new Set<number>();
  /** By transaction: its outputs on the way, and how far away each is. */
  readonly #wanted = new Map<number, Map<number, number>>();

  constructor(view: UtxoView, ends: UtxoEnds, { deposits, limits, onProgress }: AncestryRequest) {
    this.#view = view;
    this.#deposits = new Set(deposits);
    const queue = new FallingQueue();
    for (const output of this.#deposits) this.#want(queue, output, 0);
    const { hopsMax = Infinity, budget = usualBudget } = limits;
    for (let next = queue.take(); next !== undefined; next = queue.take()) {
      const wanted = this.#wanted.get(next) ?? new Map<number, number>();
      this.#wanted.delete(next);
      if (this.transactions >= budget) {
        for (const [output, hops] of wanted) this.#end(keyOf(output), hops, ends.limit(output, "budget"));
        continue;
      }
      this.transactions += 1;
      if (this.transactions % progressEvery === 0) onProgress(this.transactions);
      const inputs = inputsOf(view, next);
      if (isCoinbase(inputs)) {
        for (const [output, hops] of wanted) this.#end(keyOf(output), hops, ends.created(output));
        continue;
      }
      this.#steps.push(next);
      let hops = Infinity;
      for (const [, away] of wanted) if (away < hops) hops = away;
      for (const { spent, value } of inputs) {
        if (spent === 0 || value === 0n) continue;
        const ended = ends.at(spent, next);
        if (ended !== undefined) this.#end(spent, hops + 1, ended, value !== undefined);
        else if (isOutput(spent)) {
          const output = (spent - 1) / 2;
          if (hops + 1 >= hopsMax) this.#end(spent, hops + 1, ends.limit(output, "hops-max"));
          else this.#want(queue, output, hops + 1);
        }
      }
    }
  }

  /** What of the deposits is tainted where these places are the origins. */
  forward(policy: OriginPolicy, keys: ReadonlySet<number>): Arrived {
    const view = this.#view;
    const taints = new Map<number, bigint>();
    for (const key of keys) if (isOutput(key)) taints.set(key, view.exactValue((key - 1) / 2));
    let [amount, isLeast] = [0n, false];
    for (const key of keys) if (this.#own.has(key)) amount += taints.get(key) ?? 0n;
    for (const step of this.#steps.toReversed()) {
      const inputs = inputsOf(view, step);
      let isTainted = false;
      const incoming = inputs.flatMap(({ spent, value }): readonly Segment[] => {
        // Where a way back ends and that is no origin, what is there is clean, whatever reached it.
        const isClosed = this.#found.has(spent) && !keys.has(spent);
        const taint = isClosed
          ? 0n
          : isOutput(spent)
            ? (taints.get(spent) ?? 0n)
            : keys.has(spent)
              ? (value ?? 0n)
              : 0n;
        if (taint === 0n) return value === 0n ? [] : [{ amount: value, record: -1 }];
        isTainted = true;
        const clean = (value ?? 0n) - taint;
        return [{ amount: taint, record: 0 }, ...(clean > 0n ? [{ amount: clean, record: -1 }] : [])];
      });
      if (!isTainted) continue;
      const first = view.firstOutput(step);
      const values = Array.from({ length: view.firstOutput(step + 1) - first }, (_, at) => view.exactValue(first + at));
      const { places, undetermined } = attributed(policy, incoming, values);
      if (undetermined.length > 0) isLeast = true;
      for (const [place, { taint }] of places.entries()) {
        const key = keyOf(first + place);
        if (this.#deposits.has(first + place)) amount += taint;
        if (taint > 0n && !keys.has(key)) taints.set(key, taint);
      }
    }
    return { amount, isLeast };
  }

  #want(queue: FallingQueue, output: number, hops: number): void {
    const transaction = this.#view.transactionOfOutput(output);
    let wanted = this.#wanted.get(transaction);
    if (wanted === undefined) this.#wanted.set(transaction, (wanted = new Map<number, number>()));
    const known = wanted.get(output) ?? Infinity;
    if (hops < known) wanted.set(output, hops);
    queue.add(transaction);
  }

  #end(key: number, hops: number, ended: Ended, hasValue = true): void {
    this.#found.add(key);
    if (hops === 0) this.#own.add(key);
    this.origins.push({ key, source: { ...ended, amount: undefined, hops }, hasValue });
  }
}

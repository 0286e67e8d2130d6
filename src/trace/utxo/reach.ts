import type { ChainReader } from "../../ledger/reader.ts";
import { BitPages, NumberSet } from "./number-set.ts";
import { UtxoView } from "./utxo-view.ts";

/** What taint can reach. */
export type Reach = {
  /** How many transactions spend, directly or by others, something of an origin. */
  readonly transactions: number;
  has(transaction: number): boolean;
};

/** So many transactions are reached before the rest is gone through in the chain's order. */
const generationsMax = 4_096;

/**
 * Which transactions any taint of the origins reaches: those that `poison` visits, without amounts, fees and holdings, and
 * therefore much faster. An output of value 0 carries none.
 *
 * Cost: near constant a transaction that is reached, and nothing for the chain's length. Memory: some bytes a transaction, later a
 * bit for each input and transaction near those that are reached.
 *
 * @param origins - Numbers of outputs, as `findReferences` gives them.
 * @param limits - For tests: how many transactions are reached before the rest is gone through in order. The result is the same.
 */
export function reachOf(
  reader: ChainReader,
  origins: readonly number[],
  view: UtxoView = new UtxoView(reader),
  limits: { readonly generationsMax: number } = { generationsMax },
): Reach {
  const reached = new NumberSet();
  const spenders = new Spenders(view);
  for (const output of new Set(origins)) spenders.add(output, output + 1);
  generations(view, spenders, reached, limits.generationsMax);
  if (spenders.count > 0) inOrder(view, spenders, reached);
  return { transactions: reached.size, has: (transaction) => reached.has(transaction) };
}

/** The inputs that spend some outputs. */
class Spenders {
  inputs = new Float64Array(256);
  count = 0;
  readonly #view: UtxoView;

  constructor(view: UtxoView) {
    this.#view = view;
  }

  /** Adds those of a range of outputs that are worth something. */
  add(first: number, end: number): void {
    if (this.count + end - first > this.inputs.length) {
      const larger = new Float64Array((this.count + end - first) * 2);
      larger.set(this.inputs);
      this.inputs = larger;
    }
    this.count += this.#view.taintedSpenders(first, end, this.inputs, this.count);
  }
}

/**
 * One generation after the other, and of each one kind of look-up after the other, so that none waits for the one before it; leaves
 * the next generation where so many are reached.
 */
function generations(view: UtxoView, spenders: Spenders, reached: NumberSet, most: number): void {
  let transactions = new Float64Array(256);
  while (spenders.count > 0 && reached.size < most) {
    const { count } = spenders;
    if (count > transactions.length) transactions = new Float64Array(count * 2);
    view.transactionsOfInputs(spenders.inputs, count, transactions);
    let fresh = 0;
    for (let at = 0; at < count; at += 1) {
      const transaction = transactions[at] as number;
      if (!reached.add(transaction)) continue;
      transactions[fresh] = transaction;
      fresh += 1;
    }
    spenders.count = 0;
    for (let at = 0; at < fresh; at += 1) {
      const transaction = transactions[at] as number;
      spenders.add(view.firstOutput(transaction), view.firstOutput(transaction + 1));
    }
  }
}

/**
 * In the chain's order, from the first input that waits to the last: many transactions lie near each other, and so does in memory
 * what is read of them. What an input spends lies before it, so one pass finds all.
 */
function inOrder(view: UtxoView, spenders: Spenders, reached: NumberSet): void {
  const waiting = new BitPages();
  let first = Infinity;
  for (let at = 0; at < spenders.count; at += 1) {
    const input = spenders.inputs[at] as number;
    if (input < first) first = input;
    waiting.add(input);
  }
  for (let input = first; input >= 0;) {
    const transaction = view.transactionOfInput(input);
    if (reached.add(transaction)) {
      spenders.count = 0;
      spenders.add(view.firstOutput(transaction), view.firstOutput(transaction + 1));
      for (let at = 0; at < spenders.count; at += 1) waiting.add(spenders.inputs[at] as number);
    }
    input = waiting.from(view.firstInput(transaction + 1));
  }
}

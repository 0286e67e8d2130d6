import type { ChainReader } from "../../ledger/reader.ts";
import { UtxoView } from "./utxo-view.ts";

/** After so many transactions it is asked whether reading all inputs in their order costs less than looking spenders up. */
const lookedUpMax = 2_048;
/** Transactions of the chain for one that is reached, below which it does. */
const denseSpan = 256;
const pageBits = 1 << 16;

/** What taint can reach. */
export type Reach = {
  /** How many transactions spend, directly or by others, something of an origin. */
  readonly transactions: number;
  has(transaction: number): boolean;
};

/**
 * Which transactions any taint of the origins reaches: those that `poison` visits, without amounts, fees and holdings, and
 * therefore much faster. An output of value 0 carries none.
 *
 * Cost: two look-ups a transaction; where many are reached, one pass over the inputs from the origin to the end, some
 * nanoseconds each. Memory: a bit for each transaction and output near those that are reached.
 *
 * @param origins - Numbers of outputs, as `findReferences` gives them.
 */
export function reachOf(reader: ChainReader, origins: readonly number[], view: UtxoView = new UtxoView(reader)): Reach {
  const reached = new Bits();
  const open = [...new Set(origins)].filter((output) => view.value(output) !== 0);
  let [count, least, most] = [0, Infinity, 0];
  for (let output = open.pop(); output !== undefined; output = open.pop()) {
    const input = view.spenderOf(output);
    if (input < 0) continue;
    const transaction = view.transactionOfInput(input);
    if (!reached.add(transaction)) continue;
    count += 1;
    if (transaction < least) least = transaction;
    if (transaction > most) most = transaction;
    const end = view.firstOutput(transaction + 1);
    for (let next = view.firstOutput(transaction); next < end; next += 1) if (view.value(next) !== 0) open.push(next);
    if (count % lookedUpMax === 0 && most - least < count * denseSpan) {
      count += readInputs(view, open, reached);
      break;
    }
  }
  return { transactions: count, has: (transaction) => reached.has(transaction) };
}

/** Goes on with outputs of which the spenders are not known yet; how many more transactions are reached. */
function readInputs(view: UtxoView, open: readonly number[], reached: Bits): number {
  const tainted = new Bits();
  let first = Infinity;
  for (const output of open) {
    tainted.add(output);
    if (output < first) first = output;
  }
  if (first === Infinity) return 0;
  let count = 0;
  let transaction = view.transactionOfOutput(first);
  let input = view.firstInput(transaction);
  for (;;) {
    input = view.firstInputSpending(tainted, input, view.inputs);
    if (input === view.inputs) return count;
    transaction = view.transactionOfInput(input);
    input = view.firstInput(transaction + 1);
    if (!reached.add(transaction)) continue;
    count += 1;
    const last = view.firstOutput(transaction + 1);
    for (let next = view.firstOutput(transaction); next < last; next += 1) {
      if (view.value(next) !== 0) tainted.add(next);
    }
  }
}

/** A set of numbers, as bits in pages that are there where one of their numbers is. */
class Bits {
  readonly #pages: (Uint32Array | undefined)[] = [];

  has(number: number): boolean {
    const page = (number / pageBits) | 0;
    const words = this.#pages[page];
    if (words === undefined) return false;
    const rest = number - page * pageBits;
    return ((words[rest >>> 5] as number) & (1 << (rest & 31))) !== 0;
  }

  /** False where it was there already. */
  add(number: number): boolean {
    const page = (number / pageBits) | 0;
    const words = (this.#pages[page] ??= new Uint32Array(pageBits / 32));
    const rest = number - page * pageBits;
    const [at, bit] = [rest >>> 5, 1 << (rest & 31)];
    if (((words[at] as number) & bit) !== 0) return false;
    words[at] = (words[at] as number) | bit;
    return true;
  }
}

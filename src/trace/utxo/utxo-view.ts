import type { IndexReader } from "../../ledger/index/index-reader.ts";
import { NumberColumn } from "../../ledger/number-column.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { inputsShape, outputsShape, unseenShape, utxoTransactionsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";

/** Numbers of outputs. */
export type OutputSet = { has(output: number): boolean };

/** Whether what an input spends is an output of the ledger: an odd number. The remainder of a double would cost far more. */
export function isOutput(spent: number): boolean {
  return ((spent >>> 0) & 1) === 1;
}

/** What is nearer than this is found by halves. */
const nearby = 16;
/** What is farther away than this many transactions is found by guesses. */
const farAway = 1_024;

/**
 * What a trace reads of a chain of outputs, as numbers.
 */
export class UtxoView {
  readonly transactions: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly #firstInputs: NumberColumn;
  readonly #firstOutputs: NumberColumn;
  readonly #spent: NumberColumn;
  readonly #values: NumberColumn;
  readonly #owners: NumberColumn;
  readonly #outputTable: TableReader<typeof outputsShape>;
  readonly #unseen: TableReader<typeof unseenShape>;
  readonly #spends: IndexReader;

  constructor(reader: ChainReader) {
    const transactions = reader.table(utxoTransactionsShape);
    const inputs = reader.table(inputsShape);
    this.#outputTable = reader.table(outputsShape);
    this.#unseen = reader.table(unseenShape);
    this.#spends = reader.index("spendByOutput");
    this.transactions = transactions.count;
    this.inputs = inputs.count;
    this.outputs = this.#outputTable.count;
    this.#firstInputs = new NumberColumn(transactions, "firstInput", "number", "anywhere");
    this.#firstOutputs = new NumberColumn(transactions, "firstOutput", "number", "anywhere");
    this.#spent = new NumberColumn(inputs, "spent", "number", "anywhere");
    this.#values = new NumberColumn(this.#outputTable, "value", "amount", "anywhere");
    this.#owners = new NumberColumn(this.#outputTable, "owner", "number", "anywhere");
  }

  /** How many pages were decoded so far. */
  get pagesRead(): number {
    const columns = [this.#firstInputs, this.#firstOutputs, this.#spent, this.#values, this.#owners];
    return columns.reduce((sum, { pagesRead }) => sum + pagesRead, 0);
  }

  firstInput(transaction: number): number {
    return transaction >= this.transactions ? this.inputs : this.#firstInputs.at(transaction);
  }

  firstOutput(transaction: number): number {
    return transaction >= this.transactions ? this.outputs : this.#firstOutputs.at(transaction);
  }

  /** What an input spends: 0 a coinbase, 2n + 1 the output n, 2n + 2 the unseen output n. */
  spent(input: number): number {
    return this.#spent.at(input);
  }

  /** An output's value; `tooLarge` where it passes 2^53. */
  value(output: number): number {
    return this.#values.at(output);
  }

  /** An output's value, whatever its size. */
  exactValue(output: number): bigint {
    return this.#outputTable.value("value", output);
  }

  /** The value of an unseen output; undefined where it is not known. */
  unseenValue(unseen: number): bigint | undefined {
    return this.#unseen.value("known", unseen) === 1 ? this.#unseen.value("value", unseen) : undefined;
  }

  /** An output's owner: 0 nobody, else the owner's number + 1. */
  owner(output: number): number {
    return this.#owners.at(output);
  }

  /** The owner of what an input spends, likewise. */
  ownerOfSpent(spent: number): number {
    if (spent === 0) return 0;
    return isOutput(spent) ? this.owner((spent - 1) / 2) : this.#unseen.value("owner", (spent - 2) / 2);
  }

  /** The input that spends an output; -1 where none does. */
  spenderOf(output: number): number {
    const lo = output >>> 0;
    return this.#spends.first((output - lo) / 0x1_0000_0000, lo);
  }

  /** The first of a range of inputs that spends an output of a set; the range's end where none does. */
  firstInputSpending(outputs: OutputSet, from: number, end: number): number {
    for (let input = from; input < end;) {
      const page = this.#spent.pageOf(input);
      const last = page.end < end ? page.end : end;
      const { values } = page;
      for (let place = page.place; input < last; input += 1, place += 1) {
        const spent = values[place] as number;
        if (isOutput(spent) && outputs.has((spent - 1) / 2)) return input;
      }
    }
    return end;
  }

  /** The transaction with an input. `from`: a transaction at or before it. */
  transactionOfInput(input: number, from: number): number {
    return this.#search(this.#firstInputs, input, from);
  }

  /** The transaction with an output. */
  transactionOfOutput(output: number): number {
    return this.#search(this.#firstOutputs, output, 0);
  }

  /** The last transaction from `from` on whose rows begin at or before a row. */
  #search(column: NumberColumn, row: number, from: number): number {
    const all = this.transactions;
    // What is asked for is mostly near.
    let [low, high] = [from, from + 1];
    for (let step = 1; high < all && column.at(high) <= row; step *= 2) {
      [low, high] = [high, high + step];
      if (step < farAway) continue;
      [low, high] = this.#narrow(column, row, low);
      break;
    }
    if (high > all) high = all;
    while (high - low > 1) {
      const middle = low + ((high - low) >>> 1);
      if (column.at(middle) <= row) low = middle;
      else high = middle;
    }
    return low;
  }

  /**
   * Two transactions not far from each other, between which a row far behind `from` lies. Rows are spread evenly enough over
   * transactions for a guess to come near; each guess is followed by one on the other side of the row, so that what is
   * left falls from both sides.
   */
  #narrow(column: NumberColumn, row: number, from: number): [low: number, high: number] {
    let [low, lowRow] = [from, column.at(from)];
    let [high, highRow] = [this.transactions, column === this.#firstInputs ? this.inputs : this.outputs];
    for (let round = 0; high - low > nearby && round < 8; round += 1) {
      const slope = highRow > lowRow ? (high - low) / (highRow - lowRow) : 0;
      const guess = clamp(low + (((row - lowRow) * slope) | 0), low + 1, high - 1);
      const found = column.at(guess);
      const distance = (Math.abs(row - found) * slope) | 0;
      const off = distance + (distance >> 2) + nearby;
      const beside = found <= row ? guess + off : guess - off;
      if (found <= row) [low, lowRow] = [guess, found];
      else [high, highRow] = [guess, found];
      if (beside <= low || beside >= high) continue;
      const other = column.at(beside);
      if (other <= row) [low, lowRow] = [beside, other];
      else [high, highRow] = [beside, other];
    }
    return [low, high];
  }
}

function clamp(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}

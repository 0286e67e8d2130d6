import type { IndexReader } from "../../ledger/index/index-reader.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { inputsShape, outputsShape, unseenShape, utxoTransactionsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { NumberColumn } from "../number-column.ts";

/** So many transactions are looked at one by one. */
const nearby = 16;

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
    this.#firstInputs = new NumberColumn(transactions, "firstInput", "number");
    this.#firstOutputs = new NumberColumn(transactions, "firstOutput", "number");
    this.#spent = new NumberColumn(inputs, "spent", "number");
    this.#values = new NumberColumn(this.#outputTable, "value", "amount");
    this.#owners = new NumberColumn(this.#outputTable, "owner", "number");
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

  /** The owner of what an input spends: 0 nobody or not known, else the owner's number + 1. */
  ownerSpent(input: number): number {
    const spent = this.spent(input);
    if (spent === 0) return 0;
    if (spent % 2 === 1) return this.owner((spent - 1) / 2);
    const unseen = (spent - 2) / 2;
    return this.#unseen.value("known", unseen) === 1 ? this.#unseen.value("owner", unseen) : 0;
  }

  /** The input that spends an output; -1 where none does. */
  spenderOf(output: number): number {
    const lo = output >>> 0;
    return this.#spends.first((output - lo) / 0x1_0000_0000, lo);
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
    for (let near = from + 1; near < from + nearby; near += 1) {
      if (near >= all || column.at(near) > row) return near - 1;
    }
    // Far away rows are spread evenly enough over transactions for a guess to come near; each guess is followed by one on
    // the other side of the row, so that what is left falls from both sides.
    let [low, lowRow] = [from + nearby - 1, column.at(from + nearby - 1)];
    let [high, highRow] = [all, column === this.#firstInputs ? this.inputs : this.outputs];
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
    while (high - low > 1) {
      const middle = low + ((high - low) >>> 1);
      if (column.at(middle) <= row) low = middle;
      else high = middle;
    }
    return low;
  }
}

function clamp(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}

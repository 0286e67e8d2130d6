import { halves } from "../../base/halves.ts";
import type { IndexReader } from "../../ledger/index/index-reader.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { inputsShape, outputsShape, unseenShape, utxoTransactionsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { NumberColumn } from "../number-column.ts";

const transactionsPerPage = utxoTransactionsShape.pageRecords;
const inputsPerPage = inputsShape.pageRecords;
const outputsPerPage = outputsShape.pageRecords;

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
    this.#firstInputs = new NumberColumn(transactions, "firstInput");
    this.#firstOutputs = new NumberColumn(transactions, "firstOutput");
    this.#spent = new NumberColumn(inputs, "spent");
    this.#values = new NumberColumn(this.#outputTable, "value");
    this.#owners = new NumberColumn(this.#outputTable, "owner");
  }

  /** How many pages were decoded so far. */
  get pagesRead(): number {
    const columns = [this.#firstInputs, this.#firstOutputs, this.#spent, this.#values, this.#owners];
    return columns.reduce((sum, { pagesRead }) => sum + pagesRead, 0);
  }

  firstInput(transaction: number): number {
    return transaction >= this.transactions ? this.inputs : this.#firstInputs.at(transaction, transactionsPerPage);
  }

  firstOutput(transaction: number): number {
    return transaction >= this.transactions ? this.outputs : this.#firstOutputs.at(transaction, transactionsPerPage);
  }

  /** What an input spends: 0 a coinbase, 2n + 1 the output n, 2n + 2 the unseen output n. */
  spent(input: number): number {
    return this.#spent.at(input, inputsPerPage);
  }

  /** An output's value; `tooLarge` where it passes 2^53. */
  value(output: number): number {
    return this.#values.at(output, outputsPerPage);
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
    return this.#owners.at(output, outputsPerPage);
  }

  /** The input that spends an output; -1 where none does. */
  spenderOf(output: number): number {
    return this.#spends.first(...halves(output));
  }

  /** The transaction with an input. Cost: some pages between `from`, a transaction at or before it, and the answer. */
  transactionOfInput(input: number, from: number): number {
    return this.#search(this.#firstInputs, input, from, this.inputs);
  }

  /** The transaction with an output. */
  transactionOfOutput(output: number): number {
    return this.#search(this.#firstOutputs, output, 0, this.outputs);
  }

  /** The last transaction from `from` on whose rows begin at or before a row. */
  #search(column: NumberColumn, row: number, from: number, rows: number): number {
    let [low, high] = [from, this.transactions - 1];
    let [lowRow, highRow] = [column.at(low, transactionsPerPage), rows];
    // Rows are spread evenly enough over transactions for a guess to come near; pages are decoded whole, so a guess
    // costs more than the search within a page.
    while (
      high - low >= transactionsPerPage ||
      ((low / transactionsPerPage) | 0) !== ((high / transactionsPerPage) | 0)
    ) {
      const part = highRow > lowRow ? (row - lowRow) / (highRow - lowRow) : 0;
      const guess = low + ((part * (high - low)) | 0);
      const page = (guess / transactionsPerPage) | 0;
      const first = Math.max(low, page * transactionsPerPage);
      const last = Math.min(high, page * transactionsPerPage + transactionsPerPage - 1);
      const firstRow = column.at(first, transactionsPerPage);
      const next = last === this.transactions - 1 ? rows : column.at(last + 1, transactionsPerPage);
      if (row < firstRow) [high, highRow] = [first - 1, firstRow];
      else if (row >= next && last < high) [low, lowRow] = [last + 1, next];
      else [low, high] = [first, last];
    }
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (column.at(middle, transactionsPerPage) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

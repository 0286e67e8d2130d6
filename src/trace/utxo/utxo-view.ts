import { halves } from "../../base/halves.ts";
import type { IndexReader } from "../../ledger/index/index-reader.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { inputsShape, outputsShape, unseenShape, utxoTransactionsShape } from "../../ledger/shapes.ts";
import type { TablePage, TableReader } from "../../ledger/table.ts";

const transactionsPerPage = utxoTransactionsShape.pageRecords;
const inputsPerPage = inputsShape.pageRecords;
const outputsPerPage = outputsShape.pageRecords;

/** How many pages of a column are kept. */
const pagesMax = 8_192;

/** An amount that does not fit into a double is read as this, and as bigint from the table. */
export const tooLarge = -1;

/**
 * What a trace reads of a chain of outputs, as numbers in typed arrays. The only code of a trace that knows how pages
 * are decoded.
 */
export class UtxoView {
  readonly transactions: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly #firstInputs: Column;
  readonly #firstOutputs: Column;
  readonly #spent: Column;
  readonly #values: Column;
  readonly #owners: Column;
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
    this.#firstInputs = new Column(transactions, "firstInput");
    this.#firstOutputs = new Column(transactions, "firstOutput");
    this.#spent = new Column(inputs, "spent");
    this.#values = new Column(this.#outputTable, "value");
    this.#owners = new Column(this.#outputTable, "owner");
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

  /** An output's value; {@link tooLarge} where it passes 2^53. */
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
  #search(column: Column, row: number, from: number, rows: number): number {
    let [low, high] = [from, this.transactions - 1];
    let [lowRow, highRow] = [column.at(low, transactionsPerPage), rows];
    // Rows are spread evenly enough over transactions for a guess to come near; pages are decoded whole, so a guess
    // costs more than the search within a page.
    while (high - low >= transactionsPerPage || ((low / transactionsPerPage) | 0) !== ((high / transactionsPerPage) | 0)) {
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

type NumbersOfPage = { readonly page: (number: number) => TablePage };

/** One column of a table, its pages decoded into doubles and kept up to a limit. */
class Column {
  readonly #table: NumbersOfPage;
  readonly #name: string;
  readonly #pages: (Float64Array | undefined)[] = [];
  readonly #kept: number[] = [];
  #oldest = 0;
  #lastPage = -1;
  #last: Float64Array = new Float64Array(0);
  pagesRead = 0;

  constructor(table: NumbersOfPage, name: string) {
    this.#table = table;
    this.#name = name;
  }

  at(record: number, perPage: number): number {
    const page = (record / perPage) | 0;
    if (page !== this.#lastPage) {
      this.#last = this.#pages[page] ?? this.#read(page);
      this.#lastPage = page;
    }
    return this.#last[record - page * perPage] as number;
  }

  #read(page: number): Float64Array {
    const values = this.#table.page(page).column(this.#name);
    const numbers = new Float64Array(values.length);
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] as number | bigint;
      const number = typeof value === "bigint" ? Number(value) : value;
      numbers[index] = number <= Number.MAX_SAFE_INTEGER ? number : tooLarge;
    }
    this.pagesRead += 1;
    if (this.#kept.length < pagesMax) this.#kept.push(page);
    else {
      this.#pages[this.#kept[this.#oldest] as number] = undefined;
      this.#kept[this.#oldest] = page;
      this.#oldest = (this.#oldest + 1) % pagesMax;
    }
    this.#pages[page] = numbers;
    return numbers;
  }
}

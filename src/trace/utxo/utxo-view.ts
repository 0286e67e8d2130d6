import { NumberColumn } from "../../ledger/number-column.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { inputsShape, outputsShape, unseenShape, utxoTransactionsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { InputRows, isOutput } from "./rows/input-rows.ts";
import { OutputRows } from "./rows/output-rows.ts";
import { TransactionRows } from "./rows/transaction-rows.ts";
import { usualPagesMax, wordMax } from "./rows/word-pages.ts";

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
  readonly #transactionRows: TransactionRows;
  readonly #inputRows: InputRows;
  readonly #outputRows: OutputRows;
  readonly #owners: NumberColumn;
  readonly #inputTable: TableReader<typeof inputsShape>;
  readonly #outputTable: TableReader<typeof outputsShape>;
  readonly #unseen: TableReader<typeof unseenShape>;

  /**
   * @param wordsTo - What a word of 32 bits may hold; less is for tests, and gives the same.
   * @param pagesMax - How many pages are kept of each kind; with fewer the same is read more often.
   */
  constructor(reader: ChainReader, wordsTo: number = wordMax, pagesMax: number = usualPagesMax) {
    const transactions = reader.table(utxoTransactionsShape);
    this.#inputTable = reader.table(inputsShape);
    this.#outputTable = reader.table(outputsShape);
    this.#unseen = reader.table(unseenShape);
    this.transactions = transactions.count;
    this.inputs = this.#inputTable.count;
    this.outputs = this.#outputTable.count;
    const rows = { inputs: this.inputs, outputs: this.outputs, wordMax: wordsTo, pagesMax };
    this.#transactionRows = new TransactionRows(transactions, rows);
    this.#inputRows = new InputRows(this.#inputTable, this.#transactionRows, {
      wordMax: wordsTo,
      pagesMax,
      search: (input, from) => this.#search("input", input, from),
    });
    this.#outputRows = new OutputRows(this.#outputTable, reader.index("spendByOutput"), {
      ...rows,
      leastSpender: (output) => this.firstInput(this.transactionOfOutput(output)),
    });
    this.#owners = new NumberColumn(this.#outputTable, "owner", "number", "anywhere");
  }

  /** How many pages were decoded so far. */
  get pagesRead(): number {
    const parts = [this.#transactionRows, this.#inputRows, this.#outputRows, this.#owners];
    return parts.reduce((sum, { pagesRead }) => sum + pagesRead, 0);
  }

  firstInput(transaction: number): number {
    return this.#transactionRows.firstInput(transaction);
  }

  firstOutput(transaction: number): number {
    return this.#transactionRows.firstOutput(transaction);
  }

  /** What an input spends: 0 a coinbase, 2n + 1 the output n, 2n + 2 the unseen output n. */
  spent(input: number): number {
    const output = this.#inputRows.output(input);
    return output < 0 ? this.#inputTable.value("spent", input) : output * 2 + 1;
  }

  /** The output that an input spends; -1 where that is a coinbase or an unseen output. */
  spentOutput(input: number): number {
    return this.#inputRows.output(input);
  }

  /** An output's value; `tooLarge` where it passes 2^53. */
  value(output: number): number {
    return this.#outputRows.value(output);
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
    return this.#outputRows.spender(output);
  }

  /**
   * The inputs that spend those of a range of outputs that are worth something, into `inputs` from `at` on, which has room; how
   * many.
   */
  taintedSpenders(first: number, end: number, inputs: Float64Array, at: number): number {
    const rows = this.#outputRows;
    let next = at;
    for (let output = first; output < end; output += 1) {
      const input = rows.spender(output);
      if (input < 0 || rows.value(output) === 0) continue;
      inputs[next] = input;
      next += 1;
    }
    return next - at;
  }

  /** The transactions with the first `count` of these inputs. */
  transactionsOfInputs(inputs: Float64Array, count: number, transactions: Float64Array): void {
    const rows = this.#inputRows;
    for (let at = 0; at < count; at += 1) transactions[at] = rows.transaction(inputs[at] as number);
  }

  /** The transaction with an input. */
  transactionOfInput(input: number): number {
    return this.#inputRows.transaction(input);
  }

  /** The transaction with an output. */
  transactionOfOutput(output: number): number {
    return this.#search("output", output, 0);
  }

  /** The last transaction from `from` on whose rows begin at or before a row. */
  #search(kind: "input" | "output", row: number, from: number): number {
    const rows = this.#transactionRows;
    const startOf = (transaction: number): number =>
      kind === "input" ? rows.firstInput(transaction) : rows.firstOutput(transaction);
    const all = this.transactions;
    // What is asked for is mostly near.
    let [low, high] = [from, from + 1];
    for (let step = 1; high < all && startOf(high) <= row; step *= 2) {
      [low, high] = [high, high + step];
      if (step < farAway) continue;
      [low, high] = this.#narrow(startOf, row, low);
      break;
    }
    if (high > all) high = all;
    while (high - low > 1) {
      const middle = low + ((high - low) >>> 1);
      if (startOf(middle) <= row) low = middle;
      else high = middle;
    }
    return low;
  }

  /**
   * Two transactions not far from each other, between which a row far behind `from` lies. Rows are spread evenly enough over
   * transactions for a guess to come near; each guess is followed by one on the other side of the row, so that what is
   * left falls from both sides.
   */
  #narrow(startOf: (transaction: number) => number, row: number, from: number): [low: number, high: number] {
    let [low, lowRow] = [from, startOf(from)];
    let [high, highRow] = [this.transactions, startOf(this.transactions)];
    for (let round = 0; high - low > nearby && round < 8; round += 1) {
      const slope = highRow > lowRow ? (high - low) / (highRow - lowRow) : 0;
      const guess = clamp(low + (((row - lowRow) * slope) | 0), low + 1, high - 1);
      const found = startOf(guess);
      const distance = (Math.abs(row - found) * slope) | 0;
      const off = distance + (distance >> 2) + nearby;
      const beside = found <= row ? guess + off : guess - off;
      if (found <= row) [low, lowRow] = [guess, found];
      else [high, highRow] = [guess, found];
      if (beside <= low || beside >= high) continue;
      const other = startOf(beside);
      if (other <= row) [low, lowRow] = [beside, other];
      else [high, highRow] = [beside, other];
    }
    return [low, high];
  }
}

function clamp(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}

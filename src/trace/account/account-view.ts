import { transferKindBytes } from "../../ledger/account-writer.ts";
import type { IndexReader } from "../../ledger/index/index-reader.ts";
import { NumberColumn } from "../../ledger/number-column.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { accountsShape, accountTransactionsShape, assetsShape, transfersShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { Moments } from "../moments.ts";
import { AmountRows } from "./amount-rows.ts";

/** What a trace reads of a chain of accounts. Accounts, assets and transactions are numbers; -1 is nobody, or none. */
export class AccountView {
  readonly rows: number;
  readonly moments: Moments;
  readonly #transfers: TableReader<typeof transfersShape>;
  readonly #transactions: TableReader<typeof accountTransactionsShape>;
  readonly #accounts: TableReader<typeof accountsShape>;
  readonly #assets: TableReader<typeof assetsShape>;
  readonly #byAccount: IndexReader;
  readonly #from: NumberColumn;
  readonly #to: NumberColumn;
  readonly #asset: NumberColumn;
  readonly #transaction: NumberColumn;
  readonly #kind: NumberColumn;
  readonly #amounts: AmountRows;
  /** The block of the row that was asked for last. */
  #block = { first: 0, end: 0 };

  constructor(reader: ChainReader) {
    const transfers = reader.table(transfersShape);
    this.#transfers = transfers;
    this.#transactions = reader.table(accountTransactionsShape);
    this.#accounts = reader.table(accountsShape);
    this.#assets = reader.table(assetsShape);
    this.#byAccount = reader.index("transferByAccount");
    this.moments = new Moments(reader);
    this.rows = transfers.count;
    this.#from = new NumberColumn(transfers, "from", "number", "anywhere");
    this.#to = new NumberColumn(transfers, "to", "number", "anywhere");
    this.#asset = new NumberColumn(transfers, "asset", "number", "anywhere");
    this.#transaction = new NumberColumn(transfers, "transaction", "number", "anywhere");
    this.#kind = new NumberColumn(transfers, "kind", "number", "anywhere");
    this.#amounts = new AmountRows(transfers);
  }

  /** How many pages were decoded so far. */
  get pagesRead(): number {
    const columns = [this.#from, this.#to, this.#asset, this.#transaction, this.#kind, this.#amounts];
    return columns.reduce((sum, { pagesRead }) => sum + pagesRead, 0);
  }

  from(row: number): number {
    return this.#from.at(row) - 1;
  }

  to(row: number): number {
    return this.#to.at(row) - 1;
  }

  asset(row: number): number {
    return this.#asset.at(row);
  }

  amount(row: number): bigint {
    return this.#amounts.at(row);
  }

  /** -1: the block's own. */
  transaction(row: number): number {
    return this.#transaction.at(row) - 1;
  }

  isFee(row: number): boolean {
    return this.#kind.at(row) === transferKindBytes.fee;
  }

  /** An account's rows from one on, in ledger order, at most so many. */
  rowsOf(account: number, from: number, limit: number): readonly number[] {
    const lo = account >>> 0;
    return this.#byAccount.rangeOf((account - lo) / 0x1_0000_0000, lo, from, limit);
  }

  /** A transaction's rows. They need not be next to each other, but lie in its block. */
  rowsOfTransaction(transaction: number): readonly number[] {
    const first = this.#transactions.value("firstTransfer", transaction);
    const end = this.moments.after(this.moments.of(transaction).height)?.row ?? this.rows;
    const found: number[] = [];
    for (let row = first; row < end; row += 1) if (this.transaction(row) === transaction) found.push(row);
    return found;
  }

  /** The rows of the block that a row is in: the first one, and the first one behind them. */
  blockOf(row: number): { readonly first: number; readonly end: number } {
    if (row < this.#block.first || row >= this.#block.end) {
      const { first, end = this.rows } = this.moments.rowsAround(row);
      this.#block = { first, end };
    }
    return this.#block;
  }

  /** An account's rows in a transaction. They need not be next to each other, but lie in its block. */
  rowsIn(transaction: number, account: number): readonly number[] {
    const first = this.#transactions.value("firstTransfer", transaction);
    const end = this.moments.after(this.moments.of(transaction).height)?.row ?? this.rows;
    const found: number[] = [];
    const step = 64;
    for (let from = first; ;) {
      const some = this.rowsOf(account, from, step);
      for (const row of some) {
        if (row >= end) return found;
        if (this.transaction(row) === transaction) found.push(row);
      }
      if (some.length < step) return found;
      from = (some.at(-1) ?? 0) + 1;
    }
  }

  address(account: number): string | null {
    return account < 0 ? null : this.#accounts.value("text", account);
  }

  assetText(asset: number): string {
    return this.#assets.value("text", asset);
  }

  txid(row: number): string {
    const transaction = this.transaction(row);
    return transaction < 0 ? `block ${this.moments.ofRow(row).height}` : this.#transactions.value("id", transaction);
  }

  ref(row: number): string {
    return `${this.txid(row)}:${this.#transfers.value("position", row)}`;
  }
}

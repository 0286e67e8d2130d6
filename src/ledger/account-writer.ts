import { assert } from "../base/assert.ts";
import type { AccountBlock, Block, Transfer } from "../chains/block.ts";
import type { Change, PageSource } from "../store/page-store.ts";
import { Dictionary } from "./dictionary.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { addNumber } from "./index/index-writer.ts";
import { ChainIndexes, type IndexCaches } from "./indexes.ts";
import type { TableName } from "./keys.ts";
import type { ChainState } from "./manifest.ts";
import type { ModelWriter } from "./model-writer.ts";
import { RecentMap } from "./recent.ts";
import { accountsShape, accountTransactionsShape, assetsShape, blocksShape, transfersShape } from "./shapes.ts";
import { TableReader, TableWriter } from "./table.ts";

/** How many accounts are remembered. */
const recentMax = 1_000_000;

/** What the writer remembers between commits, in bounded memory. */
export type AccountMemory = { readonly accounts: RecentMap<string, number>; readonly caches: IndexCaches };

export function accountMemory(): AccountMemory {
  return { accounts: new RecentMap(recentMax), caches: new Map() };
}

/** How a transfer's kind is kept. Numbers are never given a second meaning. */
export const transferKindBytes = { fee: 0, native: 1, internal: 2, token: 3, wrap: 4, credit: 5 } as const;

const utf8 = new TextEncoder();
const noHash = new Uint8Array(32);

/** Writes the records of a chain of accounts. */
export class AccountWriter implements ModelWriter {
  readonly indexes: ChainIndexes;
  readonly #blocks: TableWriter<typeof blocksShape>;
  readonly #transactions: TableWriter<typeof accountTransactionsShape>;
  readonly #transfers: TableWriter<typeof transfersShape>;
  readonly #accounts: Dictionary<typeof accountsShape, string>;
  readonly #assets: TableWriter<typeof assetsShape>;
  readonly #assetNumbers = new Map<string, number>();
  readonly #before: number;
  readonly #accountsBefore: number;
  readonly #memory: AccountMemory;

  constructor(chain: number, pages: PageSource, state: ChainState, memory: AccountMemory) {
    const count = (table: TableName): number => state.counts[table] ?? 0;
    this.#blocks = new TableWriter(blocksShape, chain, pages, count("blocks"));
    this.#transactions = new TableWriter(accountTransactionsShape, chain, pages, count("transactions"));
    this.#transfers = new TableWriter(transfersShape, chain, pages, count("transfers"));
    this.#assets = new TableWriter(assetsShape, chain, pages, count("assets"));
    this.#before = count("transactions");
    this.#accountsBefore = count("accounts");
    this.#memory = memory;
    const assets = new TableReader(assetsShape, chain, pages, count("assets"));
    // Assets are few beside transfers: all of them are remembered.
    for (let asset = 0; asset < assets.count; asset += 1) this.#assetNumbers.set(assets.value("text", asset), asset);
    this.indexes = new ChainIndexes(
      ["transactionById", "accountByIdentity", "transferByAccount"],
      chain,
      memory.caches,
    );
    this.indexes.open(pages, state);
    this.#accounts = new Dictionary<typeof accountsShape, string>({
      shape: accountsShape,
      index: "accountByIdentity",
      chain,
      pages,
      count: count("accounts"),
      indexes: this.indexes,
      fingerprint: (text) => fingerprintOf(utf8.encode(text)),
      append: (table, text) => {
        table.columns.text.push(text);
        return table.next();
      },
      isSame: (reader, record, text) => reader.value("text", record) === text,
    });
  }

  get pendingTransactions(): number {
    return this.#transactions.count - this.#before;
  }

  get isFull(): boolean {
    return this.#accounts.table.count - this.#accountsBefore > recentMax / 2;
  }

  counts(): ChainState["counts"] {
    return {
      blocks: this.#blocks.count,
      transactions: this.#transactions.count,
      transfers: this.#transfers.count,
      accounts: this.#accounts.table.count,
      assets: this.#assets.count,
    };
  }

  flush(): readonly Change[] {
    return [this.#blocks, this.#transactions, this.#transfers, this.#accounts.table, this.#assets].flatMap((table) =>
      table.flush(),
    );
  }

  append(block: Block, height: number): void {
    assert(block.model === "account", "ledger: a block of outputs in a ledger of accounts");
    const known = (block.hash === undefined ? 0 : 1) + (block.internalTransfers === "known" ? 2 : 0);
    const first = this.#transactions.count;
    const blocks = this.#blocks.columns;
    blocks.height.push(height);
    blocks.time.push(block.time);
    blocks.known.push(known);
    blocks.hash.push(hashBytes(block.hash));
    blocks.parent.push(hashBytes(block.parent));
    blocks.firstTransaction.push(first);
    blocks.firstRow.push(this.#transfers.count);
    this.#blocks.next();
    // A transaction's transfers need not be contiguous in a transfers file: its first one is where it begins.
    const firsts = firstTransfers(block);
    for (const [position, transaction] of block.transactions.entries()) {
      const firstTransfer = this.#transfers.count + (firsts[position] ?? block.transfers.length);
      const { columns } = this.#transactions;
      columns.id.push(transaction.id);
      columns.index.push(transaction.index);
      columns.failed.push(transaction.failed ? 1 : 0);
      columns.firstTransfer.push(firstTransfer);
      const number = this.#transactions.next();
      const { hi, lo } = fingerprintOf(utf8.encode(transaction.id));
      this.indexes.writer("transactionById").add(hi, lo, number);
    }
    for (const transfer of block.transfers) this.#appendTransfer(transfer, first);
  }

  #appendTransfer(transfer: Transfer, firstTransaction: number): void {
    const [from, to] = [this.#accountOf(transfer.from), this.#accountOf(transfer.to)];
    const { columns } = this.#transfers;
    columns.transaction.push(transfer.transaction < 0 ? 0 : firstTransaction + transfer.transaction + 1);
    columns.position.push(transfer.position);
    columns.kind.push(transferKindBytes[transfer.kind]);
    columns.asset.push(this.#assetOf(transfer.asset));
    columns.from.push(from);
    columns.to.push(to);
    columns.amount.push(transfer.amount);
    const number = this.#transfers.next();
    const byAccount = this.indexes.writer("transferByAccount");
    if (from > 0) addNumber(byAccount, from - 1, number);
    if (to > 0 && to !== from) addNumber(byAccount, to - 1, number);
  }

  /** 0 for nobody, else the account's number + 1. */
  #accountOf(account: string | undefined): number {
    if (account === undefined) return 0;
    const { accounts } = this.#memory;
    const known = accounts.get(account);
    if (known !== undefined) return known + 1;
    const number = this.#accounts.numberOf(account);
    accounts.set(account, number);
    return number + 1;
  }

  #assetOf(asset: string): number {
    const known = this.#assetNumbers.get(asset);
    if (known !== undefined) return known;
    this.#assets.columns.text.push(asset);
    const number = this.#assets.next();
    this.#assetNumbers.set(asset, number);
    return number;
  }
}

/** For each transaction the position of its first transfer in the block; they never fall. */
function firstTransfers(block: AccountBlock): readonly number[] {
  const firsts = block.transactions.map(() => block.transfers.length);
  for (const [position, { transaction }] of block.transfers.entries()) {
    if (transaction >= 0 && (firsts[transaction] ?? 0) > position) firsts[transaction] = position;
  }
  // A transaction without transfers begins where the next one does.
  for (let index = firsts.length - 2; index >= 0; index -= 1) {
    firsts[index] = Math.min(firsts[index] ?? 0, firsts[index + 1] ?? block.transfers.length);
  }
  return firsts;
}

function hashBytes(hash: string | undefined): Uint8Array {
  return hash === undefined ? noHash : Uint8Array.from(Buffer.from(hash.replace(/^0x/u, ""), "hex"));
}

import { halves } from "../../base/halves.ts";
import { transferKindBytes } from "../../ledger/account-writer.ts";
import type { IndexReader } from "../../ledger/index/index-reader.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { assetsShape, blocksShape, transfersShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { firstNotBelow } from "../search.ts";

/** A transfer that moves something from one account to another. Accounts are numbers + 1; 0 is nobody. */
export type Move = {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly asset: number;
  readonly amount: bigint;
};

/** What rules may know of accounts: their transfers up to the one at hand. */
export class AccountHistory {
  readonly #transfers: TableReader<typeof transfersShape>;
  readonly #blocks: TableReader<typeof blocksShape>;
  readonly #byAccount: IndexReader;
  /** The number of the chain's own asset; -1 where nothing of it has moved. */
  readonly native: number;

  constructor(reader: ChainReader) {
    this.#transfers = reader.table(transfersShape);
    this.#blocks = reader.table(blocksShape);
    this.#byAccount = reader.index("transferByAccount");
    const assets = reader.table(assetsShape);
    let native = -1;
    for (let asset = 0; asset < assets.count; asset += 1) {
      if (assets.value("text", asset) === reader.chain.native) native = asset;
    }
    this.native = native;
  }

  /** A transfer; undefined where it is a fee, or nobody gives or takes. */
  move(number: number): Move | undefined {
    const { kind, from, to, asset, amount } = this.#transfers.record(number);
    return kind === transferKindBytes.fee || from === 0 || to === 0 || from === to
      ? undefined
      : { number, from, to, asset, amount };
  }

  /** The moves of an account before a transfer, in order; undefined where it has more than `limit`, fees counted. */
  before(account: number, transfer: number, limit: number): readonly Move[] | undefined {
    const numbers = this.#numbers(account, transfer, limit + 1);
    return numbers.length > limit ? undefined : this.#moves(numbers);
  }

  /** The first moves of an account before a transfer, of at most `limit` transfers. */
  first(account: number, transfer: number, limit: number): readonly Move[] {
    return this.#moves(this.#numbers(account, transfer, limit));
  }

  #numbers(account: number, transfer: number, limit: number): readonly number[] {
    return this.#byAccount.rangeOf(...halves(account - 1), 0, limit).filter((number) => number < transfer);
  }

  #moves(numbers: readonly number[]): readonly Move[] {
    return numbers.map((number) => this.move(number)).filter((move) => move !== undefined);
  }

  /** The first transfer that is no more than so many blocks before another. */
  windowStart(transfer: number, blocks: number): number {
    const { count } = this.#blocks;
    const block = firstNotBelow((one) => this.#blocks.value("firstRow", one), count, transfer + 1) - 1;
    const height = this.#blocks.value("height", block) - blocks;
    const first = firstNotBelow((one) => this.#blocks.value("height", one), count, height);
    return this.#blocks.value("firstRow", first);
  }
}

import type { StoreSnapshot } from "../store/page-store.ts";
import { chainPages } from "./chain-pages.ts";
import { displayedHash } from "./dump.ts";
import { IndexReader } from "./index/index-reader.ts";
import type { Run } from "./index/run.ts";
import { indexPrefix, type IndexName } from "./keys.ts";
import type { ChainState } from "./manifest.ts";
import type { ChainReader } from "./reader.ts";
import { blocksShape, unseenShape, utxoTransactionsShape } from "./shapes.ts";

/**
 * A chain as it was when a block was its last: later blocks are not there, whatever came since. A trace of it is the trace of
 * then. Owners, accounts and assets keep the numbers of now; what others keep beside the chain (tags, clusters, the taint index)
 * is as it is now.
 *
 * Cost: searches over the blocks, and one pass over them where inner transfers of some are unknown.
 *
 * @returns undefined where the ledger has no block of this height.
 */
export function chainAsOf(reader: ChainReader, height: number): ChainReader | undefined {
  const blocks = reader.table(blocksShape);
  const count = firstWhere(blocks.count, (block) => blocks.value("height", block) > height);
  if (count === 0 || blocks.value("height", count - 1) !== height) return undefined;
  if (count === blocks.count) return reader;
  const state = stateAt(reader, count);
  const { number, snapshot } = reader;
  const entries = entriesOf(state.counts);
  return {
    ...reader,
    state,
    earlier: [],
    ...chainPages(
      snapshot,
      number,
      state,
      (name, runs) => new EarlierIndex(snapshot, number, { name, runs, isThere: entries[name] }),
    ),
  };
}

/** The state after so many blocks, which are not all. */
function stateAt(reader: ChainReader, count: number): ChainState {
  const blocks = reader.table(blocksShape);
  const { state, model } = reader;
  const [transactions, rows] = [blocks.value("firstTransaction", count), blocks.value("firstRow", count)];
  const last = blocks.record(count - 1);
  const tip = {
    height: last.height,
    hash: last.known % 2 === 1 ? displayedHash(reader, last.hash) : undefined,
    time: last.time,
  };
  const known = { blocks: count, transactions };
  if (model === "account") {
    const counts = { ...state.counts, ...known, transfers: rows };
    return { ...state, tip, counts, internalUnknown: internalUnknownAt(reader, count) };
  }
  const unseen = reader.table(unseenShape);
  const inputs = reader.table(utxoTransactionsShape).value("firstInput", transactions);
  const unseenBefore = firstWhere(unseen.count, (record) => unseen.value("spentBy", record) >= inputs);
  const counts = {
    ...state.counts,
    ...known,
    transactionIds: transactions,
    inputs,
    outputs: rows,
    unseen: unseenBefore,
  };
  return { ...state, tip, counts };
}

/** Blocks of accounts of which inner transfers are unknown; where none is of all, none is of the first ones. */
function internalUnknownAt(reader: ChainReader, count: number): number {
  if (reader.state.internalUnknown === 0) return 0;
  const blocks = reader.table(blocksShape);
  let unknown = 0;
  for (let block = 0; block < count; block += 1) if (blocks.value("known", block) < 2) unknown += 1;
  return unknown;
}

type IsThere = (value: number) => boolean;

/** Which entries of an index were there: values are numbers of records, which rise with the chain. */
function entriesOf(counts: ChainState["counts"]): Readonly<Partial<Record<IndexName, IsThere>>> {
  const { transactions = 0, inputs = 0, outputs = 0, unseen = 0, transfers = 0 } = counts;
  return {
    transactionById: (transaction) => transaction < transactions,
    spendByOutput: (input) => input < inputs,
    // Of an output twice its number, of an unseen one twice its number and one.
    outputByOwner: (value) => (value % 2 === 0 ? value < outputs * 2 : value < unseen * 2),
    transferByAccount: (transfer) => transfer < transfers,
  };
}

/** An index without the entries that came later. Cost: of a key all its values. */
class EarlierIndex extends IndexReader {
  readonly #isThere: IsThere;

  constructor(
    snapshot: StoreSnapshot,
    chain: number,
    index: { readonly name: IndexName; readonly runs: readonly Run[]; readonly isThere: IsThere | undefined },
  ) {
    super(snapshot, indexPrefix(chain, index.name), index.runs);
    this.#isThere = index.isThere ?? (() => true);
  }

  override first(hi: number, lo: number): number {
    const least = super.first(hi, lo);
    if (least < 0 || this.#isThere(least)) return least;
    return this.rangeOf(hi, lo, least, 1)[0] ?? -1;
  }

  /** The least value of a key is the earliest: where it was not there yet, none was. */
  override firsts(hi: number, lo: number, values: Float64Array): void {
    super.firsts(hi, lo, values);
    for (const [at, value] of values.entries()) if (value >= 0 && !this.#isThere(value)) values[at] = -1;
  }

  override rangeOf(hi: number, lo: number, from: number, limit: number): readonly number[] {
    const there = super.rangeOf(hi, lo, from, Infinity).filter(this.#isThere);
    return there.length > limit ? there.slice(0, limit) : there;
  }
}

function firstWhere(count: number, holds: (record: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

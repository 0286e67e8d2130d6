import { assert } from "../base/assert.ts";
import { lowWord } from "../base/word-order.ts";
import { ownerKinds, type Block, type Owners, type UtxoBlock } from "../chains/block.ts";
import type { Change, PageSource } from "../store/page-store.ts";
import { Dictionary } from "./dictionary.ts";
import { fingerprintOfHash, ownerFingerprint, wordAt } from "./fingerprint.ts";
import { hashWords, tagMax } from "./hash-memory.ts";
import { addNumber, type IndexWriter } from "./index/index-writer.ts";
import { ChainIndexes } from "./indexes.ts";
import type { ChainState } from "./manifest.ts";
import type { ModelWriter } from "./model-writer.ts";
import {
  blocksShape,
  inputsShape,
  outputsShape,
  ownersShape,
  unseenShape,
  utxoIdsShape,
  utxoTransactionsShape,
} from "./shapes.ts";
import { TableReader, TableWriter } from "./table.ts";
import type { UtxoMemory } from "./utxo-memory.ts";

const coinbaseIndex = 0xffff_ffff;

type Owner = { readonly kind: number; readonly identity: Uint8Array };

/** Writes the records of a chain of outputs. */
export class UtxoWriter implements ModelWriter {
  readonly indexes: ChainIndexes;
  readonly #byId: IndexWriter;
  readonly #spends: IndexWriter;
  readonly #byOwner: IndexWriter;
  readonly #blocks: TableWriter<typeof blocksShape>;
  readonly #transactions: TableWriter<typeof utxoTransactionsShape>;
  readonly #ids: TableWriter<typeof utxoIdsShape>;
  readonly #inputs: TableWriter<typeof inputsShape>;
  readonly #outputs: TableWriter<typeof outputsShape>;
  readonly #unseen: TableWriter<typeof unseenShape>;
  readonly #owners: Dictionary<typeof ownersShape, Owner>;
  readonly #committed: TableReader<typeof utxoTransactionsShape>;
  readonly #committedIds: TableReader<typeof utxoIdsShape>;
  readonly #memory: UtxoMemory;
  readonly #before: number;

  constructor(chain: number, pages: PageSource, state: ChainState, memory: UtxoMemory) {
    const count = (table: keyof ChainState["counts"]): number => state.counts[table] ?? 0;
    this.#blocks = new TableWriter(blocksShape, chain, pages, count("blocks"));
    this.#transactions = new TableWriter(utxoTransactionsShape, chain, pages, count("transactions"));
    this.#ids = new TableWriter(utxoIdsShape, chain, pages, count("transactionIds"));
    this.#inputs = new TableWriter(inputsShape, chain, pages, count("inputs"));
    this.#outputs = new TableWriter(outputsShape, chain, pages, count("outputs"));
    this.#unseen = new TableWriter(unseenShape, chain, pages, count("unseen"));
    this.#committed = new TableReader(utxoTransactionsShape, chain, pages, {
      count: count("transactions"),
      pages: memory.pages,
    });
    this.#committedIds = new TableReader(utxoIdsShape, chain, pages, {
      count: count("transactionIds"),
      pages: memory.idPages,
    });
    this.#before = count("transactions");
    this.#memory = memory;
    const names = ["transactionById", "ownerByIdentity", "spendByOutput", "outputByOwner"] as const;
    this.indexes = new ChainIndexes(names, chain, memory.caches);
    this.indexes.open(pages, state);
    this.#byId = this.indexes.writer("transactionById");
    this.#spends = this.indexes.writer("spendByOutput");
    this.#byOwner = this.indexes.writer("outputByOwner");
    this.#owners = new Dictionary<typeof ownersShape, Owner>({
      shape: ownersShape,
      index: "ownerByIdentity",
      chain,
      pages,
      count: count("owners"),
      indexes: this.indexes,
      fingerprint: ({ kind, identity }) => ownerFingerprint(kind, identity),
      append: (table, { kind, identity }) => {
        table.columns.kind.push(kind);
        table.columns.identity.push(identity);
        return table.next();
      },
      isSame: (reader, record, { kind, identity }) =>
        reader.value("kind", record) === kind && isEqual(reader.value("identity", record), identity),
    });
  }

  get pendingTransactions(): number {
    return this.#transactions.count - this.#before;
  }

  get isFull(): boolean {
    return this.#memory.isFull;
  }

  counts(): ChainState["counts"] {
    return {
      blocks: this.#blocks.count,
      transactions: this.#transactions.count,
      transactionIds: this.#ids.count,
      inputs: this.#inputs.count,
      outputs: this.#outputs.count,
      unseen: this.#unseen.count,
      owners: this.#owners.table.count,
    };
  }

  flush(): readonly Change[] {
    const tables = [this.#blocks, this.#transactions, this.#ids, this.#inputs, this.#outputs, this.#unseen];
    return [...tables, this.#owners.table].flatMap((table) => table.flush());
  }

  append(block: Block, height: number): void {
    assert(block.model === "utxo", "ledger: a block of accounts in a ledger of outputs");
    const blocks = this.#blocks.columns;
    blocks.height.push(height);
    blocks.time.push(block.time);
    blocks.known.push(1);
    blocks.hash.push(block.hash);
    blocks.parent.push(block.parent);
    blocks.firstTransaction.push(this.#transactions.count);
    blocks.firstRow.push(this.#outputs.count);
    this.#blocks.next();
    const words: BlockWords = {
      txids: hashWords(block.txids),
      spentTxids: hashWords(block.spentTxids),
      identities: hashWords(block.owners.identities),
      values: new Uint32Array(block.values.buffer, block.values.byteOffset, block.values.length * 2),
    };
    this.#memory.transactions.warm(words.spentTxids);
    this.#memory.owners.warm(words.identities);
    for (let transaction = 0; transaction < block.transactionCount; transaction += 1) {
      this.#appendTransaction(block, transaction, words);
    }
  }

  #appendTransaction(block: UtxoBlock, transaction: number, words: BlockWords): void {
    const { txids } = block;
    const at = transaction * 32;
    const firstOutput = this.#outputs.count;
    const { columns } = this.#transactions;
    this.#ids.columns.id.push(txids, at);
    this.#ids.next();
    columns.firstInput.push(this.#inputs.count);
    columns.firstOutput.push(firstOutput);
    const number = this.#transactions.next();
    this.#byId.add(wordAt(txids, at), wordAt(txids, at + 4), number);
    const inputsEnd = block.inputStart[transaction + 1] as number;
    for (let input = block.inputStart[transaction] as number; input < inputsEnd; input += 1) {
      this.#appendInput(block, input, words.spentTxids);
    }
    const { value: valueColumn, owner: ownerColumn } = this.#outputs.columns;
    let unspent = 0;
    const { values } = words;
    const outputsEnd = block.outputStart[transaction + 1] as number;
    for (let output = block.outputStart[transaction] as number; output < outputsEnd; output += 1) {
      const owner = this.#ownerOf(block.owners, output, words.identities);
      if (owner > 0) unspent += 1;
      valueColumn.pushWords(values[output * 2 + lowWord] as number, values[output * 2 + 1 - lowWord] as number);
      ownerColumn.push(owner);
      const outputNumber = this.#outputs.next();
      if (owner > 0) addNumber(this.#byOwner, owner - 1, outputNumber * 2);
    }
    // Outputs that belong to nobody are nearly always such as cannot be spent.
    const tag = Math.min(unspent, tagMax);
    this.#memory.transactions.put(words.txids, transaction * 8, { kind: 0, value: firstOutput, tag });
  }

  #appendInput(block: UtxoBlock, input: number, words: Uint32Array): void {
    const index = block.spentIndexes[input] as number;
    const { spentTxids } = block;
    const at = input * 32;
    if (index === coinbaseIndex && isZero(spentTxids, at)) {
      this.#addInput(0);
      return;
    }
    const firstOutput = this.#spendOf(spentTxids, input, words);
    if (firstOutput !== undefined) {
      const output = firstOutput + index;
      addNumber(this.#spends, output, this.#addInput(output * 2 + 1));
      return;
    }
    const owner =
      block.spent === undefined
        ? 0
        : this.#ownerOf(block.spent.owners, input, hashWords(block.spent.owners.identities));
    // The ledger begins after this output: what is known of it is kept, and nothing is invented.
    const { columns } = this.#unseen;
    columns.id.push(spentTxids, at);
    columns.index.push(index);
    columns.spentBy.push(this.#inputs.count);
    columns.known.push(block.spent === undefined ? 0 : 1);
    columns.value.push(block.spent?.values[input] ?? 0n);
    columns.owner.push(owner);
    const unseen = this.#unseen.next();
    if (owner > 0) addNumber(this.#byOwner, owner - 1, unseen * 2 + 1);
    this.#addInput(unseen * 2 + 2);
  }

  #addInput(spent: number): number {
    this.#inputs.columns.spent.push(spent);
    return this.#inputs.next();
  }

  /**
   * The number of a transaction's first output, of which one output is now spent; undefined where the ledger has not seen
   * the transaction.
   */
  #spendOf(ids: Uint8Array, input: number, words: Uint32Array): number | undefined {
    const { transactions } = this.#memory;
    const place = transactions.find(words, input * 8, 0);
    if (place >= 0) {
      const unspent = transactions.tagAt(place);
      if (unspent > 0 && unspent < tagMax) transactions.setTag(place, unspent - 1);
      return transactions.valueAt(place);
    }
    const id = ids.subarray(input * 32, input * 32 + 32);
    const { hi, lo } = fingerprintOfHash(id);
    // Two coinbases of 2010 have the same id (BIP 30): the later one is the one that can be spent.
    const found = this.indexes
      .committed("transactionById", hi, lo)
      .findLast((candidate) => isEqual(this.#committedIds.value("id", candidate), id));
    return found === undefined ? undefined : this.#committed.value("firstOutput", found);
  }

  /** 0 for nobody, else the owner's number + 1. */
  #ownerOf({ kinds, identities }: Owners, row: number, words: Uint32Array): number {
    const kind = kinds[row] ?? ownerKinds.none;
    if (kind === ownerKinds.none) return 0;
    const { owners, turn } = this.#memory;
    const place = owners.find(words, row * 8, kind);
    if (place >= 0) {
      owners.setTag(place, turn);
      return owners.valueAt(place) + 1;
    }
    const number = this.#owners.numberOf({ kind, identity: identities.subarray(row * 32, row * 32 + 32) });
    owners.put(words, row * 8, { kind, value: number, tag: turn });
    return number + 1;
  }
}

/** The columns of a block by words of 32 bits. */
type BlockWords = {
  readonly txids: Uint32Array;
  readonly spentTxids: Uint32Array;
  readonly identities: Uint32Array;
  readonly values: Uint32Array;
};

function isZero(bytes: Uint8Array, at: number): boolean {
  for (let index = at; index < at + 32; index += 1) if (bytes[index] !== 0) return false;
  return true;
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

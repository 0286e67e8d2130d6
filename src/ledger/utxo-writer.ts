import { assert } from "../base/assert.ts";
import { halves } from "../base/halves.ts";
import { ownerKinds, type Block, type Owners, type UtxoBlock } from "../chains/block.ts";
import type { Change, StoreSnapshot } from "../store/page-store.ts";
import { Dictionary, recentMax } from "./dictionary.ts";
import { fingerprintOfHash, ownerFingerprint } from "./fingerprint.ts";
import { ChainIndexes, type IndexCaches } from "./indexes.ts";
import type { ChainState } from "./manifest.ts";
import type { ModelWriter } from "./model-writer.ts";
import { RecentHashes } from "./recent-hashes.ts";
import { blocksShape, inputsShape, outputsShape, ownersShape, unseenShape, utxoTransactionsShape } from "./shapes.ts";
import { TableReader, TableWriter, type PageCache } from "./table.ts";

/** What the writer remembers between commits, in bounded memory. */
export type UtxoMemory = {
  /** Transaction id → its first output's number, of the transactions last seen. */
  readonly transactions: RecentHashes;
  readonly owners: RecentHashes;
  readonly caches: IndexCaches;
  /** Pages of transactions in which prevouts were looked up. */
  readonly pages: PageCache;
};

export function utxoMemory(): UtxoMemory {
  return {
    transactions: new RecentHashes(recentMax * 2),
    owners: new RecentHashes(recentMax),
    caches: new Map(),
    pages: new Map(),
  };
}

const coinbaseIndex = 0xffff_ffff;

type Owner = { readonly kind: number; readonly identity: Uint8Array };

/** Writes the records of a chain of outputs. */
export class UtxoWriter implements ModelWriter {
  readonly indexes: ChainIndexes;
  readonly #blocks: TableWriter<typeof blocksShape>;
  readonly #transactions: TableWriter<typeof utxoTransactionsShape>;
  readonly #inputs: TableWriter<typeof inputsShape>;
  readonly #outputs: TableWriter<typeof outputsShape>;
  readonly #unseen: TableWriter<typeof unseenShape>;
  readonly #owners: Dictionary<Owner>;
  readonly #committed: TableReader<typeof utxoTransactionsShape>;
  readonly #memory: UtxoMemory;
  readonly #before: number;

  constructor(chain: number, snapshot: StoreSnapshot, state: ChainState, memory: UtxoMemory) {
    const count = (table: keyof ChainState["counts"]): number => state.counts[table] ?? 0;
    this.#blocks = new TableWriter(blocksShape, chain, snapshot, count("blocks"));
    this.#transactions = new TableWriter(utxoTransactionsShape, chain, snapshot, count("transactions"));
    this.#inputs = new TableWriter(inputsShape, chain, snapshot, count("inputs"));
    this.#outputs = new TableWriter(outputsShape, chain, snapshot, count("outputs"));
    this.#unseen = new TableWriter(unseenShape, chain, snapshot, count("unseen"));
    this.#committed = new TableReader(utxoTransactionsShape, chain, snapshot, {
      count: count("transactions"),
      pages: memory.pages,
    });
    this.#before = count("transactions");
    this.#memory = memory;
    const names = ["transactionById", "ownerByIdentity", "spendByOutput", "outputByOwner"] as const;
    this.indexes = new ChainIndexes(names, chain, memory.caches);
    this.indexes.open(snapshot, state);
    this.#owners = new Dictionary<Owner>({
      shape: ownersShape,
      index: "ownerByIdentity",
      chain,
      snapshot,
      count: count("owners"),
      indexes: this.indexes,
      recent: {
        get: ({ kind, identity }) => memory.owners.get(identity, 0, kind),
        set: ({ kind, identity }, number) => memory.owners.set(identity, 0, kind, number),
      },
      fingerprint: ({ kind, identity }) => ownerFingerprint(kind, identity),
      store: ({ kind, identity }) => [kind, identity],
      isSame: (reader, record, { kind, identity }) =>
        reader.value("kind", record) === kind && isEqual(reader.value("identity", record) as Uint8Array, identity),
    });
  }

  get pendingTransactions(): number {
    return this.#transactions.count - this.#before;
  }

  counts(): ChainState["counts"] {
    return {
      blocks: this.#blocks.count,
      transactions: this.#transactions.count,
      inputs: this.#inputs.count,
      outputs: this.#outputs.count,
      unseen: this.#unseen.count,
      owners: this.#owners.table.count,
    };
  }

  flush(): readonly Change[] {
    return [this.#blocks, this.#transactions, this.#inputs, this.#outputs, this.#unseen, this.#owners.table].flatMap(
      (table) => table.flush(),
    );
  }

  append(block: Block, height: number): void {
    assert(block.model === "utxo", "ledger: a block of accounts in a ledger of outputs");
    this.#blocks.append(height, block.time, 1, block.hash, block.parent, this.#transactions.count, this.#outputs.count);
    for (let transaction = 0; transaction < block.transactionCount; transaction += 1) {
      this.#appendTransaction(block, transaction);
    }
  }

  #appendTransaction(block: UtxoBlock, transaction: number): void {
    const id = block.txids.subarray(transaction * 32, transaction * 32 + 32);
    const firstOutput = this.#outputs.count;
    const number = this.#transactions.append(id, this.#inputs.count, firstOutput);
    const { hi, lo } = fingerprintOfHash(id);
    this.indexes.add("transactionById", hi, lo, number);
    for (let input = at(block.inputStart, transaction); input < at(block.inputStart, transaction + 1); input += 1) {
      this.#appendInput(block, input);
    }
    for (
      let output = at(block.outputStart, transaction);
      output < at(block.outputStart, transaction + 1);
      output += 1
    ) {
      const owner = this.#ownerOf(block.owners, output);
      const outputNumber = this.#outputs.append(block.values[output] ?? 0n, owner);
      if (owner > 0) this.indexes.add("outputByOwner", ...halves(owner - 1), outputNumber * 2);
    }
    this.#memory.transactions.set(id, 0, 0, firstOutput);
  }

  #appendInput(block: UtxoBlock, input: number): void {
    const index = at(block.spentIndexes, input);
    const id = block.spentTxids.subarray(input * 32, input * 32 + 32);
    if (index === coinbaseIndex && id.every((byte) => byte === 0)) {
      this.#inputs.append(0);
      return;
    }
    const firstOutput = this.#firstOutputOf(id);
    if (firstOutput !== undefined) {
      const output = firstOutput + index;
      this.indexes.add("spendByOutput", ...halves(output), this.#inputs.append(output * 2 + 1));
      return;
    }
    const owner = block.spent === undefined ? 0 : this.#ownerOf(block.spent.owners, input);
    const known = block.spent === undefined ? 0 : 1;
    const value = block.spent?.values[input] ?? 0n;
    // The ledger begins after this output: what is known of it is kept, and nothing is invented.
    const unseen = this.#unseen.append(id.slice(), index, this.#inputs.count, known, value, owner);
    if (owner > 0) this.indexes.add("outputByOwner", ...halves(owner - 1), unseen * 2 + 1);
    this.#inputs.append(unseen * 2 + 2);
  }

  /** The number of a transaction's first output; undefined where the ledger has not seen the transaction. */
  #firstOutputOf(id: Uint8Array): number | undefined {
    const recent = this.#memory.transactions.get(id, 0, 0);
    if (recent !== undefined) return recent;
    const { hi, lo } = fingerprintOfHash(id);
    // Two coinbases of 2010 have the same id (BIP 30): the later one is the one that can be spent.
    const found = this.indexes
      .committed("transactionById", hi, lo)
      .findLast((candidate) => isEqual(this.#committed.value("id", candidate), id));
    if (found === undefined) return undefined;
    const firstOutput = this.#committed.value("firstOutput", found);
    this.#memory.transactions.set(id, 0, 0, firstOutput);
    return firstOutput;
  }

  /** 0 for nobody, else the owner's number + 1. */
  #ownerOf({ kinds, identities }: Owners, row: number): number {
    const kind = kinds[row] ?? ownerKinds.none;
    if (kind === ownerKinds.none) return 0;
    const recent = this.#memory.owners.get(identities, row * 32, kind);
    if (recent !== undefined) return recent + 1;
    return this.#owners.numberOf({ kind, identity: identities.slice(row * 32, row * 32 + 32) }) + 1;
  }
}

function at(values: Uint32Array, index: number): number {
  return values[index] ?? 0;
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

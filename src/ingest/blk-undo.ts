import type { KnownChain } from "../base/chains.ts";
import { isFailure } from "../base/failure.ts";
import type { SpentOutputs, UtxoBlock } from "../chains/block.ts";
import { unmask } from "../chains/bitcoin/record-file.ts";
import { findUndos, undoBelongsTo } from "../chains/bitcoin/rev-file.ts";
import { decodeUndo } from "../chains/bitcoin/undo.ts";
import { hexOf, type BlkIndex } from "./blk-index.ts";
import type { Files } from "./files.ts";
import type { SourceFinding } from "./source.ts";

const checksumBytes = 32;
const findingsMax = 1_000;

/** Where a record of a rev file lies, and how many transactions its undo data say that they are of. */
type UndoPlace = { readonly offset: number; readonly length: number; readonly transactions: number };

/** The records of a rev file that no block has claimed yet, in the file's order. */
type UndoRecords = { readonly places: UndoPlace[]; next: number };

/**
 * The undo data in a node's `rev*.dat` files: what each block spends.
 *
 * A block's lie in the file of the same number as its `blk*.dat` file, in the order in which blocks were connected; which
 * record is a block's is told by its checksum and its shape.
 * Source: Bitcoin Core, `src/node/blockstorage.cpp`, `WriteBlockUndo`.
 * Cost: reads each file twice; a small object a record; a double hash of the undo data a block, of more than one record
 *   where blocks of other branches have as many transactions.
 */
export class UndoFiles {
  readonly #files: Files;
  readonly #chain: KnownChain;
  readonly #key: Uint8Array;
  readonly #records = new Map<string, UndoRecords | undefined>();
  readonly #findings: SourceFinding[] = [];
  /** The blocks that have more than one child. */
  readonly #shared = new Set<string>();
  #isMissing = false;

  /**
   * @param key - The contents of `xor.dat`; empty where there is none.
   * @param blocks - All of the folder's.
   */
  constructor(files: Files, chain: KnownChain, key: Uint8Array, blocks: BlkIndex["all"]) {
    this.#files = files;
    this.#chain = chain;
    this.#key = key;
    const parents = new Set<string>();
    for (const { parent } of blocks.values()) {
      if (parents.has(parent)) this.#shared.add(parent);
      parents.add(parent);
    }
  }

  get findings(): readonly SourceFinding[] {
    return this.#findings;
  }

  /**
   * A block with what it spends, where its undo data are there; without, and with a finding, where a rev file is there
   * that lacks them or holds them broken.
   *
   * @param blkFile - The file in which the block lies.
   * @throws {Failure} `SOURCE_UNREADABLE`.
   */
  async complete(block: UtxoBlock, blkFile: string): Promise<UtxoBlock> {
    // A block of a coinbase alone spends nothing.
    if (block.transactionCount < 2) return block;
    const file = blkFile.replace(/blk(?<number>[0-9]+)\.dat$/u, "rev$<number>.dat");
    const records = await this.#recordsOf(file);
    if (records === undefined) return block;
    const spent = await this.#find(block, file, records);
    if (spent === undefined) {
      this.#note(
        file,
        `no undo data that are surely of block ${hexOf(block.hash)}: what it spends from before is not known`,
      );
      return block;
    }
    return { ...block, spent };
  }

  /**
   * Begins behind the record of the block before, which nearly always is the right one.
   *
   * The checksum is of the parent and the undo data, so that those of the parent's other children fit too. Where there
   * are such, all records are looked at, and data of the same shape that say something else leave both unknown.
   */
  async #find(block: UtxoBlock, file: string, records: UndoRecords): Promise<SpentOutputs | undefined> {
    const { places, next } = records;
    const isOnly = !this.#shared.has(hexOf(block.parent));
    let fit: { readonly spent: SpentOutputs; readonly bytes: Uint8Array } | undefined;
    for (let step = 0; step < places.length; step += 1) {
      const index = (next + step) % places.length;
      const place = places[index];
      if (place === undefined || place.transactions !== block.transactionCount) continue;
      const stored = await this.#files.read(file, place.offset, place.length + checksumBytes);
      const bytes = unmask(stored, this.#key, place.offset);
      if (!undoBelongsTo(bytes, { start: 0, end: place.length }, block.parent)) continue;
      const spent = decoded(bytes.subarray(0, place.length), block);
      if (spent === undefined) continue;
      if (fit !== undefined && Buffer.compare(fit.bytes, bytes) !== 0) return undefined;
      fit ??= { spent, bytes };
      records.next = (index + 1) % places.length;
      if (isOnly) break;
    }
    return fit?.spent;
  }

  async #recordsOf(file: string): Promise<UndoRecords | undefined> {
    if (!this.#records.has(file)) this.#records.set(file, await this.#readRecords(file));
    return this.#records.get(file);
  }

  async #readRecords(file: string): Promise<UndoRecords | undefined> {
    if ((await this.#files.size(file)) === undefined) {
      // Said once: a folder can lack them all.
      if (!this.#isMissing) this.#note(file, "is not there: what blocks spend from before is not known without it");
      this.#isMissing = true;
      return undefined;
    }
    const places: UndoPlace[] = [];
    for await (const range of partsOf(this.#files, file, this.#key)) {
      const found = findUndos(this.#chain, range);
      for (const { start, end } of found.records) {
        const transactions = transactionsOf(range.bytes.subarray(start, end));
        places.push({ offset: range.offset + start, length: end - start, transactions });
      }
      for (const { kind, offset, length } of found.findings) {
        const what = kind === "garbage" ? "bytes that are no undo data were skipped" : "bytes are missing at the end";
        this.#note(`${file}, byte ${offset}`, `${length} ${what}`);
      }
      range.go(found.next);
    }
    return { places, next: 0 };
  }

  #note(where: string, what: string): void {
    if (this.#findings.length < findingsMax) this.#findings.push({ where, what });
  }
}

function decoded(bytes: Uint8Array, block: UtxoBlock): SpentOutputs | undefined {
  try {
    return decodeUndo(bytes, block);
  } catch (thrown) {
    if (isFailure(thrown, "SOURCE_INVALID")) return undefined;
    throw thrown;
  }
}

/** The count in front, and the coinbase, which has no undo data; 0 for nonsense, which fits no block. */
function transactionsOf(bytes: Uint8Array): number {
  const [first = 0, low = 0, high = 0, third = 0, fourth = 0] = bytes;
  if (first < 0xfd) return first + 1;
  if (first === 0xfd) return low + high * 0x100 + 1;
  return first === 0xfe ? low + high * 0x100 + third * 0x1_0000 + fourth * 0x100_0000 + 1 : 0;
}

const partBytes = 32 * 1024 * 1024;

/** A part of a file, unmasked. */
type FilePart = {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly last: boolean;
  /** Says with which byte of this range the next one begins. */
  readonly go: (next: number) => void;
};

/** A file in overlapping ranges: each next one begins where the last record of the one before ended. */
async function* partsOf(files: Files, file: string, key: Uint8Array): AsyncIterable<FilePart> {
  const size = (await files.size(file)) ?? 0;
  let length = partBytes;
  for (let offset = 0; offset < size;) {
    const bytes = unmask(await files.read(file, offset, length), key, offset);
    let next = 0;
    yield { bytes, offset, last: offset + bytes.length >= size, go: (to) => void (next = to) };
    if (bytes.length === 0) return;
    // A record larger than the range: look at more of it.
    length = next === 0 ? length * 2 : partBytes;
    offset += next;
  }
}

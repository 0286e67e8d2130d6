import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { staleSibling, type RawBlock } from "./assemble.ts";
import { Random } from "./random.ts";

/** How a node's folder of blocks is written. */
export type BlkOptions = {
  readonly seed: string | number;
  /** In front of each block; Bitcoin's where not given. */
  readonly magic?: number;
  /** The file's limit: a block that would pass it begins the next one. 128 MiB where not given. */
  readonly fileBytes?: number;
  /** Masks the files by a random key, and writes it to `xor.dat`. */
  readonly masked?: boolean;
  /** Blocks are shuffled within windows of so many, as a node that loads them in parallel has them. */
  readonly shuffled?: number;
  /** Of a thousand blocks, how many have an orphan beside them. */
  readonly orphans?: number;
  /** Zeros at the end of the last file up to a multiple of this, as a node takes room in advance. */
  readonly roomBytes?: number;
  /** Is told after each block. */
  readonly onBlock?: (block: RawBlock) => void;
};

/** What was written. */
export type BlkFolder = {
  readonly files: readonly string[];
  readonly blocks: number;
  readonly orphans: number;
  readonly transactions: number;
  readonly bytes: number;
};

/** Source: Bitcoin Core, `src/kernel/chainparams.cpp`, `pchMessageStart`. */
const MAGIC_BITCOIN = 0xf9be_b4d9;
/** Source: Bitcoin Core, `src/node/blockstorage.h`, `MAX_BLOCKFILE_SIZE`. */
const FILE_BYTES = 0x0800_0000;
const KEY_BYTES = 8;

/** Writes blocks into a folder as a Bitcoin node keeps them. Cost: memory for the shuffled blocks. */
export function writeBlkFiles(folder: string, blocks: Iterable<RawBlock>, options: BlkOptions): BlkFolder {
  mkdirSync(folder, { recursive: true });
  const random = new Random(`blk/${options.seed}`);
  const key =
    options.masked === true ? Buffer.from(Array.from({ length: KEY_BYTES }, () => random.below(256))) : undefined;
  if (key !== undefined) writeFileSync(path.join(folder, "xor.dat"), key);
  const files = new BlkWriter(folder, options, key);
  const counts = { blocks: 0, orphans: 0, transactions: 0 };
  for (const { block, orphan } of arranged(blocks, options, random)) {
    files.write(block);
    if (orphan) {
      counts.orphans += 1;
    } else {
      counts.blocks += 1;
      counts.transactions += block.transactions;
      options.onBlock?.(block);
    }
  }
  files.close();
  return { ...counts, files: files.names, bytes: files.bytes };
}

type Arranged = { readonly block: RawBlock; readonly orphan: boolean };

/** Blocks in the order in which they are written, orphans among them. The first block stays first. */
function* arranged(blocks: Iterable<RawBlock>, options: BlkOptions, random: Random): Generator<Arranged> {
  let window: Arranged[] = [];
  for (const block of blocks) {
    window.push({ block, orphan: false });
    if (block.height > 0 && random.chance((options.orphans ?? 0) / 1_000)) {
      window.push({ block: staleSibling(block, random), orphan: true });
    }
    if (block.height > 0 && window.length < (options.shuffled ?? 1)) continue;
    yield* shuffle(window, random);
    window = [];
  }
  yield* shuffle(window, random);
}

/** Fisher and Yates. */
function shuffle(list: Arranged[], random: Random): readonly Arranged[] {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const kept = list[last] as Arranged;
    list[last] = list[other] as Arranged;
    list[other] = kept;
  }
  return list;
}

/** Appends records to `blk00000.dat`, `blk00001.dat`, … */
class BlkWriter {
  readonly names: string[] = [];
  bytes = 0;
  readonly #folder: string;
  readonly #options: BlkOptions;
  readonly #key: Buffer | undefined;
  #file = -1;
  #at = 0;

  constructor(folder: string, options: BlkOptions, key: Buffer | undefined) {
    this.#folder = folder;
    this.#options = options;
    this.#key = key;
  }

  write({ bytes }: RawBlock): void {
    const limit = this.#options.fileBytes ?? FILE_BYTES;
    if (this.#file < 0 || this.#at + bytes.length + 8 > limit) this.#open();
    const record = Buffer.allocUnsafe(bytes.length + 8);
    record.writeUInt32BE(this.#options.magic ?? MAGIC_BITCOIN, 0);
    record.writeUInt32LE(bytes.length, 4);
    record.set(bytes, 8);
    this.#append(record);
  }

  close(): void {
    const room = this.#options.roomBytes ?? 0;
    // The node's room is masked neither on disk nor in mind: it is zeros.
    if (room > 0 && this.#at % room > 0) this.#put(Buffer.alloc(room - (this.#at % room)));
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }

  #open(): void {
    if (this.#file >= 0) closeSync(this.#file);
    const name = `blk${String(this.names.length).padStart(5, "0")}.dat`;
    this.names.push(name);
    this.#file = openSync(path.join(this.#folder, name), "w");
    this.#at = 0;
  }

  #append(record: Buffer): void {
    if (this.#key !== undefined) mask(record, this.#key, this.#at);
    this.#put(record);
  }

  #put(record: Buffer): void {
    let written = 0;
    while (written < record.length) written += writeSync(this.#file, record, written);
    this.#at += record.length;
    this.bytes += record.length;
  }
}

/** Source: Bitcoin Core 28, `src/util/obfuscation.h`: by position in the file. */
function mask(record: Buffer, key: Buffer, offset: number): void {
  for (let index = 0; index < record.length; index += 1) {
    record[index] = (record[index] as number) ^ (key[(offset + index) % KEY_BYTES] as number);
  }
}

import type { KnownChain } from "../base/chains.ts";
import { findBlocks } from "../chains/bitcoin/blk-file.ts";
import { readHeader } from "../chains/bitcoin/header.ts";
import { cursorOf } from "../chains/bitcoin/reader.ts";
import { unmask } from "../chains/bitcoin/record-file.ts";
import type { Files } from "./files.ts";
import type { SourceFinding } from "./source.ts";

/** Where a block lies in a node's folder. */
export type BlkPlace = {
  readonly hash: string;
  readonly parent: string;
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  /** The work that its target stands for. */
  readonly work: bigint;
};

export type BlkIndex = {
  /** The chain of most work, from the lowest block that is there. */
  readonly best: readonly BlkPlace[];
  /** Every block, also those on branches that lost. */
  readonly all: ReadonlyMap<string, BlkPlace>;
  readonly findings: readonly SourceFinding[];
};

const rangeBytes = 32 * 1024 * 1024;

/**
 * Finds the blocks in a node's blocks folder, whatever their order, and the chain of most work among them.
 *
 * @param key - The contents of `xor.dat`; empty where there is none.
 * Source: Bitcoin Core, `src/validation.cpp`, `LoadExternalBlockFile`; `src/chain.cpp`, `GetBlockProof`.
 * Cost: reads all files once; some hundred bytes of memory a block.
 */
export async function indexBlkFiles(
  files: Files,
  chain: KnownChain,
  folder: string,
  key: Uint8Array,
): Promise<BlkIndex> {
  const all = new Map<string, BlkPlace>();
  const findings: SourceFinding[] = [];
  const names = (await files.list(folder)).filter((name) => /^blk[0-9]{5,}\.dat$/u.test(name));
  for (const name of names) {
    const file = `${folder}/${name}`;
    for await (const range of blkRanges(files, file, key)) {
      const found = findBlocks(chain, range);
      for (const { start, end } of found.records) {
        const place = placeOf(chain, range.bytes.subarray(start, end), { file, offset: range.offset + start });
        // The same block can stand in the files twice, after a crash of the node: the first one counts.
        if (!all.has(place.hash)) all.set(place.hash, place);
      }
      for (const finding of found.findings) {
        const what =
          finding.kind === "garbage" ? "bytes that are no block were skipped" : "bytes are missing at the end";
        findings.push({ where: `${file}, byte ${finding.offset}`, what: `${finding.length} ${what}` });
      }
      range.go(found.next);
    }
  }
  return { best: bestChain(all), all, findings };
}

/** A place's bytes: the block as the node stored it. */
export async function readBlk(files: Files, place: BlkPlace, key: Uint8Array): Promise<Uint8Array> {
  return unmask(await files.read(place.file, place.offset, place.length), key, place.offset);
}

/** A part of a file, unmasked. */
export type BlkRange = {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly last: boolean;
  /** Says with which byte of this range the next one begins. */
  readonly go: (next: number) => void;
};

/** A file in overlapping ranges: each next one begins where the last record of the one before ended. */
export async function* blkRanges(files: Files, file: string, key: Uint8Array): AsyncIterable<BlkRange> {
  const size = (await files.size(file)) ?? 0;
  let length = rangeBytes;
  for (let offset = 0; offset < size;) {
    const bytes = unmask(await files.read(file, offset, length), key, offset);
    let next = 0;
    yield { bytes, offset, last: offset + bytes.length >= size, go: (to) => void (next = to) };
    if (bytes.length === 0) return;
    // A record larger than the range: look at more of it.
    length = next === 0 ? length * 2 : rangeBytes;
    offset += next;
  }
}

function placeOf(
  chain: KnownChain,
  bytes: Uint8Array,
  { file, offset }: { readonly file: string; readonly offset: number },
): BlkPlace {
  const cursor = cursorOf(bytes, `${file}, byte ${offset}`, "get the file again from the node");
  const header = readHeader(cursor, chain.alias as Parameters<typeof readHeader>[1]);
  const bits = new DataView(bytes.buffer, bytes.byteOffset).getUint32(chain.alias === "zcash" ? 104 : 72, true);
  const [hash, parent] = [hexOf(header.hash), hexOf(header.parent)];
  return { hash, parent, file, offset, length: bytes.length, work: workOf(bits) };
}

/** 2^256 / (target + 1), of a target in its compact form. */
function workOf(bits: number): bigint {
  const [exponent, mantissa] = [bits >>> 24, BigInt(bits & 0x7f_ffff)];
  const target = exponent <= 3 ? mantissa >> BigInt(8 * (3 - exponent)) : mantissa << BigInt(8 * (exponent - 3));
  return target === 0n ? 0n : (1n << 256n) / (target + 1n);
}

function bestChain(all: ReadonlyMap<string, BlkPlace>): readonly BlkPlace[] {
  const children = new Map<string, BlkPlace[]>();
  for (const place of all.values()) children.set(place.parent, [...(children.get(place.parent) ?? []), place]);
  let best: { readonly place: BlkPlace; readonly work: bigint } | undefined;
  const pending = [...all.values()]
    .filter(({ parent }) => !all.has(parent))
    .map((place) => ({ place, work: place.work }));
  // Depth first without recursion: a chain is a million blocks deep.
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (best === undefined || next.work > best.work) best = next;
    for (const place of children.get(next.place.hash) ?? []) pending.push({ place, work: next.work + place.work });
  }
  const chain: BlkPlace[] = [];
  for (let place = best?.place; place !== undefined; place = all.get(place.parent)) chain.push(place);
  return chain.toReversed();
}

/** A hash as explorers print it. */
export function hexOf(hash: Uint8Array): string {
  return Buffer.from(hash.toReversed()).toString("hex");
}

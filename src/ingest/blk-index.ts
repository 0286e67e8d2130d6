import type { BitcoinAlias, KnownChain } from "../base/chains.ts";
import { findHeaders } from "../chains/bitcoin/blk-file.ts";
import { readLead } from "../chains/bitcoin/header.ts";
import { unmask, type FileFinding } from "../chains/bitcoin/record-file.ts";
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

/** How much is read where a block is expected to begin: a small part of today's blocks, many of the first ones. */
const windowBytes = 64 * 1024;

/**
 * Finds the blocks in a node's blocks folder, whatever their order, and the chain of most work among them.
 *
 * @param key - The contents of `xor.dat`; empty where there is none.
 * Source: Bitcoin Core, `src/validation.cpp`, `LoadExternalBlockFile`; `src/chain.cpp`, `GetBlockProof`.
 * Cost: reads the beginning of each block; some hundred bytes of memory a block.
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
    for (const finding of await indexFile(files, chain, { file, key, all })) {
      const what = finding.kind === "garbage" ? "bytes that are no block were skipped" : "bytes are missing at the end";
      findings.push({ where: `${file}, byte ${finding.offset}`, what: `${finding.length} ${what}` });
    }
  }
  return { best: bestChain(all), all, findings };
}

/** Adds a file's blocks to all. Reads a window where a block begins, and goes on where it ends. */
async function indexFile(
  files: Files,
  chain: KnownChain,
  { file, key, all }: { readonly file: string; readonly key: Uint8Array; readonly all: Map<string, BlkPlace> },
): Promise<readonly FileFinding[]> {
  const findings: FileFinding[] = [];
  const fileBytes = (await files.size(file)) ?? 0;
  for (let [offset, length] = [0, windowBytes]; offset < fileBytes;) {
    const bytes = unmask(await files.read(file, offset, length), key, offset);
    const last = offset + bytes.length >= fileBytes;
    const found = findHeaders(chain, { bytes, offset, last, fileBytes });
    for (const { start, end } of found.records) {
      const lead = readLead(bytes.subarray(start), chain.alias as BitcoinAlias);
      const place = placeOf(lead, { file, offset: offset + start, length: end - start });
      // The same block can stand in the files twice, after a crash of the node: the first one counts.
      if (!all.has(place.hash)) all.set(place.hash, place);
    }
    for (const finding of found.findings) noteFinding(findings, finding);
    if (bytes.length === 0) break;
    // A header longer than the window: look at more of it.
    length = found.next === 0 ? length * 2 : windowBytes;
    offset += found.next;
  }
  return findings;
}

/** Garbage that goes on from window to window is one finding. */
function noteFinding(findings: FileFinding[], finding: FileFinding): void {
  const before = findings.at(-1);
  if (before?.kind === "garbage" && finding.kind === "garbage" && before.offset + before.length === finding.offset) {
    findings[findings.length - 1] = { ...before, length: before.length + finding.length };
  } else {
    findings.push(finding);
  }
}

/** A place's bytes: the block as the node stored it. */
export async function readBlk(
  files: Files,
  place: Pick<BlkPlace, "file" | "offset" | "length">,
  key: Uint8Array,
): Promise<Uint8Array> {
  return unmask(await files.read(place.file, place.offset, place.length), key, place.offset);
}

function placeOf(
  { hash, parent, bits }: ReturnType<typeof readLead>,
  at: { readonly file: string; readonly offset: number; readonly length: number },
): BlkPlace {
  return { hash: hexOf(hash), parent: hexOf(parent), ...at, work: workOf(bits) };
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

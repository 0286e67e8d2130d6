import { ChainBlocks } from "../../clusters/blocks.ts";
import { addressOf, ownerIfAny } from "../../clusters/owners.ts";
import { isFailure } from "../../base/failure.ts";
import type { Contradiction } from "../../ledger/check-windows.ts";
import { ceilDivide } from "../../ledger/index/run.ts";
import { taintKey, taintPartOf, taintRange } from "../../ledger/keys.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { EntryCheck } from "./check-entries.ts";
import { StrandCheck } from "./check-strand.ts";
import { ownersSeen } from "./known-origins.ts";
import { openTaintPage } from "./open-page.ts";
import { entriesOfPage } from "./owner-pages.ts";
import {
  emptyTaint,
  readOrigin,
  readOriginOwners,
  readStoredTaint,
  type StoredStrand,
  type StoredTaint,
} from "./state.ts";
import { readStops } from "./stop-changes.ts";

/** How many contradictions are named before the check gives up. */
const contradictionsMax = 100;
/** Of so many pages of owners, evenly spread, every entry is reckoned again. */
const pagesMax = 4_096;

/**
 * Verifies what a chain's taint index promises, and names what does not hold: every page's checksum; numbers in order, and of
 * things that are there; that each receipt is of an output or a transfer of the chain, comes from one before it, and names its
 * owner; what is spent, by what spends it; and that the sums of owners are those of the receipts: of each strand all of them, and
 * one by one those of 4,096 pages of 32 owners, evenly spread, or of all where there are no more.
 *
 * It says nothing where there is no index, and only checks the pages where a reorganisation has replaced the index's last block.
 * Whether the index is up to date `fundtrail taint info` says.
 *
 * Cost: every page of the index once, and a look-up of the chain for each receipt.
 */
export function* checkTaint(reader: ChainReader): Iterable<Contradiction> {
  let count = 0;
  for (const found of checked(reader)) {
    yield { where: `taint index, ${found.where}`, what: found.what };
    count += 1;
    if (count < contradictionsMax) continue;
    yield { where: "taint index", what: `gave up after ${contradictionsMax} contradictions` };
    return;
  }
}

function* checked(reader: ChainReader): Iterable<Contradiction> {
  let [pages, damaged] = [0, 0];
  for (const found of checkPages(reader)) {
    if (found === "owners") pages += 1;
    else {
      damaged += 1;
      yield found;
    }
  }
  // What a damaged page would lead to says nothing more.
  if (damaged > 0) return;
  yield* readable("state", () => checkTables(reader, pages));
}

function* checkTables(reader: ChainReader, pages: number): Iterable<Contradiction> {
  const stored = readStoredTaint(reader.snapshot, reader.number) ?? emptyTaint;
  const end = stored === emptyTaint ? undefined : coveredBlocks(reader, stored);
  if (end === undefined) return;
  yield* readable("stops", () => checkStops(reader));
  const strands = new Map<number, StrandCheck>();
  for (const strand of stored.strands) {
    const where = `strand ${strand.number} (${strand.policy} ${strand.key})`;
    const check = new StrandCheck(reader, strand, end);
    strands.set(strand.number, check);
    yield* readable(where, () => checkOrigin(reader, strand));
    yield* readable(where, () => check.all());
  }
  yield* readable("owners", () => checkOwners(reader, strands, { pages, stored }));
}

/** Each page of owners is told; of all others only what is wrong. */
function* checkPages({ snapshot, number }: ChainReader): Iterable<Contradiction | "owners"> {
  for (const { key, value } of snapshot.range({ ...taintRange(number), order: "ascending" })) {
    const { part, numbers } = taintPartOf(key);
    const where = `${part}${numbers.length === 0 ? "" : ` ${numbers.join(", ")}`}`;
    try {
      openTaintPage(value, where);
    } catch (thrown) {
      if (!isFailure(thrown, "TAINT_DAMAGED")) throw thrown;
      yield { where, what: "its checksum does not match" };
      continue;
    }
    if (part === "owners") yield "owners";
  }
}

/** How many blocks the index covers; undefined where its last one is no longer part of the chain. */
function coveredBlocks(reader: ChainReader, { points }: StoredTaint): number | undefined {
  const last = points.at(-1);
  if (last === undefined) return 0;
  const common = new ChainBlocks(reader).common([last]);
  return common === undefined ? undefined : common.block + 1;
}

function* checkStops(reader: ChainReader): Iterable<Contradiction> {
  let before = -1;
  for (const owner of readStops(reader)) {
    if (owner <= before || owner >= ownersSeen(reader))
      yield { where: "stops", what: `owner ${owner} is out of place` };
    before = owner;
  }
}

function* checkOrigin(reader: ChainReader, { number, key, policy }: StoredStrand): Iterable<Contradiction> {
  const where = `strand ${number} (${policy} ${key})`;
  const origin = readOrigin(reader.snapshot, reader.number, number);
  const owners = readOriginOwners(reader.snapshot, reader.number, number);
  if (origin.key !== key) yield { where, what: `its origin is ${origin.key}` };
  const expected = origin.kind === "incident" ? [] : origin.addresses;
  if (owners.length !== expected.length) {
    yield { where, what: `it has ${owners.length} owners and ${expected.length} addresses` };
    return;
  }
  for (const [place, address] of expected.entries()) {
    const owner = owners[place] ?? -1;
    if (ownerIfAny(reader, address) === owner) continue;
    const whose = owner < ownersSeen(reader) ? addressOf(reader, owner) : "nobody";
    yield { where, what: `the owner of ${address} is said to be ${owner}, which is ${whose}` };
  }
}

/** Holds the entries of owners against the receipts of all strands. */
function* checkOwners(
  reader: ChainReader,
  strands: ReadonlyMap<number, StrandCheck>,
  { pages, stored }: { readonly pages: number; readonly stored: StoredTaint },
): Iterable<Contradiction> {
  const step = Math.max(1, ceilDivide(pages, pagesMax));
  const entries = new EntryCheck(strands);
  // Strands that are being walked, or removed, have entries that no reader looks at.
  const passing = new Set(stored.retired);
  let page = 0;
  for (const { value, key } of reader.snapshot.range(ownersRange(reader))) {
    const [number = 0] = taintPartOf(key).numbers;
    for (const own of entriesOfPage(value, number)) {
      for (const entry of own) if (!strands.has(entry.strand) && !passing.has(entry.strand)) yield entries.stray(entry);
      yield* entries.ordered(own);
      for (const entry of own) {
        entries.add(entry);
        if (page % step === 0) yield* entries.check(entry);
      }
    }
    page += 1;
  }
  yield* entries.sums();
}

/** A part that cannot be read, though its checksums are right, is told as one contradiction. */
function* readable(where: string, part: () => Iterable<Contradiction>): Iterable<Contradiction> {
  try {
    yield* part();
  } catch (thrown) {
    yield { where, what: `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

function ownersRange({ number }: ChainReader) {
  return { from: taintKey(number, "owners"), to: taintKey(number, "records"), order: "ascending" } as const;
}

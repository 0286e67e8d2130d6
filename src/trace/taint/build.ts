import { createHash } from "node:crypto";
import type { ChainId } from "../../base/caip.ts";
import { ChainBlocks } from "../../clusters/blocks.ts";
import { chainOf } from "../../clusters/chain-of.ts";
import type { Incident } from "../../incidents/incident.ts";
import { taintKey } from "../../ledger/keys.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import type { Change, PageStore } from "../../store/page-store.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import type { PriceRule } from "../account/swap.ts";
import type { Policy } from "../policy.ts";
import { stopsText, tagStops } from "../tag-stops.ts";
import { noLimits } from "../trace.ts";
import { findOrigins, rowsDigest, type FoundOrigin } from "./origins.ts";
import { traceRecords, type TaintRecord } from "./records.ts";
import {
  readTaintJson,
  readTaintState,
  taintFormat,
  taintJson,
  writeTaintState,
  type Strand,
  type TaintState,
} from "./state.ts";
import { sumsBy } from "./sums.ts";
import { directHops } from "./tainted.ts";

/** Records in a page of a strand's trail: a path reads one for each of its steps. */
export const trailPageRecords = 64;
const batchChanges = 20_000;

export type TaintBuild = {
  readonly folder: string;
  readonly chain: ChainId;
  readonly policies: readonly Policy[];
  readonly incidents: readonly Incident[];
  readonly tags: (reader: ChainReader) => TagReader;
  readonly price: PriceRule;
  /** What tells one table of prices from another. */
  readonly priceBasis: string;
  readonly onProgress: (done: number, of: number) => void;
};

export type TaintBuilt = {
  readonly origins: number;
  readonly absent: readonly string[];
  /** Strands traced anew, and those that were still true. */
  readonly traced: number;
  readonly kept: number;
  readonly records: number;
  readonly height: number | null;
};

/**
 * Brings the taint index of a chain to its tip: every origin by every policy, each equal to a fresh trace.
 *
 * While tip, stops, prices and an origin's rows are what they were, its strand is kept; else it is traced anew, whole, under a
 * new number, and takes the old one's place in one commit: readers see the one or the other. A killed build leaves pages that
 * nobody reads, which the next one removes. Cost: the traces of what has changed; after new blocks, of every origin.
 */
export async function buildTaint(store: PageStore, build: TaintBuild): Promise<TaintBuilt> {
  const ledger = new LedgerReader(store, build.folder);
  try {
    return await built(store, chainOf(ledger, build.chain, build.folder), build);
  } finally {
    ledger.close();
  }
}

async function built(store: PageStore, reader: ChainReader, build: TaintBuild): Promise<TaintBuilt> {
  const blocks = new ChainBlocks(reader);
  const tags = build.tags(reader);
  const tip = tipOf(blocks);
  const prices = reader.model === "account" ? build.priceBasis : "";
  const basis = createHash("sha256")
    .update(`${stopsText(tags, reader.chain)}\n${prices}`)
    .digest("hex");
  const { found, absent } = findOrigins(reader, { incidents: build.incidents, tags });
  const stored = readTaintState(reader.snapshot, reader.number);
  const isSame =
    stored !== undefined &&
    stored.basis === basis &&
    stored.tip.height === tip.height &&
    stored.tip.fingerprint === tip.fingerprint;
  const wanted = found.flatMap((one) => build.policies.map((policy) => ({ ...one, policy })));
  const old = new Map((stored?.strands ?? []).map((strand) => [`${strand.policy} ${strand.origin.key}`, strand]));
  const keptOf = ({ origin, rows, policy }: FoundOrigin & { readonly policy: Policy }): Strand | undefined => {
    const strand = isSame ? old.get(`${policy} ${origin.key}`) : undefined;
    return strand?.begins === rowsDigest(rows) ? { ...strand, origin } : undefined;
  };
  const first = stored?.nextStrand ?? 1;
  const numbers = wanted.map((_, place) => first + place);
  // Whoever is killed in the middle leaves pages under numbers that are named here first.
  const before = stored ?? emptyTaint;
  await store.commit([
    writeTaintState(reader.number, {
      ...before,
      nextStrand: first + wanted.length,
      retired: [...before.retired, ...numbers],
    }),
  ]);
  const strands: Strand[] = [];
  let traced = 0;
  for (const [place, one] of wanted.entries()) {
    const kept = keptOf(one);
    if (kept === undefined) traced += 1;
    strands.push(kept ?? (await carried(store, reader, { ...one, number: first + place, build, tags })));
    build.onProgress(place + 1, wanted.length);
  }
  const live = new Set(strands.map(({ number }) => number));
  const retired = [...before.retired, ...numbers, ...before.strands.map(({ number }) => number)].filter(
    (number) => !live.has(number),
  );
  const state: TaintState = {
    format: taintFormat,
    tip,
    basis,
    policies: build.policies,
    strands,
    absent,
    nextStrand: first + wanted.length,
    retired,
  };
  await store.commit([writeTaintState(reader.number, state)]);
  await sweep(store, reader.number, retired);
  await store.commit([writeTaintState(reader.number, { ...state, retired: [] })]);
  const records = strands.reduce((sum, strand) => sum + strand.records, 0);
  return {
    origins: found.length,
    absent,
    traced,
    kept: strands.length - traced,
    records,
    height: blocks.count === 0 ? null : tip.height,
  };
}

const emptyTaint: TaintState = {
  format: taintFormat,
  tip: { height: -1, fingerprint: "" },
  basis: "",
  policies: [],
  strands: [],
  absent: [],
  nextStrand: 1,
  retired: [],
};

function tipOf(blocks: ChainBlocks): TaintState["tip"] {
  const last = blocks.count - 1;
  return last < 0 ? emptyTaint.tip : { height: blocks.height(last), fingerprint: blocks.fingerprint(last) };
}

/** Traces one origin and writes its pages: the trail first, since removing a strand begins with it. */
async function carried(
  store: PageStore,
  reader: ChainReader,
  {
    origin,
    rows,
    policy,
    number,
    build,
    tags,
  }: FoundOrigin & {
    readonly policy: Policy;
    readonly number: number;
    readonly build: TaintBuild;
    readonly tags: TagReader;
  },
): Promise<Strand> {
  const found = traceRecords(reader, {
    origins: rows,
    policy,
    stops: tagStops(tags, reader.chain),
    limits: noLimits,
    swaps: reader.model === "account" ? "on" : "off",
    price: build.price,
    hubTransfers: undefined,
  });
  let changes: Change[] = [];
  const put = async (change: Change): Promise<void> => {
    changes.push(change);
    if (changes.length < batchChanges) return;
    await store.commit(changes);
    changes = [];
  };
  let [count, page]: [number, TaintRecord[]] = [0, []];
  const endPage = async (): Promise<void> => {
    if (page.length === 0) return;
    const index = (count - 1 - ((count - 1) % trailPageRecords)) / trailPageRecords;
    await put({
      key: taintKey(reader.number, "trail", number, index),
      value: taintJson(page.map((one) => ({ ...one, amount: one.amount.toString() }))),
    });
    page = [];
  };
  for (const record of found.records()) {
    page.push(record);
    count += 1;
    if (page.length === trailPageRecords) await endPage();
  }
  await endPage();
  for (const [part, by] of [
    ["byOwner", "owner"],
    ["byTransaction", "transaction"],
  ] as const) {
    for (const [key, sums] of sumsBy(found.records(), by, directHops(origin, reader))) {
      await put({ key: taintKey(reader.number, part, key, number), value: taintJson(sums) });
    }
  }
  await store.commit(changes);
  return { number, origin, policy, begins: rowsDigest(rows), records: count, assumptions: found.assumptions };
}

/** Removes the pages of strands that nobody reads any more. */
async function sweep(store: PageStore, chain: number, strands: readonly number[]): Promise<void> {
  for (const strand of strands) {
    const snapshot = store.snapshot();
    const sums: Change[] = [];
    const trail: Change[] = [];
    try {
      const range = {
        from: taintKey(chain, "trail", strand),
        to: taintKey(chain, "trail", strand + 1),
        order: "ascending",
      } as const;
      for (const { key, value } of snapshot.range(range)) {
        trail.push({ key: Uint8Array.from(key), value: undefined });
        sums.push(...sumsIn(chain, strand, value));
      }
    } finally {
      snapshot.release();
    }
    for (let from = 0; from < sums.length; from += batchChanges)
      await store.commit(sums.slice(from, from + batchChanges));
    await store.commit(trail);
  }
}

function sumsIn(chain: number, strand: number, page: Uint8Array): readonly Change[] {
  return (readTaintJson(page, `strand ${strand}`) as readonly TaintRecord[]).flatMap(({ owner, transaction }) => [
    ...(owner < 0 ? [] : [{ key: taintKey(chain, "byOwner", owner, strand), value: undefined }]),
    ...(transaction < 0 ? [] : [{ key: taintKey(chain, "byTransaction", transaction, strand), value: undefined }]),
  ]);
}

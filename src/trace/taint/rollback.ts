import { taintKey } from "../../ledger/keys.ts";
import type { Change } from "../../store/page-store.ts";
import { AccountVersions } from "./account-versions.ts";
import { tablesOf, type CarryContext } from "./carry-context.ts";
import type { Extended } from "./extend.ts";
import type { StoredStrand } from "./state.ts";
import { takeBack } from "./take-back.ts";

/** Takes strands back to the end of a block, to which they can still go back. Cost: what is taken back. */
export function rollBack(context: CarryContext, strands: readonly StoredStrand[], block: number): Extended {
  const { spans, book, nobody, model } = context;
  const end = spans.beginOf(block + 1);
  const height = spans.blocks.height(block);
  const changes: Change[] = [];
  const back = strands.map((strand) => {
    const draft = takeBack(strand, tablesOf(context, strand), { book, nobody, end });
    changes.push(
      ...(model.kind === "utxo"
        ? dropSegments(context, strand, draft.counts.records)
        : dropVersions(context, strand, height)),
    );
    return { ...strand, ...draft };
  });
  return { strands: back, changes: [...changes, ...book.flush()] };
}

function dropSegments({ reader, chain }: CarryContext, { number }: StoredStrand, records: number): readonly Change[] {
  const [from, to] = [
    taintKey(reader.number, "segments", number, records),
    taintKey(reader.number, "segments", number + 1),
  ];
  return [...chain.pages.range({ from, to, order: "ascending" })].map(({ key }) => ({
    key: Uint8Array.from(key),
    value: undefined,
  }));
}

function dropVersions(context: CarryContext, strand: StoredStrand, height: number): readonly Change[] {
  const { chain, reader, book } = context;
  const versions = new AccountVersions(chain.pages, reader.number, strand.number);
  const { accounts, changes } = versions.takeBack(height);
  for (const account of accounts) {
    const lots = versions.newest(account, height)?.lots;
    for (const entry of book.of(account + 1)) {
      if (entry.strand !== strand.number) continue;
      let held = 0n;
      for (const { amount, record } of lots?.get(entry.asset) ?? []) if (record >= 0) held += amount;
      entry.held = held;
      book.touch(account + 1);
    }
  }
  return changes;
}

import { taintKey, taintRange, type TaintPart } from "../../ledger/keys.ts";
import { columnPlaces, TablePage } from "../../ledger/table-page.ts";
import type { Change, KeyRange } from "../../store/page-store.ts";
import type { CarryContext } from "./carry-context.ts";
import type { RenewedChain } from "./renewed-chain.ts";
import { recordsShape } from "./tables.ts";
import { openTaintPage } from "./open-page.ts";

const batchChanges = 20_000;
/** The records last: by them the owners are found. */
const parts = [
  "accountsAt",
  "accounts",
  "segments",
  "gaps",
  "begins",
  "spends",
  "repeats",
  "records",
  "originOwners",
  "strand",
] as const;

/** Removes what there is of strands that no reader looks at. Killed at any moment, it goes on the next time. */
export async function sweepStrands(context: CarryContext, strands: readonly number[]): Promise<void> {
  const { chain, reader, book, spans } = context;
  const places = columnPlaces(recordsShape.columns);
  for (const strand of strands) {
    for (let from = 0, isDone = false; !isDone;) {
      isDone = true;
      const range = {
        ...rangeOf(reader.number, "records", strand),
        from: taintKey(reader.number, "records", strand, from),
      };
      for (const { key, value } of chain.pages.range(range)) {
        from = Buffer.from(key).readUIntBE(9, 6) + 1;
        const page = new TablePage(places, openTaintPage(value, `receipts of strand ${strand}`));
        for (const owner of new Set(page.numbers("owner"))) book.removeStrand(owner, strand);
        if (book.bytes < spans.sizes.bytes) continue;
        isDone = false;
        break;
      }
      await chain.commit(book.flush());
    }
    for (const part of parts) await removeRange(chain, rangeOf(reader.number, part, strand));
  }
}

/** Removes all of a chain's taint index. */
export async function dropTaint(chain: RenewedChain): Promise<void> {
  await removeRange(chain, { ...taintRange(chain.reader.number), order: "ascending" });
}

function rangeOf(chain: number, part: TaintPart, strand: number): KeyRange {
  return { from: taintKey(chain, part, strand), to: taintKey(chain, part, strand + 1), order: "ascending" };
}

async function removeRange(chain: RenewedChain, range: KeyRange): Promise<void> {
  for (let isDone = false; !isDone;) {
    const changes: Change[] = [];
    isDone = true;
    for (const { key } of chain.pages.range(range)) {
      changes.push({ key: Uint8Array.from(key), value: undefined });
      if (changes.length < batchChanges) continue;
      isDone = false;
      break;
    }
    if (changes.length > 0) await chain.commit(changes);
  }
}

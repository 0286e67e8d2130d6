import { halves } from "../../base/halves.ts";
import { taintKey } from "../../ledger/keys.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { Change } from "../../store/page-store.ts";
import { AccountView } from "../account/account-view.ts";
import { ownerEntries } from "./owner-pages.ts";
import { openNumbers, sealNumbers } from "./pieces.ts";

/** A stop that has changed and has more transfers than this has every strand of a chain of accounts walked anew. */
const transfersMax = 10_000;

/** The owners at which tracing ends, as they were when the index was carried forward. */
export function readStops({ snapshot, number }: ChainReader): readonly number[] {
  const stored = snapshot.get(taintKey(number, "stops"));
  return stored === undefined ? [] : openNumbers(stored, "the stops of the taint index");
}

export function writeStops({ number }: ChainReader, stops: readonly number[]): Change {
  return { key: taintKey(number, "stops"), value: sealNumbers(stops) };
}

/**
 * The strands whose results can be others with other stops: those that reached an owner which is a stop now and was none, or the
 * other way round; on a chain of accounts also those that reached somebody who dealt with it, since what goes to a stop is no part
 * of a change of form.
 */
export function strandsToRedo(
  reader: ChainReader,
  before: readonly number[],
  now: readonly number[],
): ReadonlySet<number> | "all" {
  const [old, fresh] = [new Set(before), new Set(now)];
  const changed = [...before.filter((owner) => !fresh.has(owner)), ...now.filter((owner) => !old.has(owner))];
  const found = new Set<number>();
  const reached = (owner: number): void => {
    for (const { strand } of ownerEntries(reader.snapshot, reader.number, owner + 1)) found.add(strand);
  };
  const view = reader.model === "account" && changed.length > 0 ? new AccountView(reader) : undefined;
  for (const owner of changed) {
    reached(owner);
    if (view === undefined) continue;
    const rows = reader.index("transferByAccount").rangeOf(...halves(owner), 0, transfersMax + 1);
    if (rows.length > transfersMax) return "all";
    const others = new Set(rows.flatMap((row) => [view.from(row), view.to(row)]));
    for (const other of others) if (other >= 0) reached(other);
  }
  return found;
}

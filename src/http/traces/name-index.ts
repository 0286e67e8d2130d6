import { openSync, closeSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { writeAll, type ByteMeter } from "../../io/row-file.ts";
import { fingerprintOf } from "../../ledger/fingerprint.ts";

/** A fingerprint of a name in two words, and the place of a row that has it. */
const entryBytes = 12;
const utf8 = new TextEncoder();

/** Where a name stands: in which list, at which row. */
export type NamedRow = { readonly list: "exits" | "holdings"; readonly row: number };

/** Finds rows of a trace's exits and holdings by reference, address or entity, without reading them all. */
export class NameIndexWriter {
  readonly #entries: { readonly hi: number; readonly lo: number; readonly place: number }[] = [];

  add(names: ReadonlySet<string>, { list, row }: NamedRow): void {
    for (const name of names) {
      this.#entries.push({ ...fingerprintOf(utf8.encode(name)), place: row * 2 + (list === "exits" ? 0 : 1) });
    }
  }

  /** Exits before holdings, each in the order of their rows. */
  write(file: string, meter: ByteMeter): void {
    this.#entries.sort(
      (left, right) =>
        left.hi - right.hi || left.lo - right.lo || (left.place % 2) - (right.place % 2) || left.place - right.place,
    );
    const bytes = Buffer.alloc(this.#entries.length * entryBytes);
    for (const [index, { hi, lo, place }] of this.#entries.entries()) {
      bytes.writeUInt32LE(hi, index * entryBytes);
      bytes.writeUInt32LE(lo, index * entryBytes + 4);
      bytes.writeUInt32LE(place, index * entryBytes + 8);
    }
    const fd = openSync(file, "wx", 0o600);
    try {
      writeAll(fd, bytes, meter);
    } finally {
      closeSync(fd);
    }
  }
}

/** The rows that have a name: how many, and some of them. Cost: a search in the file. */
export async function rowsNamed(
  file: string,
  name: string,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<{ readonly total: number; readonly rows: readonly NamedRow[] }> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const { hi, lo } = fingerprintOf(utf8.encode(name));
    const count = size / entryBytes;
    const first = await firstAt(handle, count, (entry) => compare(entry, hi, lo) >= 0);
    const end = await firstAt(handle, count, (entry) => compare(entry, hi, lo) > 0);
    const wanted = Math.max(0, Math.min(end - first - from, limit));
    const bytes = Buffer.alloc(wanted * entryBytes);
    await handle.read(bytes, 0, bytes.length, (first + from) * entryBytes);
    const rows = Array.from({ length: wanted }, (_, index): NamedRow => {
      const place = bytes.readUInt32LE(index * entryBytes + 8);
      return { list: place % 2 === 0 ? "exits" : "holdings", row: place >>> 1 };
    });
    return { total: end - first, rows };
  } finally {
    await handle.close();
  }
}

/** The first entry that passes a test which all behind it pass too. */
async function firstAt(handle: FileHandle, count: number, passes: (entry: Buffer) => boolean): Promise<number> {
  const entry = Buffer.alloc(entryBytes);
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    await handle.read(entry, 0, entryBytes, middle * entryBytes);
    if (passes(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function compare(entry: Buffer, hi: number, lo: number): number {
  return entry.readUInt32LE(0) - hi || entry.readUInt32LE(4) - lo;
}

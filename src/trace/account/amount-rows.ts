import { KeepSome } from "../../base/keep-some.ts";
import type { transfersShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";

/** How many amounts are kept. */
const amountsMax = 1 << 24;
/** So many bytes at most are read as one word; an amount is read in words that may pass its end. */
const wordBytes = 8;

type AmountPage = { readonly starts: Uint32Array; readonly bytes: DataView };

/**
 * The amounts of transfers, by their rows, exact. Memory: some 13 bytes an amount near those that were asked for, at most 220 MiB
 * where amounts have eight bytes each.
 */
export class AmountRows {
  readonly #table: TableReader<typeof transfersShape>;
  readonly #perPage: number;
  readonly #pages: (AmountPage | undefined)[] = [];
  readonly #kept: KeepSome;
  pagesRead = 0;

  constructor(table: TableReader<typeof transfersShape>) {
    this.#table = table;
    this.#perPage = table.pageRecords;
    this.#kept = new KeepSome(Math.max(1, (amountsMax / this.#perPage) | 0));
  }

  at(row: number): bigint {
    const number = (row / this.#perPage) | 0;
    const { starts, bytes } = this.#pages[number] ?? this.#read(number);
    const record = row - number * this.#perPage;
    const start = starts[record] as number;
    const length = (starts[record + 1] as number) - start;
    if (length <= wordBytes) return BigInt.asUintN(length * 8, bytes.getBigUint64(start, true));
    let amount = 0n;
    for (let at = 0; at < length; at += wordBytes) {
      const bits = Math.min(wordBytes, length - at) * 8;
      amount |= BigInt.asUintN(bits, bytes.getBigUint64(start + at, true)) << BigInt(at * 8);
    }
    return amount;
  }

  #read(number: number): AmountPage {
    const { lengths, bytes } = this.#table.page(number).amountBytes("amount");
    const starts = new Uint32Array(lengths.length + 1);
    for (let record = 0; record < lengths.length; record += 1) {
      starts[record + 1] = (starts[record] as number) + (lengths[record] as number);
    }
    const size = starts[lengths.length] as number;
    const own = new Uint8Array(size + wordBytes);
    own.set(bytes.subarray(0, size));
    const page = { starts, bytes: new DataView(own.buffer) };
    this.pagesRead += 1;
    const gone = this.#kept.keep(number);
    if (gone >= 0) this.#pages[gone] = undefined;
    this.#pages[number] = page;
    return page;
  }
}

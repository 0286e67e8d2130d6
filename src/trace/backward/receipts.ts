import type { AccountView } from "../account/account-view.ts";

/** A part of a receipt: of the transfer `row` the units from `from` up to `to`. */
export type ReceiptPart = { readonly row: number; readonly from: bigint; readonly to: bigint };

/** How many rows are read at a time. */
const rowsAtATime = 1_024;

/**
 * What an account's payments of one asset were made of, first in, first out: receipts lie end to end, and payments on them.
 *
 * Cost: the account's transfers up to a row, once.
 */
export class Receipts {
  readonly #rows: number[] = [];
  /** Where each receipt begins on the line of all. */
  readonly #starts: bigint[] = [];
  readonly #payments = new Map<number, { readonly start: bigint; readonly known: bigint }>();

  /** @param until - The last row that counts. */
  constructor(view: AccountView, account: number, asset: number, until: number) {
    let [received, paid] = [0n, 0n];
    for (let from = 0; ;) {
      const rows = view.rowsOf(account, from, rowsAtATime);
      for (const row of rows) {
        if (row > until) return;
        if (view.asset(row) !== asset || view.from(row) === view.to(row)) continue;
        const amount = view.amount(row);
        if (amount === 0n) continue;
        if (view.from(row) === account) {
          const known = amount < received - paid ? amount : received - paid;
          this.#payments.set(row, { start: paid, known });
          paid += known;
        } else {
          this.#rows.push(row);
          this.#starts.push(received);
          received += amount;
        }
      }
      if (rows.length < rowsAtATime) return;
      from = (rows.at(-1) ?? 0) + 1;
    }
  }

  /** What a part of a payment was made of; `before`: so much of it is from before the ledger begins. */
  partsOf(row: number, from: bigint, to: bigint): { readonly parts: readonly ReceiptPart[]; readonly before: bigint } {
    const { start, known } = this.#payments.get(row) ?? { start: 0n, known: 0n };
    const end = to < known ? to : known;
    const parts: ReceiptPart[] = [];
    if (from >= end) return { parts, before: to - from };
    for (let at = this.#find(start + from); at < this.#rows.length; at += 1) {
      const begin = this.#starts[at] ?? 0n;
      if (begin >= start + end) break;
      const stop = this.#starts[at + 1] ?? start + end;
      const first = start + from > begin ? start + from : begin;
      const last = start + end < stop ? start + end : stop;
      parts.push({ row: this.#rows[at] ?? 0, from: first - begin, to: last - begin });
    }
    return { parts, before: to - end };
  }

  /** The receipt that a place on the line lies in. */
  #find(place: bigint): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0n) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

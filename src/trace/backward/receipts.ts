import type { AccountView } from "../account/account-view.ts";

/** A part of a receipt: of the transfer `row` the units from `from` up to `to`. */
export type ReceiptPart = { readonly row: number; readonly from: bigint; readonly to: bigint };

/** How many rows are read at a time. */
const rowsAtATime = 1_024;

/** An account's transfers of one asset, in ledger order, up to a row; not those that move nothing or go to itself. */
export function* movesOf(view: AccountView, account: number, asset: number, until: number): Iterable<number> {
  for (let from = 0; ;) {
    const rows = view.rowsOf(account, from, rowsAtATime);
    for (const row of rows) {
      if (row > until) return;
      if (view.asset(row) === asset && view.from(row) !== view.to(row) && view.amount(row) > 0n) yield row;
    }
    if (rows.length < rowsAtATime) return;
    from = (rows.at(-1) ?? 0) + 1;
  }
}

/**
 * What an account's payments of one asset were made of: its receipts are used up from the first one on (`fifo`), or from the
 * last unit of the last one on (`lifo`).
 *
 * Cost: the account's transfers up to a row, once.
 */
export class Receipts {
  readonly #order: "fifo" | "lifo";
  /** By payment, in the order in which they were taken. */
  readonly #payments = new Map<number, readonly ReceiptPart[]>();

  /** @param until - The last row that counts. */
  constructor(
    view: AccountView,
    { account, asset, until, order }: { account: number; asset: number; until: number; order: "fifo" | "lifo" },
  ) {
    this.#order = order;
    const left: ReceiptPart[] = [];
    let first = 0;
    for (const row of movesOf(view, account, asset, until)) {
      if (view.from(row) !== account) {
        left.push({ row, from: 0n, to: view.amount(row) });
        continue;
      }
      const taken: ReceiptPart[] = [];
      for (let need = view.amount(row); need > 0n && first < left.length;) {
        const at = order === "fifo" ? first : left.length - 1;
        const lot = left[at] as ReceiptPart;
        const part = lot.to - lot.from < need ? lot.to - lot.from : need;
        need -= part;
        const isAll = part === lot.to - lot.from;
        if (order === "fifo") {
          taken.push({ ...lot, to: lot.from + part });
          left[at] = { ...lot, from: lot.from + part };
          if (isAll) first += 1;
        } else {
          taken.push({ ...lot, from: lot.to - part });
          left[at] = { ...lot, to: lot.to - part };
          if (isAll) left.pop();
        }
      }
      this.#payments.set(row, taken);
    }
  }

  /** What a part of a payment was made of; `before`: so much of it is from before the ledger begins. */
  partsOf(row: number, from: bigint, to: bigint): { readonly parts: readonly ReceiptPart[]; readonly before: bigint } {
    const parts: ReceiptPart[] = [];
    let [at, begun] = [0n, from];
    for (const one of this.#payments.get(row) ?? []) {
      if (begun === to) break;
      const size = one.to - one.from;
      const end = at + size < to ? at + size : to;
      if (end > begun) {
        const [skipped, taken] = [begun - at, end - at];
        parts.push(
          this.#order === "fifo"
            ? { row: one.row, from: one.from + skipped, to: one.from + taken }
            : { row: one.row, from: one.to - taken, to: one.to - skipped },
        );
        begun = end;
      }
      at += size;
    }
    return { parts, before: to - begun };
  }
}

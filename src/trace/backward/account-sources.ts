import type { AccountView } from "../account/account-view.ts";
import type { Limits } from "../trace.ts";
import type { AccountEnds } from "./account-ends.ts";
import { FallingQueue } from "./falling-queue.ts";
import { progressEvery } from "./progress.ts";
import { Receipts } from "./receipts.ts";
import type { Ended, Source } from "./sources.ts";

/** The units of a transfer from `from` up to `to`. */
type Part = { readonly row: number; readonly from: bigint; readonly to: bigint; readonly hops: number };

/**
 * Where the value of transfers came from by `fifo` or `lifo`, back to services, mints and the ledger's beginning. Exact: each
 * unit that is paid is one unit that was received. Value that came out of a change of form ends there, at the swap.
 *
 * Cost: the transfers of the accounts on the way, up to the deposit, once.
 */
export class AccountSources {
  readonly sources: Source[] = [];
  transfers = 0;
  readonly #view: AccountView;
  readonly #ends: AccountEnds;
  readonly #order: "fifo" | "lifo";
  readonly #limits: Limits;
  readonly #queue = new FallingQueue();
  readonly #parts = new Map<number, Part[]>();
  readonly #receipts = new Map<string, Receipts>();

  constructor(
    view: AccountView,
    ends: AccountEnds,
    rules: { readonly order: "fifo" | "lifo"; readonly limits: Limits },
  ) {
    this.#view = view;
    this.#ends = ends;
    this.#order = rules.order;
    this.#limits = rules.limits;
  }

  run(deposits: readonly number[], onProgress: (transfers: number) => void): void {
    for (const row of new Set(deposits)) this.#seek({ row, from: 0n, to: this.#view.amount(row), hops: 1 });
    for (let row = this.#queue.take(); row !== undefined; row = this.#queue.take()) {
      const parts = this.#parts.get(row) ?? [];
      this.#parts.delete(row);
      const ended = this.#ends.at(row);
      const isBeyond = ended === undefined && this.transfers >= (this.#limits.budget ?? Infinity);
      if (!isBeyond) this.transfers += 1;
      for (const part of parts) {
        if (ended !== undefined) this.#end(part, ended);
        else if (isBeyond) this.#end(part, this.#ends.limit(row, "budget"));
        else this.#back(part);
      }
      if (this.transfers % progressEvery === 0) onProgress(this.transfers);
    }
  }

  #seek(part: Part): void {
    if (part.from === part.to) return;
    const known = this.#parts.get(part.row);
    if (known === undefined) this.#parts.set(part.row, [part]);
    else known.push(part);
    this.#queue.add(part.row);
  }

  #back(part: Part): void {
    const { hopsMax, amountMin } = this.#limits;
    if (part.hops >= (hopsMax ?? Infinity)) {
      this.#end(part, this.#ends.limit(part.row, "hops-max"));
      return;
    }
    if (part.hops > 1 && part.to - part.from < amountMin) {
      this.#end(part, this.#ends.limit(part.row, "amount-min"));
      return;
    }
    const view = this.#view;
    const [account, asset] = [view.from(part.row), view.asset(part.row)];
    const key = `${account} ${asset}`;
    const receipts =
      this.#receipts.get(key) ?? new Receipts(view, { account, asset, until: part.row, order: this.#order });
    this.#receipts.set(key, receipts);
    const { parts, before } = receipts.partsOf(part.row, part.from, part.to);
    if (before > 0n) this.#end({ ...part, from: 0n, to: before }, this.#ends.before(part.row));
    for (const one of parts) this.#seek({ ...one, hops: part.hops + 1 });
  }

  #end({ from, to, hops }: Part, ended: Ended): void {
    this.sources.push({ ...ended, amount: to - from, hops });
  }
}

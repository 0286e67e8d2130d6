import type { ChainReader } from "../../ledger/reader.ts";
import { AccountStops, hubStop } from "../account/account-stops.ts";
import { AccountView } from "../account/account-view.ts";
import { countedRows, findSwap } from "../account/swap.ts";
import type { Stop, StopRule } from "../stops.ts";
import { Receipts } from "./receipts.ts";
import { FallingQueue, sourceKinds, type Backward, type Source, type SourceKind } from "./sources.ts";

export type AccountBackwardRequest = {
  /** Numbers of transfers. */
  readonly deposits: readonly number[];
  readonly stops: StopRule | undefined;
  readonly hopsMax: number;
  readonly swaps: "on" | "off";
  /** An account with more transfers is a service named `hub`; undefined: none is. */
  readonly hubTransfers: number | undefined;
};

/** The units of a transfer from `from` up to `to`. */
type Part = { readonly row: number; readonly from: bigint; readonly to: bigint; readonly hops: number };

/**
 * Where the value of transfers came from by `fifo`, back to services, mints and the ledger's beginning. Exact: each unit
 * that is paid is one unit that was received. Value that came out of a change of form ends there, at the swap.
 *
 * Cost: the transfers of the accounts on the way, up to the deposit, once.
 */
export function sourcesOfTransfers(reader: ChainReader, request: AccountBackwardRequest): Backward {
  const view = new AccountView(reader);
  const walk = new AccountSources(view, request);
  walk.run();
  return {
    policy: "fifo",
    deposits: request.deposits.map((row) => ({
      ref: view.ref(row),
      asset: view.assetText(view.asset(row)),
      amount: view.amount(row),
    })),
    sources: walk.sources,
    cost: { transactions: walk.transfers },
  };
}

class AccountSources {
  readonly sources: Source[] = [];
  transfers = 0;
  readonly #view: AccountView;
  readonly #request: AccountBackwardRequest;
  readonly #stops: AccountStops;
  readonly #queue = new FallingQueue();
  readonly #parts = new Map<number, Part[]>();
  readonly #receipts = new Map<string, Receipts>();

  constructor(view: AccountView, request: AccountBackwardRequest) {
    this.#view = view;
    this.#request = request;
    this.#stops = new AccountStops(view, request.stops);
  }

  run(): void {
    for (const row of new Set(this.#request.deposits)) {
      this.#seek({ row, from: 0n, to: this.#view.amount(row), hops: 1 });
    }
    for (let row = this.#queue.take(); row !== undefined; row = this.#queue.take()) {
      const parts = this.#parts.get(row) ?? [];
      this.#parts.delete(row);
      this.transfers += 1;
      for (const part of parts) this.#back(part);
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
    const view = this.#view;
    const payer = view.from(part.row);
    const stop = this.#stops.of(payer) ?? (this.#isHub(payer) ? hubStop : undefined);
    if (payer < 0) this.#end(part, sourceKinds.created, undefined);
    else if (stop !== undefined) this.#end(part, sourceKinds.service, stop);
    else if (part.hops >= this.#request.hopsMax) this.#end(part, sourceKinds.limit, undefined);
    else {
      const asset = view.asset(part.row);
      const key = `${payer} ${asset}`;
      const receipts = this.#receipts.get(key) ?? new Receipts(view, payer, asset, part.row);
      this.#receipts.set(key, receipts);
      const { parts, before } = receipts.partsOf(part.row, part.from, part.to);
      if (before > 0n) this.#end({ ...part, from: 0n, to: before }, sourceKinds.before, undefined);
      for (const one of parts) {
        const found = { ...one, hops: part.hops + 1 };
        if (this.#isSwapped(payer, one.row)) this.#end(found, sourceKinds.swap, undefined);
        else this.#seek(found);
      }
    }
  }

  /** Whether an account got a transfer in exchange for another asset. */
  #isSwapped(account: number, row: number): boolean {
    const view = this.#view;
    const transaction = view.transaction(row);
    if (this.#request.swaps === "off" || transaction < 0) return false;
    const rows = view.rowsIn(transaction, account);
    const counted = countedRows(view, account, rows, {
      isOrigin: () => false,
      isStop: (other) => this.#stops.of(other) !== undefined,
    });
    return findSwap(transaction, row, counted).gained.has(view.asset(row)) && counted.some((one) => one.row === row);
  }

  #isHub(account: number): boolean {
    const { hubTransfers } = this.#request;
    if (hubTransfers === undefined || account < 0) return false;
    return this.#view.rowsOf(account, 0, hubTransfers + 1).length > hubTransfers;
  }

  #end({ row, from, to, hops }: Part, kind: SourceKind, stop: Stop | undefined): void {
    const view = this.#view;
    this.sources.push({
      kind,
      entity: stop?.entity ?? kind,
      category: stop?.category ?? "",
      ref: view.ref(row),
      address: view.address(view.from(row)),
      asset: view.assetText(view.asset(row)),
      amount: to - from,
      hops,
    });
  }
}

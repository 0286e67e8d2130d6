import { AccountStops, hubStop } from "../account/account-stops.ts";
import type { AccountView } from "../account/account-view.ts";
import { countedRows, findSwap, type Swap, type SwapRow } from "../account/swap.ts";
import type { StopRule } from "../stops.ts";
import type { LimitName } from "../trace.ts";
import { sourceKinds, type Deposit, type Ended } from "./sources.ts";

export type AccountEndsOptions = {
  readonly stops: StopRule | undefined;
  readonly swaps: "on" | "off";
  /** An account with more transfers is a service named `hub`; undefined: none is. */
  readonly hubTransfers: number | undefined;
};

/** At which transfers a way back ends, and how they are told. */
export class AccountEnds {
  readonly #view: AccountView;
  readonly #options: AccountEndsOptions;
  readonly #stops: AccountStops;
  readonly #hubs = new Map<number, boolean>();
  readonly #swaps = new Map<string, { readonly swap: Swap; readonly counted: readonly SwapRow[] }>();

  constructor(view: AccountView, options: AccountEndsOptions) {
    this.#view = view;
    this.#options = options;
    this.#stops = new AccountStops(view, options.stops);
  }

  deposit(row: number): Deposit {
    const view = this.#view;
    const { ref, address, asset } = this.#place(row, view.to(row));
    return { ref, address, asset, amount: view.amount(row), ...this.#moment(row) };
  }

  /** How the way ends at a transfer; undefined: it goes on to what its payer had received. */
  at(row: number): Ended | undefined {
    const payer = this.#view.from(row);
    if (payer < 0) return this.#within(row, sourceKinds.created, sourceKinds.created);
    const stop = this.#stops.of(payer) ?? (this.#isHub(payer) ? hubStop : undefined);
    if (stop !== undefined) return { ...this.#within(row, sourceKinds.service, ""), ...stop };
    return this.#isSwapped(row) ? this.#within(row, sourceKinds.swap, sourceKinds.swap) : undefined;
  }

  /** What a payment holds that its payer had not received in the ledger. */
  before(row: number): Ended {
    return this.#within(row, sourceKinds.before, sourceKinds.before);
  }

  /** A transfer behind which a limit does not let the way go on. */
  limit(row: number, limit: LimitName): Ended {
    return this.#within(row, sourceKinds.limit, limit);
  }

  /**
   * Whether a transfer gives one asset for another: its receiver gained by it what it gave something else for, or its payer
   * gave it for something else. What is behind it is of another asset.
   */
  #isSwapped(row: number): boolean {
    const view = this.#view;
    if (this.#options.swaps === "off" || view.transaction(row) < 0) return false;
    const asset = view.asset(row);
    const isCounted = (counted: readonly SwapRow[]): boolean => counted.some((one) => one.row === row);
    const payer = this.#swapOf(view.from(row), row);
    if (payer.swap.given.has(asset) && isCounted(payer.counted)) return true;
    const receiver = view.to(row);
    if (receiver < 0) return false;
    const { swap, counted } = this.#swapOf(receiver, row);
    return swap.gained.has(asset) && isCounted(counted);
  }

  #swapOf(account: number, row: number): { readonly swap: Swap; readonly counted: readonly SwapRow[] } {
    const view = this.#view;
    const transaction = view.transaction(row);
    const key = `${account} ${transaction}`;
    const known = this.#swaps.get(key);
    if (known !== undefined) return known;
    const counted = countedRows(view, account, view.rowsIn(transaction, account), {
      isOrigin: () => false,
      isStop: (other) => this.#stops.of(other) !== undefined,
    });
    const found = { swap: findSwap(transaction, row, counted), counted };
    this.#swaps.set(key, found);
    return found;
  }

  #isHub(account: number): boolean {
    const { hubTransfers } = this.#options;
    if (hubTransfers === undefined) return false;
    const known = this.#hubs.get(account);
    if (known !== undefined) return known;
    const isHub = this.#view.rowsOf(account, 0, hubTransfers + 1).length > hubTransfers;
    this.#hubs.set(account, isHub);
    return isHub;
  }

  #within(row: number, kind: Ended["kind"], entity: string): Ended {
    return { kind, entity, category: "", ...this.#place(row, this.#view.from(row)), ...this.#moment(row) };
  }

  #place(row: number, account: number): Pick<Ended, "ref" | "address" | "asset"> {
    const view = this.#view;
    return { ref: view.ref(row), address: view.address(account), asset: view.assetText(view.asset(row)) };
  }

  #moment(row: number): Pick<Ended, "txid" | "height" | "time"> {
    return { txid: this.#view.txid(row), ...this.#view.moments.ofRow(row) };
  }
}

import type { Stop, StopRule } from "../stops.ts";
import type { AccountView } from "./account-view.ts";

/** What a hub's exits are named. */
export const hubStop: Stop = { entity: "hub", category: "hub" };

/** Which accounts are stops; each is asked for once. */
export class AccountStops {
  readonly #view: AccountView;
  readonly #rule: StopRule | undefined;
  readonly #known = new Map<number, Stop | undefined>();

  constructor(view: AccountView, rule: StopRule | undefined) {
    this.#view = view;
    this.#rule = rule;
  }

  of(account: number): Stop | undefined {
    if (this.#rule === undefined || account < 0) return undefined;
    if (this.#known.has(account)) return this.#known.get(account);
    const text = this.#view.address(account);
    const stop = text === null ? undefined : this.#rule(text);
    this.#known.set(account, stop);
    return stop;
  }
}

import type { Arrival } from "../trace.ts";
import type { AccountView } from "./account-view.ts";
import type { AccountWalk } from "./account-walk.ts";
import type { Lots, Piece } from "./lots.ts";
import type { TransferRecord } from "./transfer-trail.ts";

const daySeconds = 86_400;

/** When the tainted value that accounts hold came to them. Cost: once over the records where lots do not tell it. */
export class Arrivals {
  readonly #walk: AccountWalk;
  readonly #view: AccountView;
  /** Records of value that an account took in, by account and asset. */
  #received: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(walk: AccountWalk, view: AccountView) {
    this.#walk = walk;
    this.#view = view;
  }

  /** Undefined where it is not told for one of them. */
  of(parts: readonly (Lots | Piece)[]): readonly Arrival[] | undefined {
    const found: Arrival[] = [];
    for (const part of parts) {
      const arrivals = "record" in part ? [this.#at(part)] : this.#ofLots(part);
      if (arrivals === undefined) return undefined;
      found.push(...arrivals);
    }
    return found;
  }

  #ofLots(lots: Lots): readonly Arrival[] | undefined {
    const pieces = lots.taintedPieces();
    if (pieces !== undefined) return pieces.map((piece) => this.#at(piece));
    // Which of several amounts is left is not told; it makes no difference where all came on one day.
    const first = this.#walk.records[lots.since];
    if (first === undefined) return undefined;
    const { to, asset } = first;
    const received = (this.#receivedOf(to, asset) ?? []).filter((record) => record >= lots.since);
    const days = new Set(received.map((record) => dayNumber(this.#timeOf(record))));
    return days.size === 1 ? [{ time: this.#timeOf(lots.since), amount: lots.taint }] : undefined;
  }

  #receivedOf(account: number, asset: number): readonly number[] | undefined {
    this.#received ??= Map.groupBy(this.#walk.records.keys(), (record) => {
      const one = this.#walk.records[record] as TransferRecord;
      return `${one.to} ${one.asset}`;
    });
    return this.#received.get(`${account} ${asset}`);
  }

  #at({ record, amount }: Piece): Arrival {
    return { time: this.#timeOf(record), amount };
  }

  #timeOf(record: number): number {
    return this.#view.moments.ofRow((this.#walk.records[record] as TransferRecord).row).time;
  }
}

function dayNumber(time: number): number {
  return (time - (time % daySeconds)) / daySeconds;
}

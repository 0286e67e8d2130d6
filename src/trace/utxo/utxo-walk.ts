import type { Attribution, Spending } from "./attribution.ts";
import { SpendQueue } from "./spend-queue.ts";
import { fates, type Fate, type Trail } from "./trail.ts";
import type { UtxoView } from "./utxo-view.ts";

/** How far a walk may go. */
export type UtxoBounds = {
  /** The first transaction that is not looked at. */
  readonly endTransaction: number;
  readonly hopsMax: number;
  readonly amountMin: bigint;
  /** How many transactions may be visited. */
  readonly budget: number;
};

/** An origin: an output and the transaction that creates it. */
export type OriginOutput = { readonly transaction: number; readonly output: number };

/**
 * Carries taint forward through a chain of outputs, transaction by transaction in chain order, and visits those alone
 * that spend or create a tainted output. What each output holds is the attribution's to say.
 *
 * Cost: near constant a visited transaction and its tainted outputs; nothing for the chain's length.
 */
export class UtxoWalk {
  readonly #view: UtxoView;
  readonly #trail: Trail;
  readonly #attribution: Attribution;
  readonly #bounds: UtxoBounds;
  readonly #isStop: (owner: number) => boolean;
  readonly #queue: SpendQueue;
  readonly #spending: Spending;
  #hop = 0;

  /**
   * @param isStop - Whether tracing ends at an owner (its number + 1; 0 is nobody).
   */
  constructor(parts: {
    readonly view: UtxoView;
    readonly trail: Trail;
    readonly attribution: Attribution;
    readonly bounds: UtxoBounds;
    readonly isStop: (owner: number) => boolean;
  }) {
    this.#view = parts.view;
    this.#trail = parts.trail;
    this.#attribution = parts.attribution;
    this.#bounds = parts.bounds;
    this.#isStop = parts.isStop;
    this.#queue = new SpendQueue(parts.trail);
    this.#spending = {
      firstInput: 0,
      endInput: 0,
      firstOutput: 0,
      endOutput: 0,
      hits: new Int32Array(64),
      hitCount: 0,
    };
  }

  /**
   * Walks from the origins to the end.
   *
   * @param origins - In the order of their outputs, each once.
   */
  run(origins: readonly OriginOutput[]): void {
    const { endTransaction, budget } = this.#bounds;
    const queue = this.#queue;
    let [transaction, origin] = [0, 0];
    for (;;) {
      const input = queue.peek(Infinity);
      const spending = input < 0 ? Infinity : this.#view.transactionOfInput(input, transaction);
      const creating = origins[origin]?.transaction ?? Infinity;
      transaction = spending < creating ? spending : creating;
      if (transaction === Infinity) return;
      if (transaction >= endTransaction) {
        this.#leave(fates.until);
        return;
      }
      if (this.#trail.steps >= budget && creating !== transaction) {
        this.#leave(fates.budget);
        continue;
      }
      let end = origin;
      while (origins[end]?.transaction === transaction) end += 1;
      this.#visit(transaction, origins, origin, end);
      origin = end;
      this.#attribution.tidy(queue);
    }
  }

  #visit(transaction: number, origins: readonly OriginOutput[], from: number, end: number): void {
    const spending = this.#spending;
    const view = this.#view;
    spending.firstInput = view.firstInput(transaction);
    spending.endInput = view.firstInput(transaction + 1);
    spending.firstOutput = view.firstOutput(transaction);
    spending.endOutput = view.firstOutput(transaction + 1);
    this.#gather();
    this.#trail.step(transaction);
    const attribution = this.#attribution;
    attribution.settle(spending);
    for (let origin = from; origin < end; origin += 1) {
      const { output } = origins[origin] as OriginOutput;
      attribution.makeOrigin(output - spending.firstOutput, output);
    }
    const count = attribution.settled;
    for (let place = 0; place < count; place += 1) {
      if (attribution.hasTaint(place)) this.#follow(spending.firstOutput + place, place);
    }
  }

  /** Takes the records that the transaction spends out of the queue. */
  #gather(): void {
    const spending = this.#spending;
    const { hops, fates: fateOf } = this.#trail;
    const queue = this.#queue;
    let [count, hop] = [0, Infinity];
    for (let input = queue.peek(spending.endInput); input >= 0; input = queue.peek(spending.endInput)) {
      const record = queue.take();
      if (count === spending.hits.length) {
        const larger = new Int32Array(count * 2);
        larger.set(spending.hits);
        spending.hits = larger;
      }
      spending.hits[count] = record;
      count += 1;
      fateOf[record] = fates.spent;
      const ofRecord = hops[record] as number;
      if (ofRecord < hop) hop = ofRecord;
    }
    spending.hitCount = count;
    this.#hop = hop + 1;
  }

  #follow(output: number, place: number): void {
    const { hopsMax, amountMin } = this.#bounds;
    const attribution = this.#attribution;
    const parent = attribution.parentOf(place);
    const hop = parent < 0 ? 0 : this.#hop;
    const trail = this.#trail;
    const record = trail.add(output, parent, hop);
    attribution.keep(place, record);
    if (parent >= 0 && this.#isStop(this.#view.owner(output))) {
      trail.fates[record] = fates.exit;
      return;
    }
    const spender = this.#view.spenderOf(output);
    if (spender < 0) return;
    trail.spenders[record] = spender;
    if (hop >= hopsMax) trail.fates[record] = fates.hops;
    else if (amountMin > 0n && attribution.isBelow(place, amountMin)) trail.fates[record] = fates.amount;
    else this.#queue.add(record);
  }

  /** Ends following what waits. */
  #leave(fate: Fate): void {
    const { fates: fateOf } = this.#trail;
    this.#queue.forEach((record) => {
      fateOf[record] = fate;
    });
    this.#queue.clear();
  }
}

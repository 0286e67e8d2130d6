import type { Attribution, Spending, Waiting } from "./attribution.ts";
import { SpendMap } from "./spend-map.ts";
import { SpendQueue } from "./spend-queue.ts";
import { fates, type Fate, type Trail } from "./trail.ts";
import { isOutput, type UtxoView } from "./utxo-view.ts";

/** When to change from looking up spenders to reading all inputs, and back. Whichever way: the results are the same. */
export type Ways = {
  /** After so many transactions it is asked which way costs less. */
  readonly checkEvery: number;
  /** Inputs per tainted transaction below which reading costs less. */
  readonly dense: number;
  /** And above which looking up does. */
  readonly sparse: number;
  /** So many times in succession the other way must seem better. */
  readonly runsMin: number;
};

/** As measured: a look-up costs about as much as reading 300 inputs, and a transaction has two tainted outputs. */
export const measuredWays: Ways = { checkEvery: 64, dense: 128, sparse: 512, runsMin: 4 };

/** After so many transactions it is told how far the walk is. */
const progressEvery = 65_536;

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
  readonly #hasStops: boolean;
  readonly #ways: Ways;
  readonly #isTidying: boolean;
  readonly #onProgress: (transactions: number) => void;
  /** What waits, by spender; and by output, while inputs are read in their order. */
  readonly #map = new SpendMap();
  #isScanning = false;
  #nextInput = 0;
  #checkedInput = 0;
  #runs = 0;
  readonly #queue: SpendQueue;
  readonly #spending: Spending;
  #hop = 0;
  /** The last transaction that was visited. */
  #last = 0;

  /**
   * @param isStop - Whether tracing ends at an owner (its number + 1; 0 is nobody); undefined: nowhere.
   */
  constructor(parts: {
    readonly view: UtxoView;
    readonly trail: Trail;
    readonly attribution: Attribution;
    readonly bounds: UtxoBounds;
    readonly isStop: ((owner: number) => boolean) | undefined;
    readonly ways: Ways;
    /** Whether what is kept of records that do not wait is freed on the way. */
    readonly tidying: "on" | "off";
    readonly onProgress: (transactions: number) => void;
  }) {
    this.#view = parts.view;
    this.#trail = parts.trail;
    this.#attribution = parts.attribution;
    this.#bounds = parts.bounds;
    this.#ways = parts.ways;
    this.#onProgress = parts.onProgress;
    this.#isTidying = parts.tidying === "on";
    this.#isStop = parts.isStop ?? (() => false);
    this.#hasStops = parts.isStop !== undefined;
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
    if (this.go(origins, this.#bounds.endTransaction) !== Infinity) this.#leave(fates.until);
  }

  /** Has records wait that an earlier walk had found: those that the trail begins with, whose spenders are known. */
  resume(): void {
    for (let record = 0; record < this.#trail.records; record += 1) this.#queue.add(record);
  }

  /** The records that wait; while inputs are read in their order also those that nothing spends. */
  get waiting(): Waiting {
    return this.#isScanning ? this.#map : this.#queue;
  }

  /**
   * Walks up to a transaction, from where it was; what waits then goes on waiting.
   *
   * @param origins - Those before that transaction that were not given yet, in the order of their outputs.
   * @returns A transaction from `end` on before which nothing more happens but new origins; `Infinity` where nothing waits.
   */
  go(origins: readonly OriginOutput[], end: number): number {
    const { budget } = this.#bounds;
    let origin = 0;
    for (;;) {
      const creating = origins[origin]?.transaction ?? Infinity;
      const spending = this.#isScanning ? this.#scan(this.#last, creating, end) : this.#nextWaiting(this.#last);
      const transaction = spending < creating ? spending : creating;
      if (transaction === Infinity || transaction >= end) return transaction;
      if (this.#trail.steps >= budget && creating !== transaction) {
        this.#leave(fates.budget);
        continue;
      }
      let next = origin;
      while (origins[next]?.transaction === transaction) next += 1;
      this.#last = transaction;
      this.#visit(transaction, origins, origin, next);
      origin = next;
      if (this.#isTidying) this.#attribution.tidy(this.waiting);
      if (this.#trail.steps % this.#ways.checkEvery === 0) this.#chooseWay();
      if (this.#trail.steps % progressEvery === 0) this.#onProgress(this.#trail.steps);
    }
  }

  #nextWaiting(from: number): number {
    const input = this.#queue.peek(Infinity);
    return input < 0 ? Infinity : this.#view.transactionOfInput(input, from);
  }

  /**
   * The next transaction that spends a tainted output, found by reading the inputs in their order; `Infinity` where there is
   * none before the end, or before `creating`, a transaction that creates an origin.
   */
  #scan(from: number, creating: number, endTransaction: number): number {
    const view = this.#view;
    const bound = creating < endTransaction ? creating : endTransaction;
    const end = bound >= view.transactions ? view.inputs : view.firstInput(bound);
    const input = view.firstInputSpending(this.#map, this.#nextInput, end);
    this.#nextInput = input;
    if (input < end) return view.transactionOfInput(input, from);
    return bound === creating || end === view.inputs ? Infinity : bound;
  }

  /**
   * Where many transactions are tainted it costs less to read all inputs in their order than to look up the spender of each
   * tainted output, and where few are it costs more. Both give the same.
   */
  #chooseWay(): void {
    const { checkEvery, dense, sparse, runsMin } = this.#ways;
    const passed = this.#spending.endInput - this.#checkedInput;
    this.#checkedInput = this.#spending.endInput;
    const isDense = passed < checkEvery * (this.#isScanning ? sparse : dense);
    this.#runs = isDense === this.#isScanning ? 0 : this.#runs + 1;
    if (this.#runs < runsMin) return;
    this.#runs = 0;
    if (this.#isScanning) this.#lookUpAll();
    else this.#mapAll();
  }

  #mapAll(): void {
    const { outputs } = this.#trail;
    this.#queue.forEach((record) => this.#map.set(outputs[record] as number, record));
    this.#queue.clear();
    this.#nextInput = this.#spending.endInput;
    this.#isScanning = true;
  }

  #lookUpAll(): void {
    this.#isScanning = false;
    this.#map.forEach((record) => this.#wait(record));
    this.#map.clear();
  }

  #visit(transaction: number, origins: readonly OriginOutput[], from: number, end: number): void {
    const spending = this.#spending;
    const view = this.#view;
    spending.firstInput = view.firstInput(transaction);
    spending.endInput = view.firstInput(transaction + 1);
    spending.firstOutput = view.firstOutput(transaction);
    spending.endOutput = view.firstOutput(transaction + 1);
    if (this.#isScanning) this.#gatherByInput();
    else this.#gather();
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
    const { endInput } = this.#spending;
    const queue = this.#queue;
    this.#spending.hitCount = 0;
    this.#hop = Infinity;
    for (let input = queue.peek(endInput); input >= 0; input = queue.peek(endInput)) this.#hit(queue.take());
    this.#hop += 1;
  }

  /** Takes the records that the transaction spends out of the map. */
  #gatherByInput(): void {
    const { firstInput, endInput } = this.#spending;
    const view = this.#view;
    this.#spending.hitCount = 0;
    this.#hop = Infinity;
    for (let input = firstInput; input < endInput; input += 1) {
      const spent = view.spent(input);
      if (!isOutput(spent)) continue;
      const output = (spent - 1) / 2;
      const record = this.#map.get(output);
      if (record < 0) continue;
      this.#map.remove(output);
      this.#trail.spenders[record] = input;
      this.#hit(record);
    }
    this.#hop += 1;
    this.#nextInput = endInput;
  }

  #hit(record: number): void {
    const spending = this.#spending;
    const count = spending.hitCount;
    if (count === spending.hits.length) {
      const larger = new Int32Array(count * 2);
      larger.set(spending.hits);
      spending.hits = larger;
    }
    spending.hits[count] = record;
    spending.hitCount = count + 1;
    this.#trail.fates[record] = fates.spent;
    const hop = this.#trail.hops[record] as number;
    if (hop < this.#hop) this.#hop = hop;
  }

  #follow(output: number, place: number): void {
    const { hopsMax, amountMin } = this.#bounds;
    const attribution = this.#attribution;
    const parent = attribution.parentOf(place);
    const hop = parent < 0 ? 0 : this.#hop;
    const trail = this.#trail;
    const record = trail.add(output, parent, hop);
    attribution.keep(place, record);
    if (parent >= 0 && this.#hasStops && this.#isStop(this.#view.owner(output))) trail.fates[record] = fates.exit;
    else if (hop >= hopsMax) this.#leaveOne(record, fates.hops);
    else if (amountMin > 0n && attribution.isBelow(place, amountMin)) this.#leaveOne(record, fates.amount);
    else if (this.#isScanning) this.#map.set(output, record);
    else this.#wait(record);
  }

  /** Puts a record that is spent at all into the queue. */
  #wait(record: number): void {
    const spender = this.#view.spenderOf(this.#trail.outputs[record] as number);
    if (spender < 0) return;
    this.#trail.spenders[record] = spender;
    this.#queue.add(record);
  }

  /** Does not follow a record; what becomes of it matters where it is spent. */
  #leaveOne(record: number, fate: Fate): void {
    const spender = this.#view.spenderOf(this.#trail.outputs[record] as number);
    if (spender < 0) return;
    this.#trail.spenders[record] = spender;
    this.#trail.fates[record] = fate;
  }

  /** Ends following what waits. */
  #leave(fate: Fate): void {
    if (this.#isScanning) this.#map.forEach((record) => this.#leaveOne(record, fate));
    this.#map.clear();
    this.#queue.forEach((record) => {
      this.#trail.fates[record] = fate;
    });
    this.#queue.clear();
  }
}

import { HashMemory, tagMax } from "./hash-memory.ts";
import type { IndexCaches } from "./indexes.ts";
import type { PageCache } from "./table.ts";

/** Swept when fuller than this, in thousandths, to at most half as full. */
const loadMax = 600;
/** No sweep is due in the middle of a commit before it is as full as this. */
const loadLimit = 750;
const transactionPlaces = 2 ** 22;
const ownerPlaces = 2 ** 23;

/**
 * What the writer of a chain of outputs remembers between commits, in bounded memory, so that it seldom has to look
 * something up: the transactions that still have unspent outputs, and the owners who were seen lately.
 */
export class UtxoMemory {
  readonly caches: IndexCaches = new Map();
  /** Pages of transactions and of their ids in which prevouts were looked up. */
  readonly pages: PageCache = new Map();
  readonly idPages: PageCache = new Map();
  /** Transaction id → its first output's number; the tag is how many outputs are unspent, {@link tagMax} for "many". */
  readonly transactions: HashMemory;
  /** Owner's identity → the owner's number; the tag is the turn in which the owner was last seen. */
  readonly owners: HashMemory;
  /** Each sweep of the owners begins one. */
  #turn = 1;

  /** @param placesMax - Room for so many of each at most, a power of two; less than it would take is for tests. */
  constructor(placesMax: number) {
    this.transactions = new HashMemory(Math.min(placesMax, transactionPlaces));
    this.owners = new HashMemory(Math.min(placesMax, ownerPlaces));
  }

  /** What an owner that is seen now is tagged with. */
  get turn(): number {
    return this.#turn;
  }

  /** Whether more can hardly be remembered until the next commit. */
  get isFull(): boolean {
    return this.transactions.load > loadLimit || this.owners.load > loadLimit;
  }

  /** Forgets what is least likely to be asked for; only what is committed, and found in the indexes, may be forgotten. */
  sweep(): void {
    if (this.transactions.load > loadMax) this.#sweepTransactions();
    if (this.owners.load > loadMax) this.#sweepOwners();
  }

  /** First those that are spent, then the oldest: most outputs are spent soon or never. */
  #sweepTransactions(): void {
    this.transactions.sweep((_, unspent) => unspent > 0);
    if (this.transactions.load <= loadMax / 2) return;
    const ages = new Histogram();
    this.transactions.each((firstOutput) => ages.add(firstOutput));
    const oldest = ages.atLeast((this.transactions.size * loadMax) / 2 / this.transactions.load);
    this.transactions.sweep((firstOutput) => firstOutput >= oldest);
  }

  #sweepOwners(): void {
    const turns = new Histogram();
    this.owners.each((_, turn) => turns.add(turn));
    const oldest = Math.min(turns.atLeast((this.owners.size * loadMax) / 2 / this.owners.load), this.#turn);
    this.owners.sweep((_, turn) => turn >= oldest);
    // Turns are few: one for every million owners or so. Should they ever run out, all owners are as old as another.
    if (this.#turn < tagMax) this.#turn += 1;
  }
}

/** Counts of whole numbers in a thousand ranges of equal width, which doubles as larger numbers come. */
class Histogram {
  readonly #counts = new Float64Array(1_024);
  #width = 1;

  add(value: number): void {
    while (value >= this.#width * this.#counts.length) this.#widen();
    const range = (value - (value % this.#width)) / this.#width;
    this.#counts[range] = (this.#counts[range] as number) + 1;
  }

  /** The least lower bound of a range such that at most `count` values are not below it. */
  atLeast(count: number): number {
    let left = count;
    let range = this.#counts.length;
    while (range > 0 && (this.#counts[range - 1] as number) <= left) {
      range -= 1;
      left -= this.#counts[range] as number;
    }
    return range * this.#width;
  }

  #widen(): void {
    const half = this.#counts.length / 2;
    for (let range = 0; range < half; range += 1) {
      this.#counts[range] = (this.#counts[range * 2] as number) + (this.#counts[range * 2 + 1] as number);
    }
    this.#counts.fill(0, half);
    this.#width *= 2;
  }
}

import { mix, type Random } from "./random.ts";
import { kindOfWallet } from "./scripts.ts";

const EXCHANGES = 12;
/** Wallets that all the world pays: shops, games, donations. */
const POPULAR = 200;
/** How many users each exchange can tell apart. */
const DEPOSITORS = 1 << 20;

/** Of 32 wallets how many have one address for all, and how many more take money half of the time where they had some. */
export type Habits = { readonly single: number; readonly half: number };
/** About what is seen on Bitcoin. */
export const usualHabits: Habits = { single: 4, half: 8 };

/** What a wallet does with its money. */
export type Role = "deposit" | "hot" | "user";

/**
 * Who pays and is paid: exchanges (each with a wallet of deposit addresses and a hot one), popular wallets, and users.
 *
 * Wallets become more as the chain grows, up to a cap; after it new money goes to old wallets. 5 bytes a wallet.
 */
export class Population {
  readonly salt: number;
  readonly kinds: Uint8Array;
  readonly #addresses: Uint32Array;
  /** Where choices come from. */
  random: Random;
  readonly #habits: Habits;
  #count = 2 * EXCHANGES + POPULAR;

  constructor(random: Random, capacity: number, habits: Habits = usualHabits) {
    this.random = random;
    this.#habits = habits;
    this.salt = random.u32();
    this.#addresses = new Uint32Array(capacity);
    this.kinds = Uint8Array.from({ length: capacity }, (_, wallet) => kindOfWallet(mix(this.salt ^ 1, wallet, 0)));
  }

  /** Wallets that exist. */
  get count(): number {
    return this.#count;
  }

  role(wallet: number): Role {
    if (wallet >= 2 * EXCHANGES) return "user";
    return wallet % 2 === 0 ? "deposit" : "hot";
  }

  /** The hot wallet of the exchange whose deposits a wallet holds. */
  hotOf(deposit: number): number {
    return deposit + 1;
  }

  /** An exchange's wallet of deposits; the first exchange has about a third of all. */
  exchange(): number {
    return 2 * this.random.zipf(EXCHANGES);
  }

  /** The address that an exchange gave a user: always the same one. */
  depositAddress(exchange: number, user: number): number {
    return mix(this.salt, exchange, user) % DEPOSITORS;
  }

  /** Somebody to pay: a new wallet, a popular one, or any. */
  anyone(): number {
    const draw = this.random.unit();
    if (draw < 0.3 && this.#count < this.kinds.length) {
      this.#count += 1;
      return this.#count - 1;
    }
    const users = this.#count - 2 * EXCHANGES;
    return 2 * EXCHANGES + (draw < 0.6 ? this.random.zipf(users) : this.random.below(users));
  }

  /**
   * Where a wallet takes money: exchanges' hot wallets and popular ones at one to three addresses, one user in eight at
   * one, one in four often at an address he had, the rest at a new one each time.
   */
  address(wallet: number): number {
    if (wallet < 2 * EXCHANGES + POPULAR) return this.random.zipf(wallet < 2 * EXCHANGES ? 3 : 1);
    const habit = mix(this.salt ^ 2, wallet, 0) & 31;
    const had = this.#addresses[wallet] as number;
    const { single, half } = this.#habits;
    if (had > 0 && (habit < single || (habit < single + half && this.random.chance(0.5)))) return this.random.zipf(had);
    this.#addresses[wallet] = had + 1;
    return had;
  }
}

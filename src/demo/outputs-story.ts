import { theftHeight, lastHeight } from "./clock.ts";
import { diceOf, type Dice } from "./dice.ts";
import { OutputsChain, minerFee, type Coin } from "./outputs-chain.ts";

const bitcoin = 100_000_000n;
const users = 90;
const exchanges = ["Harbour Exchange", "Meridian Exchange", "Tasman Pay"] as const;
export const exchangeOfOutputs = (name: (typeof exchanges)[number], part: string): string => `${name}/${part}`;

/** What the story of outputs leaves: the file, and where its parts are. */
export type OutputsTold = {
  readonly text: string;
  readonly transactions: number;
  readonly theft: string;
  readonly address: (owner: string) => string;
};

/**
 * A simulated chain of outputs: customers and services that pay each other, and a theft that is split, peeled, put through
 * a CoinJoin, gathered again, spread over mules, and in part left where it was.
 */
export function tellOutputs(): OutputsTold {
  const chain = new OutputsChain();
  const market = new Market(chain, diceOf("outputs"));
  const thief = new Thief(chain, market);
  market.found();
  for (chain.endBlock(); chain.height <= lastHeight; chain.endBlock()) {
    market.live();
    thief.act();
  }
  const { transactions } = chain;
  return { text: chain.text(), transactions, theft: thief.theft, address: (owner) => chain.address(owner) };
}

/** Everybody who has nothing to do with the theft. */
class Market {
  readonly #chain: OutputsChain;
  readonly #dice: Dice;
  readonly #wallets = new Map<string, Coin[]>();
  #addresses = 0;
  #deposits: Coin[][] = exchanges.map(() => []);

  constructor(chain: OutputsChain, dice: Dice) {
    this.#chain = chain;
    this.#dice = dice;
  }

  found(): void {
    for (const name of exchanges) this.#mint(exchangeOfOutputs(name, "hot"), 40);
    this.#mint("Northwind Custody/hot", 18);
    for (let user = 0; user < users; user += 1) this.#mint(`user ${user}`, 4);
  }

  /** A few payments of a block. */
  live(): void {
    for (let count = 2 + this.#dice.below(4); count > 0; count -= 1) {
      const draw = this.#dice.below(10);
      if (draw < 4) this.#payUser();
      else if (draw < 8) this.#payIn();
      else this.#payOut();
    }
    const exchange = this.#dice.below(exchanges.length);
    if ((this.#deposits[exchange] as Coin[]).length >= 6) this.#sweep(exchange);
  }

  /** Takes a coin that was paid into an exchange, to be swept with its customers'. */
  deposit(exchange: number, coin: Coin): void {
    this.#deposits[exchange]?.push(coin);
  }

  /** All coins of somebody, who then has none. */
  take(owner: string): readonly Coin[] {
    const coins = this.#wallets.get(owner) ?? [];
    this.#wallets.delete(owner);
    return coins;
  }

  #mint(owner: string, coins: number): void {
    const values = Array.from({ length: coins }, () => bitcoin * 25n + BigInt(this.#dice.below(100_000_000)));
    this.#keep(owner, this.#chain.mint(...values.map((value) => [owner, value] as const)));
  }

  #keep(owner: string, coins: readonly Coin[]): void {
    this.#wallets.set(owner, [...(this.#wallets.get(owner) ?? []), ...coins]);
  }

  /** A coin of a user with at least a bitcoin; undefined where the chosen one has none. */
  #coin(owner: string): Coin | undefined {
    const coins = this.#wallets.get(owner) ?? [];
    const at = coins.findIndex(({ value }) => value > bitcoin);
    return at < 0 ? undefined : coins.splice(at, 1)[0];
  }

  #amount(of: Coin): bigint {
    const cents = BigInt(1 + this.#dice.below(40));
    const part = (of.value * cents) / 100n;
    return this.#dice.below(3) === 0 ? (part / 10_000_000n) * 10_000_000n + 10_000_000n : part;
  }

  #payUser(): void {
    const [from, to] = [`user ${this.#dice.below(users)}`, `user ${this.#dice.below(users)}`];
    const coin = this.#coin(from);
    if (coin === undefined) return;
    this.#addresses += 1;
    const [paid, rest] = this.#chain.change([coin], [to, this.#amount(coin)], `${from}/${this.#addresses}`);
    this.#keep(to, [paid]);
    this.#keep(from, [rest]);
  }

  #payIn(): void {
    const user = this.#dice.below(users);
    const coin = this.#coin(`user ${user}`);
    if (coin === undefined) return;
    const exchange = this.#dice.below(exchanges.length);
    const deposit = exchangeOfOutputs(exchanges[exchange] as (typeof exchanges)[number], `deposit ${user}`);
    this.#addresses += 1;
    const [paid, rest] = this.#chain.change([coin], [deposit, this.#amount(coin)], `user ${user}/${this.#addresses}`);
    this.deposit(exchange, paid);
    this.#keep(`user ${user}`, [rest]);
  }

  #payOut(): void {
    const hot = exchangeOfOutputs(this.#dice.oneOf(exchanges), "hot");
    const coin = this.#coin(hot);
    if (coin === undefined) return;
    const user = `user ${this.#dice.below(users)}`;
    const [paid, rest] = this.#chain.change([coin], [user, this.#amount(coin)], hot);
    this.#keep(user, [paid]);
    this.#keep(hot, [rest]);
  }

  #sweep(exchange: number): void {
    const hot = exchangeOfOutputs(exchanges[exchange] as (typeof exchanges)[number], "hot");
    const coins = this.#deposits[exchange] as Coin[];
    this.#deposits[exchange] = [];
    const held = coins.reduce((sum, { value }) => sum + value, 0n);
    this.#keep(hot, this.#chain.pay(coins, [hot, held - minerFee]));
  }
}

/** Who robs Northwind, and what he does block by block. */
class Thief {
  readonly #chain: OutputsChain;
  readonly #market: Market;
  theft = "";
  #peeling: Coin | undefined;
  #mixing: Coin | undefined;
  #fanning: Coin | undefined;
  #mixed: readonly Coin[] = [];
  #mules: readonly Coin[] = [];
  #hop = 0;

  constructor(chain: OutputsChain, market: Market) {
    this.#chain = chain;
    this.#market = market;
  }

  act(): void {
    const since = this.#chain.height - theftHeight;
    if (since === 0) this.#steal();
    if (since >= 6 && since <= 180 && since % 6 === 0) this.#peel();
    if (since === 40) this.#mix();
    if (since === 75) this.#gather();
    if (since === 22) this.#fanOut();
    if (since >= 30 && since < 60 && since % 3 === 0) this.#muleDeposits((since - 30) / 3);
  }

  /** All of the victim's coins in one transaction, and a split into what then goes its own ways. */
  #steal(): void {
    const coins = this.#market.take("Northwind Custody/hot");
    const held = coins.reduce((sum, { value }) => sum + value, 0n);
    const [loot] = this.#chain.change(coins, ["thief", 410n * bitcoin], "Northwind Custody/cold");
    this.theft = loot.txid;
    const left = 410n * bitcoin - minerFee;
    const [peeling, mixing, fanning] = this.#chain.pay(
      [loot],
      ["thief/peel", 150n * bitcoin],
      ["thief/mix", 60n * bitcoin],
      ["thief/fan", 90n * bitcoin],
      ["thief/rest", left - 300n * bitcoin],
    );
    this.#peeling = peeling;
    this.#mixing = mixing;
    this.#fanning = fanning;
    if (held < 410n * bitcoin) throw new Error("demo: the victim has what is taken");
  }

  /** Each hop pays an exchange's deposit address a little and passes the rest on. */
  #peel(): void {
    if (this.#peeling === undefined) return;
    const exchange = this.#hop % 2;
    const deposit = exchangeOfOutputs(
      exchanges[exchange] as (typeof exchanges)[number],
      `deposit thief ${this.#hop % 5}`,
    );
    const peeled = 3n * bitcoin + BigInt(this.#hop) * 7_310_000n;
    this.#hop += 1;
    const [paid, rest] = this.#chain.change([this.#peeling], [deposit, peeled], `thief/peel ${this.#hop}`);
    this.#market.deposit(exchange, paid);
    this.#peeling = rest;
  }

  /** Five of equal size, the thief's among them, and everybody's change. */
  #mix(): void {
    if (this.#mixing === undefined) return;
    const others = [3, 11, 27, 41].map((user) => [`user ${user}`, this.#market.take(`user ${user}`)] as const);
    const joined = others.filter(([, coins]) => coins.reduce((sum, { value }) => sum + value, 0n) > 12n * bitcoin);
    const equal = 12n * bitcoin;
    const changes = joined.map(([name, coins]) => {
      const held = coins.reduce((sum, { value }) => sum + value, 0n);
      return [`${name}/joined`, held - equal - minerFee / 4n] as const;
    });
    const outputs = this.#chain.pay(
      [this.#mixing, ...joined.flatMap(([, coins]) => coins)],
      ["mixed 0", equal],
      ...joined.map((_, index) => [`mixed ${index + 1}`, equal] as const),
      ["thief/mix change", this.#mixing.value - equal - minerFee],
      ...changes,
    );
    this.#mixed = [outputs[2], outputs[joined.length + 1]].flatMap((coin) => coin ?? []);
  }

  #gather(): void {
    const held = this.#mixed.reduce((sum, { value }) => sum + value, 0n);
    if (held > 0n) this.#chain.pay(this.#mixed, ["thief/gathered", held - minerFee]);
  }

  #fanOut(): void {
    if (this.#fanning === undefined) return;
    const part = (this.#fanning.value - minerFee) / 30n;
    const mules = Array.from({ length: 30 }, (_, mule) => [`mule ${mule}`, part + BigInt(mule % 7)] as const);
    this.#mules = this.#chain.pay([this.#fanning], ...mules.map(([name]) => [name, part] as const));
  }

  /** Some mules pay what they have into an exchange. */
  #muleDeposits(mule: number): void {
    const coin = this.#mules[mule * 2];
    if (coin === undefined) return;
    const deposit = exchangeOfOutputs("Tasman Pay", `deposit mule ${mule}`);
    const [paid] = this.#chain.pay([coin], [deposit, coin.value - minerFee]);
    if (paid !== undefined) this.#market.deposit(2, paid);
  }
}

import { AccountsChain, dollar, ether } from "./accounts-chain.ts";
import { lastHeight, theftHeight } from "./clock.ts";
import { diceOf, type Dice } from "./dice.ts";

const users = 120;
const exchanges = ["Harbour Exchange", "Meridian Exchange"] as const;

/** What the story of accounts leaves: the file, and where its parts are. */
export type AccountsTold = {
  readonly text: string;
  readonly transactions: number;
  readonly thefts: readonly string[];
  readonly address: (account: string) => string;
};

/**
 * A simulated chain of accounts: customers, exchanges and a pool that pay each other, and a theft that is swapped, split,
 * peeled, put into a mixer and over a bridge, spread over mules, paid to a sanctioned address, mixed with other money, and
 * in part left where it was.
 */
export function tellAccounts(): AccountsTold {
  const chain = new AccountsChain();
  const dice = diceOf("accounts");
  const thefts: string[] = [];
  found(chain, dice);
  for (chain.endBlock(); chain.height <= lastHeight; chain.endBlock()) {
    live(chain, dice);
    const since = chain.height - theftHeight;
    if (since >= 0) act(chain, since, thefts);
  }
  return { text: chain.text(), transactions: chain.transactions, thefts, address: (name) => chain.address(name) };
}

function found(chain: AccountsChain, dice: Dice): void {
  for (const name of exchanges) {
    chain.mint(`${name}/hot`, 20_000n * ether);
    chain.mint(`${name}/hot`, 30_000_000n * dollar, "USDC");
  }
  chain.mint("Northwind Exchange/hot", 11_800n * ether);
  chain.mint("Northwind Exchange/hot", 6_900_000n * dollar, "USDC");
  chain.mint("Quay Pool", 60_000n * ether);
  chain.mint("Quay Pool", 200_000_000n * dollar, "USDC");
  chain.mint("Veil Mixer", 40_000n * ether);
  chain.mint("thief", 2n * ether);
  chain.mint("trader", 1_150n * ether);
  for (let user = 0; user < users; user += 1) {
    chain.mint(`user ${user}`, BigInt(5 + dice.below(200)) * ether);
    chain.mint(`user ${user}`, BigInt(1_000 + dice.below(90_000)) * dollar, "USDC");
  }
}

/** A few transactions of people who have nothing to do with the theft. */
function live(chain: AccountsChain, dice: Dice): void {
  for (let count = 2 + dice.below(4); count > 0; count -= 1) {
    const user = dice.below(users);
    const [from, draw] = [`user ${user}`, dice.below(10)];
    const part = (chain.balance(from) * BigInt(1 + dice.below(12))) / 100n;
    const dollars = (chain.balance(from, "USDC") * BigInt(1 + dice.below(20))) / 100n;
    if (chain.balance(from) < ether) chain.send(["Harbour Exchange/hot", from, BigInt(3 + dice.below(30)) * ether]);
    else if (draw < 3) chain.send([from, `user ${dice.below(users)}`, part]);
    else if (draw < 5) chain.send([from, `user ${dice.below(users)}`, dollars, "USDC"]);
    else if (draw < 7) payIn(chain, from, dice.oneOf(exchanges), part);
    else if (draw < 8)
      chain.send([from, "Quay Pool", dollars, "USDC"], ["Quay Pool", from, (dollars * ether) / (3_450n * dollar)]);
    else chain.send([`${dice.oneOf(exchanges)}/hot`, from, BigInt(1 + dice.below(9)) * ether]);
  }
}

/** Into one's own deposit address, which is swept at once. */
function payIn(chain: AccountsChain, from: string, exchange: string, amount: bigint): void {
  const deposit = `${exchange}/deposit of ${from}`;
  chain.send([from, deposit, amount]);
  if (chain.balance(deposit) > ether / 100n) chain.sendAll(deposit, `${exchange}/hot`);
}

function act(chain: AccountsChain, since: number, thefts: string[]): void {
  if (since === 0) steal(chain, thefts);
  if (since === 1) swap(chain);
  if (since === 3) split(chain);
  if (since >= 8 && since <= 120 && since % 8 === 0) peel(chain, since / 8);
  if (since >= 12 && since < 60 && since % 2 === 0) chain.send(["thief/mixing", "Veil Mixer", 100n * ether]);
  if (since > 90 && since <= 180 && since % 15 === 0) chain.send(["Veil Mixer", `withdrawn ${since}`, 100n * ether]);
  if ([20, 28, 41, 66].includes(since)) chain.send(["thief/bridging", "Longspan Bridge", 495n * ether]);
  if (since === 30) fanOut(chain);
  if (since >= 40 && since < 100 && since % 3 === 0) mulePays(chain, (since - 40) / 3);
  if (since === 52) chain.send(["thief/paying", "Aldgate Desk", 860n * ether]);
  if (since === 58) chain.send(["thief/paying", "trader", 163n * ether]);
  if (since === 64) chain.send(["trader", "trader/second", 1_290n * ether]);
  if (since === 70) chain.send(["trader/second", "Harbour Exchange/deposit of trader", 1_280n * ether]);
  if (since === 71) chain.sendAll("Harbour Exchange/deposit of trader", "Harbour Exchange/hot");
}

function steal(chain: AccountsChain, thefts: string[]): void {
  thefts.push(chain.send(["Northwind Exchange/hot", "thief", 9_400n * ether]));
  thefts.push(chain.send(["Northwind Exchange/hot", "thief", 6_200_000n * dollar, "USDC"]));
}

/** The stablecoin, which could be frozen, becomes ether. */
function swap(chain: AccountsChain): void {
  chain.send(["thief", "Quay Pool", 6_200_000n * dollar, "USDC"], ["Quay Pool", "thief", 1_780n * ether]);
}

function split(chain: AccountsChain): void {
  const parts = { peel: 2_900n, mixing: 2_450n, bridging: 2_000n, fan: 1_500n, paying: 1_030n } as const;
  for (const [name, amount] of Object.entries(parts)) chain.send(["thief", `thief/${name}`, amount * ether]);
}

/** Each hop pays an exchange's deposit address a little and passes the rest on. */
function peel(chain: AccountsChain, hop: number): void {
  const from = hop === 1 ? "thief/peel" : `thief/peel ${hop}`;
  const exchange = exchanges[hop % 2] as (typeof exchanges)[number];
  const deposit = `${exchange}/deposit of thief ${hop % 4}`;
  chain.send([from, deposit, (60n + BigInt(hop) * 7n) * ether]);
  chain.sendAll(deposit, `${exchange}/hot`);
  chain.sendAll(from, `thief/peel ${hop + 1}`);
}

function fanOut(chain: AccountsChain): void {
  for (let mule = 0; mule < 42; mule += 1) {
    chain.send(["thief/fan", `mule ${mule}`, 35n * ether + BigInt(mule % 5) * (ether / 10n)]);
  }
}

/** Some mules pay what they have into an exchange. */
function mulePays(chain: AccountsChain, mule: number): void {
  const name = `mule ${mule * 2}`;
  if (chain.balance(name) === 0n) return;
  const deposit = `Meridian Exchange/deposit of ${name}`;
  chain.sendAll(name, deposit);
  chain.sendAll(deposit, "Meridian Exchange/hot");
}

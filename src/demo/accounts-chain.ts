import { assert } from "../base/assert.ts";
import { timeOf } from "./clock.ts";
import { hashOf } from "./dice.ts";

export const ether = 1_000_000_000_000_000_000n;
/** Base units of a dollar of the simulated stablecoin. */
export const dollar = 1_000_000n;
const gasFee = 1_260_000_000_000_000n;
/** By the aliases that Fundtrail knows. */
export type Token = "ETH" | "USDC";

/** One asset from one name to another, in base units. */
export type Move = readonly [from: string, to: string, amount: bigint, token?: Token];

/** A chain of accounts that is being made, written as a list of transfers. Accounts are names, which have addresses. */
export class AccountsChain {
  readonly #rows: string[] = ["chain,block,time,tx,index,from,to,asset,amount"];
  readonly #balances = new Map<string, bigint>();
  #made = 0;
  /** Of the next row within its block. */
  #index = 0;
  height = 0;
  transactions = 0;

  /** The address of a name. */
  address(account: string): string {
    return `0x${hashOf(`account ${account}`).toString("hex").slice(0, 40)}`;
  }

  balance(account: string, token: Token = "ETH"): bigint {
    return this.#balances.get(`${account}/${token}`) ?? 0n;
  }

  /** What somebody has at the beginning. */
  mint(account: string, amount: bigint, token: Token = "ETH"): void {
    this.#transaction(undefined, [["", account, amount, token]]);
  }

  /** One transaction: the first sender pays its fee. Returns its id. */
  send(...moves: readonly [Move, ...Move[]]): string {
    return this.#transaction(moves[0][0], moves);
  }

  /** Everything that an account has, less the fee. */
  sendAll(from: string, to: string): string {
    return this.send([from, to, this.balance(from) - gasFee]);
  }

  endBlock(): void {
    this.height += 1;
    this.#index = 0;
  }

  /** The file, CSV. */
  text(): string {
    return `${this.#rows.join("\n")}\n`;
  }

  #transaction(payer: string | undefined, moves: readonly Move[]): string {
    this.#made += 1;
    this.transactions += 1;
    const txid = `0x${hashOf(`accounts ${this.#made}`).toString("hex")}`;
    if (payer !== undefined) this.#row(txid, [payer, "", gasFee]);
    for (const move of moves) this.#row(txid, move);
    return txid;
  }

  #row(txid: string, [from, to, amount, token = "ETH"]: Move): void {
    const time = new Date(timeOf(this.height) * 1_000).toISOString().replace(".000Z", "Z");
    for (const [account, change] of [
      [from, -amount],
      [to, amount],
    ] as const) {
      if (account === "") continue;
      const left = this.balance(account, token) + change;
      assert(left >= 0n, `demo: ${account} has what it pays`);
      this.#balances.set(`${account}/${token}`, left);
    }
    const [sender, receiver] = [from, to].map((account) => (account === "" ? "" : this.address(account)));
    this.#rows.push(`ethereum,${this.height},${time},${txid},${this.#index},${sender},${receiver},${token},${amount}`);
    this.#index += 1;
  }
}

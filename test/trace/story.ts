/** A small theft on a chain of accounts, a block a day, and prices of some of its days. */
import { chain } from "../../src/base/chains.ts";
import type { AccountBlock } from "../../src/chains/block.ts";

export const ether = 10n ** 18n;
export const [victim, thief, shop, other] = ["1", "2", "3", "4"].map((digit) => `0x${digit.repeat(40)}`) as [
  string,
  string,
  string,
  string,
];
export const txid = (block: number): string => `0x${String(block).padStart(64, "0")}`;
/** Midnight of 2031-03-01; a block a day. No price of the register is from that year. */
export const firstDay = Date.UTC(2031, 2, 1) / 1_000;

export function paid(
  block: number,
  rows: readonly (readonly [from: string | undefined, to: string | undefined, amount: bigint])[],
): AccountBlock {
  const asset = chain("ethereum").native;
  return {
    model: "account",
    chain: chain("ethereum").id,
    hash: undefined,
    parent: undefined,
    height: block,
    time: firstDay + block * 86_400 + 43_200,
    transactions: [{ id: txid(block), index: 0, failed: false }],
    transfers: rows.map(([from, to, amount], position) => ({
      transaction: 0,
      position,
      kind: to === undefined ? "fee" : from === undefined ? "credit" : "native",
      asset,
      from,
      to,
      amount,
    })),
    internalTransfers: "known",
  };
}

/** 2 ETH stolen on 03-02; 0.5 to a shop on 03-03, with a fee of 0.01; another 0.25 to it on 03-04, of which no price is known. */
export const story: readonly AccountBlock[] = [
  paid(0, [[undefined, victim, 3n * ether]]),
  paid(1, [[victim, thief, 2n * ether]]),
  paid(2, [
    [thief, shop, ether / 2n],
    [thief, undefined, ether / 100n],
  ]),
  paid(3, [[thief, shop, ether / 4n]]),
  paid(4, [[thief, other, ether]]),
];
export const prices = `date,asset,usd
2031-03-02,ETH,100.005
2031-03-03,ETH,200
2031-03-05,ETH,400.1
2031-03-06,BTC,9
`;

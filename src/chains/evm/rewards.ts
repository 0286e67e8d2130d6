import type { ChainId } from "../../base/caip.ts";
import type { Credit } from "./assemble.ts";

const ether = 10n ** 18n;
// Mainnet's first blocks of Byzantium (EIP-649, 3 ether), Constantinople (EIP-1234, 2 ether) and proof of stake (EIP-3675).
const byzantium = 4_370_000;
const constantinople = 7_280_000;
const paris = 15_537_394;

/** Who mined a block, or an uncle. */
export type Mined = { readonly height: number; readonly miner: string };

/**
 * The rewards of a block of Ethereum's main network: to its miner (1/32 more for each uncle), and to each uncle's miner
 * (8 + uncle - block) / 8 of it. None after the merge. Fees are not part of them: a fee is followed nowhere.
 *
 * @param uncles - Headers, where known. @param uncleCount - How many the block names.
 * @returns undefined for another chain, whose schedule is not known here.
 * Source: Ethereum Yellow Paper, 11.3 "Reward Application"; EIP-649; EIP-1234; EIP-3675
 */
export function blockRewards(
  chain: ChainId,
  block: Mined,
  uncles: readonly Mined[],
  uncleCount: number,
): readonly Credit[] | undefined {
  if (chain !== "eip155:1") return undefined;
  if (block.height === 0 || block.height >= paris) return [];
  const reward = block.height < byzantium ? 5n * ether : block.height < constantinople ? 3n * ether : 2n * ether;
  return [
    { from: undefined, to: block.miner, amount: reward + (reward * BigInt(uncleCount)) / 32n },
    ...uncles.map(({ height, miner }) => ({
      from: undefined,
      to: miner,
      amount: (BigInt(8 + height - block.height) * reward) / 8n,
    })),
  ];
}

/**
 * Whether a block moves value outside of transactions and rewards: Ethereum's first, which gives the first balances, and that
 * of the DAO fork. Only ethereum-etl's traces of kinds of their own tell what.
 *
 * Source: EIP-779
 */
export function changesState(chain: ChainId, height: number): boolean {
  return chain === "eip155:1" && (height === 0 || height === 1_920_000);
}

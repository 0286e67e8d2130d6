import type { KnownChain } from "../base/chains.ts";

const prefix = "bip122:";
const bitcoinId = `${prefix}000000000019d6689c085ae165831e93`;

/**
 * Whether a hash is that of a chain's first block.
 *
 * @param chain - One of the family `bitcoin`.
 * @param hash - As printed.
 * Source: CAIP-4: such a chain's id is of its first block's hash.
 */
export function isFirstBlock({ alias, id }: KnownChain, hash: string): boolean {
  // Bitcoin Cash's id is of the block at which it left Bitcoin, whose first block it has.
  return hash.startsWith((alias === "bitcoin-cash" ? bitcoinId : id).slice(prefix.length));
}

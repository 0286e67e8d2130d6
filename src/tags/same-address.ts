import type { ChainId } from "../base/caip.ts";
import { chain as chainNamed } from "../base/chains.ts";
import type { TagReader } from "./tag-reader.ts";

/**
 * The other EVM chains on which the same address has tags. On all of them it is the account of one key, unless it is a
 * contract's: what is said of it elsewhere is worth knowing, and is not said of it here.
 *
 * Cost: a get for each EVM chain of the ledger's tags.
 */
export function taggedElsewhere(reader: TagReader, chain: ChainId, address: string): readonly ChainId[] {
  if (chainNamed(chain).family !== "evm") return [];
  return reader.chains.filter(
    (other) => other !== chain && chainNamed(other).family === "evm" && reader.tagsOf(other, address).length > 0,
  );
}

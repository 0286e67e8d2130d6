import { createHash } from "node:crypto";

/** Numbers and hashes that look random and are the same each time. */
export type Dice = {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number;
  /** One of a list that is not empty. */
  readonly oneOf: <Item>(list: readonly Item[]) => Item;
};

/** Source of the generator: xorshift, G. Marsaglia, Journal of Statistical Software 8 (2003), with 32 bits. */
export function diceOf(seed: string): Dice {
  let state = hashOf(seed).readUInt32LE(0) | 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return { below, oneOf: (list) => list[below(list.length)] as (typeof list)[number] };
}

/** 32 bytes that follow from a text. */
export function hashOf(text: string): Buffer {
  return createHash("sha256").update(`fundtrail demonstration/${text}`).digest();
}

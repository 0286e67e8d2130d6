import type { BitcoinAlias } from "../../base/chains.ts";
import { lowWord } from "../../base/word-order.ts";

/**
 * A column of values and the 32-bit words behind it: no bigint is made for a value that nobody looks at.
 *
 * Value `i` has its low word at `words[2 * i + low]`.
 */
export type ValueColumns = {
  readonly column: BigUint64Array;
  readonly words: Uint32Array;
  readonly low: 0 | 1;
  readonly high: 0 | 1;
};

/** An empty column. */
export function valueColumns(count: number): ValueColumns {
  const column = new BigUint64Array(count);
  return { column, words: new Uint32Array(column.buffer), low: lowWord, high: lowWord === 0 ? 1 : 0 };
}

/**
 * What an output, and a transaction's outputs together, cannot exceed, in whole coins of 10^8 units.
 *
 * Source: `MAX_MONEY` in `src/consensus/amount.h` (`src/amount.h`) of each chain's node. Dogecoin's supply has no cap,
 * its transactions have.
 */
const COINS_MAX: Readonly<Record<BitcoinAlias, bigint>> = {
  bitcoin: 21_000_000n,
  testnet4: 21_000_000n,
  signet: 21_000_000n,
  regtest: 21_000_000n,
  litecoin: 84_000_000n,
  dogecoin: 10_000_000_000n,
  "bitcoin-cash": 21_000_000n,
  zcash: 21_000_000n,
  monacoin: 105_120_000n,
};
const UNITS_PER_COIN = 100_000_000n;
const WORD = 0x1_0000_0000;

/** What a transaction's outputs cannot exceed, in base units. */
export function unitsMax(alias: BitcoinAlias): bigint {
  return COINS_MAX[alias] * UNITS_PER_COIN;
}

/** Whether the values of one transaction, and their sum, are within the chain's cap. */
export function isCapped(values: ValueColumns, from: number, to: number, alias: BitcoinAlias): boolean {
  const { words, low, high } = values;
  let lowSum = 0;
  let highSum = 0;
  for (let index = from; index < to; index += 1) {
    lowSum += words[index * 2 + low] ?? 0;
    highSum += words[index * 2 + high] ?? 0;
    if (lowSum >= WORD) {
      lowSum -= WORD;
      highSum += 1;
    }
  }
  // None is negative: the sum is within the cap only where each value is.
  const { capLow, capHigh } = capWords[alias];
  return highSum < capHigh || (highSum === capHigh && lowSum <= capLow);
}

type CapWords = { readonly capLow: number; readonly capHigh: number };
const capWords = Object.fromEntries(
  Object.keys(COINS_MAX).map((alias) => {
    const words = new Uint32Array(BigUint64Array.of(unitsMax(alias as BitcoinAlias)).buffer);
    return [alias, { capLow: words[lowWord] ?? 0, capHigh: words[1 - lowWord] ?? 0 }];
  }),
) as Readonly<Record<BitcoinAlias, CapWords>>;

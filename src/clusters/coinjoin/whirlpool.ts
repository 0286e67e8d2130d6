import type { TransactionFacts } from "../transaction-facts.ts";

/** Satoshi: the pools of 0.001, 0.01, 0.05 and 0.5 BTC. */
const pools: readonly number[] = [100_000, 1_000_000, 5_000_000, 50_000_000];
/** What an input may bring beyond the pool's amount, for the miners' fee. */
const surplusMax = 110_000;
const membersMin = 5;
/** Surge cycles of 2023 had up to eight. */
const membersMax = 8;

/**
 * A round of Samourai Wallet's Whirlpool: five to eight inputs of as many owners, as many outputs of exactly a pool's
 * amount, each input of that amount or a little more.
 *
 * Source: R. Stütz et al., AFT 2022; A. Ficsór, Dumplings. Method: docs/methods/coinjoin-whirlpool.md
 */
export function isWhirlpool(facts: TransactionFacts): boolean {
  const { inputs, outputs } = facts;
  if (outputs < membersMin || outputs > membersMax || inputs !== outputs) return false;
  const pool = facts.outputValue(0);
  if (!pools.includes(pool) || facts.distinctInputOwners !== inputs) return false;
  for (let member = 0; member < inputs; member += 1) {
    if (facts.outputValue(member) !== pool) return false;
    const brought = facts.inputValue(member);
    // An input from before the ledger begins, of which nothing is known, does not speak against it.
    if (brought < pool || brought > pool + surplusMax) return false;
  }
  return true;
}

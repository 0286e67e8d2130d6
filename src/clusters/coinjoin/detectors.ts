import type { TransactionFacts } from "../transaction-facts.ts";
import { isEqualOutputs } from "./equal-outputs.ts";
import { isJoinMarket } from "./joinmarket.ts";
import { isWasabi1 } from "./wasabi-1.ts";
import { isWasabi2 } from "./wasabi-2.ts";
import { isWhirlpool } from "./whirlpool.ts";

/** Whether a transaction is a CoinJoin of some kind. */
export type CoinjoinDetector = (facts: TransactionFacts) => boolean;

/** The detectors by name, in the order in which they are asked: the first that says yes names the transaction. */
export const coinjoinDetectors = {
  "wasabi-1": isWasabi1,
  "wasabi-2": isWasabi2,
  whirlpool: isWhirlpool,
  joinmarket: isJoinMarket,
  "equal-outputs": isEqualOutputs,
} as const satisfies Readonly<Record<string, CoinjoinDetector>>;
export type CoinjoinName = keyof typeof coinjoinDetectors;

export const coinjoinNames = Object.keys(coinjoinDetectors) as readonly CoinjoinName[];

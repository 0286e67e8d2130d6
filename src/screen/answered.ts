import type { FailureCode } from "../base/failure-codes.ts";
import { isFailure } from "../base/failure.ts";
import type { BatchRow } from "./batch-rows.ts";
import type { Screener } from "./screener.ts";
import type { Verdict } from "./verdict.ts";

/** A line of a batch with its verdict, or with what kept it from having one. */
export type Answered = BatchRow & {
  readonly answer:
    | { readonly verdict: Verdict }
    | { readonly problem: { readonly code: FailureCode; readonly what: string } };
};

/** What a single line may be wrong by; anything else is wrong with the whole. */
const ofLines: readonly FailureCode[] = ["INVALID_VALUE", "UNKNOWN_NAME", "USAGE"];

/** Screens a line of a batch. @throws {Failure} What is not the line's fault, such as `LEDGER_DAMAGED`. */
export function answered(screener: Screener, row: BatchRow): Answered {
  if ("why" in row.asked) return { ...row, answer: { problem: { code: "INVALID_VALUE", what: row.asked.why } } };
  try {
    return { ...row, answer: { verdict: screener.screen(row.asked) } };
  } catch (thrown) {
    if (!isFailure(thrown) || !ofLines.includes(thrown.code)) throw thrown;
    return { ...row, answer: { problem: { code: thrown.code, what: thrown.message } } };
  }
}

import type { Day } from "../../base/day.ts";
import { multiplyDecimal } from "../../base/decimal.ts";
import { sumUsd, usdFromDecimal, type Usd } from "../../base/usd.ts";
import { pricesOn, type PriceTable } from "../../prices/price-table.ts";
import { commingling, type Meeting } from "../patterns/commingling.ts";
import type { TaintGraph } from "../patterns/taint-graph.ts";
import { decimalsOf } from "../price-rule.ts";

/** A theft's trace, to be held against others. */
export type TracedTheft = { readonly id: string; readonly graph: TaintGraph };

/** Where the funds of two thefts met, and what each side was worth then. */
export type Link = {
  /** The thefts' ids, in the order in which they were given. */
  readonly thefts: readonly [string, string];
  readonly meeting: Meeting;
  /** By side; undefined where the price of one of its assets on that day is not known. */
  readonly usd: readonly [Usd | undefined, Usd | undefined];
};

/**
 * Where and when the funds of thefts met, each pair of them: by the pair, and within it in the order of time.
 *
 * Cost: for each pair linear in its traces.
 *
 * @param thefts - Each traced by the same policy on one ledger.
 */
export function linksOf(thefts: readonly TracedTheft[], prices: PriceTable): readonly Link[] {
  return thefts.flatMap((first, index) =>
    thefts.slice(index + 1).flatMap((second) =>
      commingling(first.graph, second.graph).map((meeting): Link => {
        const [one, other] = meeting.sides;
        const worth = (amounts: ReadonlyMap<string, bigint>): Usd | undefined =>
          worthOf(amounts, meeting.at.time, prices);
        return { thefts: [first.id, second.id], meeting, usd: [worth(one.amounts), worth(other.amounts)] };
      }),
    ),
  );
}

function worthOf(amounts: ReadonlyMap<string, bigint>, time: number, prices: PriceTable): Usd | undefined {
  const day = new Date(time * 1_000).toISOString().slice(0, 10) as Day;
  const parts: Usd[] = [];
  for (const [id, amount] of amounts) {
    const [price] = pricesOn(prices, id, day);
    const decimals = decimalsOf(id);
    if (price === undefined || decimals === undefined) return undefined;
    parts.push(usdFromDecimal(multiplyDecimal({ digits: amount, scale: decimals }, price.usd)));
  }
  return sumUsd(parts);
}

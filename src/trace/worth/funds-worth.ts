import { fundsKey, type Backward, type Source, type SourceOfFunds } from "../backward/sources.ts";
import { unknownTotal, WorthSum, type WorthTotal } from "./sums.ts";
import { worthOfNone, type ExactWorth, type Valuer } from "./valuer.ts";

/**
 * What the answer of a trace back was worth: `moved` when value left its source, `atTheft` on the day of the earliest deposit,
 * and `now`. Of an entity's share that is told by origin it is not known how much left which of its places: `moved` is known
 * where all of them are of one day.
 *
 * @param valuer - Of the deposits as origins.
 */
export function worthOfBackward(
  { basis, deposits, sources }: Pick<Backward, "basis" | "deposits" | "sources">,
  valuer: Valuer,
): { readonly deposits: WorthTotal; readonly of: (fund: SourceOfFunds) => WorthTotal } {
  const all = new WorthSum();
  for (const { asset, amount, time } of deposits) all.add(asset, amount, valuer.worth(asset, amount, time));
  const byEntity = new Map<string, WorthSum>();
  const places = basis === "by origin" ? Map.groupBy(sources, fundsKey) : new Map<string, Source[]>();
  if (basis !== "by origin") {
    for (const one of sources) {
      const key = fundsKey(one);
      let sum = byEntity.get(key);
      if (sum === undefined) byEntity.set(key, (sum = new WorthSum()));
      sum.add(one.asset, one.amount ?? 0n, worthOfSource(one, valuer));
    }
  }
  const of = (fund: SourceOfFunds): WorthTotal => {
    const known = byEntity.get(fundsKey(fund));
    if (known !== undefined) return known.total();
    const { asset, amount } = fund;
    if (amount === undefined) return unknownTotal;
    const sum = new WorthSum();
    const times = (places.get(fundsKey(fund)) ?? []).map(({ time }) => time);
    sum.add(asset, amount, valuer.worthOnOneDay(asset, amount, times));
    return sum.total();
  };
  return { deposits: all.total(), of };
}

/** What a source's part was worth; unknown where it has no amount. */
export function worthOfSource({ asset, amount, time }: Source, valuer: Valuer): ExactWorth {
  return amount === undefined ? worthOfNone() : valuer.worth(asset, amount, time);
}

import type { AssetSum, Flow } from "./flow.ts";

/**
 * How large amounts are beside each other, for order and geometry only: never shown, never added to money. US dollars where
 * they are known; else the part of what was stolen of that asset, as if the theft had been one of {@link plainTheft} cents.
 */
export type Weights = {
  readonly of: (sum: Pick<AssetSum, "asset" | "amount" | "usd">) => number;
  readonly sum: (sums: readonly Pick<AssetSum, "asset" | "amount" | "usd">[]) => number;
  /** Of all origins. */
  readonly origin: number;
};

const plainTheft = 100_000_000;

export function weightsOf({ nodes, edges }: Flow): Weights {
  const stolen = new Map<string, number>();
  const largest = new Map<string, number>();
  const add = (map: Map<string, number>, asset: string, amount: bigint): void => {
    map.set(asset, (map.get(asset) ?? 0) + Number(amount));
  };
  let dollars = 0;
  for (const { what, target, asset, amount, usd } of edges) {
    // Of outputs the origin is the edge into the output.
    if (what === "origin" && nodes[target]?.kind !== "transaction") {
      add(stolen, asset, amount);
      dollars += Number(usd ?? 0n);
    }
    if (Number(amount) > (largest.get(asset) ?? 0)) largest.set(asset, Number(amount));
  }
  const theft = dollars > 0 ? dollars : plainTheft;
  const of: Weights["of"] = ({ asset, amount, usd }) => {
    if (usd !== undefined) return Number(usd);
    const whole = stolen.get(asset) ?? largest.get(asset) ?? 0;
    return whole === 0 ? 0 : (Number(amount) / whole) * theft;
  };
  const sum: Weights["sum"] = (sums) => sums.reduce((before, one) => before + of(one), 0);
  return { of, sum, origin: theft };
}

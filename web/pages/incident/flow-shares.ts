/** What a trace says became of a theft's funds, as parts of a whole: pure, in whole numbers. */
import { shareOf, type Millionths, type Usd } from "../../../src/base/usd.ts";
import type { Flow } from "../../data/flow.ts";
import { theftPrices } from "../../data/theft-prices.ts";

type Summary = Flow["summary"];
type Comparison = Flow["comparison"];

/** Services by what they are, what has not moved on, what the trace did not follow further, what was paid to move it. */
export const flowKinds = ["exit", "rests", "unfollowed", "fees"] as const;
export type FlowKind = (typeof flowKinds)[number];

export type FlowShare = {
  /** Undefined: no part of the whole can be told, as where a price is missing. */
  readonly share: Millionths | undefined;
  /** Dollars on the day of the theft; undefined where it has no price. */
  readonly usd: Usd | undefined;
};

export type FlowPart = FlowShare & {
  readonly kind: FlowKind;
  /** What it is next to the other parts, in millionths of a cent or of a base unit. */
  readonly weight: bigint;
  /** Of services their category. */
  readonly category: string;
  /** Least and most over the policies; undefined: not known. */
  readonly range: readonly [least: Millionths, most: Millionths] | undefined;
  /** Services of this kind, the largest first. */
  readonly services: readonly (FlowShare & { readonly name: string })[];
};

export type FlowShares = {
  /** All that was followed to an end. */
  readonly total: Usd | undefined;
  /** Services, the largest first, then the others. Empty: the parts cannot be weighed against each other. */
  readonly parts: readonly FlowPart[];
  /** Policies that the ranges are over. */
  readonly policies: number;
  /** What is in no part since it has no price, base units. */
  readonly unpriced: readonly { readonly asset: string; readonly amount: bigint }[];
};

/** Amounts of all assets in one unit; undefined: of no known price. */
type Weigh = (asset: string, amount: bigint) => bigint | undefined;
/** Within a sum cents are counted in millionths, so that rounding happens once. */
const fine = 1_000_000n;

/**
 * Shares by the trace's own policy, their ranges over all that conserve value (`poison` has no amounts that add up). In dollars at
 * the theft; where nothing has a price and all is of one asset, by amount.
 */
export function flowShares({ summary, comparison }: Flow): FlowShares {
  const prices = theftPrices(summary);
  const assets = summary.assets.filter((one) => endsOf(one) > 0n);
  const unpriced = assets.flatMap((one) => (prices.has(one.asset) ? [] : [{ asset: one.asset, amount: endsOf(one) }]));
  const isPriced = unpriced.length < assets.length;
  const [only] = assets;
  if (only === undefined || (!isPriced && assets.length > 1))
    return { total: undefined, parts: [], policies: 0, unpriced };
  const weigh: Weigh = isPriced
    ? (asset, amount) => {
        const price = prices.get(asset);
        return price === undefined ? undefined : (amount * price.usd * fine) / price.amount;
      }
    : (asset, amount) => (asset === only.asset ? amount * fine : undefined);
  const usd = (weight: bigint): Usd | undefined => (isPriced ? ((weight / fine) as Usd) : undefined);
  const policies = comparison.policies.filter(({ policy }) => policy !== "poison");
  const sums = policies.map((one) => ({ policy: one.policy, ...sumsOf(one, comparison, summary, weigh) }));
  const own = sums.find(({ policy }) => policy === summary.policy);
  if (own === undefined) return { total: undefined, parts: [], policies: 0, unpriced };
  // By another policy value may lie in an asset of which nothing is known here.
  const isWeighed = policies.every((one) =>
    one.assets.every(
      (of) =>
        endsOf(of) === 0n || weigh(of.asset, 1n) !== undefined || unpriced.some(({ asset }) => asset === of.asset),
    ),
  );
  const places = new Map(sums.flatMap(({ parts }) => [...parts.keys()]).map((key) => [key, partOf(key)]));
  const parts = [...places].map(([key, place]): FlowPart => {
    const weight = own.parts.get(key) ?? 0n;
    const shares = sums.map(({ parts: by, total }) => shareOf((by.get(key) ?? 0n) as Usd, total as Usd));
    // How much of it other policies leave unfollowed is not told, so neither is what rests by them.
    const isTold = isWeighed && shares.every((one) => one !== undefined) && !(isCut(summary) && place.kind !== "exit");
    return {
      ...place,
      weight,
      share: shareOf(weight as Usd, own.total as Usd),
      usd: usd(weight),
      range: isTold ? [Math.min(...shares) as Millionths, Math.max(...shares) as Millionths] : undefined,
      services: own.services
        .filter(({ category }) => place.kind === "exit" && category === place.category)
        .map(({ name, weight: of }) => ({ name, share: shareOf(of as Usd, own.total as Usd), usd: usd(of) })),
    };
  });
  parts.sort(byPlace);
  const shown = parts.filter(({ weight, range }) => weight > 0n || (range?.[1] ?? 0) > 0);
  return {
    total: usd(own.total),
    parts: shown,
    policies: policies.length,
    unpriced: isPriced ? unpriced : [],
  };
}

type Sums = {
  /** By `kind category`. */
  readonly parts: ReadonlyMap<string, bigint>;
  readonly total: bigint;
  readonly services: readonly { readonly name: string; readonly category: string; readonly weight: bigint }[];
};

/** What came to each part by one policy. */
function sumsOf(
  { policy, assets }: Comparison["policies"][number],
  { destinations }: Comparison,
  summary: Summary,
  weigh: Weigh,
): Sums {
  const parts = new Map<string, bigint>();
  const add = (key: string, weight: bigint): void => void parts.set(key, (parts.get(key) ?? 0n) + weight);
  const services = new Map<string, { readonly name: string; readonly category: string; weight: bigint }>();
  let named = 0n;
  for (const { kind, name, category, asset, amounts } of destinations) {
    const weight = kind === "exit" ? weigh(asset, BigInt(amounts[policy] ?? "0")) : undefined;
    if (weight === undefined || weight === 0n) continue;
    named += weight;
    add(`exit ${category}`, weight);
    const key = JSON.stringify([category, name]);
    const known = services.get(key);
    if (known === undefined) services.set(key, { name, category, weight });
    else known.weight += weight;
  }
  const sum = (of: readonly { readonly asset: string; readonly amount: string | null }[]): bigint =>
    of.reduce((total, { asset, amount }) => total + (weigh(asset, unitsOf(amount)) ?? 0n), 0n);
  const of = (part: "exits" | "holdings" | "fees"): bigint =>
    sum(assets.map((one) => ({ asset: one.asset, amount: one[part] })));
  // Beyond the destinations that were asked for.
  const unnamed = of("exits") - named;
  if (unnamed > fine) add("exit ", unnamed);
  const unfollowed = policy === summary.policy ? sum(summary.limits) : 0n;
  add("rests ", of("holdings") - unfollowed);
  add("unfollowed ", unfollowed);
  add("fees ", of("fees"));
  return {
    parts,
    total: [...parts.values()].reduce((total, one) => total + one, 0n),
    services: [...services.values()].toSorted((left, right) => descending(left.weight, right.weight)),
  };
}

function partOf(key: string): Pick<FlowPart, "kind" | "category"> {
  const at = key.indexOf(" ");
  return { kind: key.slice(0, at) as FlowKind, category: key.slice(at + 1) };
}

function byPlace(left: FlowPart, right: FlowPart): number {
  const rank = flowKinds.indexOf(left.kind) - flowKinds.indexOf(right.kind);
  return rank === 0 ? descending(left.weight, right.weight) : rank;
}

/** Whether a limit kept the trace from following all of it. */
export function isCut({ limits }: Summary): boolean {
  return limits.some(({ amount }) => amount === null || BigInt(amount) > 0n);
}

function endsOf({ holdings, exits, fees }: Summary["assets"][number]): bigint {
  return unitsOf(holdings) + BigInt(exits) + BigInt(fees);
}

/** Only poison, which is not among the policies here, leaves an amount unknown. */
function unitsOf(amount: string | null): bigint {
  return BigInt(amount ?? 0);
}

function descending(left: bigint, right: bigint): number {
  return left === right ? 0 : left > right ? -1 : 1;
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Flow } from "../../data/flow.ts";
import { flowShares } from "./flow-shares.ts";

const policies = ["fifo", "lifo", "haircut"] as const;
type Policy = (typeof policies)[number];
type By = Readonly<Record<Policy, bigint>>;
/** What came to one service, or rests, or was paid, by each policy. */
type Row = { readonly category: string; readonly name: string; readonly asset: string; readonly by: By };
type Story = { readonly exits: readonly Row[]; readonly rests: readonly Row[]; readonly unfollowed: bigint };

/** Dollars of a unit; null: no price is known. */
type Prices = Readonly<Record<string, bigint | null>>;

const amount = fc.bigInt({ min: 0n, max: 10n ** 24n });
const by = fc.record({ fifo: amount, lifo: amount, haircut: amount });
const row = fc.record({
  category: fc.constantFrom("exchange", "mixing_service", ""),
  name: fc.constantFrom("A", "B", "C"),
  asset: fc.constantFrom("a", "b"),
  by,
});
const story = fc.record({
  exits: fc.array(row, { maxLength: 12 }),
  rests: fc.array(row, { minLength: 1, maxLength: 4 }),
  unfollowed: amount,
});

function sum(rows: readonly Row[], policy: Policy, asset: string): bigint {
  return rows.filter((one) => one.asset === asset).reduce((total, one) => total + one.by[policy], 0n);
}

/** A story as the API would tell it. */
function flowOf({ exits, rests, unfollowed }: Story, prices: Prices): Flow {
  const totals = (policy: Policy) =>
    ["a", "b"].map((asset) => ({
      asset,
      origin: "0",
      convertedInto: "0",
      convertedOut: "0",
      exits: String(sum(exits, policy, asset)),
      holdings: String(sum(rests, policy, asset)),
      fees: "7",
    }));
  const cut = unfollowed < sum(rests, "fifo", "a") ? unfollowed : 0n;
  const own = totals("fifo");
  const worth = (asset: string, units: bigint): unknown => {
    const price = prices[asset] ?? null;
    const isKnown = price !== null || units === 0n;
    return {
      atTheft: isKnown ? `${units * (price ?? 0n)}.00` : null,
      unpriced: { atTheft: isKnown ? [] : [{ asset, amount: String(units) }] },
    };
  };
  return {
    job: {},
    summary: {
      policy: "fifo",
      assets: own,
      limits: cut === 0n ? [] : [{ limit: "budget", asset: "a", amount: String(cut), count: 1 }],
      usd: {
        assets: own.map((one) => ({
          asset: one.asset,
          origin: worth(one.asset, 0n),
          holdings: worth(one.asset, BigInt(one.holdings)),
          exits: worth(one.asset, BigInt(one.exits)),
          fees: worth(one.asset, BigInt(one.fees)),
        })),
      },
    },
    comparison: {
      policies: [...policies.map((policy) => ({ policy, assets: totals(policy) })), { policy: "poison", assets: [] }],
      destinations: exits.map(({ by: amounts, ...one }) => ({
        kind: "exit",
        ...one,
        amounts: { ...Object.fromEntries(policies.map((policy) => [policy, String(amounts[policy])])), poison: null },
      })),
    },
  } as unknown as Flow;
}

/** A part's share by a policy, in millionths, straight from the story. */
function shareIn(told: Story, prices: Prices, policy: Policy, isPart: (row: Row) => boolean): number {
  const weigh = (rows: readonly Row[]): bigint =>
    rows.reduce((total, one) => total + one.by[policy] * (prices[one.asset] ?? 0n), 0n);
  const fees = 7n * ((prices["a"] ?? 0n) + (prices["b"] ?? 0n));
  const whole = weigh(told.exits) + weigh(told.rests) + fees;
  return Number((weigh(told.exits.filter(isPart)) * 1_000_000n) / whole);
}

const prices: Prices = { a: 3n, b: 5n };

describe("shares of a flow", () => {
  it("are what came to each kind of service, and their range what other policies say", () => {
    fc.assert(
      fc.property(story, (told) => {
        const { parts, total } = flowShares(flowOf(told, prices));
        expect(total).toBeDefined();
        for (const { kind, category, share, range } of parts.filter((part) => part.kind === "exit")) {
          expect(kind).toBe("exit");
          const expected = policies.map((policy) => shareIn(told, prices, policy, (one) => one.category === category));
          expect(Math.abs((share ?? NaN) - (expected[0] ?? NaN))).toBeLessThanOrEqual(1);
          expect(Math.abs((range?.[0] ?? NaN) - Math.min(...expected))).toBeLessThanOrEqual(1);
          expect(Math.abs((range?.[1] ?? NaN) - Math.max(...expected))).toBeLessThanOrEqual(1);
        }
        const wanted = new Set(
          told.exits.filter((one) => policies.some((policy) => one.by[policy] > 0n)).map((one) => one.category),
        );
        for (const category of wanted) {
          const isSeen = policies.some(
            (policy) => shareIn(told, prices, policy, (one) => one.category === category) > 0,
          );
          if (isSeen) expect(parts.map((part) => part.category)).toContain(category);
        }
        const sumOfShares = parts.reduce((all, { share }) => all + (share ?? NaN), 0);
        expect(Math.abs(sumOfShares - 1_000_000)).toBeLessThanOrEqual(parts.length);
      }),
    );
  });

  it("tell what was not followed apart from what rests, and then no range of either", () => {
    const rests: Row = { category: "", name: "", asset: "a", by: { fifo: 100n, lifo: 50n, haircut: 70n } };
    const { parts } = flowShares(flowOf({ exits: [], rests: [rests], unfollowed: 40n }, prices));
    expect(parts.map(({ kind, usd, range }) => [kind, usd, range])).toEqual([
      ["rests", 18_000n, undefined],
      ["unfollowed", 12_000n, undefined],
      ["fees", 5_600n, undefined],
    ]);
  });

  it("count services beyond the destinations that the API listed", () => {
    const of = (name: string): Row => {
      return { category: "exchange", name, asset: "a", by: { fifo: 43n, lifo: 43n, haircut: 43n } };
    };
    const flow = flowOf({ exits: [of("A"), of("B")], rests: [], unfollowed: 0n }, { a: 1n, b: 0n });
    const listed = { ...flow.comparison, destinations: flow.comparison.destinations.slice(0, 1) };
    const { parts } = flowShares({ ...flow, comparison: listed });
    expect(parts.filter(({ kind }) => kind === "exit").map(({ category, usd }) => [category, usd])).toEqual([
      ["exchange", 4_300n],
      ["", 4_300n],
    ]);
  });

  it("leave out what has no price and say so, count amounts where nothing has one, and know nothing of several assets", () => {
    const of = (asset: string): Row => {
      return { category: "exchange", name: "A", asset, by: { fifo: 93n, lifo: 93n, haircut: 93n } };
    };
    const told = { exits: [of("a"), of("b")], rests: [], unfollowed: 0n };
    const partly = flowShares(flowOf(told, { a: 2n, b: null }));
    expect(partly.unpriced).toEqual([{ asset: "b", amount: 100n }]);
    expect(partly.parts.map(({ kind, share, usd }) => [kind, share, usd])).toEqual([
      ["exit", 930_000, 18_600n],
      ["fees", 70_000, 1_400n],
    ]);
    const none = flowShares(flowOf(told, { a: null, b: null }));
    expect([none.parts, none.total, none.unpriced.length]).toEqual([[], undefined, 2]);
    const flow = flowOf({ ...told, exits: [of("a")] }, { a: null, b: null });
    const alone = {
      ...flow,
      summary: { ...flow.summary, assets: flow.summary.assets.slice(0, 1) },
      comparison: {
        ...flow.comparison,
        policies: flow.comparison.policies.map((one) => ({ ...one, assets: one.assets.slice(0, 1) })),
      },
    };
    const byAmount = flowShares(alone);
    expect(byAmount.total).toBeUndefined();
    expect(byAmount.parts.map(({ kind, share, usd }) => [kind, share, usd])).toEqual([
      ["exit", 930_000, undefined],
      ["fees", 70_000, undefined],
    ]);
  });
});

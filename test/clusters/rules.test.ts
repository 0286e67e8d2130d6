import { describe, expect, it } from "vitest";
import { Random } from "../../bench/chain/random.ts";
import { drawSample } from "../../bench/evaluate/mixed-samples.ts";
import { changeRuleOf, changeText, parseChange } from "../../src/clusters/change/change-rules.ts";
import { uniqueChange } from "../../src/clusters/change/change-rule.ts";
import { coinjoinDetectors, coinjoinNames } from "../../src/clusters/coinjoin/detectors.ts";
import { defaultRules, parseRules, ruleInfos } from "../../src/clusters/rules.ts";
import type { TransactionFacts } from "../../src/clusters/transaction-facts.ts";
import { existsSync } from "node:fs";

type Side = { readonly owner?: number; readonly value: number; readonly kind?: number; readonly isNew?: boolean };

/** Facts of a transaction; owners are different ones where not given, of the kind P2WPKH. */
function facts(
  inputs: readonly Side[],
  outputs: readonly Side[],
  before?: { inputs: number; outputs: number },
): TransactionFacts {
  const owner = (side: readonly Side[], from: number, at: number): number => side[at]?.owner ?? from + at;
  const inputOwners = inputs.map((_, at) => owner(inputs, 1, at));
  const kinds = new Map<number, number>();
  for (const [at, { kind = 3 }] of inputs.entries()) kinds.set(owner(inputs, 1, at), kind);
  for (const [at, { kind = 3 }] of outputs.entries()) kinds.set(owner(outputs, 1_000, at), kind);
  return {
    inputs: inputs.length,
    outputs: outputs.length,
    distinctInputOwners: new Set(inputOwners.filter((one) => one > 0)).size,
    inputOwner: (at) => inputOwners[at] ?? 0,
    inputValue: (at) => inputs[at]?.value ?? Number.NaN,
    outputOwner: (at) => owner(outputs, 1_000, at),
    outputValue: (at) => outputs[at]?.value ?? Number.NaN,
    kindOf: (one) => kinds.get(one) ?? 0,
    isFirstPayment: (at) => outputs[at]?.isNew === true,
    shapeBefore: () => before,
  };
}

const times = (count: number, value: number): readonly Side[] => Array.from({ length: count }, () => ({ value }));
const named = (of: TransactionFacts): string | undefined => coinjoinNames.find((name) => coinjoinDetectors[name](of));

describe("CoinJoin detectors, at their limits", () => {
  it("Wasabi 1: ten equal outputs near 0.1 BTC, as many inputs", () => {
    const round = (equal: number, value: number, inputs: number): boolean =>
      coinjoinDetectors["wasabi-1"](facts(times(inputs, 20_000_000), [...times(equal, value), { value: 77 }]));
    expect(round(10, 10_000_000, 10)).toBe(true);
    expect(round(9, 10_000_000, 10)).toBe(false);
    expect(round(10, 10_000_000, 9)).toBe(false);
    expect([8_000_000, 7_999_999, 12_000_000, 12_000_001].map((value) => round(10, value, 12))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it("Wasabi 2: fifty inputs, falling order, standard amounts, SegWit keys", () => {
    const outputs = [...times(9, 1_048_576), ...times(40, 10_000), { value: 5_001 }];
    const inputs = times(50, 2_000_000);
    expect(coinjoinDetectors["wasabi-2"](facts(inputs, outputs))).toBe(true);
    expect(coinjoinDetectors["wasabi-2"](facts(inputs.slice(1), outputs))).toBe(false);
    expect(coinjoinDetectors["wasabi-2"](facts(inputs, outputs.toReversed()))).toBe(false);
    expect(coinjoinDetectors["wasabi-2"](facts([...inputs.slice(1), { value: 1, kind: 1 }], outputs))).toBe(false);
    expect(coinjoinDetectors["wasabi-2"](facts([...inputs.slice(1), { value: Number.NaN }], outputs))).toBe(false);
    const odd = [...times(40, 10_000), ...times(10, 9_999)];
    expect(coinjoinDetectors["wasabi-2"](facts(inputs, odd))).toBe(false);
  });

  it("Whirlpool: five to eight of one pool", () => {
    const round = (inputs: readonly Side[], outputs: readonly Side[]): boolean =>
      coinjoinDetectors.whirlpool(facts(inputs, outputs));
    expect(round([...times(3, 1_000_000), ...times(2, 1_110_000)], times(5, 1_000_000))).toBe(true);
    expect(round([...times(4, 1_000_000), { value: 1_110_001 }], times(5, 1_000_000))).toBe(false);
    expect(round([...times(4, 1_000_000), { value: 999_999 }], times(5, 1_000_000))).toBe(false);
    expect(round(times(5, 1_100_000), times(5, 1_100_000))).toBe(false);
    expect(round(times(9, 1_000_000), times(9, 1_000_000))).toBe(false);
    expect(round([...times(4, 1_000_000), { value: 1_000_000, owner: 1 }], times(5, 1_000_000))).toBe(false);
    expect(round([...times(4, 1_000_000), { value: Number.NaN }], times(5, 1_000_000))).toBe(true);
  });

  it("JoinMarket: half of the outputs equal, as many owners; no token's marker", () => {
    const round = (owners: number, outputs: readonly Side[]): boolean =>
      coinjoinDetectors.joinmarket(facts(times(owners, 9_000_000), outputs));
    expect(round(3, [...times(3, 500_000), { value: 1 }, { value: 2 }])).toBe(true);
    expect(round(2, [...times(3, 500_000), { value: 1 }, { value: 2 }])).toBe(false);
    expect(round(3, [...times(3, 500_000), { value: 1 }, { value: 2 }, { value: 3 }])).toBe(true);
    expect(round(3, [...times(3, 546), { value: 1 }, { value: 2 }])).toBe(false);
    expect(round(4, times(4, 500_000))).toBe(false);
  });

  it("amounts that are not known are equal to nothing", () => {
    expect(named(facts(times(12, 1), times(12, Number.NaN)))).toBeUndefined();
  });

  it("name what the generator makes of each kind, and leave ordinary payments alone", () => {
    const random = new Random("rules");
    const of = (kind: Parameters<typeof drawSample>[0]): string | undefined => {
      const { inputs, outputs } = drawSample(kind, random);
      return named(
        facts(
          inputs,
          outputs.map((value) => ({ value })),
        ),
      );
    };
    for (let draw = 0; draw < 20; draw += 1) {
      expect(of("whirlpool")).toBe("whirlpool");
      for (const kind of ["payment", "consolidation", "batch of payments"] as const) expect(of(kind)).toBeUndefined();
    }
  });
});

describe("change rules", () => {
  const change = (text: string, of: TransactionFacts): number => uniqueChange(changeRuleOf(parseChange(text)), of);

  it("each by its own", () => {
    expect(
      change(
        "address-type",
        facts(
          [{ value: 9, kind: 2 }],
          [
            { value: 4, kind: 3 },
            { value: 4, kind: 2 },
          ],
        ),
      ),
    ).toBe(1);
    expect(
      change(
        "address-type",
        facts(
          [
            { value: 9, kind: 2 },
            { value: 9, kind: 3 },
          ],
          [
            { value: 4, kind: 3 },
            { value: 4, kind: 2 },
          ],
        ),
      ),
    ).toBe(-1);
    expect(change("optimal-change", facts(times(2, 10), [{ value: 15 }, { value: 4 }]))).toBe(1);
    expect(change("optimal-change", facts([{ value: 10 }, { value: Number.NaN }], [{ value: 15 }, { value: 4 }]))).toBe(
      -1,
    );
    expect(change("fresh", facts(times(1, 10), [{ value: 5, isNew: true }, { value: 4 }]))).toBe(0);
    expect(
      change(
        "one-time",
        facts(
          [{ value: 10, owner: 7 }],
          [
            { value: 5, isNew: true },
            { value: 4, owner: 7 },
          ],
        ),
      ),
    ).toBe(-1);
    expect(change("address-reuse", facts([{ value: 10, owner: 7 }], [{ value: 5 }, { value: 4, owner: 7 }]))).toBe(1);
    expect(change("power-of-ten", facts(times(1, 1), [{ value: 3_000_000 }, { value: 3_000_001 }]))).toBe(1);
    expect(change("peeling-chain", facts(times(1, 9), [{ value: 1 }, { value: 7 }], { inputs: 1, outputs: 2 }))).toBe(
      1,
    );
    expect(change("peeling-chain", facts(times(1, 9), [{ value: 1 }, { value: 7 }], { inputs: 2, outputs: 2 }))).toBe(
      -1,
    );
  });

  it("combine: & needs both, | either, & first; and names one output or none", () => {
    const two = facts(times(2, 10), [{ value: 5, isNew: true }, { value: 4 }, { value: 12, isNew: true }]);
    expect([change("fresh", two), change("optimal-change", two), change("fresh&optimal-change", two)]).toEqual([
      -1, -1, 0,
    ]);
    expect(change("fresh&optimal-change|power-of-ten", two)).toBe(-1);
    expect(change("optimal-change", facts(times(1, 10), [{ value: 5 }, { value: 12, owner: 0 }]))).toBe(-1);
    expect(changeText(parseChange("optimal-change & fresh | address-type|address-type"))).toBe(
      "address-type|fresh&optimal-change",
    );
  });
});

describe("the list of rules", () => {
  it("has a page for each, which names it", () => {
    const missing = ruleInfos.filter(({ page }) => !existsSync(new URL(`../../${page}`, import.meta.url)));
    expect(missing).toEqual([]);
  });

  it("is read in an order of its own, each once", () => {
    expect(parseRules("joinmarket,multi-input,change:fresh,joinmarket", "utxo")).toEqual([
      "multi-input",
      "joinmarket",
      "change:fresh",
    ]);
    expect(parseRules("default", "utxo")).toEqual(defaultRules("utxo"));
    expect(defaultRules("account")).toEqual(["deposit-reuse"]);
    expect(() => parseRules("deposit-reuse", "utxo")).toThrow(/is for chains of accounts/u);
    expect(() => parseRules("self-authorisation", "account")).toThrow(/the ledger keeps no approvals/u);
    expect(() => parseRules("same-key", "utxo")).toThrow(/applied when clusters are read/u);
  });
});

import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Usd } from "../../src/base/usd.ts";
import { applies, type Outcome } from "../../src/screen/applies.ts";
import type { Exposure, Fact } from "../../src/screen/fact.ts";
import { proportion } from "../../src/screen/interval.ts";
import { methodsOf } from "../../src/screen/methods.ts";
import { reasonFields, type Rule, type RuleSet } from "../../src/screen/rules.ts";
import { rulesOf } from "./fixture.ts";

const set = (rule: string, head = "name: a\nversion: 1\n"): string =>
  `${head}rules:\n  - {id: r, level: high, reason: R, ${rule}}\n`;
const ruleOf = (rule: string): Rule => rulesOf(set(rule)).rules[0] as Rule;

const now = 1_700_000_000;
const exposure: Exposure = {
  policy: "fifo",
  asset: "eip155:1/slip44:60",
  amount: 100n,
  direct: 40n,
  held: 0n,
  whole: { kind: "exact", amount: 1_000n },
  usd: (amount) => amount as Usd,
  receipts: 2,
  hops: 3,
  first: now - 10 * 86_400,
  last: now - 5 * 86_400,
  path: () => ({ steps: [], skipped: 0 }),
};
const factOf = (more: Partial<Exposure> = {}): Fact => ({
  evidence: "exposure",
  party: 0,
  origin: "incident:a",
  name: "A",
  actor: null,
  category: "theft",
  confidence: "medium",
  sources: [],
  methods: ["fifo"],
  date: null,
  exposure: { ...exposure, ...more },
});
const tag: Fact = { ...factOf(), evidence: "tag", category: "ransomware", exposure: undefined };
const ask = (rule: string, fact: Fact, direction: "deposit" | "withdrawal" | "either" = "deposit"): Outcome["kind"] =>
  applies(ruleOf(rule), fact, { direction, time: now }).kind;

describe("a rule", () => {
  const theft = "categories: [theft]";
  it.each([
    // The whole is 1,000: a tenth is reached by 100 exactly, not by 99.
    ["share reached exactly", `${theft}, share-min: 10%`, factOf(), "holds"],
    ["share missed by a unit", `${theft}, share-min: 10%`, factOf({ amount: 99n }), "fails"],
    ["share missed by a ten-thousandth of a percent", `${theft}, share-min: 10.0001%`, factOf(), "fails"],
    ["share of all", `${theft}, share-min: 100%`, factOf({ amount: 1_000n }), "holds"],
    ["share 0", `${theft}, share-min: 0%`, factOf({ amount: 1n }), "holds"],
    [
      "share of a huge whole, without rounding",
      `${theft}, share-min: 33.3334%`,
      factOf({ amount: 10n ** 30n, whole: { kind: "exact", amount: 3n * 10n ** 30n } }),
      "fails",
    ],
    ["share of the direct part", `${theft}, reach: direct, share-min: 4%`, factOf(), "holds"],
    ["share of the direct part, not reached", `${theft}, reach: direct, share-min: 4.0001%`, factOf(), "fails"],
    ["share of the rest", `${theft}, reach: indirect, share-min: 6%`, factOf(), "holds"],
    ["nothing direct", `${theft}, reach: direct`, factOf({ direct: 0n }), "fails"],
    ["nothing indirect", `${theft}, reach: indirect`, factOf({ direct: 100n }), "fails"],
    [
      "a whole that is at least so much",
      `${theft}, share-min: 10%`,
      factOf({ whole: { kind: "least", amount: 1_000n } }),
      "unknown",
    ],
    [
      "the same, too little already",
      `${theft}, share-min: 10%`,
      factOf({ whole: { kind: "least", amount: 1_001n } }),
      "fails",
    ],
    ["dollars to the cent", `${theft}, usd-min: 1`, factOf(), "holds"],
    ["a cent less", `${theft}, usd-min: 1.01`, factOf(), "fails"],
    ["dollars of the direct part", `${theft}, reach: direct, usd-min: 0.41`, factOf(), "fails"],
    ["no price", `${theft}, usd-min: 1`, factOf({ usd: undefined }), "unknown"],
    ["no price, and nothing asked", `${theft}, usd-min: 0`, factOf({ usd: undefined }), "holds"],
    ["no price, and the share fails", `${theft}, usd-min: 1, share-min: 11%`, factOf({ usd: undefined }), "fails"],
    [
      "share unknown, and dollars fail",
      `${theft}, usd-min: 2, share-min: 10%`,
      factOf({ whole: { kind: "least", amount: 1n } }),
      "fails",
    ],
    ["hops at most, exactly", `${theft}, hops-max: 3`, factOf(), "holds"],
    ["one hop more", `${theft}, hops-max: 2`, factOf(), "fails"],
    ["hops at least, exactly", `${theft}, hops-min: 3`, factOf(), "holds"],
    ["one hop fewer", `${theft}, hops-min: 4`, factOf(), "fails"],
    ["as old as may be", `${theft}, age-max-days: 5`, factOf(), "holds"],
    ["a second older", `${theft}, age-max-days: 5`, factOf({ last: now - 5 * 86_400 - 1 }), "fails"],
    ["the other policy", `${theft}, policy: haircut`, factOf(), "fails"],
    ["confidence reached", `${theft}, confidence-min: medium`, factOf(), "holds"],
    ["confidence missed", `${theft}, confidence-min: high`, factOf(), "fails"],
    ["another category", "categories: [sanction]", factOf(), "fails"],
    ["a category within", "categories: [abuse]", tag, "holds"],
    ["a category that is wider", "categories: [ransomware]", { ...tag, category: "abuse" }, "fails"],
    ["a threshold of exposure asked of a tag", "categories: [abuse], share-min: 0%", tag, "fails"],
    ["evidence of another kind", "categories: [abuse], evidence: cluster", tag, "fails"],
  ] as const)("%s", (_, rule, fact, expected) => {
    expect(ask(rule, fact)).toBe(expected);
  });

  it("is asked in its direction, and of an address in both", () => {
    const rule = "categories: [abuse], direction: withdrawal";
    expect([ask(rule, tag, "deposit"), ask(rule, tag, "withdrawal"), ask(rule, tag, "either")]).toEqual([
      "fails",
      "holds",
      "holds",
    ]);
  });

  it("compares shares as fractions, whatever their size", () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 40n),
        fc.bigInt(1n, 10n ** 40n),
        fc.integer({ min: 0, max: 1_000_000 }),
        (part, more, millionths) => {
          const whole = part + more;
          const percent = `${Math.floor(millionths / 10_000)}.${String(millionths % 10_000).padStart(4, "0")}%`;
          const kind = ask(
            `${theft}, share-min: ${percent}`,
            factOf({ amount: part, direct: 0n, whole: { kind: "exact", amount: whole } }),
          );
          expect(kind).toBe(part * 1_000_000n >= BigInt(millionths) * whole ? "holds" : "fails");
        },
      ),
    );
  });
});

describe("a file of rules", () => {
  it.each([
    ["a typing error in a key", set("categories: [theft], shares-min: 10%"), 4, "shares-min"],
    ["an unknown level", set("categories: [theft]").replace("level: high", "level: highest"), 4, "low, medium, high"],
    ["an unknown category", set("categories: [theft, sanctions]"), 4, "there is no category sanctions; did you mean"],
    ["a share without percent", set("categories: [theft], share-min: 0.1"), 4, "share-min"],
    ["a share over all", set("categories: [theft], share-min: 100.1%"), 4, "share-min"],
    ["a share too fine", set("categories: [theft], share-min: 1.00001%"), 4, "share-min"],
    ["negative dollars", set("categories: [theft], usd-min: -1"), 4, "usd-min"],
    ["a threshold of a tag", set("categories: [abuse], evidence: tag, usd-min: 1"), 4, "usd-min asks of an exposure"],
    ["bounds that exclude each other", set("categories: [theft], hops-min: 5, hops-max: 4"), 4, "never holds"],
    [
      "two rules of one name",
      `${set("categories: [theft]")}  - {id: r, level: low, reason: R, categories: [theft]}\n`,
      5,
      "two rules are named r",
    ],
    ["no version", set("categories: [theft]", "name: a\n"), 1, "version"],
    ["a version that is no number", set("categories: [theft]", "name: a\nversion: 1.2\n"), 2, "version"],
    [
      "a gap that cannot be accepted",
      set("categories: [theft]", "name: a\nversion: 1\naccept: [index-none]\n"),
      3,
      "accept",
    ],
    ["a key twice", set("categories: [theft]", "name: a\nname: b\nversion: 1\n"), 2, "unique"],
    [
      "an alias",
      `name: a\nversion: 1\nrules:\n  - &r {id: r, level: high, reason: R, categories: [theft]}\n  - *r\n`,
      1,
      "alias",
    ],
    ["a tag of YAML", set("categories: !!set [theft]"), 4, "not valid YAML"],
    ["no YAML", "name: [", 1, "not valid YAML"],
    ["nothing", "", 1, "must be object"],
    ["no rules", "name: a\nversion: 1\nrules: []\n", 3, "rules"],
  ])("with %s is refused, with the line", (_, text, line, why) => {
    expect(() => rulesOf(text)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(new RegExp(`^rules\\.yaml:${line}: .*${why}`, "u")) as string,
      }) as Error,
    );
  });

  it("has a digest of what it says, whatever its spaces, comments and order of keys", () => {
    const one = rulesOf(set("categories: [theft], share-min: 10%"));
    const same = rulesOf(
      "version: 1 # the first\nname: a\n\nrules:\n- share-min:   10%\n  categories: [theft]\n  reason: R\n  level: high\n  id: r\n",
    );
    expect(same.digest).toBe(one.digest);
    for (const other of [
      set("categories: [theft], share-min: 11%"),
      set("categories: [theft], share-min: 10%", "name: a\nversion: 2\n"),
      set("categories: [theft], share-min: 10%", "name: a\nversion: 1\naccept: [clusters]\n"),
    ])
      expect(rulesOf(other).digest).not.toBe(one.digest);
  });

  it("the bundled one is right, and nothing that it can be asked of is left to no rule", () => {
    const bundled: RuleSet = rulesOf(readFileSync(new URL("../../data/rules/default.yaml", import.meta.url), "utf8"));
    const at = { direction: "deposit", time: now } as const;
    const isFlagged = (fact: Fact): boolean => bundled.rules.some((rule) => applies(rule, fact, at).kind === "holds");
    for (const confidence of ["low", "medium", "high", "confirmed"] as const) {
      for (const category of ["theft", "sanction", "ransomware", "perpetrator"]) {
        for (const usd of [undefined, exposure.usd])
          expect([
            category,
            confidence,
            isFlagged({ ...factOf({ amount: 1n, direct: 0n, usd }), category, confidence }),
          ]).toEqual([category, confidence, true]);
        if (category !== "theft") expect(isFlagged({ ...tag, category, confidence })).toBe(true);
      }
    }
    expect(isFlagged({ ...tag, category: "exchange" })).toBe(false);
  });
});

describe("what facts rest on", () => {
  it("is named with its page, and the figures stand there", () => {
    const names = [
      "fifo",
      "haircut",
      "multi-input",
      "deposit-reuse",
      "airdrop-reuse",
      "same-key",
      "thief-address",
      "actor-by-name",
      "change:fresh",
    ];
    for (const { page, error, name } of methodsOf([{ methods: names }])) {
      const file = new URL(`../../${page}`, import.meta.url);
      expect([name, existsSync(file)]).toEqual([name, true]);
      for (const [figure] of error.matchAll(/[0-9.]+%/gu)) expect(readFileSync(file, "utf8")).toContain(figure);
    }
  });
});

describe("a rule's reason", () => {
  const inBoth = (reason: string): string =>
    `name: a\nversion: 1\nrules:\n  - {id: r, level: high, reason: ${reason}, categories: [theft]}\n`;

  it("is one text, or one in each language", () => {
    expect(reasonFields(rulesOf(inBoth("R")).rules[0] as Rule)).toEqual({ reason: "R", reasonJa: null });
    expect(reasonFields(rulesOf(inBoth("{ja: 理由, en: R}")).rules[0] as Rule)).toEqual({
      reason: "R",
      reasonJa: "理由",
    });
  });

  it("is part of what the digest is of, in whatever order its languages stand", () => {
    const digest = (reason: string): string => rulesOf(inBoth(reason)).digest;
    expect(digest("{ja: 理由, en: R}")).toBe(digest("{en: R, ja: 理由}"));
    expect(new Set(["R", "{en: R, ja: 理由}", "{en: R, ja: 訳}"].map(digest)).size).toBe(3);
  });

  it.each(["{en: R}", "{ja: 理由}", '{en: R, ja: ""}', "{en: R, ja: 理由, fr: R}", '""'])(
    "is refused as %s",
    (reason) => {
      expect(() => rulesOf(inBoth(reason))).toThrow(
        /rules\.0\.reason must be one text, or one in each language: en and ja/u,
      );
    },
  );
});

describe("Wilson's interval", () => {
  it.each([
    [8, 10, 800_000n, 490_157n, 943_319n],
    [0, 10, 0n, 0n, 277_540n],
    [10, 10, 1_000_000n, 722_460n, 1_000_000n],
    [1, 1, 1_000_000n, 206_543n, 1_000_000n],
    [50, 100, 500_000n, 403_830n, 596_170n],
  ] as const)("%d of %d", (part, of, ...[millionths, low, high]) => {
    expect(proportion(part, of)).toEqual({ part, of, millionths, low, high });
  });
  it("of nothing there is none", () => expect(proportion(0, 0)).toBeUndefined());
  it("holds the proportion, and is what floats say", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (part, more) => {
        const of = part + more + 1;
        const found = proportion(part, of);
        const [z, p] = [1.96, part / of];
        const middle = p + (z * z) / (2 * of);
        const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
        const low = (middle - spread) / (1 + (z * z) / of);
        const high = (middle + spread) / (1 + (z * z) / of);
        expect(Math.abs(Number(found?.low) - low * 1e6)).toBeLessThan(2);
        expect(Math.abs(Number(found?.high) - high * 1e6)).toBeLessThan(2);
      }),
    );
  });
});

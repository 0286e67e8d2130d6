/** What the server says of itself, in Japanese: nothing of it may be missing, and nothing may be shown in English. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { failureCodes } from "../../src/base/failure-codes.ts";
import { failureReasons } from "../../src/base/failure-reasons.ts";
import { parseAddress } from "../../src/chains/address.ts";
import { problemOf } from "../../src/http/problem.ts";
import { statusOf } from "../../src/http/status.ts";
import { assumptionData, mattersTo } from "../../src/screen/assumptions.ts";
import type { GapDataOf } from "../../src/screen/gap-data.ts";
import { methodsOf } from "../../src/screen/methods.ts";
import { readRules, reasonFields } from "../../src/screen/rules.ts";
import { gaps, type Gap } from "../../src/screen/words.ts";
import { isChangeRule, ruleInfos } from "../../src/clusters/rules.ts";
import { categories } from "../../src/tags/category.ts";
import { assumptionsOf } from "../../src/trace/taint/state.ts";
import { categoryText } from "../../web/text/category-words.ts";
import { gapSentence, gapText, japaneseGap } from "../../web/text/gap-words.ts";
import { methodText } from "../../web/text/method-words.ts";
import { problemText } from "../../web/text/problem-words.ts";

/** Two words of English in a row that are no command, option or name. */
function english(text: string): string | undefined {
  const bare = text.replaceAll(
    /fundtrail [a-z]+ [a-z]+|taint build|taint drop|--[a-z]+|CoinJoin|Fundtrail|Bitcoin Cash/gu,
    "",
  );
  return /[A-Za-z]{2,} [A-Za-z]{2,}/u.exec(bare)?.[0];
}

const japanese = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u;

function expectJapanese(text: string | undefined): void {
  expect(text).toMatch(japanese);
  expect(text).not.toMatch(/\{[a-zA-Z]+\}|undefined/u);
  expect(english(text ?? "")).toBeUndefined();
}

/** Of every gap what its data can be; by its type a new gap, or a new kind of one, does not compile without. */
const samples: { readonly [One in Gap]: readonly GapDataOf[One][] } = {
  "ledger-empty": [{}],
  "chain-not-loaded": [{ loaded: ["bitcoin"] }],
  "not-in-ledger": [
    { kind: "address", block: 7 },
    { kind: "transaction", block: 7 },
  ],
  "not-synced": [{ tip: 7, block: 9 }],
  "index-none": [{}],
  "index-lost": [{}],
  "index-behind": [{ index: 7, ledger: 9 }],
  "index-stale": [{ changed: ["tags", "register", "prices", "unfinished"] }, { changed: [] }],
  "index-policy": [{ policies: ["fifo", "haircut"] }],
  "tags-none": [{ chain: "bitcoin" }],
  "tag-unclear": [{ label: "Label", source: "Source", address: "0x1" }],
  clusters: [{ kind: "none" }, { kind: "outdated" }, { kind: "behind", count: 3 }],
  "begins-late": [{ first: 7, due: 0 }],
  "heights-left-out": [{ count: 2, first: 7 }],
  "internal-unknown": [{ count: 2 }],
  "outputs-unseen": [
    { kind: "ledger", count: 2 },
    { kind: "payers", count: 2 },
  ],
  "theft-absent": [{ incident: "2020-01-01-x" }],
  "theft-partial": [{ count: 2, name: "X" }],
  "theft-unfollowed": [{ incident: "2020-01-01-x" }],
  assumption: [
    { origin: "X", policy: "fifo", kind: "shielded", chain: "Zcash" },
    { origin: "X", policy: "haircut", kind: "mixed", count: 2 },
    { origin: "X", policy: "fifo", kind: "fees", count: 2 },
    { origin: "X", policy: "fifo", kind: "unpriced", count: 2 },
    { origin: "X", policy: "fifo", kind: "other" },
  ],
  parties: [
    { role: "payer", count: 2, known: 1_000 },
    { role: "receiver", count: 2, known: 1_000 },
  ],
  price: [{ asset: "eip155:1/slip44:60", day: "2024-01-01", rule: "theft-10" }],
  share: [{ origin: "X", rule: "theft-10" }],
};

describe("in Japanese", () => {
  it.each(gaps)("the gap %s is said, with all that its data holds", (gap) => {
    for (const data of samples[gap]) {
      const text = japaneseGap({ gap, what: "in English", data });
      expectJapanese(text);
      // An empty list leaves nothing in brackets.
      expect(text).not.toContain("（）");
      const told = { ...data } as Readonly<Record<string, unknown>>;
      const names = ["count", "block", "tip", "incident", "name", "label", "address", "chain", "rule", "origin"];
      for (const name of names) if (name in told) expect(text).toContain(String(told[name]));
    }
  });

  it("a gap that the page does not know is told as the server does, and never left out", () => {
    const strange = { gap: "new", what: "something", data: {}, mend: "do this" };
    expect(gapText(strange, "ja")).toBe(gapSentence(strange));
    expect(gapText(strange, "en")).toBe("Something. Do this.");
  });

  it("every assumption that may hide something is one that the page can say", () => {
    const gapsOf = { undetermined: { count: 3, amount: "9" }, feesUnknown: { count: 1, amount: "4" } };
    const others = {
      unpriced: { count: 2, amount: "2" },
      burnt: { count: 1, amount: "1" },
      idle: { count: 1, amount: "1" },
    };
    const reader = {
      model: "utxo",
      chain: { alias: "zcash", name: "Zcash" },
      state: { internalUnknown: 2 },
    } as unknown as Parameters<typeof assumptionsOf>[0];
    const strand = { gaps: { ...gapsOf, ...others } } as unknown as Parameters<typeof assumptionsOf>[1];
    const found = assumptionsOf(reader, strand).filter(mattersTo).map(assumptionData);
    expect(found).toEqual([
      { kind: "shielded", chain: "Zcash" },
      { kind: "mixed", count: 3 },
      { kind: "fees", count: 4 },
      { kind: "unpriced", count: 2 },
    ]);
  });

  it("each rule that ships says why it holds", () => {
    const file = path.resolve(import.meta.dirname, "../../data/rules/default.yaml");
    const { rules } = readRules(file, readFileSync(file, "utf8"));
    expect(rules.length).toBeGreaterThan(15);
    for (const rule of rules) {
      const { reason, reasonJa } = reasonFields(rule);
      expect(reason).not.toMatch(japanese);
      expectJapanese(reasonJa ?? undefined);
    }
  });

  it("every code and every reason that a server answers with is said", () => {
    const values = { name: "X", chains: "Bitcoin", subject: "X" };
    for (const code of [...Object.keys(failureCodes), "FAULT"]) {
      const status = code === "FAULT" ? 500 : statusOf[code as keyof typeof statusOf];
      expectJapanese(problemText({ code, status, detail: "in English", values }, "ja").says);
    }
    for (const reason of failureReasons) {
      const { says, detail } = problemText({ code: "USAGE", status: 400, detail: "in English", reason, values }, "ja");
      expectJapanese(says);
      expect(detail).toBeUndefined();
    }
  });

  it("what only English says stands beside it, and a newer server's code is no blank", () => {
    const problem = { code: "USAGE", status: 400, detail: "give one of them", reason: null, values: {} };
    expect(problemText(problem, "ja").detail).toBe("give one of them");
    expectJapanese(problemText({ ...problem, code: "NEW" }, "ja").says);
    expectJapanese(problemText({ ...problem, code: "UNKNOWN_NAME" }, "ja").says);
  });

  const bitcoin = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT";
  it.each([
    ["bitcoin", `${bitcoin.slice(0, -1)}U`, "checksum"],
    ["bitcoin", "bc1qgmpef6sgj3gq0a7xgzevy8xpjv5r5xsrkyuhhq", "checksum"],
    ["bitcoin", bitcoin.toLowerCase(), "letter-case"],
    ["bitcoin", "bc1QGMPef6sgj3gq0a7xgzevy8xpjv5r5xsrkyuhhj", "letter-case"],
    ["bitcoin", "1BoatSLRHtKNngkdXEeobR76b53LETtp0T", "characters"],
    ["bitcoin", "1Boat", "length"],
    ["bitcoin", "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1", "other-chain"],
    ["bitcoin", "0xdac17f958d2ee523a2206206994597c13d831ec7", "other-chain"],
    ["bitcoin", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "secret-key"],
    ["ethereum", "0x2A11db9b5AB01342c4ace9F68951bf4D02FcFf76", "checksum"],
    ["ethereum", "0x2a11db9b5ab01342c4ace9f68951bf4d02fcff", "length"],
    ["ethereum", "0xzz11db9b5ab01342c4ace9f68951bf4d02fcff76", "characters"],
    ["ethereum", "hello", "form"],
    ["ethereum", bitcoin, "other-chain"],
    ["tron", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", "checksum"],
    ["ripple", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTi", "checksum"],
    ["solana", "short", "length"],
  ] as const)("what is wrong with an address of %s, %s, is told by the reason %s", (on, text, reason) => {
    try {
      parseAddress(chain(on), text);
    } catch (thrown) {
      const problem = problemOf(thrown, "");
      expect(problem.reason).toBe(reason);
      const { says, detail } = problemText(problem, "ja");
      expectJapanese(says);
      expect(detail).toBeUndefined();
      // Nobody repeats a key.
      expect(JSON.stringify(problem).includes(text)).toBe(reason !== "secret-key");
      return;
    }
    expect.fail("it is taken as an address");
  });

  it("a wrong checksum is told by what to do, in both languages", () => {
    const problem = { code: "INVALID_VALUE", status: 400, detail: "in full", reason: "checksum" } as const;
    expect(problemText(problem, "en")).toEqual({ says: "Wrong checksum: copy the address again.", detail: "in full" });
    expect(problemText(problem, "ja").says).toBe("チェックサムが一致しません。アドレスをコピーし直してください。");
  });

  it("each method's error rate has the figures of the English one", () => {
    const names = ["fifo", "haircut", "multi-input", "deposit-reuse", "airdrop-reuse", "same-key", "actor-by-name"];
    const ofChange = ruleInfos.map(({ name }) => name).filter(isChangeRule);
    expect(ofChange.length).toBeGreaterThan(0);
    const methods = methodsOf([{ methods: [...names, ...ofChange] }]);
    expect(methods.length).toBe(names.length + ofChange.length);
    for (const method of methods) {
      const text = methodText(method, "ja");
      expectJapanese(text);
      const figures = (of: string): readonly string[] => of.match(/[0-9.]+%/gu) ?? [];
      expect(figures(text)).toEqual(figures(method.error));
    }
  });

  it("each category has a name", () => {
    const alike = new Set(["defi", "vpn", "coinjoin"]);
    const ids = ["theft", ...categories.keys()].filter((id) => !alike.has(id));
    expect(ids.filter((id) => !japanese.test(categoryText(id)[1]))).toEqual([]);
  });
});

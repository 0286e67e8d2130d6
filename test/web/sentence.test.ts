/** What verdicts are put into words as, in both languages; no browser is needed for it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coins, coinsBrief } from "../../web/base/assets.ts";
import { verdictSentence, verdictText } from "../../web/pages/screen/sentence.ts";
import { subjectsIn } from "../../web/pages/screen/subjects.ts";
import { say, type Say } from "../../web/text/text.ts";
import { clear, exposure, flagged, unknown } from "./verdicts.ts";

const speaker = (locale: "en" | "ja") => {
  const t: Say = (text, ...given) => say(locale, text, ...given);
  return { locale, t };
};

describe("verdicts in words", () => {
  const deposit = { ...flagged, subject: { kind: "transaction", text: "0x04", to: null } } as const;

  it("say how much of it is stolen, from where, how far back, by which rule", () => {
    expect(verdictSentence(deposit, speaker("en"))).toBe(
      "12.4% ($18,300) of this deposit comes from the Northwind Exchange theft (2024-06-10), 3 hops back, FIFO. Rule theft-10 v4.",
    );
    expect(verdictSentence(deposit, speaker("ja"))).toBe(
      "この入庫の12.4%（18,300ドル）は3ホップ前のNorthwind Exchange事案（2024年6月10日）に由来（先入先出）。ルールtheft-10第4版。",
    );
  });

  it("say what clear covers, and that later additions are not covered", () => {
    expect(verdictSentence(clear, speaker("en"))).toBe(
      "To block 700: 41 incidents, 3 lists of tags. Later additions are not covered.",
    );
    expect(verdictSentence(clear, speaker("ja"))).toBe(
      "ブロック700まで。事案41件、タグの一覧3件と照合済み。以後の追加分は含みません。",
    );
  });

  it("say what is missing and what to do", () => {
    expect(verdictSentence(unknown, speaker("en"))).toBe(
      "The ledger ends at block 700; this is in block 900. Load to 900, then screen again.",
    );
    expect(verdictSentence(unknown, speaker("ja"))).toBe(
      "台帳はブロック700まで、対象はブロック900。900まで取り込み、再度照合してください。",
    );
  });

  it("never take an unknown value or share for none, nor a trace of one", () => {
    const facts = [{ ...exposure, usd: null, share: null }];
    const said = verdictSentence({ ...deposit, facts }, speaker("en"));
    expect(said).toMatch(/^An unknown share \(value unknown\) of this deposit/u);
    const little = verdictSentence({ ...deposit, facts: [{ ...exposure, share: "0.000001" }] }, speaker("en"));
    expect(little).toMatch(/^<0\.1% /u);
  });

  it("as text hold the whole addresses, the path, what is missing, the block, and that it is simulated", () => {
    const text = verdictText({ ...flagged, missing: unknown.missing }, speaker("en"), true);
    expect(text.split("\n")[0]).toBe("Simulated data: none of it happened.");
    expect(text).toContain(flagged.subject.text);
    for (const { address } of exposure.path) expect(text).toContain(address);
    expect(text).toContain("? No tags are loaded for ethereum. Run fundtrail tags import.");
    expect(text).toContain("As of block 700");
    expect(verdictText({ ...flagged, missing: unknown.missing }, speaker("ja"), true)).toContain(
      "ルール theft-10: 受取額の10%以上が窃取に由来します。",
    );
    expect(verdictText(flagged, speaker("en"), false)).not.toContain("imulated data");
  });
});

describe("what no verdict covers", () => {
  const unplaced = { ...clear, checked: { ...clear.checked, unplaced: ["2020-09-25-kucoin"] } };

  it("is named beside a clear one", () => {
    expect(verdictText(unplaced, speaker("en"), false)).toContain("Thefts that are not followed: 2020-09-25-kucoin");
    expect(verdictText(clear, speaker("en"), false)).not.toContain("not followed");
  });

  it("is what a ledger alone could tell, where tags are all that the rules look at", () => {
    expect(verdictSentence({ ...clear, block: null }, speaker("en"))).toMatch(/^By tags alone, 3 lists of tags: /u);
  });
});

describe("a pasted text", () => {
  it("is a list of what stands first on its lines, each once", () => {
    expect(subjectsIn('\uFEFFaddress,note\r\nbc1qa,one\r\n\r\n "0xB" ; two\nbc1qa\n')).toEqual(["bc1qa", "0xB"]);
    expect(subjectsIn(" 0xabc \n")).toEqual(["0xabc"]);
    expect(subjectsIn("\n \n")).toEqual([]);
  });

  it("never yields what it does not hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        for (const subject of subjectsIn(text)) {
          expect(subject).not.toMatch(/[\s,;"']/u);
          expect(text.replaceAll(/["'\s]/gu, "")).toContain(subject);
        }
      }),
    );
  });
});

describe("amounts", () => {
  const eth = "eip155:1/slip44:60";
  it("are exact, and cut only where it is told", () => {
    expect(coins("435922017529833869622", eth)).toBe("435.922017529833869622");
    expect(coinsBrief("435922017529833869622", eth)).toBe("435.922017…");
    expect(coinsBrief("1260000000000000", eth)).toBe("0.00126");
  });
  it("of an asset whose decimals are not known are base units", () => {
    expect(coins("12", "eip155:1/erc20:0x1111111111111111111111111111111111111111")).toBe("12");
  });
});

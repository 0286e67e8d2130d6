import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeptTexts } from "../../src/http/kept-texts.ts";

describe("texts that are kept", () => {
  it("are what would be made, within their number of characters, the latest asked for", () => {
    const asked = fc.array(fc.nat(12), { maxLength: 60 });
    fc.assert(
      fc.property(asked, fc.integer({ min: 8, max: 200 }), (questions, most) => {
        const kept = new KeptTexts(most);
        // A slow list of the same: the newest at the end.
        let model: { question: string; text: string }[] = [];
        for (const number of questions) {
          const question = `q${number}`;
          const text = "x".repeat(number);
          let isMade = false;
          expect(kept.get(question, () => ((isMade = true), text))).toBe(text);
          expect(isMade).toBe(!model.some((one) => one.question === question));
          if (text.length > most / 8) continue;
          model = [...model.filter((one) => one.question !== question), { question, text }];
          while (model.reduce((sum, one) => sum + one.text.length, 0) > most) model.shift();
        }
      }),
    );
    const kept = new KeptTexts(100);
    expect(() =>
      kept.get("q", () => {
        throw new Error("wrong");
      }),
    ).toThrow("wrong");
    expect(kept.get("q", () => "right")).toBe("right");
  });
});

import { describe, expect, it } from "vitest";
import { absUsd, formatMillions, sumUsd, zeroUsd } from "../../src/base/usd.ts";
import { loadValidRegister } from "../../src/cli/register.ts";
import { isOnRecord } from "../../src/losses/candidates.ts";
import { computeLosses } from "../../src/losses/losses.ts";
import { reconcile, type ReconciledFigure } from "../../src/losses/reconcile.ts";

const register = await loadValidRegister([]);
const options = { confidence: "medium", countryRule: "published" } as const;
const of = (id: string): ReturnType<typeof reconcile> => {
  const set = register.published.get(id);
  if (set === undefined) throw new Error(`no set ${id}`);
  return reconcile(register, set, options);
};
const figure = (figures: readonly ReconciledFigure[], key: string): ReconciledFigure => {
  const found = figures.find(({ published }) => published.key === key);
  if (found === undefined) throw new Error(`no figure ${key}`);
  return found;
};

describe("elliptic-nikkei-2023", () => {
  const result = of("elliptic-nikkei-2023");
  const { figures, selfChecks } = result;

  it("sets each published figure beside the register's own", () => {
    const shown = figures.map(({ published, ours, difference }) =>
      [published.key, formatMillions(published.usd), formatMillions(ours.usd), formatMillions(difference)].join(" "),
    );
    expect(shown).toEqual([
      "world 2,300.0 2,310.3 10.3",
      "JP 721.0 691.0 -30.0",
      "VN 540.0 540.0 0.0",
      "US 497.0 169.0 -328.0",
      "HK 281.0 281.0 0.0",
      "2022 640.0 668.1 28.1",
    ]);
  });

  it("never bends ours: they are the losses of the same selection", () => {
    const losses = computeLosses(register, result.selection, "country");
    for (const key of ["JP", "VN", "US", "HK"]) {
      expect(figure(figures, key).ours.usd).toBe(losses.rows.find((row) => row.key === key)?.usd);
    }
    expect(figure(figures, "world").ours.usd).toBe(losses.total.usd);
  });

  it("names candidates with their ground, and says what nothing explains", () => {
    const named = (key: string): readonly string[] =>
      figure(figures, key)
        .candidates.filter(isOnRecord)
        .map(({ incident, kind }) => `${kind} ${incident.id}`);
    expect(named("JP")).toEqual(["confidence 2019-07-11-bitpoint", "value 2018-09-14-zaif"]);
    expect(named("US")[0]).toBe("country 2018-04-21-gate-io");
    expect(named("2022")).toEqual(["later 2022-11-01-deribit"]);
    expect(figure(figures, "US").unexplained > zeroUsd).toBe(true);
    expect(figure(figures, "JP").unexplained).toBe(zeroUsd);
    // Many combinations reach the United States' figure: the fit of one proves nothing.
    expect((figure(figures, "US").fits ?? 0n) > 100n).toBe(true);
  });

  it("leaves in the gap exactly what the candidates on record do not cover", () => {
    for (const id of register.published.keys()) {
      for (const { agreement, difference, candidates, unexplained } of of(id).figures) {
        const granted = sumUsd(candidates.filter(isOnRecord).map(({ effect }) => absUsd(effect)));
        const gap = agreement === "equal" ? zeroUsd : absUsd(difference);
        expect(unexplained).toBe(granted >= gap ? zeroUsd : gap - granted);
        // A candidate moves ours towards theirs, never away.
        expect(candidates.every(({ effect }) => effect < zeroUsd === difference > zeroUsd)).toBe(true);
      }
    }
  });

  it("holds the published figures against themselves", () => {
    expect(selfChecks.map(({ outcome, text }) => `${outcome}: ${text}`)).toEqual([
      "contradicts: JP: 721.0 of 2,300.0 is 31.3%, not 30.0%; the printed share needs a whole of 2,363.9 to 2,444.1",
      "incomplete: 4 countries make 2,039.0 of 2,300.0; 261.0 is not broken down",
      "contradicts: 2017-01-01 to 2022-12-31 is 6 years; the publisher speaks of 5",
    ]);
  });

  it("names what others published for the same year", () => {
    const others = figure(figures, "2022").elsewhere.map(({ set }) => set.id);
    expect(others).toContain("elliptic-2025");
    expect(others).toContain("chainalysis-2023-02");
  });
});

describe("every published set", () => {
  it.each([...register.published.keys()])("%s has a source for each figure", (id) => {
    const { set, figures } = of(id);
    expect(figures).toHaveLength(set.figures.length);
    for (const { sources } of set.figures) {
      expect(sources.length).toBeGreaterThan(0);
      expect(sources.filter((key) => !set.sources.has(key))).toEqual([]);
    }
  });
});

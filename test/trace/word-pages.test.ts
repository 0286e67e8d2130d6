/** What a trace keeps of what it has read may be thrown away at any time: it is read again, and the same comes out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { traceJson } from "../../src/trace/output/json.ts";
import { policies } from "../../src/trace/policy.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { reachOf } from "../../src/trace/utxo/reach.ts";
import { pageRecords, wordMax, WordPages } from "../../src/trace/utxo/rows/word-pages.ts";
import { traceUtxo } from "../../src/trace/utxo/utxo-trace.ts";
import { UtxoView } from "../../src/trace/utxo/utxo-view.ts";
import { Valuer } from "../../src/trace/worth/valuer.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { withLedger } from "./ledger-of.ts";
import { randomUtxo } from "./random-utxo.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 4);
/** So many that outputs, inputs and transactions each take several pages. */
const blocks = 600;

/** All that traces of some origins say, by every policy; what it cost to read is not a part of it. */
function said(reader: ChainReader, origins: readonly number[], view: UtxoView): readonly string[] {
  const traces = policies.map((policy) => {
    const request = { origins, policy, stops: undefined, limits: noLimits };
    const trace = traceUtxo(reader, request, { view });
    const { cost, ...told } = JSON.parse([...traceJson(trace, new Valuer(new Map(), trace), {})].join("")) as {
      readonly cost: { readonly transactions: number; readonly rows: number };
    };
    return JSON.stringify([
      told,
      cost.transactions,
      cost.rows,
      [...trace.flows()].map((flow) => Object.values(flow).map(String)),
    ]);
  });
  return [...traces, JSON.stringify(reachOf(reader, origins, view, { generationsMax: Infinity }))];
}

describe("pages of words", () => {
  it("keep no more than they may, and begin anew with nothing", () => {
    const kept = new WordPages(pageRecords * 5, 3, 2 * 3 * 4);
    for (const page of [0, 1, 2, 4, 0, 3]) {
      kept.page(page)[1] = page + 1;
      expect(kept.pages[page]?.[1]).toBe(page + 1);
      expect(kept.pages.filter((words) => words !== undefined).length).toBeLessThanOrEqual(2);
    }
    const gone = kept.pages.indexOf(undefined);
    expect([...kept.page(gone)]).toEqual([0, 0, 0]);
  });

  it("say the same by all policies, however few of them are kept and however little a word holds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        fc.constantFrom("none", "mixed"),
        fc.constantFrom(wordMax, 6_000),
        async (seed, unseen, wordsTo) => {
          const { blocks: made, refs } = randomUtxo({ seed, chain: "bitcoin", blocks, unseen, scale: 1_000n });
          const random = randomOf(seed + 1);
          const texts = Array.from({ length: 1 + random(4) }, () => refs[random(refs.length)] ?? "");
          await withLedger(made, 500, (reader) => {
            const origins = findReferences(reader, texts);
            const whole = new UtxoView(reader);
            const expected = said(reader, origins, whole);
            // One page of each kind, and some.
            for (const bytesMax of [0, 13_000]) {
              const view = new UtxoView(reader, { wordsTo, bytesMax });
              expect(said(reader, origins, view)).toEqual(expected);
              // They were thrown away indeed.
              if (whole.pagesRead > 100) expect(view.pagesRead).toBeGreaterThan(whole.pagesRead);
            }
            expect(whole.outputs).toBeGreaterThan(pageRecords * 2);
          });
        },
      ),
      { numRuns: runs },
    );
  }, 120_000);
});

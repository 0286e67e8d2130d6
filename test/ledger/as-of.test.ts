import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Block } from "../../src/chains/block.ts";
import { chainAsOf } from "../../src/ledger/as-of.ts";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { backwardJson } from "../../src/trace/output/backward-json.ts";
import { traceJson } from "../../src/trace/output/json.ts";
import { policiesOf, runBackward, runTrace, type TraceRequest } from "../../src/trace/run.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { Valuer } from "../../src/trace/worth/valuer.ts";
import { withLedger } from "../trace/ledger-of.ts";
import { randomAccounts } from "../trace/random-accounts.ts";
import { randomUtxo } from "../trace/random-utxo.ts";
import { randomOf } from "./random-chain.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 30);

const random = (seed: number): { readonly blocks: readonly Block[]; readonly refs: readonly string[] } =>
  seed % 2 === 0
    ? randomUtxo({ seed, chain: "bitcoin", blocks: 14, unseen: "mixed", scale: 100n })
    : randomAccounts({ seed, blocks: 20, scale: 100n });

/** All that is traced from some references, by every policy and the way back, as it is printed. */
function traced(reader: ChainReader, refs: readonly string[]): readonly string[] {
  const rows = refs.flatMap((ref) => {
    try {
      return findReferences(reader, [ref]);
    } catch {
      return [];
    }
  });
  const request: Omit<TraceRequest, "policy"> = {
    origins: rows,
    stops: undefined,
    limits: noLimits,
    swaps: "on",
    price: () => undefined,
    hubTransfers: undefined,
  };
  const forward = policiesOf(reader).map((policy) => {
    const trace = runTrace(reader, { ...request, policy });
    return [...traceJson(trace, new Valuer(new Map(), trace), {})].join("");
  });
  const backward = rows.slice(-3).map((row) => {
    try {
      const back = runBackward(reader, { ...request, origins: [row], policy: "fifo" });
      return JSON.stringify(backwardJson(back, new Valuer(new Map(), { origins: back.deposits })));
    } catch (thrown) {
      // A transfer to oneself came from nowhere else.
      return String(thrown);
    }
  });
  return [...forward, ...backward];
}

describe("a chain as of a block", () => {
  it("is traced to the same bytes as a ledger that ends there, forward and back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), fc.constantFrom(1, 3, 50), async (seed, batch) => {
        const { blocks, refs } = random(seed);
        const cut = randomOf(seed)(blocks.length);
        const height = blocks[cut]?.height ?? cut;
        const then = await withLedger(blocks.slice(0, cut + 1), batch, (reader) => {
          const { runs: _, cursor: __, ...state } = reader.state;
          return { state, traced: traced(reader, refs) };
        });
        const now = await withLedger(blocks, batch, (reader) => {
          const earlier = chainAsOf(reader, height);
          if (earlier === undefined) throw new Error("the ledger has no such block");
          const { runs: _, cursor: __, ...state } = earlier.state;
          return { state, traced: traced(earlier, refs) };
        });
        expect(now.traced).toEqual(then.traced);
        expect([now.state.tip, now.state.internalUnknown]).toEqual([then.state.tip, then.state.internalUnknown]);
        const { owners: _o, accounts: _a, assets: _s, ...counts } = now.state.counts;
        expect(then.state.counts).toMatchObject(counts);
      }),
      { numRuns: runs },
    );
  });

  it("is not there for a height that the ledger has not", async () => {
    const { blocks } = random(2);
    await withLedger(blocks, 3, (reader) => {
      expect(chainAsOf(reader, blocks.length + 5)).toBeUndefined();
      expect(chainAsOf(reader, -1)).toBeUndefined();
      expect(chainAsOf(reader, blocks.at(-1)?.height ?? 0)).toBe(reader);
    });
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { traceJson } from "../../src/trace/output/json.ts";
import { runTrace, policiesOf } from "../../src/trace/run.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { Valuer } from "../../src/trace/worth/valuer.ts";
import { withLedger } from "./ledger-of.ts";
import { randomAccounts } from "./random-accounts.ts";
import { randomUtxo } from "./random-utxo.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 20);
const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-stores-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("a trace", () => {
  it("has the same bytes whatever the store, the batches and the order of its origins", async () => {
    let store = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), fc.integer({ min: 1, max: 30 }), async (seed, batch) => {
        const { blocks, refs, addresses } =
          seed % 2 === 0
            ? randomUtxo({
                seed,
                chain: "bitcoin",
                blocks: 14,
                unseen: "mixed",
                scale: 2n ** (seed % 3 === 0 ? 40n : 10n),
              })
            : randomAccounts({ seed, blocks: 25, scale: 10n ** 18n });
        const stops = new Set(addresses.slice(0, seed % 4));
        const origins = refs.slice(0, 30).filter((_, at) => at % 7 === 0);
        if (origins.length === 0) return;
        const answers = (reader: ChainReader, list: readonly string[]): readonly string[] =>
          policiesOf(reader).map((policy) => {
            const trace = runTrace(reader, {
              origins: findReferences(reader, list),
              policy,
              stops: (address) => (stops.has(address) ? { entity: "A", category: "exchange" } : undefined),
              limits: { ...noLimits, hopsMax: seed % 5 === 0 ? 3 : undefined },
              swaps: "on",
              price: () => undefined,
              hubTransfers: undefined,
            });
            // What was read to get there depends on how it is kept.
            return [...traceJson(trace, new Valuer(new Map(), trace), {})].join("").replace(/"pages": \d+/u, "");
          });
        const inMemory = await withLedger(blocks, 5, (reader) => answers(reader, origins));
        store += 1;
        const folder = path.join(scratch, String(store));
        const opened = openLmdbStore(folder, { mode: "write" });
        const onDisk = await withLedger(blocks, batch, (reader) => answers(reader, origins.toReversed()), opened);
        rmSync(folder, { recursive: true, force: true });
        expect(onDisk).toEqual(inMemory);
      }),
      { numRuns: runs },
    );
  });
});

/** What came to an address and left it, by dollars: held against the same rows in chain order. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import type { Day } from "../../src/base/day.ts";
import { outputsAnswer, transfersAnswer } from "../../src/http/answers/flows.ts";
import { named } from "../../src/http/answers/addresses.ts";
import { LedgerViews } from "../../src/http/ledger-view.ts";
import type { Price, PriceTable } from "../../src/prices/price-table.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { fundtrail } from "../cli/terminal.ts";
import { bitcoin, makeLedger } from "./fixture.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-flows-"));
const busy = "0x1111111111111111111111111111111111111111";
const other = "0x2222222222222222222222222222222222222222";
const day = "2024-01-01" as Day;
const [native, token] = ["eip155:1/slip44:60", "eip155:1/erc20:0x3333333333333333333333333333333333333333"];
const rows = 12_000;
/** So many of the latest are put in order. */
const sorted = 5_000;

/** One dollar a coin on one day, which makes the order that of amounts; the token has no price. */
const prices: PriceTable = new Map([
  [native, [{ day, kind: "stated", usd: { digits: 1n, scale: 0 }, source: "" } as unknown as Price]],
]);

let views: LedgerViews;
let store: ReturnType<typeof openLmdbStore>;
beforeAll(async () => {
  const lines = ["chain,block,time,tx,index,from,to,asset,amount"];
  for (let row = 0; row < rows; row += 1) {
    const id = `0x${row.toString(16).padStart(64, "0")}`;
    const asset = row % 7 === 0 ? token : native;
    // Scattered, with equals among them, in and out.
    const amount = BigInt(1 + ((row * 7_919) % 5_003)) * 10n ** 16n;
    const [from, to] = row % 3 === 0 ? [busy, other] : [other, busy];
    lines.push(`ethereum,${row},${day}T00:00:00Z,${id},0,${from},${to},${asset},${amount}`);
  }
  const file = path.join(scratch, "rows.csv");
  writeFileSync(file, `${lines.join("\n")}\n`);
  const folder = path.join(scratch, "ledger");
  await fundtrail("ingest", "--ledger", folder, "--chain", "ethereum", "--from", "transfers", file);
  store = openLmdbStore(folder, { mode: "read" });
  views = new LedgerViews(store, folder, new Map());
});
afterAll(async () => {
  views.close();
  await store.close();
  rmSync(scratch, { recursive: true, force: true });
});

type Transfers = ReturnType<typeof transfersAnswer>;

async function all(
  sort: "chain" | "usd",
  address: string,
): Promise<{ rows: Transfers["transfers"]; first: Transfers }> {
  const found: Transfers["transfers"] = [];
  let first: Transfers | undefined;
  for (let next: string | null | undefined; next !== null;) {
    const asked = { sort, limit: 1_000, ...(next === undefined ? {} : { cursor: next }) };
    const page: Transfers = await views.use((view) =>
      transfersAnswer(named(view, { chain: "ethereum", address }), asked, prices),
    );
    first ??= page;
    found.push(...page.transfers);
    next = page.next;
  }
  if (first === undefined) throw new Error("no page");
  return { rows: found, first };
}

describe("an address's transfers by dollars", () => {
  it("are the latest rows, the largest first, those without a price last; and it is said that they are not all", async () => {
    const inOrder = await all("chain", busy);
    expect(inOrder.rows.length).toBe(rows);
    expect(inOrder.first.sorted).toBeNull();
    const { rows: found, first } = await all("usd", busy);
    expect(first.sorted).toEqual({ rows: sorted, isAll: false });
    const latest = inOrder.rows.slice(-sorted).map((row, place) => ({ row, place }));
    const cents = (usd: string | null): number => (usd === null ? -1 : Number(usd));
    const expected = latest
      .toSorted((left, right) => cents(right.row.usd) - cents(left.row.usd) || right.place - left.place)
      .map(({ row }) => row);
    expect(found).toEqual(expected);
    expect(found.filter(({ usd }) => usd === null).length).toBeGreaterThan(500);
  });

  it("are all of them where there are no more than that", async () => {
    const address = "0x4444444444444444444444444444444444444444";
    expect(await all("usd", address)).toMatchObject({ rows: [], first: { sorted: null } });
  });
});

describe("an address's outputs by dollars", () => {
  it("are those in chain order, the largest first", async () => {
    const ledger = await makeLedger();
    const own = openLmdbStore(ledger.folder, { mode: "read" });
    const states = new LedgerViews(own, ledger.folder, new Map());
    try {
      const dollar = { day, kind: "stated", usd: { digits: 1n, scale: 0 }, source: "" } as unknown as Price;
      for (const address of bitcoin.addresses.slice(0, 5)) {
        const ask = async (sort: "chain" | "usd", priced: boolean) =>
          states.use((view) => {
            const { reader } = named(view, { chain: "bitcoin", address });
            const asked = outputsAnswer(named(view, { chain: "bitcoin", address }), { sort, limit: 1_000 }, new Map());
            const days = asked.outputs.map(({ time }) => time?.slice(0, 10) as Day);
            const table: PriceTable = new Map([
              [chain("bitcoin").native, [...new Set(days)].toSorted().map((one) => ({ ...dollar, day: one }))],
            ]);
            expect(reader.model).toBe("utxo");
            return outputsAnswer(
              named(view, { chain: "bitcoin", address }),
              { sort, limit: 1_000 },
              priced ? table : new Map(),
            );
          });
        const [inOrder, byDollars] = [await ask("chain", true), await ask("usd", true)];
        expect(byDollars.sorted).toEqual({ rows: inOrder.outputs.length, isAll: true });
        const usd = byDollars.outputs.map((one) => Number(one.usd));
        expect(usd).toEqual(usd.toSorted((left, right) => right - left));
        const refs = ({ outputs }: typeof inOrder): readonly string[] => outputs.map(({ ref }) => ref).toSorted();
        expect(refs(byDollars)).toEqual(refs(inOrder));
        // Nothing has a price: nothing is worth nothing, and the latest come first.
        const unpriced = await ask("usd", false);
        expect(unpriced.outputs.map(({ usd: one }) => one)).toEqual(unpriced.outputs.map(() => null));
        expect(unpriced.outputs.map(({ ref }) => ref)).toEqual(inOrder.outputs.map(({ ref }) => ref).toReversed());
      }
    } finally {
      states.close();
      await own.close();
      ledger.remove();
    }
  });
});

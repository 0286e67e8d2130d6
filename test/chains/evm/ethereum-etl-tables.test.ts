/** ethereum-etl's tables as made up here: their joining, their faults, and mutations of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import { isFailure } from "../../../src/base/failure.ts";
import type { EvmDecoded } from "../../../src/chains/evm/assemble.ts";
import { decodeExport, etlTable, type EtlTable } from "../../../src/chains/evm/ethereum-etl.ts";
import { chunks, csv } from "./etl-tables.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 2000);
const ethereum = chain("ethereum");
const word = (value: number | bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
const account = (value: number): string => `0x${value.toString(16).padStart(40, "0")}`;
const transferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const noUncles = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

type Row = Readonly<Record<string, string>>;
type Tables = Readonly<Record<"blocks" | "transactions" | "receipts" | "logs" | "traces", readonly Row[]>>;

const blockRow = (number: number): Row => ({
  number: `${number}`,
  hash: word(number),
  parent_hash: word(number - 1),
  timestamp: `${1_600_000_000 + number}`,
  miner: account(9),
  sha3_uncles: noUncles,
  transaction_count: "1",
  withdrawals: "",
});
const transactionRow = (number: number): Row => ({
  hash: word(number + 100_000),
  nonce: "1",
  block_number: `${number}`,
  block_hash: word(number),
  transaction_index: "0",
  from_address: account(1),
  to_address: account(2),
  value: "1000",
  gas: "90000",
  gas_price: "3",
  transaction_type: "0",
});
const receiptRow = (number: number): Row => ({
  transaction_hash: word(number + 100_000),
  block_number: `${number}`,
  transaction_index: "0",
  gas_used: "50000",
  contract_address: "",
  status: "1",
});
const logRow = (number: number): Row => ({
  log_index: "0",
  transaction_hash: word(number + 100_000),
  block_number: `${number}`,
  address: account(5),
  data: word(77),
  topics: [transferTopic, word(1), word(0)].join(","),
});
const traceRows = (number: number): readonly Row[] => {
  const common = { block_number: `${number}`, transaction_hash: word(number + 100_000), transaction_index: "0" };
  const call = { ...common, trace_type: "call", call_type: "call", error: "", status: "1" };
  const move = (from: number, to: number, value: string, address: string): Row => ({
    ...call,
    from_address: account(from),
    to_address: account(to),
    value,
    trace_address: address,
  });
  return [
    move(2, 3, "30", "0"),
    move(1, 2, "1000", ""),
    { ...move(2, 4, "40", "1"), error: "Reverted" },
    move(4, 3, "50", "1,0"),
    { ...move(2, 4, "60", "2"), call_type: "delegatecall" },
  ];
};
const heights = [20_000_001, 20_000_002, 20_000_003];
const tables = (): Tables => ({
  blocks: heights.map(blockRow),
  transactions: heights.map(transactionRow),
  receipts: heights.map(receiptRow),
  logs: heights.map(logRow),
  traces: heights.flatMap(traceRows),
});

async function decode(files: Readonly<Record<keyof Tables, Uint8Array>>): Promise<EvmDecoded[]> {
  const found: EvmDecoded[] = [];
  const table = <Name extends keyof Tables>(name: Name): EtlTable<Name> => etlTable(name, name, chunks(files[name]));
  const open = {
    blocks: table("blocks"),
    transactions: table("transactions"),
    receipts: table("receipts"),
    logs: table("logs"),
    tokenTransfers: undefined,
    traces: table("traces"),
  };
  for await (const decoded of decodeExport(ethereum, open)) found.push(decoded);
  return found;
}
const written = (all: Tables): Readonly<Record<keyof Tables, Buffer>> => ({
  blocks: csv(all.blocks),
  transactions: csv(all.transactions),
  receipts: csv(all.receipts),
  logs: csv(all.logs),
  traces: csv(all.traces),
});
const kinds = (decoded: readonly EvmDecoded[]): unknown[] =>
  decoded[0]?.block.transfers.map(({ kind, from, to, amount }) => [kind, from, to, amount]) ?? [];

describe("an export's tables", () => {
  it("are joined in the order of the ledger", async () => {
    const found = await decode(written(tables()));
    expect(found.map(({ block }) => block.height)).toEqual(heights);
    expect(found[0]?.block).toMatchObject({ hash: word(20_000_001), internalTransfers: "known" });
    expect(kinds(found)).toEqual([
      ["fee", account(1), undefined, 150_000n],
      ["native", account(1), account(2), 1000n],
      ["internal", account(2), account(3), 30n],
      ["token", account(1), undefined, 77n],
    ]);
  });
  it("may have their rows in any order", async () => {
    const { blocks, transactions, receipts, logs, traces } = tables();
    const reversed = {
      blocks: blocks.toReversed(),
      transactions: transactions.toReversed(),
      receipts: receipts.toReversed(),
      logs: logs.toReversed(),
      traces: traces.toReversed(),
    };
    expect(await decode(written(reversed))).toEqual(await decode(written(tables())));
  });
  it("of a failed transaction move its fee only", async () => {
    const all = tables();
    const failed = await decode(
      written({
        ...all,
        receipts: all.receipts.map((row) => ({ ...row, status: "0" })),
        logs: all.logs.map((row) => ({ ...row, topics: word(1) })),
        traces: all.traces.map((row) => (row["trace_address"] === "" ? { ...row, error: "Reverted" } : row)),
      }),
    );
    expect(kinds(failed)).toEqual([["fee", account(1), undefined, 150_000n]]);
    expect(failed[0]?.block.transactions[0]?.failed).toBe(true);
  });
  const change = (name: keyof Tables, edit: (rows: readonly Row[]) => readonly Row[]): Tables => ({
    ...tables(),
    [name]: edit(tables()[name]),
  });
  const first = (values: Row) => (rows: readonly Row[]) =>
    rows.map((row, at) => (at === 0 ? { ...row, ...values } : row));
  it.each<readonly [string, Tables]>([
    ["a block twice", change("blocks", (rows) => [...rows, ...rows.slice(0, 1)])],
    ["transactions of no block", change("blocks", (rows) => rows.slice(1))],
    ["a receipt too few", change("receipts", (rows) => rows.slice(1))],
    ["a transaction too few", change("transactions", (rows) => rows.slice(1))],
    ["a trace too few", change("traces", (rows) => rows.slice(1))],
    ["traces of no transaction", change("traces", (rows) => rows.slice(5))],
    ["a log of no transaction", change("logs", first({ transaction_hash: word(7) }))],
    ["a receipt of another transaction", change("receipts", first({ transaction_hash: word(7) }))],
    ["a transaction of another block", change("transactions", first({ block_hash: word(7) }))],
    ["a status of 2", change("receipts", first({ status: "2" }))],
    ["a receipt and a trace that disagree", change("receipts", first({ status: "0" }))],
    ["a negative value", change("transactions", first({ value: "-1" }))],
    ["a value in floating point", change("transactions", first({ value: "1e18" }))],
    ["a value over 256 bits", change("transactions", first({ value: (2n ** 256n).toString() }))],
    ["an address that is none", change("transactions", first({ to_address: "0x12" }))],
    ["an unknown trace type", change("traces", first({ trace_type: "magic" }))],
    ["an unknown call type", change("traces", first({ call_type: "magic" }))],
    ["withdrawals that are no JSON", change("blocks", first({ withdrawals: "{" }))],
    ["no gas used", change("receipts", first({ gas_used: "" }))],
    ["a blob transaction without blob gas", change("transactions", first({ transaction_type: "3" }))],
  ])("are refused with %s", async (_, all) => {
    await expect(decode(written(all))).rejects.toMatchObject({ code: "SOURCE_INVALID" });
  });
  it("are refused out of order by more than the window, and without a column", async () => {
    const far = change("blocks", (rows) => [...rows, blockRow(20_002_000), blockRow(19_999_000)]);
    await expect(decode(written(far))).rejects.toThrow("comes after block");
    const files = { ...written(tables()), receipts: Buffer.from("transaction_hash\n") };
    await expect(decode(files)).rejects.toThrow("it has no column block_number");
  });
  it("mutated or cut off, are decoded or refused by name", async () => {
    const files = written(tables());
    const name = fc.constantFrom(
      "blocks" as const,
      "transactions" as const,
      "receipts" as const,
      "logs" as const,
      "traces" as const,
    );
    const mutation = fc.record({ name, at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), cut: fc.nat({ max: 7 }) });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ name: table, at, byte, cut }) => {
        const bytes = Buffer.from(files[table]);
        bytes[at % bytes.length] = byte;
        const mutated = { ...files, [table]: cut === 0 ? bytes.subarray(0, at % bytes.length) : bytes };
        try {
          for (const { block } of await decode(mutated)) {
            expect(block.transfers.every(({ amount }) => amount >= 0n && amount >> 256n === 0n)).toBe(true);
          }
        } catch (error) {
          if (!isFailure(error, "SOURCE_INVALID")) throw error;
        }
      }),
      { numRuns: runs },
    );
  });
});

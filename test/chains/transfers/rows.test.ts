import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import { isFailure } from "../../../src/base/failure.ts";
import type { AccountBlock } from "../../../src/chains/block.ts";
import {
  parseTransfers,
  TransfersReader,
  type TransfersOptions,
  type TransfersStep,
} from "../../../src/chains/transfers/rows.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 2000);
const header = "chain,block,time,tx,index,from,to,asset,amount";
const plain: TransfersOptions = { source: "f.csv", addresses: "as-written", resume: undefined };

function steps(bytes: Uint8Array, size = 7, options = plain, alias = "ripple"): TransfersStep[] {
  const reader = new TransfersReader(chain(alias), options);
  const found: TransfersStep[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...reader.push(bytes.subarray(at, at + size)));
  return [...found, ...reader.finish()];
}
const blocks = (text: string, alias = "ripple", options = plain): AccountBlock[] =>
  steps(Buffer.from(text), 7, options, alias).map(({ block }) => block);
const rows = (...lines: readonly string[]): string => [header, ...lines, ""].join("\n");
const message = (text: string, alias = "ripple", options = plain): string => {
  try {
    blocks(text, alias, options);
  } catch (error) {
    if (isFailure(error, "SOURCE_INVALID")) return error.message;
    throw error;
  }
  return "";
};
const good = "ripple,5,1600000000,T1,0,a,b,XRP,10";

describe("transfers files", () => {
  it("become blocks", () => {
    const text = rows(good, "ripple,5,2020-09-13T12:26:40Z,T2,1,a,,XRP,1", "xrpl:0,5,1600000000,T1,1,,c,USD,3");
    expect(blocks(text)).toEqual([
      {
        model: "account",
        chain: "xrpl:0",
        hash: undefined,
        parent: undefined,
        height: 5,
        time: 1_600_000_000,
        internalTransfers: "known",
        transactions: [
          { id: "T1", index: 0, failed: false },
          { id: "T2", index: 1, failed: false },
        ],
        transfers: [
          { transaction: 0, position: 0, kind: "native", asset: "xrpl:0/slip44:144", from: "a", to: "b", amount: 10n },
          {
            transaction: 1,
            position: 1,
            kind: "fee",
            asset: "xrpl:0/slip44:144",
            from: "a",
            to: undefined,
            amount: 1n,
          },
          {
            transaction: 0,
            position: 1,
            kind: "token",
            asset: "xrpl:0/symbol:USD",
            from: undefined,
            to: "c",
            amount: 3n,
          },
        ],
      },
    ]);
  });
  it("in any column order, with CRLF, a byte order mark, blank lines, quotes and no last line break", () => {
    const text =
      '\ufeffamount,asset,to,from,index,tx,time,block,chain\r\n\r\n"10",XRP,"b",a,0,T1,1600000000,5,"ripple"\r\n7,"a ""b"", c",b,a,0,T1,1600000000,5,ripple';
    const [block] = blocks(text);
    expect(block?.transfers.map(({ asset, amount }) => [asset, amount])).toEqual([
      ["xrpl:0/slip44:144", 10n],
      ["xrpl:0/symbol:a%20%22b%22%2C%20c", 7n],
    ]);
  });
  it("as JSON lines, with null for nothing and integers as numbers", () => {
    const text = `{"chain":"ripple","block":5,"time":1600000000,"tx":"T1","index":0,"from":null,"to":"b","asset":"XRP","amount":"10"}\n`;
    expect(blocks(text)[0]?.transfers).toMatchObject([{ from: undefined, to: "b", amount: 10n }]);
  });
  it("in lower case on an EVM chain, and canonical where addresses are checked", () => {
    const address = "0xdAC17F958D2ee523a2206206994597C13D831ec7";
    const text = rows(
      `ethereum,5,1600000000,0x${"AB".repeat(32)},0,${address},${address.toUpperCase().replace("0X", "0x")},ETH,1`,
    );
    for (const addresses of ["checked", "as-written"] as const) {
      const [block] = blocks(text, "ethereum", { ...plain, addresses });
      expect(block?.transactions[0]?.id).toBe(`0x${"ab".repeat(32)}`);
      expect(block?.transfers[0]).toMatchObject({ from: address.toLowerCase(), to: address.toLowerCase() });
    }
    expect(message(rows(good), "ripple", { ...plain, addresses: "checked" })).toContain("line 2, column tx");
  });
  it("with the asset of its own chain only", () => {
    const asset = (alias: string, name: string): string | undefined =>
      blocks(rows(`${alias},5,1600000000,T1,0,a,b,${name},10`), alias)[0]?.transfers[0]?.asset;
    expect(asset("tron", "USDT")).toBe("tron:728126428/symbol:USDT");
    expect(asset("ethereum", "USDT")).toBe("eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7");
    expect(asset("arbitrum", "ETH")).toBe("eip155:42161/slip44:60");
    expect(asset("tron", "tron:0x2b6653dc/slip44:195")).toBe("tron:728126428/slip44:195");
    expect(() => asset("tron", "eip155:1/slip44:60")).toThrow("an asset of another chain");
    expect(() => asset("ethereum", "0xdac17f958d2ee523a2206206994597c13d831ec7")).toThrow("eip155:1/erc20:0xdac17");
  });
  it("keep 256 bits", () => {
    const max = 2n ** 256n - 1n;
    expect(blocks(rows(`ripple,5,1600000000,T1,0,a,b,XRP,${max}`))[0]?.transfers[0]?.amount).toBe(max);
    expect(message(rows(`ripple,5,1600000000,T1,0,a,b,XRP,${max + 1n}`))).toContain("2^256");
  });
});

describe("transfers files are refused", () => {
  it.each([
    ["", "empty"],
    ["a,b\n", "the header has no column chain"],
    [`${header},amount\n`, "more than 9"],
    [header.replace("tx", "to"), "no column tx"],
    [rows(good.replace("ripple", "tron")), 'line 2, column chain: "tron": it is not ripple'],
    [rows(good, good.replace("5", "4")), 'line 3, column block: "4": block 4 comes after block 5'],
    [rows(good.replace("T1,0", "T1,3"), good), 'column index: "0": index 0 comes after index 3'],
    [rows(good, good.replace("1600000000", "1600000001")), "column time"],
    [rows(good.replace("1600000000", "1600000000000")), "too large for unix seconds"],
    [rows(good.replace("1600000000", "2020-02-30T00:00:00Z")), "no instant of the calendar"],
    [rows(good.replace("1600000000", "2020-02-03T00:00:00")), "not an instant in UTC"],
    [rows(good.replace("a,b", ",")), "both empty"],
    [rows(good.replace("T1", "")), "column tx"],
    [rows(good.replace("10", "")), "column amount"],
    [rows(good.replace("10", "-1")), "column amount"],
    [rows(good.replace("10", "1.0")), "column amount"],
    [rows(good.replace("10", "1e3")), "column amount"],
    [rows(good.replace("10", " 1")), "column amount"],
    [rows(good.replace("a,b", "a a,b")), "blanks"],
    [rows(good.replace("a,b", "ä,b")), "outside ASCII"],
    [rows(good.replace(",10", "")), "8 fields"],
    [rows(`${good},1`), "more than 9 fields"],
    [rows(good.replace("T1", 'T"1')), "quote within a field"],
    [rows(good.replace("T1", '"T1"x')), "after a closing quote"],
    [rows(good.replace("T1", '"T1')), "not closed"],
    [rows(good.replace("T1", "T\u00011")), "control character"],
    [rows(good.replace("T1", "T\r1")), "carriage return"],
    [`{"chain":"ripple"}\n`, "no key block"],
    [`{"chan":"ripple"}\n`, "unknown key"],
    [`{"chain":\n`, "not a line of JSON"],
    [`{"amount":9007199254740993}\n`, "neither a text nor an integer"],
    [rows(good.replace("T1", "x".repeat(70_000))), "longer than"],
  ])("%#", (text, why) => expect(message(text)).toContain(why));
  it("for a chain of outputs", () => {
    expect(() => new TransfersReader(chain("bitcoin"), plain)).toThrow("outputs and spends");
  });
});

// An independent writer and the model it writes.
const address = fc.stringMatching(/^[a-zA-Z0-9:._-]{1,40}$/u);
const transfer = fc.record({
  step: fc.integer({ min: 0, max: 2 }),
  tx: fc.constantFrom("t1", "t2", "t3"),
  from: fc.option(address),
  to: fc.option(address),
  asset: fc.constantFrom("XRP", "USD", 'q"x', "a,b", "line\u2192"),
  amount: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  quoted: fc.integer({ min: 0, max: 511 }),
});
const file = fc.record({
  list: fc.array(transfer, { minLength: 1, maxLength: 30 }),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }),
  eol: fc.constantFrom("\n", "\r\n"),
  json: fc.boolean(),
  size: fc.integer({ min: 1, max: 300 }),
});
type File = typeof file extends fc.Arbitrary<infer Value> ? Value : never;

function write({ list, order, eol, json }: File): { readonly text: string; readonly expected: unknown[] } {
  let [block, index] = [1, 0];
  const names = header.split(",");
  const expected: unknown[] = [];
  const lines = list.map(({ step, tx, from, to, asset, amount, quoted }) => {
    if (step === 2) [block, index] = [block + 3, 0];
    else index += step;
    const payer = from === null && to === null ? "x" : from;
    const fields = ["ripple", block, 1_600_000_000 + block, tx, index, payer ?? "", to ?? "", asset, amount].map(
      String,
    );
    expected.push([block, 1_600_000_000 + block, tx, index, payer ?? undefined, to ?? undefined, amount]);
    if (json) return JSON.stringify(Object.fromEntries(order.map((at) => [names[at], fields[at]])));
    return order
      .map((at) => {
        const field = fields[at] ?? "";
        return /[",]/u.test(field) || (quoted & (1 << at)) !== 0 ? `"${field.replaceAll('"', '""')}"` : field;
      })
      .join(",");
  });
  const head = json ? [] : [order.map((at) => names[at]).join(",")];
  return { text: [...head, ...lines, ""].join(eol), expected };
}
const flat = (found: readonly AccountBlock[]): unknown[] =>
  found.flatMap((block) =>
    block.transfers.map(({ transaction, position, from, to, amount }) => [
      block.height,
      block.time,
      block.transactions[transaction]?.id,
      position,
      from,
      to,
      amount,
    ]),
  );

describe("any transfers file", () => {
  it("comes back as it was written, whatever the chunks", () => {
    fc.assert(
      fc.property(file, (value) => {
        const { text, expected } = write(value);
        expect(flat(steps(Buffer.from(text), value.size).map(({ block }) => block))).toEqual(expected);
      }),
      { numRuns: Math.min(runs, 20_000) },
    );
  });
  it("can be left after any block and gone on with", () => {
    fc.assert(
      fc.property(file, fc.nat(), (value, pick) => {
        const bytes = Buffer.from(write(value).text);
        const whole = steps(bytes, value.size);
        const { mark } = whole[pick % whole.length] as TransfersStep;
        const rest = bytes.subarray(mark.offset);
        const after = rest.length === 0 ? [] : steps(rest, value.size, { ...plain, resume: mark });
        const due = whole.slice((pick % whole.length) + 1);
        expect(after).toEqual(due);
      }),
      { numRuns: Math.min(runs, 20_000) },
    );
  });
  it("mutated or cut off, is read or refused by name, in any chunks alike", () => {
    const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), cut: fc.nat({ max: 5 }) });
    fc.assert(
      fc.property(file, fc.array(change, { minLength: 1, maxLength: 3 }), (value, changes) => {
        let bytes = Buffer.from(write(value).text);
        for (const { at, byte, cut } of changes) {
          if (cut === 0) bytes = bytes.subarray(0, at % (bytes.length + 1));
          else if (bytes.length > 0) bytes[at % bytes.length] = byte;
        }
        const attempt = (size: number): unknown => {
          try {
            return flat(steps(bytes, size).map(({ block }) => block));
          } catch (error) {
            if (isFailure(error, "SOURCE_INVALID")) return error.message;
            throw error;
          }
        };
        const first = attempt(value.size);
        expect(attempt(65_536)).toEqual(first);
        if (Array.isArray(first)) {
          for (const row of first as unknown[][]) {
            expect(row[0] as number).toBeGreaterThanOrEqual(0);
            expect((row[6] as bigint) >> 256n).toBe(0n);
          }
        }
      }),
      { numRuns: runs },
    );
  });
  it("streams", async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(rows(good));
      await Promise.resolve();
      yield Buffer.from(good.replace("5", "6"));
    }
    const heights: number[] = [];
    for await (const { block } of parseTransfers(chunks(), chain("ripple"), plain)) heights.push(block.height);
    expect(heights).toEqual([5, 6]);
  });
});

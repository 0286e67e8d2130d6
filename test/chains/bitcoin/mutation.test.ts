/** Broken bytes: a Failure or the same transactions, never anything else. `FUZZ_RUNS` raises the number of runs. */
import { readFileSync } from "node:fs";
import { array, assert, constantFrom, nat, oneof, property, record, uint8Array, type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import { isFailure } from "../../../src/base/failure.ts";
import type { UtxoBlock } from "../../../src/chains/block.ts";
import { findBlocks } from "../../../src/chains/bitcoin/blk-file.ts";
import { decodeBlock } from "../../../src/chains/bitcoin/block.ts";
import { decodeEtlBlock, sortEtlLine } from "../../../src/chains/bitcoin/etl.ts";
import { findUndos } from "../../../src/chains/bitcoin/rev-file.ts";
import { decodeRpcBlock } from "../../../src/chains/bitcoin/rpc.ts";
import { classifyScript, ownerColumns } from "../../../src/chains/bitcoin/script.ts";
import { decodeUndo } from "../../../src/chains/bitcoin/undo.ts";
import { sharedData } from "../../shared-data.ts";
import { blockOf, coinbase, fromHex, full, hash160, scripts, spending, whole } from "./serialize.ts";

const numRuns = Number(process.env["FUZZ_RUNS"] ?? 2000);
/** Generous: what is meant is that nothing hangs. */
const msPerRunMax = 1000;

const script = scripts.p2pkh(hash160(Buffer.of(1)));
const outputs = [
  script,
  scripts.witness(0, hash160(Buffer.of(2))),
  scripts.data(Buffer.from("data")),
  fromHex("ef"),
].map((one, index) => ({ value: BigInt(index * 1000), script: one }));
const plain = [coinbase(outputs), spending(3, outputs), spending(2, outputs, [Buffer.alloc(70, 3)])];
const hogEx = { ...spending(1, outputs), hogEx: true };
const mweb = Buffer.concat([Buffer.of(1, 5), Buffer.alloc(160), Buffer.of(1, 1, 0, 0, 0)]);
const auxPow = Buffer.concat([
  full(coinbase(outputs)),
  Buffer.alloc(32),
  Buffer.of(0),
  Buffer.alloc(4),
  Buffer.of(0),
  Buffer.alloc(84),
]);

const real = sharedData("bitcoin/block482683.raw");
const seeds: readonly (readonly [alias: string, bytes: Buffer])[] = [
  ["bitcoin", blockOf(plain.map(whole))],
  ["bitcoin-cash", blockOf(plain.slice(0, 2).map(whole))],
  ["litecoin", blockOf([...plain, hogEx].map(whole), { after: mweb })],
  ["dogecoin", blockOf(plain.slice(0, 2).map(whole), { header: { version: 0x0062_0102 }, beforeCount: auxPow })],
  ...(real === undefined ? [] : [["bitcoin", readFileSync(real)] as const]),
];

type Change = { readonly how: string; readonly place: number; readonly length: number; readonly fresh: Uint8Array };
const change: Arbitrary<Change> = record({
  how: constantFrom("replace", "insert", "remove", "flip", "repeat", "cut", "huge"),
  place: nat(),
  length: oneof(nat(4), nat(300)),
  fresh: uint8Array({ minLength: 1, maxLength: 12 }),
});

function apply(bytes: Buffer, { how, place, length, fresh }: Change): Buffer {
  const at = bytes.length === 0 ? 0 : place % bytes.length;
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  const rest = (skipped: number): Buffer => tail.subarray(Math.min(skipped, tail.length));
  switch (how) {
    case "replace":
      return Buffer.concat([head, fresh, rest(fresh.length)]);
    case "insert":
      return Buffer.concat([head, fresh, tail]);
    case "remove":
      return Buffer.concat([head, rest(length)]);
    case "repeat":
      return Buffer.concat([head, tail.subarray(0, length), tail]);
    case "cut":
      return head;
    case "huge":
      return Buffer.concat([head, fromHex(["fdffff", "feffffffff", "ffffffffffffffffff"][length % 3] ?? ""), rest(1)]);
    default:
      return Buffer.concat([head, Buffer.of((tail[0] ?? 0) ^ (1 << (length % 8))), rest(1)]);
  }
}

/** Runs; a Failure is undefined. */
function attempt<Result>(run: () => Result): Result | undefined {
  const start = performance.now();
  try {
    return run();
  } catch (error) {
    if (isFailure(error, "SOURCE_INVALID") || isFailure(error, "INVALID_VALUE")) return undefined;
    throw error;
  } finally {
    expect(performance.now() - start).toBeLessThan(msPerRunMax);
  }
}

/** What the Merkle root commits to. */
const committed = ({
  txids,
  inputStart,
  outputStart,
  spentTxids,
  spentIndexes,
  values,
  owners,
}: UtxoBlock): unknown => ({
  txids,
  inputStart,
  outputStart,
  spentTxids,
  spentIndexes,
  values,
  owners,
});

describe("changed bytes", { timeout: 600_000 }, () => {
  test.each(seeds.map(([alias, bytes], index) => [`${index}: ${alias}`, alias, bytes] as const))(
    "block %s",
    (_name, alias, bytes) => {
      const original = committed(decodeBlock(chain(alias), bytes));
      const runs = Math.ceil(numRuns / seeds.length);
      let refused = 0;
      assert(
        property(array(change, { minLength: 1, maxLength: 3 }), (changes) => {
          const changed = changes.reduce(apply, bytes);
          const decoded = attempt(() => decodeBlock(chain(alias), changed));
          if (decoded === undefined) refused += 1;
          else expect(committed(decoded)).toEqual(original);
        }),
        { numRuns: runs },
      );
      expect(refused).toBeGreaterThan(runs / 3);
    },
  );

  test("undo data", () => {
    const block = decodeBlock(chain("bitcoin"), blockOf(plain.map(whole)));
    const spent = fromHex(
      `02 03 ${`0200 09 00 ${"11".repeat(20)}`.repeat(3)} 02 ${`0a00 32 02 ${"22".repeat(32)}`.repeat(2)}`,
    );
    expect([...decodeUndo(spent, block).values].slice(0, 5)).toEqual([
      0n,
      100_000_000n,
      100_000_000n,
      100_000_000n,
      5_000_000_000n,
    ]);
    assert(
      property(array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const decoded = attempt(() => decodeUndo(changes.reduce(apply, spent), block));
        if (decoded !== undefined) expect(decoded.values.every((value) => value <= 2_100_000_000_000_000n)).toBe(true);
      }),
      { numRuns },
    );
  });

  test("any bytes at all, as a block, as a script, as undo data", () => {
    const block = decodeBlock(chain("bitcoin"), blockOf(plain.map(whole)));
    assert(
      property(
        uint8Array({ maxLength: 400 }),
        constantFrom("bitcoin", "litecoin", "dogecoin", "zcash"),
        (bytes, alias) => {
          expect(attempt(() => decodeBlock(chain(alias), bytes))).toBeUndefined();
          attempt(() => decodeUndo(bytes, block));
          classifyScript(bytes, 0, bytes.length, ownerColumns(1));
        },
      ),
      { numRuns },
    );
  });

  test("files: records lie within the range, in order, and the scan goes on", () => {
    const file = Buffer.concat(seeds.map(([, bytes]) => Buffer.concat([fromHex("f9beb4d9"), lengthOf(bytes), bytes])));
    assert(
      property(
        array(change, { minLength: 1, maxLength: 4 }),
        constantFrom(findBlocks, findUndos),
        constantFrom(true, false),
        (changes, find, last) => {
          const bytes = changes.reduce(apply, file);
          const { records, next } = find(chain("bitcoin"), { bytes, offset: 7, last });
          let at = 0;
          for (const { start, end } of records) {
            expect(start).toBeGreaterThanOrEqual(at + 8);
            at = end;
          }
          expect(next).toBeGreaterThanOrEqual(at);
          expect(next).toBeLessThanOrEqual(bytes.length);
          if (last) expect(next).toBe(bytes.length);
        },
      ),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  });

  test("text forms", () => {
    const folder = "bitcoin/bitcoin-etl/tests/resources/test_export_blocks_job/bitcoin/block_with_transactions";
    const hash = "000000001c920d495e1eeef2452b6d1c6c229a919b28196c103ecffebabee141";
    const [answer, block, transactions] = [
      `rpc_response_getblock_${hash}_2.json`,
      "expected_blocks.json",
      "expected_transactions.json",
    ].map((file) => sharedData(`${folder}/${file}`));
    if (answer === undefined || block === undefined || transactions === undefined) return;
    const text = readFileSync(answer);
    const [line = ""] = readFileSync(block, "utf8").split("\n");
    const rows = readFileSync(transactions, "utf8").trim().split("\n").slice(0, 3);
    assert(
      property(array(change, { minLength: 1, maxLength: 3 }), nat(3), (changes, which) => {
        attempt(() =>
          decodeRpcBlock(chain("bitcoin"), { block: changes.reduce(apply, text).toString(), transactions: [] }),
        );
        const [head = "", ...changed] = [line, ...rows].map((one, index) =>
          index === which ? changes.reduce(apply, Buffer.from(one)).toString() : one,
        );
        attempt(() =>
          decodeEtlBlock(chain("bitcoin"), { block: head, transactions: changed, parent: new Uint8Array(32) }),
        );
        attempt(() => sortEtlLine(head));
      }),
      { numRuns },
    );
  });
});

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return length;
}

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import { findBlocks } from "../../../src/chains/bitcoin/blk-file.ts";
import { unmask, type FileFinding } from "../../../src/chains/bitcoin/record-file.ts";
import { findUndos, undoBelongsTo } from "../../../src/chains/bitcoin/rev-file.ts";
import { sharedData } from "../../shared-data.ts";
import { fromHex, hash256, uint32 } from "./serialize.ts";

const magic = fromHex("f9beb4d9");
const record = (body: Buffer): Buffer => Buffer.concat([magic, uint32(body.length), body]);
const bodies = [80, 81, 300, 100].map((length, index) => Buffer.alloc(length, index + 1));
const found = (
  bytes: Buffer,
  alias = "bitcoin",
): { readonly bodies: readonly Buffer[]; readonly findings: readonly FileFinding[] } => {
  const { records, findings } = findBlocks(chain(alias), { bytes, offset: 1000, last: true });
  return { bodies: records.map(({ start, end }) => bytes.subarray(start, end)), findings };
};
const all = Buffer.concat(bodies.map(record));

describe("blk files", () => {
  test("records, and room taken in advance", () => {
    expect(found(all)).toEqual({ bodies, findings: [] });
    expect(found(Buffer.concat([all, Buffer.alloc(5000)]))).toEqual({ bodies, findings: [] });
    expect(found(Buffer.alloc(0))).toEqual({ bodies: [], findings: [] });
  });

  test("garbage between records, at the beginning and at the end", () => {
    const rubbish = fromHex("0102 f9be f9beb4d9 01000000 00");
    const bytes = Buffer.concat([rubbish, all.subarray(0, 88), rubbish, all.subarray(88), rubbish]);
    expect(found(bytes)).toEqual({
      bodies,
      findings: [
        { kind: "garbage", offset: 1000, length: 13 },
        { kind: "garbage", offset: 1000 + 13 + 88, length: 13 },
        { kind: "garbage", offset: 1000 + 26 + all.length, length: 13 },
      ],
    });
  });

  test("zeros between records are garbage too", () => {
    const bytes = Buffer.concat([all.subarray(0, 88), Buffer.alloc(9), all.subarray(88)]);
    expect(found(bytes)).toEqual({ bodies, findings: [{ kind: "garbage", offset: 1088, length: 9 }] });
  });

  test("a cut-off last record", () => {
    expect(found(all.subarray(0, -3))).toEqual({
      bodies: bodies.slice(0, -1),
      findings: [{ kind: "truncated", offset: 1000 + all.length - 108, length: 3 }],
    });
  });

  test("a magic number within a block is not looked at", () => {
    const inner = Buffer.concat([Buffer.alloc(80), record(Buffer.alloc(90))]);
    expect(found(record(inner))).toEqual({ bodies: [inner], findings: [] });
  });

  test("another chain's file holds nothing", () => {
    expect(found(all, "litecoin")).toEqual({
      bodies: [],
      findings: [{ kind: "garbage", offset: 1000, length: all.length }],
    });
  });

  test("in ranges of any size as in one", () => {
    const bytes = Buffer.concat([fromHex("aabb"), all, Buffer.alloc(50)]);
    for (const size of [310, 320, 333, 400, 500]) {
      const seen: Buffer[] = [];
      let [at, end] = [0, 0];
      while (end < bytes.length) {
        end = Math.min(at + size, bytes.length);
        const range = { bytes: bytes.subarray(at, end), offset: at, last: end === bytes.length };
        const { records, next } = findBlocks(chain("bitcoin"), range);
        seen.push(...records.map((one) => range.bytes.subarray(one.start, one.end)));
        at += next;
      }
      expect(seen).toEqual(bodies);
    }
  });

  test("masked files: the key goes by the position in the file", () => {
    const key = fromHex("0123456789abcdef");
    const masked = Buffer.from(all.map((byte, index) => byte ^ (key[index % 8] ?? 0)));
    expect(found(masked).bodies).toEqual([]);
    expect(unmask(Buffer.from(masked), key, 0)).toEqual(all);
    expect(unmask(Buffer.from(masked.subarray(13)), key, 13)).toEqual(all.subarray(13));
    expect(unmask(Buffer.from(all), Buffer.alloc(8), 5)).toEqual(all);
    expect(unmask(Buffer.from(all), Buffer.alloc(0), 5)).toEqual(all);
  });

  test("the real blk00000.dat, masked and in ranges", () => {
    const file = sharedData("bitcoin/blk00000.dat");
    if (file === undefined) return;
    const plain = readFileSync(file);
    const key = fromHex("a1b2c3d4e5f60718");
    const masked = Buffer.from(plain.map((byte, index) => byte ^ (key[index % 8] ?? 0)));
    let [at, count] = [0, 0];
    while (at < masked.length) {
      const bytes = unmask(Buffer.from(masked.subarray(at, at + 65_536)), key, at);
      const { records, findings, next } = findBlocks(chain("bitcoin"), {
        bytes,
        offset: at,
        last: at + bytes.length === masked.length,
      });
      expect(findings).toEqual([]);
      count += records.length;
      at += next;
    }
    expect(count).toBe(4313);
  });
});

describe("rev files", () => {
  const parents = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)] as const;
  const undos = [Buffer.of(0), Buffer.alloc(500, 9)] as const;
  const bytes = Buffer.concat([
    ...parents.flatMap((parent, index) => {
      const undo = undos[index] ?? Buffer.alloc(0);
      return [record(undo), hash256(Buffer.concat([parent, undo]))];
    }),
    Buffer.alloc(100),
  ]);

  test("records and their checksums", () => {
    const { records, findings } = findUndos(chain("bitcoin"), { bytes, offset: 0, last: true });
    expect(records.map(({ start, end }) => bytes.subarray(start, end))).toEqual(undos);
    expect(findings).toEqual([]);
    const belongs = records.map((one) => parents.map((parent) => undoBelongsTo(bytes, one, parent)));
    expect(belongs).toEqual([
      [true, false],
      [false, true],
    ]);
    const [, second] = records;
    const broken = Buffer.from(bytes);
    broken[(second?.start ?? 0) + 100] = 8;
    expect(second !== undefined && undoBelongsTo(broken, second, parents[1])).toBe(false);
  });

  test("a cut-off checksum", () => {
    const cut = bytes.subarray(0, 8 + 1 + 31);
    expect(findUndos(chain("bitcoin"), { bytes: cut, offset: 0, last: true })).toEqual({
      records: [],
      findings: [{ kind: "truncated", offset: 0, length: 1 }],
      next: cut.length,
    });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader, ByteWriter } from "./bytes.ts";

describe("bytes", () => {
  const piece = fc.oneof(
    fc.record({ kind: fc.constant("varint" as const), value: fc.maxSafeNat() }),
    fc.record({ kind: fc.constant("integer" as const), value: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }) }),
    fc.record({ kind: fc.constant("bytes" as const), value: fc.uint8Array({ maxLength: 40 }) }),
  );

  it("come back as they were written", () =>
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        const writer = new ByteWriter(1);
        const lengths: number[] = [];
        for (const { kind, value } of pieces) {
          if (kind === "varint") writer.varint(value);
          else if (kind === "integer") lengths.push(writer.integer(value));
          else writer.bytes(value);
        }
        const reader = new ByteReader(writer.toBytes());
        for (const { kind, value } of pieces) {
          if (kind === "varint") expect(reader.varint()).toBe(value);
          else if (kind === "integer") expect(integerOf(reader.bytes(lengths.shift() ?? 0))).toBe(value);
          else expect(reader.bytes(value.length)).toEqual(value);
        }
        expect(reader.position).toBe(writer.length);
      }),
    ));

  it.each([0, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1])("varint %d", (value) => {
    const writer = new ByteWriter();
    writer.varint(value);
    expect(new ByteReader(writer.toBytes()).varint()).toBe(value);
  });

  it.each([
    0n,
    255n,
    256n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 63n,
    2n ** 64n - 1n,
    2n ** 64n,
    2n ** 96n,
    2n ** 256n - 1n,
  ])("integer %s in as few bytes as it needs", (value) => {
    const writer = new ByteWriter();
    expect(writer.integer(value)).toBe(Math.ceil((value === 0n ? 0 : value.toString(16).length) / 2));
    expect(integerOf(writer.written())).toBe(value);
  });

  it("an integer by its words is the same", () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        const [whole, words] = [new ByteWriter(), new ByteWriter()];
        whole.integer(value);
        words.words(Number(value & 0xffff_ffffn), Number(value >> 32n));
        expect(words.toBytes()).toEqual(whole.toBytes());
      }),
    ));

  it.each([-1, 0.5, Number.NaN, 2 ** 53])("refuse the varint %d", (value) =>
    expect(() => new ByteWriter().varint(value)).toThrow(/varint/u),
  );
  it("refuse to read past the end", () =>
    expect(() => new ByteReader(new Uint8Array([0x80])).varint()).toThrow(/past the end/u));
});

function integerOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes.toReversed()).toString("hex")}`);
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HashMemory, hashWords, rememberedMax, tagMax } from "./hash-memory.ts";

/** Hashes that differ in few bits, all zeros among them, so that keys and places collide. */
const hashes = hashWords(
  Uint8Array.from({ length: 64 * 32 }, (_, at) => {
    const [number, byte] = [at >> 5, at & 31];
    return byte === 3 ? number & 3 : byte === 22 ? number >> 2 : 0;
  }),
);

describe("HashMemory", () => {
  const step = fc.record({
    kind: fc.nat(2),
    hash: fc.nat(63),
    value: fc.oneof(
      fc.nat(1_000),
      fc.maxSafeNat().map((value) => value % (rememberedMax + 1)),
    ),
    tag: fc.nat(tagMax),
    act: fc.constantFrom("put", "put", "put", "tag", "sweep" as const),
  });

  it("answers as a map does, through growth and sweeps", () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const memory = new HashMemory(1_024);
        const model = new Map<string, { value: number; tag: number }>();
        for (const { kind, hash, value, tag, act } of steps) {
          const known = model.get(`${hash} ${kind}`);
          const place = memory.find(hashes, hash * 8, kind);
          expect(place >= 0).toBe(known !== undefined);
          if (place >= 0) expect({ value: memory.valueAt(place), tag: memory.tagAt(place) }).toEqual(known);
          if (act === "put") {
            memory.put(hashes, hash * 8, { kind, value, tag });
            model.set(`${hash} ${kind}`, { value, tag });
          } else if (act === "tag" && place >= 0 && known !== undefined) {
            memory.setTag(place, tag);
            known.tag = tag;
          } else if (act === "sweep") {
            memory.sweep((one, its) => one + its > value);
            for (const [name, one] of model) if (one.value + one.tag <= value) model.delete(name);
          }
          expect(memory.size).toBe(model.size);
        }
        const seen: number[] = [];
        memory.each((value, tag) => seen.push(value + tag));
        const sorted = (numbers: readonly number[]): readonly number[] =>
          numbers.toSorted((left, right) => left - right);
        expect(sorted(seen)).toEqual(sorted([...model.values()].map(({ value, tag }) => value + tag)));
      }),
    ));

  it("tells kinds and every one of the first 184 bits apart, and no later one", () => {
    const memory = new HashMemory(1_024);
    const zero = new Uint32Array(8);
    memory.put(zero, 0, { kind: 7, value: 1, tag: 0 });
    expect(memory.find(zero, 0, 8)).toBe(-1);
    for (let bit = 0; bit < 256; bit += 1) {
      const bytes = new Uint8Array(32);
      bytes[bit >> 3] = 1 << (bit & 7);
      expect(memory.find(hashWords(bytes), 0, 7) >= 0).toBe(bit >= 184);
    }
  });

  it("forgets nothing where it is filled over its limit, and keeps to it after the next sweep", () => {
    const memory = new HashMemory(32);
    for (let hash = 0; hash < 64; hash += 1) memory.put(hashes, hash * 8, { kind: 0, value: hash, tag: 0 });
    expect([memory.size, memory.load]).toEqual([64, 2_000]);
    memory.sweep((value) => value < 20);
    expect([memory.size, memory.load]).toEqual([20, 625]);
    for (let hash = 0; hash < 64; hash += 1) expect(memory.find(hashes, hash * 8, 0) >= 0).toBe(hash < 20);
  });

  it("reads words wherever the bytes lie", () => {
    const bytes = Uint8Array.from({ length: 65 }, (_, at) => at);
    expect(hashWords(bytes.subarray(1, 33))).toEqual(hashWords(bytes.slice(1, 33)));
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecentHashes } from "./recent-hashes.ts";

const hashOf = (number: number): Uint8Array => {
  const bytes = new Uint8Array(40);
  // Few different words, so that places collide.
  new DataView(bytes.buffer).setUint32(4, number % 3);
  new DataView(bytes.buffer).setUint32(20, number);
  return bytes;
};

describe("RecentHashes", () => {
  it("answers as a map does, or not at all, and always for what was set last", () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60), fc.nat(3), fc.nat(1_000)), { maxLength: 300 }), (steps) => {
        const recent = new RecentHashes(16);
        const model = new Map<string, number>();
        const order: string[] = [];
        for (const [number, kind, value] of steps) {
          const name = `${number} ${kind}`;
          const found = recent.get(hashOf(number), 4, kind);
          if (found !== undefined) expect(found).toBe(model.get(name));
          if (new Set(order.slice(-8)).has(name)) expect(found).toBe(model.get(name));
          recent.set(hashOf(number), 4, kind, value);
          model.set(name, value);
          order.push(name);
        }
      }),
    ));

  it("keeps numbers up to 2^53 - 2, and 0", () => {
    const recent = new RecentHashes(4);
    recent.set(hashOf(1), 0, 0, Number.MAX_SAFE_INTEGER - 1);
    recent.set(hashOf(2), 0, 0, 0);
    expect([recent.get(hashOf(1), 0, 0), recent.get(hashOf(2), 0, 0)]).toEqual([Number.MAX_SAFE_INTEGER - 1, 0]);
  });
});

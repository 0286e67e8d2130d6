import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mix, Random } from "../../bench/chain/random.ts";

const draws = 100_000;
const sample = (draw: (random: Random) => number): readonly number[] => {
  const random = new Random("sample");
  return Array.from({ length: draws }, () => draw(random));
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (values: readonly number[], is: (value: number) => boolean): number => values.filter(is).length / draws;

describe("the random stream", () => {
  it("gives these numbers for this seed", () => {
    const random = new Random("golden");
    expect(Array.from({ length: 4 }, () => random.u32())).toEqual([
      1_461_389_140, 313_514_773, 2_701_845_084, 3_014_310_113,
    ]);
  });
  it("is sfc32 as published, in integers of any size", () => {
    const state = createHash("sha256").update("golden").digest();
    let [a, b, c, counter] = [
      BigInt(state.readUInt32LE(0)),
      BigInt(state.readUInt32LE(4)),
      BigInt(state.readUInt32LE(8)),
      1n,
    ];
    const next = (): number => {
      const result = (a + b + counter) % 2n ** 32n;
      counter += 1n;
      a = b ^ (b >> 9n);
      b = (c + (c << 3n)) % 2n ** 32n;
      c = ((((c << 21n) | (c >> 11n)) % 2n ** 32n) + result) % 2n ** 32n;
      return Number(result);
    };
    for (let round = 0; round < 12; round += 1) next();
    const random = new Random("golden");
    for (let round = 0; round < 1_000; round += 1) expect(random.u32()).toBe(next());
  });
  it("writes the same numbers", () => {
    const random = new Random("golden");
    const again = new Random("golden");
    const bytes = new DataView(new ArrayBuffer(400));
    again.write(bytes, 0, 100);
    expect(Array.from({ length: 100 }, (_, at) => bytes.getUint32(at * 4, true))).toEqual(
      Array.from({ length: 100 }, () => random.u32()),
    );
    expect(again.u32()).toBe(random.u32());
  });
  it("is even", () => {
    expect(mean(sample((random) => random.unit()))).toBeCloseTo(0.5, 2);
    const counts = new Map<number, number>();
    for (const value of sample((random) => random.below(7))) counts.set(value, (counts.get(value) ?? 0) + 1);
    expect(new Set(counts.keys())).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    for (const count of counts.values()) expect(Math.abs(count / draws - 1 / 7)).toBeLessThan(0.01);
  });
});

describe("distributions", () => {
  it("geometric has its mean", () => {
    const values = sample((random) => random.geometric(3));
    expect(Math.abs(mean(values) - 3)).toBeLessThan(0.1);
    expect(Math.min(...values.slice(0, 1_000))).toBe(0);
  });
  it("exponential has its mean", () => {
    expect(Math.abs(mean(sample((random) => random.exponential(600))) - 600)).toBeLessThan(12);
  });
  it("zipf falls as 1 / rank and stays within its count", () => {
    const values = sample((random) => random.zipf(1_000));
    const [first, second, tenth] = [0, 1, 9].map((rank) => share(values, (value) => value === rank));
    expect((first ?? 0) / (second ?? 1)).toBeGreaterThan(1.5);
    expect((first ?? 0) / (tenth ?? 1)).toBeGreaterThan(6);
    expect(share(values, (value) => value < 0 || value >= 1_000)).toBe(0);
    expect(new Random(1).zipf(1)).toBe(0);
  });
  it("log-normal has its median", () => {
    expect(
      Math.abs(
        share(
          sample((random) => random.logNormal(500, 2)),
          (value) => value < 500,
        ) - 0.5,
      ),
    ).toBeLessThan(0.01);
  });
  it("a power law has its tail", () => {
    const tail = share(
      sample((random) => random.powerLaw(1, 1.5)),
      (value) => value > 4,
    );
    expect(Math.abs(tail - 1 / 8)).toBeLessThan(0.01);
  });
});

it("mixing spreads neighbours", () => {
  const seen = new Set<number>();
  for (let first = 0; first < 100; first += 1)
    for (let second = 0; second < 100; second += 1) seen.add(mix(7, first, second));
  expect(seen.size).toBeGreaterThan(9_995);
});

/** What a trace keeps its rows, its sets and its queue in, beside the plainest there is. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BitPages, NumberSet } from "../../src/trace/utxo/number-set.ts";
import { SpendQueue } from "../../src/trace/utxo/spend-queue.ts";
import { Trail } from "../../src/trace/utxo/trail.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 60);
const number = fc.oneof(fc.nat(300), fc.nat(200_000), fc.integer({ min: 2 ** 31 - 9, max: 2 ** 31 + 9 }));

describe("sets of numbers", () => {
  it("are sets", () => {
    const property = fc.property(fc.array(number, { maxLength: 400 }), fc.array(number), (numbers, asked) => {
      const [set, bits, model] = [new NumberSet(), new BitPages(), new Set<number>()];
      for (const one of numbers) {
        const isNew = !model.has(one);
        expect([set.add(one), bits.add(one)]).toEqual([isNew, isNew]);
        model.add(one);
      }
      expect(set.size).toBe(model.size);
      const sorted = [...model].toSorted((left, right) => left - right);
      for (const one of [...asked, ...numbers]) {
        expect([set.has(one), bits.has(one)]).toEqual([model.has(one), model.has(one)]);
        expect(bits.from(one)).toBe(sorted.find((other) => other >= one) ?? -1);
      }
    });
    fc.assert(property, { numRuns: runs });
  });

  it("stay sets when they grow out of a table", () => {
    const set = new NumberSet();
    const count = 50_000;
    for (let at = 0; at < count; at += 1) expect(set.add(at * 7)).toBe(true);
    for (let at = 0; at < count; at += 1) expect(set.add(at * 7)).toBe(false);
    expect([set.size, set.has(7 * (count - 1)), set.has(6), set.has(7 * count)]).toEqual([count, true, false, false]);
  });
});

describe("the queue of what waits to be spent", () => {
  it("gives the earliest first, whatever is added behind or before it", () => {
    const step = fc.oneof(
      fc.record({ add: fc.oneof(fc.nat(60), fc.nat(20_000), fc.nat(3_000_000)) }),
      fc.record({ takeBefore: fc.oneof(fc.nat(20_000), fc.nat(4_000_000)) }),
      fc.constantFrom({ clear: true as const }),
    );
    const weighed = fc.array(fc.oneof({ weight: 30, arbitrary: step }), { maxLength: 300 });
    const property = fc.property(weighed, (steps) => {
      const trail = new Trail();
      trail.step(0);
      const queue = new SpendQueue(trail);
      let model = new Map<number, number>();
      for (const one of steps) {
        if ("add" in one) {
          if (model.has(one.add)) continue;
          const record = trail.add(one.add, -1, 0);
          trail.spenders[record] = one.add;
          model.set(one.add, record);
          queue.add(record);
        } else if ("clear" in one) {
          queue.clear();
          model = new Map();
        } else {
          const first = Math.min(...model.keys());
          const isThere = first < one.takeBefore;
          expect(queue.peek(one.takeBefore)).toBe(isThere ? first : -1);
          if (!isThere) continue;
          expect(queue.take()).toBe(model.get(first));
          model.delete(first);
        }
        expect(queue.count).toBe(model.size);
      }
      const left: number[] = [];
      queue.forEach((record) => left.push(record));
      expect(left.toSorted((a, b) => a - b)).toEqual([...model.values()].toSorted((a, b) => a - b));
    });
    fc.assert(property, { numRuns: runs });
  });
});

/** The contract of PageStore: what every store passes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantError } from "../../src/base/assert.ts";
import { keyBytesMax, valueBytesMax } from "../../src/store/page-store.ts";
import type { Change, KeyRange, PageStore, StoreSnapshot } from "../../src/store/page-store.ts";

/** Makes empty stores; `reopened`, where a store outlives its closing, closes one and opens it again. */
export type StoreFactory = {
  readonly make: () => PageStore;
  readonly reopened: ((store: PageStore) => Promise<PageStore>) | undefined;
};

type Order = KeyRange["order"];
const last = new Uint8Array(keyBytesMax + 1).fill(0xff);

export const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
export const put = (key: string, value: string): Change => ({ key: bytes(key), value: bytes(value) });
const remove = (key: string): Change => ({ key: bytes(key), value: undefined });
const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString("latin1");
const listed = (
  snapshot: StoreSnapshot,
  order: Order = "ascending",
  from: Uint8Array = bytes(""),
  to: Uint8Array = last,
): readonly string[] =>
  Array.from(snapshot.range({ from, to, order }), ({ key, value }) => `${text(key)}=${text(value)}`);

async function withStore(factory: StoreFactory, use: (store: PageStore) => Promise<void>): Promise<void> {
  const store = factory.make();
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

export function describeStore(name: string, factory: StoreFactory): void {
  const using = (title: string, use: (store: PageStore) => Promise<void>): void =>
    // eslint-disable-next-line vitest/expect-expect -- `use` expects
    it(title, () => withStore(factory, use));
  describe(`${name} keeps the contract of stores`, () => {
    describeEntries(using);
    describeSizes(using);
    describeSnapshots(using);
    describeModel(factory);
    describeReopening(factory);
  });
}

type Using = (title: string, use: (store: PageStore) => Promise<void>) => void;

function describeEntries(using: Using): void {
  using("orders keys byte by byte, short before long, 0xff last", async (store) => {
    const keys = ["b", "a", "ab", "a\0", "\0", "\0\0", "\xff", "\xff\xff", "a\xff", "B", "\x7f", "\x80"];
    await store.commit(keys.map((key) => put(key, "")));
    const expected = keys.toSorted((left, right) => Buffer.compare(bytes(left), bytes(right))).map((key) => `${key}=`);
    const snapshot = store.snapshot();
    expect(listed(snapshot)).toEqual(expected);
    expect(listed(snapshot, "descending")).toEqual(expected.toReversed());
  });
  using("includes `from`, excludes `to`, in both orders, there or not", async (store) => {
    await store.commit([put("b", "1"), put("d", "2"), put("f", "3")]);
    const snapshot = store.snapshot();
    for (const [from, to, found] of [
      ["b", "f", ["b=1", "d=2"]],
      ["a", "e", ["b=1", "d=2"]],
      ["c", "c\0", []],
      ["d", "d", []],
      ["d", "d\0", ["d=2"]],
      ["f", "b", []],
      ["", "", []],
      ["", "b", []],
      ["", "b\0", ["b=1"]],
      ["g", "z", []],
      ["f", "\xff", ["f=3"]],
    ] as const) {
      expect(listed(snapshot, "ascending", bytes(from), bytes(to))).toEqual(found);
      expect(listed(snapshot, "descending", bytes(from), bytes(to))).toEqual(found.toReversed());
    }
  });
  using("tells an empty value from none", async (store) => {
    await store.commit([put("a", ""), put("b", "x")]);
    await store.commit([put("b", ""), remove("c")]);
    const snapshot = store.snapshot();
    expect([snapshot.get(bytes("a")), snapshot.get(bytes("b"))].map(text)).toEqual(["", ""]);
    expect(snapshot.get(bytes("c"))).toBeUndefined();
    expect(snapshot.get(bytes("aa"))).toBeUndefined();
  });
  using("applies the last of several changes of a key", async (store) => {
    await store.commit([put("a", "1"), put("b", "1"), remove("a"), put("a", "2"), put("b", "3"), remove("b")]);
    expect(listed(store.snapshot())).toEqual(["a=2"]);
  });
  using("takes no changes, and forgets the bytes that it was given", async (store) => {
    await store.commit([]);
    const change = put("a", "1");
    await store.commit([change]);
    change.key.fill(0);
    change.value?.fill(0);
    expect(listed(store.snapshot())).toEqual(["a=1"]);
  });
}

function describeSizes(using: Using): void {
  using("takes keys of 1 to 64 bytes and values up to the longest", async (store) => {
    const keys = Array.from({ length: keyBytesMax }, (_none, index) => new Uint8Array(index + 1).fill(0xff));
    const sizes = [1, 2_000, 2_040, 4_072, 4_073, 32_768, 32_769, 65_536, 1_000_000, valueBytesMax];
    const value = (index: number): Uint8Array => new Uint8Array(sizes[index % sizes.length] ?? 0).fill(index);
    await store.commit(keys.slice(0, sizes.length).map((key, index) => ({ key, value: value(index) })));
    await store.commit(keys.slice(sizes.length).map((key) => ({ key, value: key })));
    const snapshot = store.snapshot();
    const kept = keys.slice(0, sizes.length).map((key) => snapshot.get(key));
    expect(kept.every((found, index) => found !== undefined && Buffer.compare(found, value(index)) === 0)).toBe(true);
    const all = [...snapshot.range({ from: bytes(""), to: last, order: "descending" })];
    expect(all.map(({ key }) => key.length)).toEqual(keys.map((key) => key.length).toReversed());
    expect(all.at(-1)?.value).toHaveLength(1);
    expect(all.at(-sizes.length)?.value).toHaveLength(valueBytesMax);
  });
  using("refuses wrong sizes, and then the whole commit", async (store) => {
    const wrong: readonly Change[] = [
      { key: new Uint8Array(0), value: bytes("x") },
      { key: new Uint8Array(keyBytesMax + 1), value: undefined },
      { key: bytes("k"), value: new Uint8Array(valueBytesMax + 1) },
    ];
    for (const change of wrong) {
      await expect(store.commit([put("a", "1"), change])).rejects.toThrow(InvariantError);
    }
    const snapshot = store.snapshot();
    expect(listed(snapshot)).toEqual([]);
    expect(() => snapshot.get(new Uint8Array(0))).toThrow(InvariantError);
    expect(() => snapshot.get(new Uint8Array(keyBytesMax + 1))).toThrow(InvariantError);
    expect(() => listed(snapshot, "ascending", bytes(""), new Uint8Array(keyBytesMax + 2))).toThrow(InvariantError);
  });
  using("takes 10,000 changes at once", async (store) => {
    const changes = Array.from({ length: 10_000 }, (_none, index) => put(`${index * 7919}`, `${index}`));
    await store.commit(changes);
    const snapshot = store.snapshot();
    expect(listed(snapshot)).toHaveLength(10_000);
    await store.commit(changes.slice(1).map(({ key }) => ({ key, value: undefined })));
    expect(listed(store.snapshot())).toEqual(["0=0"]);
    expect(listed(snapshot)).toHaveLength(10_000);
  });
}

function describeSnapshots(using: Using): void {
  using("keeps a snapshot as it was, in the middle of a range too", async (store) => {
    await store.commit([put("a", "1"), put("b", "1"), put("c", "1")]);
    const before = store.snapshot();
    const going = before.range({ from: bytes("a"), to: bytes("z"), order: "ascending" })[Symbol.iterator]();
    expect(text(going.next().value?.key)).toBe("a");
    await store.commit([put("a", "2"), remove("b"), put("d", "2")]);
    expect(listed(store.snapshot())).toEqual(["a=2", "c=1", "d=2"]);
    expect(listed(before)).toEqual(["a=1", "b=1", "c=1"]);
    expect([going.next(), going.next()].map(({ value }) => text(value?.key))).toEqual(["b", "c"]);
    expect(going.next().done).toBe(true);
  });
  using("keeps 200 snapshots apart, released in any order", async (store) => {
    const snapshots: StoreSnapshot[] = [];
    for (let round = 0; round < 200; round += 1) {
      await store.commit([put("k", `${round}`)]);
      snapshots.push(store.snapshot());
      if (round % 3 === 0) snapshots.splice(round % snapshots.length, 1)[0]?.release();
    }
    const seen = snapshots.map((snapshot) => BigInt(text(snapshot.get(bytes("k"))) ?? "-1"));
    expect(seen).toEqual(seen.toSorted((left, right) => (left < right ? -1 : 1)));
    expect(new Set(seen).size).toBe(snapshots.length);
    for (const snapshot of snapshots.toReversed()) snapshot.release();
  });
  using("lends what it gives, and gives memory back without a difference", async (store) => {
    const values = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(index * 1_000));
    await store.commit(values.map((value, index) => put(`k${index}`, value)));
    for (let round = 0; round < 3; round += 1) {
      const snapshot = store.snapshot();
      for (const [index, value] of values.entries()) {
        expect(text(snapshot.lend(bytes(`k${index}`)))).toBe(value);
        expect(text(snapshot.get(bytes(`k${index}`)))).toBe(value);
      }
      expect(snapshot.lend(bytes("none"))).toBeUndefined();
      await store.trim();
      // Held, it goes on to answer.
      expect(text(snapshot.get(bytes("k3")))).toBe(values[3]);
      await store.commit([put(`round ${round}`, "1")]);
      expect(snapshot.get(bytes(`round ${round}`))).toBeUndefined();
      snapshot.release();
      await store.trim();
    }
    const after = store.snapshot();
    expect(listed(after).length).toBe(values.length + 3);
    after.release();
  });
  using("sees a commit at once, and two ranges beside each other", async (store) => {
    for (let round = 0; round < 50; round += 1) {
      await store.commit([put("k", `${round}`), put("l", `${round}`)]);
      const snapshot = store.snapshot();
      const all = snapshot.range({ from: bytes("k"), to: bytes("z"), order: "ascending" });
      const [first, second] = [all[Symbol.iterator](), all[Symbol.iterator]()];
      expect([first, second, first].map((one) => text(one.next().value?.key))).toEqual(["k", "k", "l"]);
      expect(text(snapshot.get(bytes("k")))).toBe(`${round}`);
      snapshot.release();
    }
  });
  using("refuses what is released or closed", async (store) => {
    await store.commit([put("a", "1"), put("b", "1")]);
    const snapshot = store.snapshot();
    const going = snapshot.range({ from: bytes("a"), to: bytes("z"), order: "ascending" })[Symbol.iterator]();
    going.next();
    snapshot.release();
    expect(() => snapshot.get(bytes("a"))).toThrow(InvariantError);
    expect(() => listed(snapshot)).toThrow(InvariantError);
    expect(() => going.next()).toThrow(InvariantError);
    expect(() => snapshot.release()).toThrow(InvariantError);
    const held = store.snapshot();
    await store.close();
    expect(() => held.get(bytes("a"))).toThrow(InvariantError);
    expect(() => store.snapshot()).toThrow(InvariantError);
    await expect(store.commit([])).rejects.toThrow(InvariantError);
  });
}

type Step =
  | { readonly kind: "commit"; readonly changes: readonly Change[] }
  | { readonly kind: "snapshot" | "release"; readonly index: number }
  | { readonly kind: "range"; readonly index: number; readonly range: KeyRange };

const short = fc
  .uint8Array({ minLength: 1, maxLength: 3 })
  .map((key) => key.map((byte) => [0, 1, 97, 255][byte % 4] ?? 0));
const bound = fc.oneof(short, fc.constant(new Uint8Array(0)), fc.constant(last));
const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 5 }) },
  { weight: 1, arbitrary: fc.nat(9_000).map((size) => new Uint8Array(size).fill(size)) },
  { weight: 3, arbitrary: fc.constant(undefined) },
);
const change: fc.Arbitrary<Change> = fc.record({ key: short, value: anyValue });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("commit" as const), changes: fc.array(change, { maxLength: 12 }) }),
  fc.record({ kind: fc.constantFrom("snapshot" as const, "release" as const), index: fc.nat(9) }),
  fc.record({
    kind: fc.constant("range" as const),
    index: fc.nat(9),
    range: fc.record({ from: bound, to: bound, order: fc.constantFrom<Order>("ascending", "descending") }),
  }),
);

/** A plain map of the keys' hexadecimal digits, whose order is that of the bytes. */
type Model = ReadonlyMap<string, string>;
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex");

function applied(model: Model, changes: readonly Change[]): Model {
  const next = new Map(model);
  for (const { key, value } of changes) {
    if (value === undefined) next.delete(hex(key));
    else next.set(hex(key), hex(value));
  }
  return next;
}

function expectSame(snapshot: StoreSnapshot, model: Model, { from, to, order }: KeyRange): void {
  const found = Array.from(snapshot.range({ from, to, order }), ({ key, value }) => [hex(key), hex(value)] as const);
  const expected = [...model]
    .filter(([key]) => key >= hex(from) && key < hex(to))
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  expect(found).toEqual(order === "ascending" ? expected : expected.toReversed());
  for (const [key, value] of expected) expect(hex(snapshot.get(Buffer.from(key, "hex")) ?? bytes("?"))).toBe(value);
}

async function follow(store: PageStore, steps: readonly Step[], started: Model = new Map()): Promise<Model> {
  let model = started;
  const held: { readonly snapshot: StoreSnapshot; readonly model: Model }[] = [];
  for (const one of steps) {
    if (one.kind === "commit") {
      await store.commit(one.changes);
      model = applied(model, one.changes);
    } else if (one.kind === "snapshot") held.push({ snapshot: store.snapshot(), model });
    else if (held.length > 0) {
      const at = one.index % held.length;
      if (one.kind === "range") {
        for (const { snapshot, model: then } of held.slice(at)) expectSame(snapshot, then, one.range);
      } else held.splice(at, 1)[0]?.snapshot.release();
    }
  }
  const everything = { from: bytes(""), to: last, order: "descending" } as const;
  held.push({ snapshot: store.snapshot(), model });
  for (const { snapshot, model: then } of held) {
    expectSame(snapshot, then, everything);
    snapshot.release();
  }
  return model;
}

function describeModel(factory: StoreFactory): void {
  const numRuns = Number(process.env["STORE_RUNS"] ?? 60);
  it("does what a plain map does, whatever is asked of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), (steps) =>
        withStore(factory, async (store) => void (await follow(store, steps))),
      ),
      { numRuns },
    );
  });
}

function describeReopening({ make, reopened }: StoreFactory): void {
  if (reopened === undefined) return;
  it("is the same after it was closed and opened", async () => {
    const pieces = fc.array(fc.array(step, { maxLength: 10, size: "max" }), { maxLength: 3, size: "max" });
    await fc.assert(
      fc.asyncProperty(pieces, async (sessions) => {
        let store = make();
        let model: Model = new Map();
        for (const steps of sessions) {
          model = await follow(store, steps, model);
          store = await reopened(store);
          await follow(store, [], model);
        }
        await store.close();
      }),
      { numRuns: 15 },
    );
  });
}

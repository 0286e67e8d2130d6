import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDay } from "../../src/base/day.ts";
import { Failure } from "../../src/base/failure.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { checkTags } from "../../src/tags/check-tags.ts";
import { tagReaderOf } from "../../src/tags/memory-tags.ts";
import { writeRemark } from "../../src/tags/write-remark.ts";
import type { Tag } from "../../src/tags/tag.ts";
import { contentOf, fileOf, folder, importInto, readerOf } from "./fixtures.ts";
import { anyRow, csvOf, type Row } from "./random-tags.ts";
import { lineOfTag, ReferenceTags } from "./reference.ts";

const runs = Math.min(20_000, Number(process.env["FUZZ_RUNS"] ?? 150));

type Step =
  | { readonly kind: "import" | "twice"; readonly set: string; readonly rows: readonly Row[] }
  /** An import that fails at this of its commits. */
  | { readonly kind: "dies"; readonly set: string; readonly rows: readonly Row[]; readonly at: number }
  | { readonly kind: "remark"; readonly number: number; readonly isDispute: boolean };

const set = fc.constantFrom("one.csv", "two.csv");
const rows = fc.array(anyRow, { maxLength: 8 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("import" as const), set, rows }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("twice" as const), set, rows }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("dies" as const), set, rows, at: fc.nat(4) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("remark" as const), number: fc.nat(50), isDispute: fc.boolean() }),
  },
);

/** A store whose commits fail from one of them on, as on a full disk. */
function failing(store: PageStore, at: number): PageStore {
  let commits = 0;
  return {
    ...store,
    commit: async (changes) => {
      commits += 1;
      if (commits > at) throw new Failure("STORE_FULL", { folder });
      await store.commit(changes);
    },
  };
}

describe("a ledger's tags", () => {
  it("are what a plain model says, after imports, re-imports, deaths and disputes in any order", async () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const store = openMemoryStore();
        const model = new ReferenceTags();
        for (const [index, one] of steps.entries()) {
          const today = `2026-01-${String(index + 10)}`;
          await take(store, model, one, today);
          const tags = [...readerOf(store).tags()];
          expect(tags.map(lineOfTag).toSorted()).toEqual(model.lines());
        }
        equalsMemory(store);
      }),
      { numRuns: runs },
    ));
});

async function take(store: PageStore, model: ReferenceTags, one: Step, today: string): Promise<void> {
  const options = { today, vanishing: "allowed", partSubjects: 1 } as const;
  switch (one.kind) {
    case "import":
    case "twice":
      await importInto(store, [fileOf(one.set, csvOf(one.rows))], options);
      model.import(one.set, one.rows, today);
      if (one.kind === "twice") {
        const before = contentOf(store);
        await importInto(store, [fileOf(one.set, csvOf(one.rows))], options);
        expect(contentOf(store)).toEqual(before);
      }
      break;
    case "dies": {
      const died = await importInto(failing(store, one.at), [fileOf(one.set, csvOf(one.rows))], options).then(
        () => false,
        (error: unknown) => error instanceof Failure && error.code === "STORE_FULL",
      );
      if (!died) model.import(one.set, one.rows, today);
      break;
    }
    case "remark": {
      const tags = [...readerOf(store).tags()].toSorted((left, right) => (lineOfTag(left) < lineOfTag(right) ? -1 : 1));
      const number = tags.length === 0 ? 0 : one.number % tags.length;
      const tag = tags[number];
      // Tags of equal lines are not told apart by the model.
      if (tag === undefined || tags.filter((other) => lineOfTag(other) === lineOfTag(tag)).length > 1) return;
      const kind = one.isDispute ? "dispute" : "support";
      await writeRemark(store, folder, tag, { kind, by: "me", why: "so", day: parseDay(today), changes: {} });
      model.remark(number, one.isDispute);
      break;
    }
    default:
      one satisfies never;
  }
}

/** Every answer of the reader is that of a reader of the same tags in memory, and the store is sound. */
function equalsMemory(store: PageStore): void {
  const reader = readerOf(store);
  const plain = tagReaderOf([...reader.tags()], reader.resolve);
  for (const chain of reader.chains) {
    const addresses = [...reader.taggedAddresses(chain)];
    expect(addresses.map(({ address }) => address).toSorted()).toEqual(
      [...plain.taggedAddresses(chain)].map(({ address }) => address).toSorted(),
    );
    for (const { address, tags } of addresses) {
      const ids = (of: readonly Tag[]): readonly string[] => of.map(({ id }) => id);
      expect(ids(reader.tagsOf(chain, address))).toEqual(ids(plain.tagsOf(chain, address)));
      expect(ids(tags)).toEqual(ids(plain.tagsOf(chain, address)));
      expect(reader.entityAt(chain, address)).toEqual(plain.entityAt(chain, address));
    }
  }
  const snapshot = store.snapshot();
  expect(checkTags(snapshot, reader, folder).contradictions).toEqual([]);
  snapshot.release();
}

import { parseDay } from "../../src/base/day.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import type { Actor, Actors } from "../../src/tags/actor.ts";
import { importTagFiles, type ImportedFile, type TagImportFile } from "../../src/tags/import-files.ts";
import { openTagReader } from "../../src/tags/open-tag-reader.ts";
import { noDefaults, type TagDefaults } from "../../src/tags/read/intake.ts";
import type { TagReader } from "../../src/tags/tag-reader.ts";
import type { Vanishing } from "../../src/tags/tag-import.ts";

export const folder = "a-ledger";

/** A file with this text, given in pieces of a few bytes, so that nothing may rely on where a piece ends. */
export function fileOf(
  name: string,
  text: string | Uint8Array,
  more: Partial<Pick<TagImportFile, "set" | "format">> & {
    readonly defaults?: Partial<TagDefaults>;
    readonly piece?: number;
  } = {},
): TagImportFile {
  const bytes = typeof text === "string" ? Buffer.from(text, "utf8") : text;
  const piece = more.piece ?? 1_000;
  return {
    path: `lists/${name}`,
    name,
    set: more.set ?? name,
    format: more.format,
    defaults: { ...noDefaults, ...more.defaults },
    open: async function* () {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
      await Promise.resolve();
    },
  };
}

export type ImportOptions = { readonly today?: string; readonly vanishing?: Vanishing; readonly partSubjects?: number };

export async function importInto(
  store: PageStore,
  files: readonly TagImportFile[],
  { today = "2026-01-02", vanishing = "guarded", partSubjects = 1_000 }: ImportOptions = {},
): Promise<readonly ImportedFile[]> {
  return importTagFiles(store, files, {
    folder,
    today: parseDay(today),
    vanishing,
    partSubjects,
    onProgress: () => undefined,
  });
}

/** What came of importing one file into a new store. */
export async function imported(
  file: TagImportFile,
): Promise<{ readonly report: ImportedFile; readonly reader: TagReader; readonly store: PageStore }> {
  const store = openMemoryStore();
  const [report] = await importInto(store, [file]);
  if (report === undefined) throw new Error("no report");
  return { report, reader: readerOf(store), store };
}

export function readerOf(store: PageStore, actors: Actors = lazarus): TagReader {
  return openTagReader(store.snapshot(), actors, folder);
}

/** All that a store holds, as text. */
export function contentOf(store: PageStore): readonly string[] {
  const snapshot = store.snapshot();
  const all = { from: new Uint8Array(0), to: new Uint8Array(65).fill(0xff), order: "ascending" } as const;
  const entries = [...snapshot.range(all)].map(
    ({ key, value }) => `${Buffer.from(key).toString("hex")} ${Buffer.from(value).toString("hex")}`,
  );
  snapshot.release();
  return entries;
}

export function actor(id: string, name: string, more: Partial<Actor> = {}): Actor {
  return {
    id,
    name,
    parent: undefined,
    kind: "group",
    attack: undefined,
    aliases: [],
    notes: undefined,
    sources: new Map(),
    ...more,
  };
}

/** A register's actors: a state, a group of it, and a part of the group. */
export const lazarus: Actors = new Map(
  [
    actor("dprk", "North Korea", { aliases: ["DPRK"] }),
    actor("lazarus-group", "Lazarus Group", { parent: "dprk", aliases: ["Hidden Cobra", "ZINC"] }),
    actor("bluenoroff", "Bluenoroff", { parent: "lazarus-group", aliases: ["ZINC"] }),
  ].map((one) => [one.id, one]),
);

export const bitcoinAddresses = [
  "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
  "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX",
  "1HLoD9E4SDFFPDiYfNYnkBLQ85Y51J3Zb1",
  "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
  "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
] as const;
export const etherAddresses = [
  "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
  "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
  "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
  "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
] as const;

import { createHash } from "node:crypto";
import type { Finding } from "../base/finding.ts";
import type { PageStore } from "../store/page-store.ts";
import { FindingLog } from "./read/findings.ts";
import { formatNamed, recogniseFormat, type TagFormat } from "./read/formats.ts";
import { Intake, type TagDefaults } from "./read/intake.ts";
import type { TagFile, TagSink } from "./read/tag-input.ts";
import { TagImport, type SetCounts, type SetImport, type TagImportPlace, type Vanishing } from "./tag-import.ts";

/** A file to import, and what the user says of it. */
export type TagImportFile = TagFile & {
  /** What tells its tags from those of other files, at this import and the next. */
  readonly set: string;
  /** undefined: recognised by its content. */
  readonly format: TagFormat | undefined;
  readonly defaults: TagDefaults;
};

export type TagImportOptions = TagImportPlace & {
  readonly vanishing: Vanishing;
  readonly onProgress: (progress: { readonly file: string; readonly tags: number; readonly bytes: number }) => void;
};

/** What an import did with one file. */
export type ImportedFile = {
  readonly file: string;
  readonly set: string;
  readonly format: string;
  /** SHA-256 of the file (unpacked), in hexadecimal. */
  readonly hash: string;
  readonly tags: Readonly<SetCounts>;
  readonly actors: {
    readonly added: number;
    readonly updated: number;
    readonly unchanged: number;
    readonly withdrawn: number;
  };
  /** Entries that did not go in, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** The first of the findings, with their lines. */
  readonly findings: readonly Finding[];
  readonly findingsCount: number;
};

/**
 * Imports files of tags and actors into a ledger's store. All of it is seen at once when it is done, or nothing is; what is
 * in the ledger already is not written again. Whoever calls holds the ledger's writing lock.
 *
 * Memory does not grow with a file's size but for JSON documents, which are at most 256 MiB, and 16 bytes a tag.
 *
 * @throws {Failure} `SOURCE_INVALID` where a file as a whole is wrong, `SOURCE_UNREADABLE`, `USAGE` where two files have one
 *   name, `LEDGER_FORMAT`, `LEDGER_DAMAGED`, `LEDGER_BUSY`, `STORE_FULL`.
 */
export async function importTagFiles(
  store: PageStore,
  files: readonly TagImportFile[],
  options: TagImportOptions,
): Promise<readonly ImportedFile[]> {
  const tags = new TagImport(store, options);
  try {
    const read: { readonly set: SetImport; readonly report: (set: SetImport) => ImportedFile }[] = [];
    for (const file of files) read.push(await readFile(tags, file, options));
    await tags.finish(options.vanishing);
    return read.map(({ set, report }) => report(set));
  } finally {
    tags.close();
  }
}

async function readFile(
  tags: TagImport,
  file: TagImportFile,
  { onProgress }: TagImportOptions,
): Promise<{ readonly set: SetImport; readonly report: (set: SetImport) => ImportedFile }> {
  const { format, read } = file.format === undefined ? await recogniseFormat(file) : formatNamed(file.format);
  const log = new FindingLog(file.path);
  const intake = new Intake(log, file.defaults);
  const set = tags.begin(file.set, format);
  const actors = { added: 0, updated: 0, unchanged: 0, elsewhere: 0 };
  const counted = countedFile(file);
  let count = 0;
  const sink: TagSink = {
    tag: (input) => {
      const tag = intake.read(input);
      if (tag !== undefined) set.add(tag);
      count += 1;
    },
    actor: (actor) => {
      const outcome = tags.addActor(set, actor);
      actors[outcome] += 1;
      if (outcome === "elsewhere") log.warn(1, `the actor ${actor.id} is described by another set`, "that one stays");
    },
    warn: (line, what, mend) => log.warn(line, what, mend),
    reject: (line, reason, what) => log.reject(line, reason, what),
    format: (name) => void (set.format = name),
    rest: async () => {
      await tags.rest();
      onProgress({ file: file.path, tags: count, bytes: counted.bytes() });
    },
  };
  await read(counted.file, sink);
  intake.end(file.path);
  const hash = counted.hash();
  set.end(hash);
  const report = ({ counts, withdrawnActors, format: found }: SetImport): ImportedFile => ({
    file: file.path,
    set: file.set,
    format: found,
    hash,
    tags: counts,
    actors: { added: actors.added, updated: actors.updated, unchanged: actors.unchanged, withdrawn: withdrawnActors },
    rejected: Object.fromEntries([...log.rejected].toSorted(([left], [right]) => (left < right ? -1 : 1))),
    findings: log.findings,
    findingsCount: log.count,
  });
  return { set, report };
}

/** A file whose last reading is hashed as it goes. */
function countedFile(file: TagFile): {
  readonly file: TagFile;
  readonly hash: () => string;
  readonly bytes: () => number;
} {
  let hash = createHash("sha256");
  let size = 0;
  const open = async function* (): AsyncGenerator<Uint8Array> {
    hash = createHash("sha256");
    size = 0;
    for await (const piece of file.open()) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  };
  return { file: { ...file, open }, hash: () => hash.copy().digest("hex"), bytes: () => size };
}

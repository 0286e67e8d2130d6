import path from "node:path";
import { chain as chainNamed } from "../../base/chains.ts";
import { parseDay } from "../../base/day.ts";
import { Failure } from "../../base/failure.ts";
import { groupDigits } from "../../base/usd.ts";
import type { Files } from "../../ingest/files.ts";
import { diskFiles } from "../../io/disk-files.ts";
import { lockForWriting } from "../../io/writer-lock.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { confidences } from "../../tags/actor.ts";
import { grades } from "../../tags/confidence.ts";
import { importTagFiles, type ImportedFile, type TagImportFile } from "../../tags/import-files.ts";
import { tagFormats } from "../../tags/read/formats.ts";
import type { TagDefaults } from "../../tags/read/intake.ts";
import { partSubjectsDefault } from "../../tags/tag-writer.ts";
import { oneOf, readCount, required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { progressLine } from "../progress.ts";
import { plainText } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** So many findings of a file are printed where the user does not say. */
const findingsDefault = 5;

/** `fundtrail tags import FILE..`: tags and actors from files into a ledger. */
export async function importTags(options: Arguments, names: readonly string[], terminal: Terminal): Promise<number> {
  const folder = required(options, "ledger", "DIR");
  if (names.length === 0) throw new Failure("USAGE", { what: "no file is named", mend: "give the files to import" });
  const listed = readCount(options, "findings", findingsDefault);
  const vanishing = oneOf(["guarded", "allowed"], options.text("vanishing") ?? "guarded", "--vanishing");
  const files = diskFiles();
  const inputs = readInputs(options, names, files);
  const sizes = new Map<string, number>();
  for (const name of names) sizes.set(name, await sizeOf(files, name));
  const store = openLmdbStore(folder, { mode: "write" });
  let unlock = async (): Promise<void> => Promise.resolve();
  try {
    unlock = await lockForWriting(folder);
    const progress = progressLine(terminal);
    const imported = await importTagFiles(store, inputs, {
      folder,
      today: parseDay(new Date().toISOString().slice(0, 10)),
      partSubjects: partSubjectsDefault,
      vanishing,
      onProgress: ({ file, tags, bytes }) => {
        const size = file.endsWith(".gz") ? undefined : sizes.get(file);
        const part = size === undefined || size === 0 ? undefined : (bytes * 1_000) / size;
        progress.show(tags, part, (rate, left) => plainText(`${file}: ${rate} tags${left}`));
      },
    });
    progress.end();
    if (options.flag("json")) terminal.out(jsonText({ files: imported }));
    else for (const file of imported) print(file, listed, terminal);
    return 0;
  } finally {
    await store.close();
    await files.close();
    await unlock();
  }
}

async function sizeOf(files: Files, name: string): Promise<number> {
  const bytes = await files.size(name);
  if (bytes !== undefined) return bytes;
  throw new Failure("SOURCE_UNREADABLE", { source: name, why: "does not exist", mend: "check the path" });
}

function readInputs(options: Arguments, names: readonly string[], files: Files): readonly TagImportFile[] {
  const set = options.text("set");
  if (set !== undefined && names.length > 1) {
    throw new Failure("USAGE", { what: "--set names one set, and several files are given", mend: "import them apart" });
  }
  if (set !== undefined && (set.trim() === "" || set.length > 200)) {
    throw new Failure("USAGE", { what: `--set "${set}" is no name`, mend: "give 1 to 200 characters" });
  }
  const format = options.text("format");
  const defaults = readDefaults(options);
  return names.map((name) => ({
    path: name,
    name: path.basename(name),
    set: set ?? path.basename(name).replace(/\.gz$/u, ""),
    format: format === undefined ? undefined : oneOf(tagFormats, format, "--format"),
    defaults,
    open: () => files.stream(name, 0),
  }));
}

function readDefaults(options: Arguments): TagDefaults {
  const chain = options.text("chain");
  const confidence = options.text("confidence");
  return {
    chain: chain === undefined ? undefined : chainNamed(chain),
    label: options.text("label"),
    category: options.text("category"),
    confidence: confidence === undefined ? undefined : oneOf([...confidences, ...grades], confidence, "--confidence"),
    sourceName: options.text("source"),
    url: options.text("url"),
    licence: options.text("licence"),
  };
}

function print(file: ImportedFile, listed: number, terminal: Terminal): void {
  const { tags, actors, rejected, findings, findingsCount } = file;
  const number = (count: number): string => groupDigits(String(count));
  const counts = [
    [tags.added, "new"],
    [tags.updated, "changed"],
    [tags.unchanged, "as before"],
    [tags.repeated, "said twice"],
    [tags.withdrawn, "withdrawn"],
  ] as const;
  const shown = counts.filter(([count]) => count > 0).map(([count, word]) => `${number(count)} ${word}`);
  const parts = [shown.length === 0 ? "no tags" : `tags: ${shown.join(", ")}`];
  const known = actors.added + actors.updated + actors.unchanged + actors.withdrawn;
  if (known > 0) {
    const others = `${number(actors.updated)} changed, ${number(actors.unchanged)} as before, ${number(actors.withdrawn)} withdrawn`;
    parts.push(`actors: ${number(actors.added)} new, ${others}`);
  }
  const refused = Object.entries(rejected).map(([reason, count]) => `${number(count)} ${reason}`);
  if (refused.length > 0) parts.push(`refused: ${refused.join(", ")}`);
  terminal.out(plainText(`${file.file} (${file.format}): ${parts.join("; ")}`).concat("\n"));
  for (const { severity, place, what } of findings.slice(0, listed)) {
    terminal.error(plainText(`${place.file}:${place.line ?? 1}: ${severity}: ${what}`).concat("\n"));
  }
  const more = findingsCount - Math.min(listed, findings.length);
  if (more > 0)
    terminal.error(
      plainText(`${file.file}: and ${number(more)} more: see them with --findings ${findingsCount}`).concat("\n"),
    );
}

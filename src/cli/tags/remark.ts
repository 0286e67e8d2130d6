import { parseDay } from "../../base/day.ts";
import { Failure } from "../../base/failure.ts";
import { lockForWriting } from "../../io/writer-lock.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { confidences } from "../../tags/actor.ts";
import type { Tag, TagFields, TagRemark } from "../../tags/tag.ts";
import { openTagReader } from "../../tags/open-tag-reader.ts";
import { writeRemark } from "../../tags/write-remark.ts";
import { oneOf, required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { loadActors } from "../register.ts";
import { plainText } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { tagsOf } from "../../tags/answer.ts";
import { readSubjects } from "./subject.ts";

const textMax = 1_000;

/** `fundtrail tags dispute | correct | support ADDRESS --tag ID --by NAME --why TEXT`: a user's word on a single tag. */
export async function remark(
  kind: "dispute" | "correct" | "support",
  {
    options,
    word,
    terminal,
  }: { readonly options: Arguments; readonly word: string | undefined; readonly terminal: Terminal },
): Promise<number> {
  const folder = required(options, "ledger", "DIR");
  const said: TagRemark = {
    kind: kind === "correct" ? "correction" : kind,
    by: bounded(required(options, "by", "NAME"), "--by"),
    why: bounded(required(options, "why", "TEXT"), "--why"),
    day: parseDay(new Date().toISOString().slice(0, 10)),
    changes: readChanges(options, kind),
  };
  const id = required(options, "tag", "ID");
  const actors = await loadActors(options.texts("register"));
  // Opened for reading first, so that a ledger that is not there is not made.
  await openLmdbStore(folder, { mode: "read" }).close();
  const store = openLmdbStore(folder, { mode: "write" });
  let unlock = async (): Promise<void> => Promise.resolve();
  try {
    unlock = await lockForWriting(folder);
    const snapshot = store.snapshot();
    const reader = openTagReader(snapshot, actors, folder);
    const tags = readSubjects(options, reader, word).flatMap((subject) => tagsOf(reader, subject));
    const tag = chosen(tags, id, word ?? "");
    snapshot.release();
    await writeRemark(store, folder, tag, said);
    if (options.flag("json")) terminal.out(jsonText({ tag: tag.id, remark: said }));
    else terminal.out(plainText(`${tag.id} ${tag.label}: ${said.kind} by ${said.by} is kept`).concat("\n"));
    return 0;
  } finally {
    await store.close();
    await unlock();
  }
}

/** The tag whose id begins so. */
function chosen(tags: readonly Tag[], id: string, word: string): Tag {
  const found = tags.filter((tag) => tag.id.startsWith(id.toLowerCase()));
  const [tag] = found;
  if (tag !== undefined && found.length === 1) return tag;
  const ids = tags.map((one) => one.id).join(", ");
  const mend = tags.length === 0 ? "it has no tag" : `its tags are ${ids}`;
  throw new Failure("UNKNOWN_NAME", { kind: "tag", name: id, where: word, mend });
}

function readChanges(options: Arguments, kind: string): Partial<TagFields> {
  const confidence = options.text("confidence");
  const changes: Partial<TagFields> = {
    ...given(options, "label"),
    ...given(options, "category"),
    ...given(options, "abuse"),
    ...given(options, "actor"),
    ...(confidence === undefined ? {} : { confidence: oneOf(confidences, confidence, "--confidence") }),
  };
  const isCorrection = kind === "correct";
  if (isCorrection === Object.keys(changes).length > 0) return changes;
  const fields = "--label, --category, --abuse, --actor or --confidence";
  throw isCorrection
    ? new Failure("USAGE", { what: "a correction changes nothing", mend: `give what is right with ${fields}` })
    : new Failure("USAGE", { what: `${fields} belong to a correction`, mend: "use fundtrail tags correct" });
}

function given(options: Arguments, name: "label" | "category" | "abuse" | "actor"): Partial<TagFields> {
  const text = options.text(name)?.trim();
  if (text === undefined) return {};
  return { [name]: bounded(text, `--${name}`) };
}

function bounded(text: string, option: string): string {
  const trimmed = text.trim();
  if (trimmed !== "" && trimmed.length <= textMax) return trimmed.toWellFormed();
  throw new Failure("USAGE", { what: `${option} has ${trimmed.length} characters`, mend: `give 1 to ${textMax}` });
}

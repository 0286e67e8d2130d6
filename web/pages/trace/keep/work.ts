import { noChoices, type Choices } from "../group/choices.ts";

/** What an analyst has made of a trace: notes by node, and what is opened, collapsed and grouped. */
export type Work = {
  readonly notes: Readonly<Record<string, string>>;
  readonly choices: Choices;
};

export const noWork: Work = { notes: {}, choices: noChoices };

/** A note set or, where it is empty, taken away. */
export function withNote(work: Work, id: string, text: string): Work {
  const { [id]: _, ...others } = work.notes;
  return { ...work, notes: text.trim() === "" ? others : { ...others, [id]: text.slice(0, noteLength) } };
}

/** A note is at most so long. */
export const noteLength = 4_000;
const notesMax = 10_000;
const idsMax = 50_000;
const idLength = 400;

const schema = "fundtrail/trace-notes";
const version = 1;

/** A file of notes: what it is, of which trace, by which version of the form. */
export function writeWork(work: Work, digest: string): string {
  return `${JSON.stringify({ schema, version, trace: digest, ...work }, null, 2)}\n`;
}

/** Why a file cannot be opened. */
export type WorkProblem = "not-json" | "not-notes" | "newer" | "damaged";
export type ReadWork =
  | { readonly state: "read"; readonly work: Work; readonly digest: string }
  | { readonly state: "refused"; readonly problem: WorkProblem };

/** Reads what {@link writeWork} wrote; anything else is refused whole, so that nothing is half opened. */
export function readWork(text: string): ReadWork {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused("not-json");
  }
  if (!isRecord(value) || value["schema"] !== schema) return refused("not-notes");
  if (value["version"] !== version) {
    return refused(typeof value["version"] === "number" && value["version"] > version ? "newer" : "damaged");
  }
  const notes = textsOf(value["notes"]);
  const choices = choicesOf(value["choices"]);
  const digest = value["trace"];
  if (notes === undefined || choices === undefined || typeof digest !== "string") return refused("damaged");
  return { state: "read", work: { notes, choices }, digest };
}

function refused(problem: WorkProblem): ReadWork {
  return { state: "refused", problem };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length > notesMax) return undefined;
  const isNote = ([id, text]: readonly [string, unknown]): boolean =>
    id.length <= idLength && typeof text === "string" && text.length <= noteLength;
  return entries.every(isNote) ? (Object.fromEntries(entries) as Record<string, string>) : undefined;
}

function choicesOf(value: unknown): Choices | undefined {
  if (!isRecord(value)) return undefined;
  const { opened, collapsed, grouped } = value;
  if (!isRecord(opened) || !isIds(collapsed) || !isIds(grouped)) return undefined;
  const counts = Object.entries(opened);
  const isCount = ([id, count]: readonly [string, unknown]): boolean =>
    id.length <= idLength && Number.isInteger(count) && Number(count) > 0 && Number(count) <= 1_000_000;
  if (counts.length > idsMax || !counts.every(isCount)) return undefined;
  return { opened: Object.fromEntries(counts) as Record<string, number>, collapsed, grouped };
}

function isIds(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= idsMax &&
    value.every((id) => typeof id === "string" && id.length <= idLength)
  );
}

import { confidences, type Confidence } from "./actor.ts";

/**
 * How a tag came about, by the words of GraphSense's TagPacks, in ascending order of how much it is to be trusted; each with
 * GraphSense's level (0 to 100) and the step of {@link confidences} that it stands for.
 *
 * Words of one level are equally strong; the order among them only makes sorting definite. Source: `confidence.csv` of
 * graphsense-tagpack-tool; the mapping is argued for in `docs/methods/tags.md`.
 */
const gradeTable = [
  ["unknown", 5, "low"],
  ["heuristic", 10, "low"],
  ["web_crawl", 20, "low"],
  ["untrusted_transaction", 40, "medium"],
  ["forensic", 50, "medium"],
  ["trusted_provider", 50, "medium"],
  ["service_data", 50, "high"],
  ["authority_data", 60, "confirmed"],
  ["service_api", 70, "confirmed"],
  ["manual_transaction", 90, "confirmed"],
  // What a chain itself records, such as a token's black list, needs nobody's word. The level is Fundtrail's own.
  ["ledger_immanent", 95, "confirmed"],
  ["ownership", 100, "confirmed"],
  ["override", 100, "confirmed"],
] as const;

/** A word of GraphSense's for how a tag came about. */
export type Grade = (typeof gradeTable)[number][0];

const byWord: ReadonlyMap<string, (typeof gradeTable)[number]> = new Map(gradeTable.map((entry) => [entry[0], entry]));

/** The grade of a word; undefined where it is none. */
export function gradeOf(word: string): Grade | undefined {
  return byWord.get(word)?.[0];
}

/** All words of {@link Grade}, in ascending order. */
export const grades: readonly Grade[] = gradeTable.map(([word]) => word);

/** The step of the common ladder that a grade stands for. */
export function confidenceOf(grade: Grade): Confidence {
  const entry = byWord.get(grade);
  return entry === undefined ? "low" : entry[2];
}

/**
 * What GraphSense calls a step of the common ladder, for a tag whose source gave no grade: the weakest word that stands for
 * it, so that no export claims more than was known.
 */
export function weakestGrade(confidence: Confidence): Grade {
  return gradeTable.find(([, , step]) => step === confidence)?.[0] ?? "unknown";
}

/** Orders tags by strength: the step of the ladder first, then the grade within it. Higher is stronger; for sorting only. */
export function strength(confidence: Confidence, grade: Grade | undefined): number {
  const within = grade !== undefined && confidenceOf(grade) === confidence ? grades.indexOf(grade) + 1 : 0;
  return confidences.indexOf(confidence) * (grades.length + 1) + within;
}

import type { Place } from "./failure-codes.ts";

/** Something about the data that a reader must know: an error keeps it from being used, a warning does not. */
export type Finding = {
  readonly severity: "error" | "warning";
  readonly place: Place;
  /** What is wrong, in words that name the value. */
  readonly what: string;
  /** What to do about it. */
  readonly mend: string;
};

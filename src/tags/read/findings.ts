import type { Finding } from "../../base/finding.ts";

/** What was found in a file while it was read: each finding with its line, and counts by reason. */
export class FindingLog {
  /** The first ones, up to {@link findingsMax}; a list that is wrong throughout would fill the memory. */
  readonly findings: Finding[] = [];
  /** How many entries did not go in, by reason. */
  readonly rejected = new Map<string, number>();
  /** How many findings there were in all. */
  count = 0;
  readonly #file: string;
  readonly #warned = new Set<string>();

  constructor(file: string) {
    this.#file = file;
  }

  reject(line: number, reason: string, what: string): void {
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
    this.#add({ severity: "error", place: { file: this.#file, line }, what, mend: "correct it, or leave it out" });
  }

  /** Said once for each `what`, at the first line. */
  warn(line: number, what: string, mend: string): void {
    if (this.#warned.has(what)) return;
    this.#warned.add(what);
    this.#add({ severity: "warning", place: { file: this.#file, line }, what, mend });
  }

  #add(finding: Finding): void {
    this.count += 1;
    if (this.findings.length < findingsMax) this.findings.push(finding);
  }
}

/** So many findings of a file are kept. */
export const findingsMax = 10_000;

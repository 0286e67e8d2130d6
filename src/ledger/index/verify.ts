import { isFailure, type Failure } from "../../base/failure.ts";
import { isAfter, makeEntries, type Entries } from "./entries.ts";
import { EntryPageDecoder } from "./entry-page.ts";
import type { RunReader } from "./run-reader.ts";
import { entriesPerPageMax, levelOf, pagesOf } from "./run.ts";

/** Something wrong with a run; `what` names index, run and page. */
export type IndexFinding = { readonly run: number; readonly what: string };

/** Reads a whole run: at most one finding a page, and one about the run. */
export function verifyRun(reader: RunReader): readonly IndexFinding[] {
  const { pages } = reader;
  const { run } = pages;
  const findings: IndexFinding[] = [];
  const attempt = (check: () => void): void => {
    try {
      check();
    } catch (thrown) {
      if (!isFailure(thrown, "LEDGER_DAMAGED")) throw thrown;
      const { what, why } = (thrown as Failure<"LEDGER_DAMAGED">).data;
      findings.push({ run: run.id, what: `${what}: ${why}` });
    }
  };
  for (let page = 0; page < pagesOf(run).filter; page += 1) attempt(() => void pages.read("filter", page));
  attempt(() => void reader.directory());
  // Without these, the pages of entries cannot be checked against them.
  const whole = findings.length === 0;
  const check = new PageCheck(reader);
  for (let page = 0; page < run.pages; page += 1) attempt(() => check.page(page, whole));
  if (findings.length === 0) attempt(() => check.finish());
  return findings;
}

class PageCheck {
  readonly #reader: RunReader;
  readonly #decoder = new EntryPageDecoder();
  /** The last entry of the page before, then those of the page. */
  readonly #entries: Entries = makeEntries(entriesPerPageMax + 1);
  #total = 0;
  #last = 0;

  constructor(reader: RunReader) {
    this.#reader = reader;
  }

  page(page: number, whole: boolean): void {
    const { pages } = this.#reader;
    const { words, layout } = pages.readEntries(page);
    const { hi, lo, value } = this.#entries;
    for (const column of [hi, lo, value]) column[0] = column[this.#last] as number;
    const [body, seen] = [
      { hi: hi.subarray(1), lo: lo.subarray(1), value: value.subarray(1) },
      this.#total > 0 ? 1 : 2,
    ];
    const count = this.#decoder.decode(words, layout, body);
    if (count < 0) throw pages.damaged("entries", page, "its keys contradict themselves");
    this.#last = count;
    this.#total += count;
    for (let at = seen; at <= count; at += 1) {
      if (!isAfter(this.#entries, at, at - 1)) throw pages.damaged("entries", page, "its entries are out of order");
    }
    if (whole) this.#againstOthers(page, count);
  }

  #againstOthers(page: number, count: number): void {
    const { pages } = this.#reader;
    const { hi, lo, value } = this.#entries;
    const directory = this.#reader.directory();
    if (directory.hi[page] !== hi[1] || directory.lo[page] !== lo[1] || directory.value[page] !== value[1]) {
      throw pages.damaged("entries", page, "the directory has another first entry for it");
    }
    for (let at = 1; at <= count; at += 1) {
      if (!this.#reader.filterHas(hi[at] as number, lo[at] as number)) {
        throw pages.damaged("entries", page, "the filter does not know one of its keys");
      }
    }
  }

  finish(): void {
    const { pages } = this.#reader;
    const { run } = pages;
    const directory = this.#reader.directory();
    const { hi, lo } = this.#entries;
    if (this.#total !== run.entries || run.level !== levelOf(run.entries)) {
      throw pages.damaged("directory", 0, `it has ${this.#total} entries and not ${run.entries}`);
    }
    if (directory.lastHi !== hi[this.#last] || directory.lastLo !== lo[this.#last]) {
      throw pages.damaged("directory", 0, "it has another last key");
    }
  }
}

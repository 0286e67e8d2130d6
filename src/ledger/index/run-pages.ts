import { Failure } from "../../base/failure.ts";
import type { PageSource } from "../../store/page-store.ts";
import { openPage, sealPage } from "../page.ts";
import { readLayout, type Layout } from "./entry-page.ts";
import { headWords, pageKinds, runPageKey, type PageKind, type Run } from "./run.ts";

const format = 1;
const pageNames: Readonly<Record<PageKind, string>> = {
  entries: "page",
  directory: "directory page",
  filter: "filter page",
};

/** A page's words with their head, sealed. Words are stored lowest byte first, as every machine that runs Node has them. */
export function sealRunPage(run: number, kind: PageKind, page: number, words: Uint32Array): Uint8Array {
  words[0] = format | (pageKinds[kind] << 8);
  words[1] = run;
  words[2] = page;
  return sealPage(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
}

/** Reads the pages of one run; each is checked and copied. */
export class RunPages {
  readonly run: Run;
  readonly #source: PageSource;
  readonly #prefix: Uint8Array;

  constructor(source: PageSource, prefix: Uint8Array, run: Run) {
    this.run = run;
    this.#source = source;
    this.#prefix = prefix;
  }

  /** @throws {Failure} `LEDGER_DAMAGED` naming index, run and page. */
  read(kind: PageKind, page: number): Uint32Array {
    return this.#read(kind, page, undefined);
  }

  #read(kind: PageKind, page: number, scratch: Uint32Array | undefined): Uint32Array {
    const key = runPageKey(this.#prefix, this.run.id, kind, page);
    const content = openPage(this.#source.lend(key), this.#name(kind, page));
    if (content.length % 4 !== 0 || content.length < headWords * 4)
      throw this.damaged(kind, page, "its length is wrong");
    const count = content.length / 4;
    const words =
      scratch !== undefined && count <= scratch.length ? scratch.subarray(0, count) : new Uint32Array(count);
    new Uint8Array(words.buffer).set(content);
    if (words[0] !== (format | (pageKinds[kind] << 8))) throw this.damaged(kind, page, "it is of an unknown format");
    if (words[1] !== this.run.id || words[2] !== page)
      throw this.damaged(kind, page, "another page stands in its place");
    return words;
  }

  /**
   * A page of entries, and how it is laid out.
   *
   * @param scratch - A buffer of its own to read it into, for one who needs it only until the next page.
   * @throws {Failure} `LEDGER_DAMAGED`.
   */
  readEntries(page: number, scratch?: Uint32Array): { readonly words: Uint32Array; readonly layout: Layout } {
    const words = this.#read("entries", page, scratch);
    const layout = readLayout(words);
    if (layout === undefined) throw this.damaged("entries", page, "its layout contradicts itself");
    return { words, layout };
  }

  damaged(kind: PageKind, page: number, why: string): Failure {
    return new Failure("LEDGER_DAMAGED", { what: this.#name(kind, page), why });
  }

  #name(kind: PageKind, page: number): string {
    const index = Buffer.from(this.#prefix).toString("hex");
    return `index ${index}, run ${this.run.id}, ${pageNames[kind]} ${page}`;
  }
}

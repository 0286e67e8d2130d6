import { ceilDivide } from "../../../ledger/index/run.ts";

/** Records of a page, whatever they are. */
export const pageRecords = 4_096;

/** How many pages are kept of each kind, where nothing else is said. */
export const usualPagesMax = 8_192;

/** The largest number that a word holds. */
export const wordMax = 0xffff_ffff;

/**
 * Words by record, some to each, in pages that are made when one of their records is first asked for. So many pages are kept; then
 * the one that was made first goes. A word is 0 until it is filled, so that one look at it tells whether it is there: what a trace
 * waits for is memory.
 */
export class WordPages {
  readonly pages: (Uint32Array | undefined)[];
  /** By page, what its words are counted from. */
  readonly bases: Float64Array;
  readonly #words: number;
  readonly #pagesMax: number;
  readonly #made: number[] = [];
  #oldest = 0;

  /**
   * @param records - How many there are.
   * @param words - Of a page.
   */
  constructor(records: number, words: number, pagesMax: number) {
    const count = ceilDivide(records, pageRecords);
    this.pages = Array.from({ length: count }, () => undefined);
    this.bases = new Float64Array(count);
    this.#words = words;
    this.#pagesMax = pagesMax;
  }

  /** The words of a page, which is made where it is not there. */
  page(page: number): Uint32Array {
    return this.pages[page] ?? this.#make(page);
  }

  #make(page: number): Uint32Array {
    const words = new Uint32Array(this.#words);
    if (this.#made.length < this.#pagesMax) this.#made.push(page);
    else {
      this.pages[this.#made[this.#oldest] as number] = undefined;
      this.#made[this.#oldest] = page;
      this.#oldest = (this.#oldest + 1) % this.#pagesMax;
    }
    this.pages[page] = words;
    return words;
  }
}

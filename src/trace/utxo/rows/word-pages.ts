import { KeepSome } from "../../../base/keep-some.ts";
import { ceilDivide } from "../../../ledger/index/run.ts";

/**
 * Records of a page, whatever they are: so many neighbours of what is asked for are decoded with it. Fewer would cost more where a
 * trace goes on nearby, more where its transactions lie far from each other, as they do on a long chain.
 */
export const pageRecords = 512;

/** The largest number that a word holds. */
export const wordMax = 0xffff_ffff;

/**
 * Words by record, some to each, in pages that are made when one of their records is first asked for. Of them so many
 * bytes are kept. A word is 0 until it is filled, so that one look at it tells whether it is there: what a trace waits for is memory.
 */
export class WordPages {
  readonly pages: (Uint32Array | undefined)[];
  /** By page, what its words are counted from. */
  readonly bases: Float64Array;
  readonly #words: number;
  readonly #kept: KeepSome;

  /**
   * @param records - How many there are.
   * @param words - Of a page.
   * @param bytesMax - Of all pages that are kept; one is always.
   */
  constructor(records: number, words: number, bytesMax: number) {
    const count = ceilDivide(records, pageRecords);
    this.pages = Array<Uint32Array | undefined>(count).fill(undefined);
    this.bases = new Float64Array(count);
    this.#words = words;
    this.#kept = new KeepSome(Math.max(1, (bytesMax / (words * 4)) | 0));
  }

  /** The words of a page, which is made where it is not there. */
  page(page: number): Uint32Array {
    return this.pages[page] ?? this.#make(page);
  }

  #make(page: number): Uint32Array {
    const words = new Uint32Array(this.#words);
    const gone = this.#kept.keep(page);
    if (gone >= 0) this.pages[gone] = undefined;
    this.pages[page] = words;
    return words;
  }
}

import type { EntryView } from "./entry-view.ts";
import { ceilDivide, blocksPerPage, type Run } from "./run.ts";

/** What has been read of a run. Belongs to the run, whichever snapshot it was read from. */
export type CachedRun = {
  readonly run: Run;
  directory: RunDirectory | undefined;
  readonly filter: (Uint32Array | undefined)[];
  readonly pages: (EntryView | undefined)[];
};

/** The first key and value of each page, and the last key of the run. */
export type RunDirectory = {
  readonly hi: Uint32Array;
  readonly lo: Uint32Array;
  readonly value: Float64Array;
  readonly lastHi: number;
  readonly lastLo: number;
};

const defaultBytes = 67_108_864;

/**
 * What the readers of one index have read, kept from one reader to the next. Pages of entries are bounded by bytes: the
 * one that goes was not read since its turn last came (the "clock" form of least recently used). Directories (24 bytes
 * a page of entries) and filters (10 bits an entry) stay as long as their run.
 */
export class IndexCache {
  readonly #bytesMax: number;
  readonly #runs = new Map<number, CachedRun>();
  readonly #clock: { run: CachedRun; page: number; view: EntryView }[] = [];
  #hand = 0;
  #bytes = 0;

  constructor(bytesMax: number = defaultBytes) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes of the pages of entries that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is held of these runs; all others are forgotten. */
  open(runs: readonly Run[]): readonly CachedRun[] {
    const kept = new Set(runs.map(({ id }) => id));
    for (const [id, cached] of this.#runs) if (!kept.has(id)) this.#forget(cached);
    return runs.map((run) => this.#open(run));
  }

  #open(run: Run): CachedRun {
    const known = this.#runs.get(run.id);
    if (known !== undefined) {
      if (known.run.entries === run.entries && known.run.bytes === run.bytes) return known;
      this.#forget(known);
    }
    const filter = Array.from({ length: ceilDivide(run.blooms, blocksPerPage) }, () => undefined);
    const cached: CachedRun = {
      run,
      directory: undefined,
      filter,
      pages: Array.from({ length: run.pages }, () => undefined),
    };
    this.#runs.set(run.id, cached);
    return cached;
  }

  /** Keeps a page, and lets others go to make room. */
  keep(run: CachedRun, page: number, view: EntryView): void {
    this.#bytes += view.bytes;
    while (this.#bytes > this.#bytesMax && this.#clock.length > 0) this.#turn();
    run.pages[page] = view;
    this.#clock.push({ run, page, view });
  }

  /** Looks at one page: lets it go, or gives it another turn. */
  #turn(): void {
    if (this.#hand >= this.#clock.length) this.#hand = 0;
    const slot = this.#clock[this.#hand];
    if (slot === undefined) return;
    if (slot.view.used) {
      slot.view.used = false;
      this.#hand += 1;
      return;
    }
    this.#drop(slot);
    const last = this.#clock.pop();
    if (last !== undefined && last !== slot) this.#clock[this.#hand] = last;
  }

  #forget(cached: CachedRun): void {
    this.#runs.delete(cached.run.id);
    const kept = this.#clock.filter((slot) => slot.run !== cached);
    for (const slot of this.#clock) if (slot.run === cached) this.#drop(slot);
    this.#clock.splice(0, this.#clock.length, ...kept);
    this.#hand = 0;
  }

  #drop({ run, page, view }: { readonly run: CachedRun; readonly page: number; readonly view: EntryView }): void {
    run.pages[page] = undefined;
    this.#bytes -= view.bytes;
  }
}

import type { PageSource } from "../store/page-store.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { ChainIndexes } from "./indexes.ts";
import type { IndexName } from "./keys.ts";
import { TableReader, TableWriter, type TableShape } from "./table.ts";

/**
 * Numbers identities in the order in which they are first seen.
 *
 * What is committed is found by the index, where each candidate is compared with the identity itself. Whoever asks
 * remembers at least those that are not committed yet.
 */
export class Dictionary<const Shape extends TableShape, Identity> {
  readonly #table: TableWriter<Shape>;
  readonly #index: IndexName;
  readonly #indexes: ChainIndexes;
  readonly #fingerprint: (identity: Identity) => Fingerprint;
  readonly #appendTo: (table: TableWriter<Shape>, identity: Identity) => number;
  readonly #isSame: (reader: TableReader<Shape>, record: number, identity: Identity) => boolean;
  readonly #committed: TableReader<Shape>;

  constructor(options: {
    readonly shape: Shape;
    readonly index: IndexName;
    readonly chain: number;
    readonly pages: PageSource;
    readonly count: number;
    readonly indexes: ChainIndexes;
    readonly fingerprint: (identity: Identity) => Fingerprint;
    /** Appends the identity to the table and returns its number. */
    readonly append: (table: TableWriter<Shape>, identity: Identity) => number;
    readonly isSame: (reader: TableReader<Shape>, record: number, identity: Identity) => boolean;
  }) {
    const { shape, chain, pages, count } = options;
    this.#table = new TableWriter(shape, chain, pages, count);
    this.#committed = new TableReader(shape, chain, pages, count);
    this.#index = options.index;
    this.#indexes = options.indexes;
    this.#fingerprint = options.fingerprint;
    this.#appendTo = options.append;
    this.#isSame = options.isSame;
  }

  get table(): TableWriter<Shape> {
    return this.#table;
  }

  /** The number of an identity that was not added since the last commit; a new one where it was never seen. */
  numberOf(identity: Identity): number {
    const { hi, lo } = this.#fingerprint(identity);
    const candidates = this.#indexes.committed(this.#index, hi, lo);
    return (
      candidates.find((record) => this.#isSame(this.#committed, record, identity)) ?? this.#append(identity, hi, lo)
    );
  }

  #append(identity: Identity, hi: number, lo: number): number {
    const number = this.#appendTo(this.#table, identity);
    this.#indexes.writer(this.#index).add(hi, lo, number);
    return number;
  }
}

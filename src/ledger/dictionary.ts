import type { StoreSnapshot } from "../store/page-store.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { ChainIndexes } from "./indexes.ts";
import type { IndexName } from "./keys.ts";
import { TableReader, TableWriter, type TableShape } from "./table.ts";

/** Identities that were seen lately, with their numbers; at least those that wait to be committed. */
export type Recent<Identity> = {
  readonly get: (identity: Identity) => number | undefined;
  readonly set: (identity: Identity, number: number) => void;
};

/** How many identities are remembered. */
export const recentMax = 1_000_000;

/**
 * Numbers identities in the order in which they are first seen.
 *
 * Most are seen again soon, so they are remembered; the rest are looked up in the index, where each candidate is compared
 * with the identity itself.
 */
export class Dictionary<const Shape extends TableShape, Identity> {
  readonly #table: TableWriter<Shape>;
  readonly #index: IndexName;
  readonly #indexes: ChainIndexes;
  readonly #fingerprint: (identity: Identity) => Fingerprint;
  readonly #appendTo: (table: TableWriter<Shape>, identity: Identity) => number;
  readonly #isSame: (reader: TableReader<Shape>, record: number, identity: Identity) => boolean;
  readonly #committed: TableReader<Shape>;
  readonly #recent: Recent<Identity>;

  constructor(options: {
    readonly shape: Shape;
    readonly index: IndexName;
    readonly chain: number;
    readonly snapshot: StoreSnapshot;
    readonly count: number;
    readonly indexes: ChainIndexes;
    readonly recent: Recent<Identity>;
    readonly fingerprint: (identity: Identity) => Fingerprint;
    /** Appends the identity to the table and returns its number. */
    readonly append: (table: TableWriter<Shape>, identity: Identity) => number;
    readonly isSame: (reader: TableReader<Shape>, record: number, identity: Identity) => boolean;
  }) {
    const { shape, chain, snapshot, count } = options;
    this.#table = new TableWriter(shape, chain, snapshot, count);
    this.#committed = new TableReader(shape, chain, snapshot, count);
    this.#index = options.index;
    this.#indexes = options.indexes;
    this.#fingerprint = options.fingerprint;
    this.#appendTo = options.append;
    this.#isSame = options.isSame;
    this.#recent = options.recent;
  }

  get table(): TableWriter<Shape> {
    return this.#table;
  }

  /** The identity's number; a new one where it was never seen. */
  numberOf(identity: Identity): number {
    const known = this.#recent.get(identity);
    if (known !== undefined) return known;
    const { hi, lo } = this.#fingerprint(identity);
    const candidates = this.#indexes.committed(this.#index, hi, lo);
    const found =
      candidates.find((record) => this.#isSame(this.#committed, record, identity)) ?? this.#append(identity, hi, lo);
    this.#recent.set(identity, found);
    return found;
  }

  #append(identity: Identity, hi: number, lo: number): number {
    const number = this.#appendTo(this.#table, identity);
    this.#indexes.add(this.#index, hi, lo, number);
    return number;
  }
}

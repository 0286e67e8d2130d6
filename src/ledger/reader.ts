import { chain as knownChain, type KnownChain } from "../base/chains.ts";
import type { PageStore, StoreSnapshot } from "../store/page-store.ts";
import { IndexReader } from "./index/index-reader.ts";
import { indexPrefix, type IndexName, type TableName } from "./keys.ts";
import { readDirectory, readManifest, type ChainState, type Model } from "./manifest.ts";
import { TableReader, type TableShape } from "./table.ts";

/** One chain of a ledger at one committed state, for as long as it is open. */
export type ChainReader = {
  readonly number: number;
  readonly chain: KnownChain;
  readonly model: Model;
  /** Whether its blocks are made up, by the word of whoever ingested them. */
  readonly simulated: boolean;
  readonly state: ChainState;
  /** Earlier states, to which a reorganisation may go back. */
  readonly earlier: readonly ChainState[];
  /** What all of it is read from; also what others keep beside a chain, at the same state. */
  readonly snapshot: StoreSnapshot;
  table<const Shape extends TableShape>(shape: Shape): TableReader<Shape>;
  /** An index, as it is now or in an earlier state. */
  index(name: IndexName, state?: ChainState): IndexReader;
};

/** A consistent view of a whole ledger. Writers do not wait for it and do not change it. */
export class LedgerReader {
  readonly chains: readonly ChainReader[];
  readonly #snapshot: StoreSnapshot;

  /** @throws {Failure} `LEDGER_FORMAT`, `LEDGER_DAMAGED`. */
  constructor(store: PageStore, folder: string) {
    this.#snapshot = store.snapshot();
    try {
      this.chains = readDirectory(this.#snapshot, folder).chains.map(({ number, id, model, simulated = false }) =>
        chainReader(this.#snapshot, { number, chain: knownChain(id), model, simulated }),
      );
    } catch (thrown) {
      this.#snapshot.release();
      throw thrown;
    }
  }

  close(): void {
    this.#snapshot.release();
  }
}

function chainReader(
  snapshot: StoreSnapshot,
  { number, chain, model, simulated }: Pick<ChainReader, "number" | "chain" | "model" | "simulated">,
): ChainReader {
  const { state, earlier } = readManifest(snapshot, number);
  const count = (name: TableName): number => state.counts[name] ?? 0;
  return {
    number,
    chain,
    model,
    simulated,
    state,
    earlier,
    snapshot,
    table: (shape) => new TableReader(shape, number, snapshot, count(shape.name)),
    index: (name, of = state) => new IndexReader(snapshot, indexPrefix(number, name), of.runs[name] ?? []),
  };
}

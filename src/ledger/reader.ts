import { chain as knownChain, type KnownChain } from "../base/chains.ts";
import type { PageStore, StoreSnapshot } from "../store/page-store.ts";
import { chainPages, type ChainPages } from "./chain-pages.ts";
import { readDirectory, readManifest, type ChainState, type Model } from "./manifest.ts";

/** One chain of a ledger at one committed state, for as long as it is open. */
export type ChainReader = ChainPages & {
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
  return {
    number,
    chain,
    model,
    simulated,
    state,
    earlier,
    snapshot,
    ...chainPages(snapshot, number, state),
  };
}

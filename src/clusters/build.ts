import type { ChainId } from "../base/caip.ts";
import { NumberColumn } from "../ledger/number-column.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { LedgerReader } from "../ledger/reader.ts";
import type { PageStore } from "../store/page-store.ts";
import { AccountScan } from "./account/account-scan.ts";
import { ChainBlocks, rowsOf, seenBlocksMax } from "./blocks.ts";
import { chainOf } from "./chain-of.ts";
import { ClusterWriter, inPlaceBytesMax, type Position } from "./cluster-writer.ts";
import { defaultRules, type RuleSet } from "./rules.ts";
import type { Scan, ScanSink } from "./scan.ts";
import type { ServiceList, ServicesOf } from "./services.ts";
import { evidenceShape, mergesShape } from "./shapes.ts";
import { startingPoint, type Start } from "./start.ts";
import { readClustersState, type SeenBlock } from "./state.ts";
import { readStrikes } from "./strikes.ts";
import { StruckOut } from "./struck-out.ts";
import { tableOf } from "./tables.ts";
import { UtxoScan } from "./utxo-scan.ts";

/** Records that are kept in memory before they are committed. */
const pendingMax = 8_000_000;

export type BuildOptions = {
  /** Where the ledger is, for messages. */
  readonly folder: string;
  readonly chain: ChainId;
  /** Undefined: those that the clusters were built by, or the default ones. */
  readonly rules: RuleSet | undefined;
  /** Whose addresses the tags say are a service's; `noServices` where there are no tags. */
  readonly services: ServicesOf;
  readonly onProgress?: (progress: BuildProgress) => void;
  /** How many records are kept in memory before they are committed; for tests. */
  readonly pendingMax?: number;
  /** How much of the forest is changed in place at most; for tests. */
  readonly inPlaceBytesMax?: number;
};

export type BuildProgress = { readonly height: number; readonly rows: number; readonly rowsTotal: number };

/** What a build did, and what there is after it. */
export type Built = {
  readonly rules: RuleSet;
  readonly way: Start["way"];
  readonly why: string;
  /** Blocks that a reorganisation took back. */
  readonly undone: number;
  readonly tip: SeenBlock | undefined;
  /** New transactions, or transfers, that were looked at. */
  readonly rows: number;
  readonly evidence: number;
  readonly merges: number;
  readonly held: number;
  readonly coinjoins: number;
};

/**
 * Brings a chain's clusters up to the ledger's tip.
 *
 * Goes on where the last build stopped; takes back what a reorganisation undid; applies the evidence again where strikes or
 * tags have changed, and reads the chain again where rules have. In whatever batches, the result is that of one run from the
 * first block: evidence depends only on what comes before it, and is applied in chain order.
 *
 * The writer's lock must be held. Cost: linear in new rows; memory: 8 bytes an owner, at most 512 MB for the owners of
 * outputs, and what waits to be committed.
 *
 * @throws {Failure} `UNKNOWN_NAME` where the chain is not in the ledger, `LEDGER_DAMAGED`.
 */
export async function buildClusters(store: PageStore, options: BuildOptions): Promise<Built> {
  const ledger = new LedgerReader(store, options.folder);
  try {
    return await new Build(store, chainOf(ledger, options.chain, options.folder), options).run();
  } finally {
    ledger.close();
  }
}

class Build {
  readonly #store: PageStore;
  readonly #reader: ChainReader;
  readonly #options: BuildOptions;
  readonly #struck: StruckOut;
  readonly #services: ServiceList;
  readonly #start: Start;
  readonly #rules: RuleSet;
  readonly #chainBlocks: ChainBlocks;
  readonly #pendingMax: number;
  #blocks: SeenBlock[];

  constructor(store: PageStore, reader: ChainReader, options: BuildOptions) {
    this.#store = store;
    this.#reader = reader;
    this.#options = options;
    this.#pendingMax = options.pendingMax ?? pendingMax;
    const stored = readClustersState(reader.snapshot, reader.number);
    this.#rules = options.rules ?? stored?.rules ?? defaultRules(reader.model);
    this.#struck = new StruckOut(reader, this.#rules, readStrikes(reader.snapshot, reader.number));
    this.#services = options.services(reader);
    this.#chainBlocks = new ChainBlocks(reader);
    this.#start = startingPoint(reader, {
      stored,
      rules: this.#rules,
      strikes: this.#struck.texts,
      services: this.#services,
      blocks: this.#chainBlocks,
    });
    this.#blocks = [...this.#start.state.blocks];
  }

  async run(): Promise<Built> {
    const { state, way, why, undone, abandoned, storedMerges } = this.#start;
    const index = this.#reader.model === "account" ? "own" : "ledger";
    const services = this.#services;
    const inPlaceBytes = this.#options.inPlaceBytesMax ?? inPlaceBytesMax;
    const { counts } = this.#reader.state;
    const owners = (this.#reader.model === "utxo" ? counts.owners : counts.accounts) ?? 0;
    const options = { state, services, owners, index, abandoned, inPlaceBytes } as const;
    const writer = new ClusterWriter(this.#store, this.#reader.number, options);
    try {
      if (storedMerges > state.merges) {
        writer.undoMerges(tableOf(this.#reader, mergesShape, storedMerges), state.merges);
      }
      await this.#reapply(writer);
      const rows = await this.#scan(writer);
      if (rows > 0 || undone > 0 || way !== "on" || writer.pending > 0 || this.#start.isStale) {
        await writer.commit(this.#position(writer.evidenceCount));
      }
      const { evidence, merges, held, coinjoins } = writer.state;
      return {
        rules: this.#rules,
        way,
        why,
        undone,
        tip: this.#blocks.at(-1),
        rows,
        evidence,
        merges,
        held,
        coinjoins,
      };
    } finally {
      writer.close();
    }
  }

  /** Applies the evidence that is recorded and not in the forest. */
  async #reapply(writer: ClusterWriter): Promise<void> {
    const { evidence, applied } = this.#start.state;
    if (applied === evidence) return;
    const table = tableOf(this.#reader, evidenceShape, evidence);
    const [ats, rules, lefts, rights] = (["at", "rule", "left", "right"] as const).map(
      (name) => new NumberColumn(table, name, "number", "in order"),
    ) as [NumberColumn, NumberColumn, NumberColumn, NumberColumn];
    for (let number = applied; number < evidence; number += 1) {
      const [left, right] = [lefts.at(number), rights.at(number)];
      if (!this.#struck.isStruck(ats.at(number), rules.at(number), left, right)) writer.apply(number, left, right);
      if (writer.pending >= this.#pendingMax) await writer.commit(this.#position(number + 1));
    }
  }

  /** Applies the rules to the blocks that are new; how many rows they have. */
  async #scan(writer: ClusterWriter): Promise<number> {
    const blocks = this.#chainBlocks;
    const scan = this.#scanOf();
    const last = this.#blocks.at(-1);
    scan.ownersSeen = last?.ownersSeen ?? 0;
    const struck = this.#struck;
    const sink: ScanSink = {
      link: (at, rule, left, right) => {
        const number = writer.addEvidence(at, rule, left, right);
        if (!struck.isStruck(at, rule, left, right)) writer.apply(number, left, right);
      },
      coinjoin: (transaction, detector) => writer.addCoinjoin(transaction, detector),
    };
    const first = last?.rows ?? 0;
    const rowsTotal = rowsOf(this.#reader);
    let from = first;
    for (let block = this.#start.block; block < blocks.count; block += 1) {
      const to = blocks.rowsEnd(block);
      scan.rows(from, to, sink);
      from = to;
      const height = blocks.height(block);
      this.#see({ height, fingerprint: blocks.fingerprint(block), rows: to, ownersSeen: scan.ownersSeen });
      this.#options.onProgress?.({ height, rows: to, rowsTotal });
      if (writer.pending >= this.#pendingMax) await writer.commit(this.#position(writer.evidenceCount));
    }
    return from - first;
  }

  #scanOf(): Scan {
    const reader = this.#reader;
    return reader.model === "utxo"
      ? new UtxoScan(reader, this.#rules, (transaction, detector) => this.#struck.isCleared(transaction, detector))
      : new AccountScan(reader, this.#rules, this.#services);
  }

  #see(block: SeenBlock): void {
    this.#blocks.push(block);
    if (this.#blocks.length > seenBlocksMax * 2) this.#blocks = this.#blocks.slice(-seenBlocksMax);
  }

  #position(applied: number): Position {
    return { rules: this.#rules, strikes: this.#struck.texts, blocks: this.#blocks.slice(-seenBlocksMax), applied };
  }
}

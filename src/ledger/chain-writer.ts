import { assert } from "../base/assert.ts";
import type { ChainId } from "../base/caip.ts";
import { Failure } from "../base/failure.ts";
import type { Block } from "../chains/block.ts";
import type { Change, PageSource, PageStore } from "../store/page-store.ts";
import { accountMemory, AccountWriter } from "./account-writer.ts";
import { removeRun, runsFrom, type Run } from "./index/run.ts";
import { indexNames, indexPrefix, type IndexName } from "./keys.ts";
import {
  ledgerFormat,
  readDirectory,
  readManifest,
  writeDirectory,
  writeManifest,
  type ChainState,
  type Manifest,
  type Model,
  type Tip,
} from "./manifest.ts";
import type { ModelWriter } from "./model-writer.ts";
import { RenewedPages } from "./renewed-pages.ts";
import { UtxoMemory } from "./utxo-memory.ts";
import { UtxoWriter } from "./utxo-writer.ts";

/** What happened to a block that was offered. */
export type Appended =
  | { readonly kind: "appended" }
  /** The block does not follow the tip: the chain was reorganised at or below this height. */
  | { readonly kind: "fork"; readonly height: number };

export type ChainWriterOptions = {
  readonly folder: string;
  readonly chain: ChainId;
  readonly model: Model;
  /** How many blocks below the tip may still be reorganised. */
  readonly finality: number;
  /** The blocks are made up: the chain is marked so, for good. Not given: it stays what it is. */
  readonly simulated?: true;
  /** How many hashes may be remembered, a power of two; as many as are useful where it is not given. The result is the same. */
  readonly rememberedMax?: number;
};

/**
 * Writes one chain of a ledger: blocks in, commits out.
 *
 * A commit holds whole blocks, the source's cursor, and nothing else or nothing at all; a process that dies between two
 * loses what came after the last one, and the source gives it again. Of several writers of one chain only the first to
 * commit succeeds: the others find that the tip has moved.
 */
export class ChainWriter {
  readonly #store: PageStore;
  readonly #options: ChainWriterOptions;
  readonly #number: number;
  readonly #pages: RenewedPages;
  #manifest: Manifest;
  #tip: Tip | undefined;
  #internalUnknown = 0;
  #openModel: ModelOpener;
  #model: ModelWriter;

  private constructor(store: PageStore, options: ChainWriterOptions, number: number) {
    this.#store = store;
    this.#options = options;
    this.#number = number;
    this.#openModel = modelOpener(options);
    this.#pages = new RenewedPages(store);
    this.#manifest = readManifest(this.#pages, number);
    this.#model = this.#reopen();
  }

  /**
   * Opens a chain for writing; a new one is entered into the ledger's directory.
   *
   * @throws {Failure} `LEDGER_FORMAT`, `LEDGER_DAMAGED`, and `USAGE` where the chain is in the ledger in the other model, or
   *   where made-up blocks would follow real ones.
   */
  static async open(store: PageStore, options: ChainWriterOptions): Promise<ChainWriter> {
    const snapshot = store.snapshot();
    const directory = readDirectory(snapshot, options.folder);
    snapshot.release();
    const known = directory.chains.find(({ id }) => id === options.chain);
    if (known !== undefined && known.model !== options.model) {
      const what = `${options.chain} is in ${options.folder} as a chain of another kind (${known.model})`;
      throw new Failure("USAGE", { what, mend: "ingest this source into another ledger" });
    }
    if (options.simulated === true && known !== undefined && known.simulated !== true) {
      const what = `${options.folder} holds real blocks of ${options.chain}, and --simulated is given`;
      throw new Failure("USAGE", { what, mend: "ingest made-up blocks into a ledger of their own" });
    }
    const number = known?.number ?? directory.chains.length + 1;
    if (known === undefined) {
      const mark = options.simulated === true ? { simulated: true as const } : {};
      const chains = [...directory.chains, { number, id: options.chain, model: options.model, ...mark }];
      await store.commit([writeDirectory({ format: ledgerFormat, chains })]);
    }
    const writer = new ChainWriter(store, options, number);
    await writer.#sweepUnfinished();
    return writer;
  }

  /** The last block, appended or committed; undefined in an empty chain. */
  get tip(): Tip | undefined {
    return this.#tip;
  }

  /** What the source gave with the last commit, to go on from there. */
  get cursor(): string {
    return this.#manifest.state.cursor;
  }

  get pendingTransactions(): number {
    return this.#model.pendingTransactions;
  }

  /** Whether a commit is due, since more could not be kept in memory until a later one. */
  get isFull(): boolean {
    return this.#model.isFull;
  }

  /**
   * Appends a block that follows the tip.
   *
   * @param height - The block's height, for forms that do not tell it.
   */
  append(block: Block, height: number): Appended {
    const tip = this.#tip;
    if (tip !== undefined) {
      if (height <= tip.height) return { kind: "fork", height };
      const parent = hashText(block.parent);
      const isNext = height === tip.height + 1;
      if (isNext && parent !== undefined && tip.hash !== undefined && parent !== tip.hash) {
        return { kind: "fork", height: tip.height };
      }
    }
    this.#model.append(block, height);
    if (block.model === "account" && block.internalTransfers === "unknown") this.#internalUnknown += 1;
    this.#tip = { height, hash: hashText(block.hash), time: block.time };
    return { kind: "appended" };
  }

  /** Commits what was appended, with the source's cursor. */
  async commit(cursor: string): Promise<void> {
    const { state, earlier, nextRun, retired } = this.#manifest;
    this.#requireUnmoved();
    const tables = this.#model.flush();
    // The pages of new runs come first, in parts: nothing reads them before the manifest names them, and a merge of large
    // runs would not fit into one commit's memory.
    const indexes = await this.#model.indexes.flush(state, nextRun, { store: this.#store, pages: this.#pages });
    const next: ChainState = {
      tip: this.#tip,
      counts: this.#model.counts(),
      runs: indexes.runs,
      cursor,
      internalUnknown: this.#internalUnknown,
    };
    const kept = keepable([state, ...earlier], next.tip, this.#options.finality);
    const old = [...retired, ...indexes.obsolete];
    const needed = runIds([next, ...kept]);
    const manifest: Manifest = {
      state: next,
      earlier: kept,
      nextRun: indexes.nextRun,
      retired: old.filter(({ run }) => needed.has(run.id)),
    };
    const gone = old.filter(({ run }) => !needed.has(run.id));
    await this.#write([...tables, ...this.#removals(gone)], manifest);
  }

  /**
   * Goes back to the newest committed state at or below a height; what came after it is dropped.
   *
   * @throws {Failure} `REORG_TOO_DEEP` where no such state is kept any more.
   */
  async rollback(height: number): Promise<void> {
    const states = [this.#manifest.state, ...this.#manifest.earlier];
    const index = states.findIndex(({ tip }) => tip === undefined || tip.height <= height);
    const target = states[index];
    if (target === undefined) {
      const depth = (this.#tip?.height ?? 0) - height;
      throw new Failure("REORG_TOO_DEEP", {
        chain: this.#options.chain,
        height,
        depth,
        finality: this.#options.finality,
      });
    }
    if (index > 0) {
      const kept = states.slice(index + 1);
      const needed = runIds([target, ...kept]);
      const old = allRuns(states.slice(0, index)).concat(this.#manifest.retired);
      const manifest: Manifest = {
        state: target,
        earlier: kept,
        nextRun: this.#manifest.nextRun,
        retired: unique(old.filter(({ run }) => needed.has(run.id) && !runIds([target]).has(run.id))),
      };
      await this.#write(this.#removals(unique(old.filter(({ run }) => !needed.has(run.id)))), manifest);
    }
    // Numbers given since then are given anew: nothing may be remembered of them.
    this.#openModel = modelOpener(this.#options);
    this.#renew();
  }

  /** Ends writing; what was not committed is dropped. */
  close(): void {
    this.#pages.release();
  }

  /** Holds no snapshot until the next block, so that the store can use replaced pages again while others write. */
  rest(): void {
    this.#pages.release();
  }

  /** Between blocks: gives memory back where reading has taken much. Cost: nothing, or some milliseconds. */
  async trim(): Promise<void> {
    if (this.#pages.isTrimDue) await this.#pages.trim();
  }

  /** Removes pages of runs that no manifest names: a process was killed while it wrote them. */
  async #sweepUnfinished(): Promise<void> {
    const snapshot = this.#store.snapshot();
    const changes: Change[] = [];
    for (const name of indexNames) {
      const range = runsFrom(indexPrefix(this.#number, name), this.#manifest.nextRun);
      for (const { key } of snapshot.range(range)) changes.push({ key, value: undefined });
    }
    snapshot.release();
    if (changes.length > 0) await this.#store.commit(changes);
  }

  async #write(changes: readonly Change[], manifest: Manifest): Promise<void> {
    this.#requireUnmoved();
    this.#pages.release();
    await this.#store.commit([...changes, writeManifest(this.#number, manifest)]);
    this.#renew();
  }

  /** Goes on from what is committed now. */
  #renew(): void {
    this.#pages.release();
    this.#manifest = readManifest(this.#pages, this.#number);
    this.#model = this.#reopen();
  }

  /** The second line of defence: the folder's lock keeps other writers out. */
  #requireUnmoved(): void {
    const current = this.#store.snapshot();
    const { state } = readManifest(current, this.#number);
    current.release();
    if (JSON.stringify(state) === JSON.stringify(this.#manifest.state)) return;
    throw new Failure("LEDGER_BUSY", { folder: this.#options.folder, what: this.#options.chain });
  }

  #reopen(): ModelWriter {
    const { state } = this.#manifest;
    this.#tip = state.tip;
    this.#internalUnknown = state.internalUnknown;
    return this.#openModel(this.#number, this.#pages, state);
  }

  #removals(runs: readonly NamedRun[]): readonly Change[] {
    return runs.flatMap(({ index, run }) => removeRun(indexPrefix(this.#number, index), run));
  }
}

type NamedRun = { readonly index: IndexName; readonly run: Run };

/** Of earlier states those that a reorganisation can still reach, and one below, the newest first. */
function keepable(states: readonly ChainState[], tip: Tip | undefined, finality: number): readonly ChainState[] {
  assert(finality >= 0, "ledger: finality is a number of blocks");
  const final = (tip?.height ?? 0) - finality;
  const below = states.findIndex((state) => state.tip === undefined || state.tip.height <= final);
  return below === -1 ? states : states.slice(0, below + 1);
}

function allRuns(states: readonly ChainState[]): NamedRun[] {
  return states.flatMap(({ runs }) =>
    Object.entries(runs).flatMap(([index, of]) => of.map((run) => ({ index: index as IndexName, run }))),
  );
}

function runIds(states: readonly ChainState[]): ReadonlySet<number> {
  return new Set(allRuns(states).map(({ run }) => run.id));
}

function unique(runs: readonly NamedRun[]): readonly NamedRun[] {
  return [...new Map(runs.map((named) => [named.run.id, named])).values()];
}

/** Opens a model's writer at a committed state; what is remembered goes on from one to the next. */
type ModelOpener = (chain: number, pages: PageSource, state: ChainState) => ModelWriter;

function modelOpener({ model, rememberedMax = Infinity }: ChainWriterOptions): ModelOpener {
  if (model === "account") {
    const memory = accountMemory();
    return (chain, pages, state) => new AccountWriter(chain, pages, state, memory);
  }
  const memory = new UtxoMemory(rememberedMax);
  return (chain, pages, state) => {
    memory.sweep();
    return new UtxoWriter(chain, pages, state, memory);
  };
}

/** A hash as text, from bytes in internal order or text; both sides of a comparison come from the same form. */
function hashText(hash: Uint8Array | string | undefined): string | undefined {
  if (hash === undefined || typeof hash === "string") return hash;
  return Buffer.from(hash.toReversed()).toString("hex");
}

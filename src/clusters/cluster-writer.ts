import { assert } from "../base/assert.ts";
import { halves } from "../base/halves.ts";
import { IndexWriter } from "../ledger/index/index-writer.ts";
import { removeRun, type Run } from "../ledger/index/run.ts";
import { indexPrefix } from "../ledger/keys.ts";
import { TableReader, TableWriter } from "../ledger/table.ts";
import type { Change, PageStore, StoreSnapshot } from "../store/page-store.ts";
import {
  forestColumns,
  forestPage,
  freshGeneration,
  otherGenerations,
  storedColumn,
  storedPages,
  type ForestColumn,
} from "./forest-pages.ts";
import { Forest } from "./forest.ts";
import { Guard, type Service } from "./guard.ts";
import { pageNumbers, type IntPages } from "./int-pages.ts";
import { coinjoinsShape, evidenceShape, heldShape, mergesShape, servicesShape } from "./shapes.ts";
import { writeClustersState, type ClustersState } from "./state.ts";

/** Pages of the forest that change are put in place in one commit up to this; beyond, a new generation is written in parts. */
const inPlaceBytesMax = 256 * 1024 * 1024;
const partBytes = 32 * 1024 * 1024;

/** What a commit says beside what the tables themselves know. */
export type Position = Pick<ClustersState, "rules" | "strikes" | "blocks" | "applied">;

/**
 * Writes the clusters of one chain: evidence in, merges made or held back, commits out.
 *
 * The tables only grow; the forest changes in place. A commit holds both and the state that counts them, or nothing.
 */
export class ClusterWriter {
  readonly forest: Forest;
  readonly #store: PageStore;
  readonly #chain: number;
  readonly #columns: Readonly<Record<ForestColumn, IntPages>>;
  readonly #evidence: TableWriter<typeof evidenceShape>;
  readonly #merges: TableWriter<typeof mergesShape>;
  readonly #held: TableWriter<typeof heldShape>;
  readonly #coinjoins: TableWriter<typeof coinjoinsShape>;
  readonly #byOwner: IndexWriter | undefined;
  #guard: Guard;
  readonly #services: readonly Service[];
  #abandoned: readonly Run[];
  #snapshot: StoreSnapshot;
  #state: ClustersState;
  #pending = 0;

  /**
   * @param state - Where to go on; its counts may be less than what is stored, which is then written over.
   * @param index - Whether evidence is looked up by owner in an index of its own (accounts) or through the ledger's.
   */
  constructor(
    store: PageStore,
    chain: number,
    {
      state,
      services,
      index,
      abandoned,
    }: {
      readonly state: ClustersState;
      readonly services: readonly Service[];
      readonly index: "own" | "ledger";
      /** Runs of an index that is made anew. */
      readonly abandoned: readonly Run[];
    },
  ) {
    this.#store = store;
    this.#chain = chain;
    this.#state = state;
    this.#snapshot = store.snapshot();
    const column = (name: ForestColumn): IntPages =>
      storedColumn(
        () => this.#snapshot,
        () => ({ chain, generation: this.#state.generation, column: name }),
      );
    this.#columns = { parents: column("parents"), ring: column("ring") };
    this.forest = new Forest(this.#columns.parents, this.#columns.ring);
    this.#evidence = new TableWriter(evidenceShape, chain, this.#snapshot, state.evidence);
    this.#merges = new TableWriter(mergesShape, chain, this.#snapshot, state.merges);
    this.#held = new TableWriter(heldShape, chain, this.#snapshot, state.held);
    this.#coinjoins = new TableWriter(coinjoinsShape, chain, this.#snapshot, state.coinjoins);
    this.#byOwner = index === "own" ? new IndexWriter({ prefix: indexPrefix(chain, "evidenceByOwner") }) : undefined;
    this.#abandoned = abandoned;
    this.#services = services;
    this.#guard = new Guard(this.forest, services);
  }

  get evidenceCount(): number {
    return this.#evidence.count;
  }

  get mergeCount(): number {
    return this.#merges.count;
  }

  get heldCount(): number {
    return this.#held.count;
  }

  get coinjoinCount(): number {
    return this.#coinjoins.count;
  }

  /** Records that wait for a commit. */
  get pending(): number {
    return this.#pending;
  }

  get state(): ClustersState {
    return this.#state;
  }

  /** Records that two owners are one, by a rule; its number. It is not applied yet. */
  addEvidence(at: number, rule: number, left: number, right: number): number {
    assert(left !== right, "clusters: evidence is of two owners");
    const [less, more] = left < right ? [left, right] : [right, left];
    const { columns } = this.#evidence;
    columns.at.push(at);
    columns.rule.push(rule);
    columns.left.push(less);
    columns.right.push(more);
    const number = this.#evidence.next();
    this.#pending += 1;
    if (this.#byOwner !== undefined) {
      this.#byOwner.add(...halves(less), number);
      this.#byOwner.add(...halves(more), number);
    }
    return number;
  }

  /** Records that a detector takes a transaction for a CoinJoin. */
  addCoinjoin(transaction: number, detector: number): void {
    this.#coinjoins.columns.transaction.push(transaction);
    this.#coinjoins.columns.detector.push(detector);
    this.#coinjoins.next();
    this.#pending += 1;
  }

  /** Joins the clusters of two owners by a piece of evidence, unless they are one or are of two services. */
  apply(evidence: number, left: number, right: number): void {
    const { forest } = this;
    const [one, other] = [forest.find(left), forest.find(right)];
    if (one === other) return;
    const conflict = this.#guard.conflict(one, other);
    this.#pending += 1;
    if (conflict !== undefined) {
      this.#hold(evidence, [forest.id(one), forest.id(other)], conflict);
      return;
    }
    const merge = forest.join(one, other);
    const { columns } = this.#merges;
    columns.evidence.push(evidence);
    columns.kept.push(merge.kept);
    columns.gone.push(merge.gone);
    columns.loser.push(merge.loser * 2 + (merge.keptByLoser ? 1 : 0));
    columns.loserSize.push(merge.loserSize);
    this.#merges.next();
    this.#guard.merged(merge);
  }

  /** Stores all that was done since the last commit, with where it stands. */
  async commit(position: Position): Promise<void> {
    const committed = this.#state;
    const index = this.#byOwner?.flush(this.#snapshot, committed.runs, committed.nextRun);
    const services = this.#servicesTable();
    const changedBytes = forestColumns.reduce(
      (sum, name) => sum + this.#columns[name].changed.length * pageNumbers * 4,
      0,
    );
    const moves = changedBytes > inPlaceBytesMax;
    const generation = moves ? freshGeneration(this.#snapshot, this.#chain) : committed.generation;
    const state: ClustersState = {
      ...committed,
      ...position,
      evidence: this.#evidence.count,
      merges: this.#merges.count,
      held: this.#held.count,
      coinjoins: this.#coinjoins.count,
      services: services.count,
      generation,
      runs: index?.runs ?? committed.runs,
      nextRun: index?.nextId ?? committed.nextRun,
    };
    if (moves) await this.#writeGeneration(generation);
    await this.#store.commit([
      ...[this.#evidence, this.#merges, this.#held, this.#coinjoins, services].flatMap((table) => table.flush()),
      ...(moves ? [] : this.#changedPages(generation)),
      ...(index?.changes ?? []),
      ...[...(index?.obsolete ?? []), ...this.#abandoned].flatMap((run) => this.#removal(run)),
      writeClustersState(this.#chain, state),
    ]);
    this.#state = state;
    this.#pending = 0;
    this.#abandoned = [];
    for (const name of forestColumns) this.#columns[name].settle();
    this.#snapshot.release();
    this.#snapshot = this.#store.snapshot();
    await this.#removeOtherGenerations();
  }

  /** Undoes merges, the last first, until only the first `count` are left, as they were committed. */
  undoMerges(merges: TableReader<typeof mergesShape>, count: number): void {
    for (let number = merges.count - 1; number >= count; number -= 1) {
      const { kept, loser, loserSize } = merges.record(number);
      this.forest.split({ kept, loser: (loser - (loser % 2)) / 2, loserSize, keptByLoser: loser % 2 === 1 });
    }
    this.#guard = new Guard(this.forest, this.#services);
  }

  close(): void {
    this.#snapshot.release();
  }

  #hold(evidence: number, ids: readonly [number, number], services: readonly [string, string]): void {
    const isInOrder = ids[0] < ids[1];
    const [left, right] = isInOrder ? ids : [ids[1], ids[0]];
    const [leftService, rightService] = isInOrder ? services : [services[1], services[0]];
    const { columns } = this.#held;
    columns.evidence.push(evidence);
    columns.left.push(left);
    columns.right.push(right);
    columns.leftService.push(leftService);
    columns.rightService.push(rightService);
    this.#held.next();
  }

  /** The services, written from the first on: they are few. */
  #servicesTable(): TableWriter<typeof servicesShape> {
    const table = new TableWriter(servicesShape, this.#chain, this.#snapshot, 0);
    for (const { owner, service, isExchange } of this.#services) {
      table.columns.owner.push(owner);
      table.columns.service.push(service);
      table.columns.exchange.push(isExchange ? 1 : 0);
      table.next();
    }
    return table;
  }

  #changedPages(generation: number): readonly Change[] {
    return forestColumns.flatMap((column) =>
      this.#columns[column].changed.map((page) =>
        forestPage({ chain: this.#chain, generation, column }, page, this.#columns[column].page(page)),
      ),
    );
  }

  /** Writes the whole forest into a generation that nothing reads yet, in parts. */
  async #writeGeneration(generation: number): Promise<void> {
    for (const column of forestColumns) {
      const pages = this.#columns[column];
      const old = { chain: this.#chain, generation: this.#state.generation, column };
      let part: Change[] = [];
      for (const page of new Set([...storedPages(this.#snapshot, old), ...pages.held])) {
        part.push(forestPage({ ...old, generation }, page, pages.page(page)));
        if (part.length * pageNumbers * 4 < partBytes) continue;
        await this.#store.commit(part);
        part = [];
      }
      await this.#store.commit(part);
    }
  }

  async #removeOtherGenerations(): Promise<void> {
    const keys = otherGenerations(this.#snapshot, this.#chain, this.#state.generation);
    if (keys.length === 0) return;
    await this.#store.commit(keys.map((key) => ({ key, value: undefined })));
    this.#snapshot.release();
    this.#snapshot = this.#store.snapshot();
  }

  #removal(run: Run): readonly Change[] {
    return removeRun(indexPrefix(this.#chain, "evidenceByOwner"), run);
  }
}

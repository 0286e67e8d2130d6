import type { ChainReader } from "../ledger/reader.ts";
import type { TableReader } from "../ledger/table.ts";
import { ChainBlocks, rowsOf } from "./blocks.ts";
import { EvidenceReader } from "./evidence-reader.ts";
import { storedColumn, type ForestColumn } from "./forest-pages.ts";
import { Forest } from "./forest.ts";
import type { IntPages } from "./int-pages.ts";
import type { RuleSet } from "./rules.ts";
import { firstNotBelow } from "./search.ts";
import { clustersFormat, coinjoinsShape, heldShape } from "./shapes.ts";
import { readClustersState, type ClustersState } from "./state.ts";
import { tableOf } from "./tables.ts";

/** A cluster: its id is the number of its oldest owner and stays when it grows. */
export type Cluster = { readonly id: number; readonly size: number };

/** A merge that was held back: two clusters of different services, and the evidence that would have joined them. */
export type HeldMerge = {
  readonly evidence: number;
  /** The clusters' ids, as they were then; each still names its cluster. */
  readonly clusters: readonly [number, number];
  readonly services: readonly [string, string];
};

/**
 * The clusters of a chain, as they were last built. Everything is a look-up; nothing is computed but what is asked for.
 */
export class ClustersReader {
  readonly state: ClustersState;
  readonly evidence: EvidenceReader;
  readonly #forest: Forest;
  readonly #reader: ChainReader;
  readonly #held: TableReader<typeof heldShape>;
  readonly #coinjoins: TableReader<typeof coinjoinsShape>;

  private constructor(reader: ChainReader, state: ClustersState) {
    this.state = state;
    this.#reader = reader;
    const column = (name: ForestColumn): IntPages =>
      storedColumn(
        () => reader.snapshot,
        () => ({ chain: reader.number, generation: state.generation, column: name }),
      );
    this.#forest = new Forest(column("parents"), column("ring"));
    this.evidence = new EvidenceReader(reader, state);
    this.#held = tableOf(reader, heldShape, state.held);
    this.#coinjoins = tableOf(reader, coinjoinsShape, state.coinjoins);
  }

  /**
   * The clusters of a chain.
   *
   * @returns `none` where none have been built; `outdated` where the chain was reorganised since, or another version built
   *   them: a build mends both.
   */
  static open(reader: ChainReader): ClustersReader | "none" | "outdated" {
    const state = readClustersState(reader.snapshot, reader.number);
    if (state === undefined) return "none";
    if (state.format !== clustersFormat) return "outdated";
    const newest = state.blocks.slice(-1);
    const isPart = newest.length === 0 || new ChainBlocks(reader).common(newest) !== undefined;
    return isPart ? new ClustersReader(reader, state) : "outdated";
  }

  get rules(): RuleSet {
    return this.state.rules;
  }

  /** How many of the chain's rows (transactions, transfers) came after the clusters were built. */
  get rowsBehind(): number {
    return Math.max(0, rowsOf(this.#reader) - (this.state.blocks.at(-1)?.rows ?? 0));
  }

  /** The cluster of an owner. Cost: at most log₂(size) reads. */
  clusterOf(owner: number): Cluster {
    const root = this.#forest.find(owner);
    return { id: this.#forest.id(root), size: this.#forest.size(root) };
  }

  /**
   * Members of a cluster, beginning with its id; the order is fixed but means nothing.
   *
   * @param from - The member to begin with: the id, or what an earlier call gave as `next`.
   */
  members(
    cluster: number,
    from: number,
    limit: number,
  ): { readonly members: readonly number[]; readonly next: number | undefined } {
    const members: number[] = [];
    let member = from;
    do {
      if (members.length === limit) return { members, next: member };
      members.push(member);
      member = this.#forest.next(member);
    } while (member !== cluster);
    return { members, next: undefined };
  }

  /** The merges that were held back; of one cluster where its id is given. Cost: one pass over all of them, which are few. */
  *held(cluster?: number): Iterable<HeldMerge> {
    for (let record = 0; record < this.#held.count; record += 1) {
      const { evidence, left, right, leftService, rightService } = this.#held.record(record);
      const concerns = cluster === undefined || [left, right].some((id) => this.clusterOf(id).id === cluster);
      if (concerns) yield { evidence, clusters: [left, right], services: [leftService, rightService] };
    }
  }

  /** The detector that takes a transaction for a CoinJoin; undefined where none does. */
  coinjoin(transaction: number): string | undefined {
    const table = this.#coinjoins;
    const record = firstNotBelow((one) => table.value("transaction", one), table.count, transaction);
    if (record === table.count || table.value("transaction", record) !== transaction) return undefined;
    return this.state.rules[table.value("detector", record)];
  }
}

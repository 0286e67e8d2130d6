import type { ClustersReader } from "./clusters-reader.ts";
import type { Evidence } from "./evidence-reader.ts";

/** One step of a chain of evidence: two owners that a rule links in one transaction. */
export type LinkStep = { readonly from: number; readonly to: number; readonly evidence: Evidence };

/**
 * The shortest chain of evidence that links two owners, in steps from the first to the second; empty for one owner,
 * undefined where nothing that stands links them.
 *
 * A rule that links several owners in one transaction links each with each in one step. Evidence that is struck out or was
 * held back links nothing. Cost: a breadth-first search from both ends, over the evidence about the owners between them.
 */
export function shortestChain(clusters: ClustersReader, from: number, to: number): readonly LinkStep[] | undefined {
  if (from === to) return [];
  if (clusters.clusterOf(from).id !== clusters.clusterOf(to).id) return undefined;
  const sides = [new Side(clusters, from), new Side(clusters, to)] as const;
  for (;;) {
    const [near, far] = sides[0].edge <= sides[1].edge ? sides : [sides[1], sides[0]];
    if (near.edge === 0) return undefined;
    const met = near.expand(far);
    if (met === undefined) continue;
    const [first, second] = sides;
    return [...first.chainTo(met), ...second.chainTo(met).toReversed().map(reversed)];
  }
}

function reversed({ from, to, evidence }: LinkStep): LinkStep {
  return { from: to, to: from, evidence };
}

/** What a search has reached from one end. */
class Side {
  readonly #clusters: ClustersReader;
  readonly #steps = new Map<number, LinkStep | undefined>();
  readonly #depths = new Map<number, number>();
  #edge: number[];
  #depth = 0;

  constructor(clusters: ClustersReader, start: number) {
    this.#clusters = clusters;
    this.#steps.set(start, undefined);
    this.#depths.set(start, 0);
    this.#edge = [start];
  }

  /** How many owners were reached last. */
  get edge(): number {
    return this.#edge.length;
  }

  /** Goes one step further everywhere; the owner by which the other side is reached in the fewest steps, if any is. */
  expand(other: Side): number | undefined {
    this.#depth += 1;
    const next: number[] = [];
    let best: { readonly owner: number; readonly depth: number } | undefined;
    for (const owner of this.#edge) {
      for (const step of linksOf(this.#clusters, owner)) {
        if (this.#steps.has(step.to)) continue;
        this.#steps.set(step.to, step);
        this.#depths.set(step.to, this.#depth);
        next.push(step.to);
        const depth = other.#depths.get(step.to);
        if (depth !== undefined && (best === undefined || depth < best.depth)) best = { owner: step.to, depth };
      }
    }
    this.#edge = next;
    return best?.owner;
  }

  /** The steps from the start to an owner that was reached. */
  chainTo(owner: number): readonly LinkStep[] {
    const chain: LinkStep[] = [];
    for (let step = this.#steps.get(owner); step !== undefined; step = this.#steps.get(step.from)) chain.push(step);
    return chain.toReversed();
  }
}

/** Every owner that a rule links with an owner in some transaction. */
export function* linksOf(clusters: ClustersReader, owner: number): Iterable<LinkStep> {
  for (const row of clusters.evidence.about(owner)) {
    // What was held back has its ends in two clusters.
    const stands = row.filter(
      ({ isStruck, left, right }) => !isStruck && clusters.clusterOf(left).id === clusters.clusterOf(right).id,
    );
    const rules = new Set(
      stands.filter(({ left, right }) => left === owner || right === owner).map(({ rule }) => rule),
    );
    const linked = stands
      .filter(({ rule }) => rules.has(rule))
      .flatMap((evidence) => [evidence.left, evidence.right].map((to) => ({ from: owner, to, evidence })));
    const seen = new Set([owner]);
    for (const step of linked) {
      if (seen.has(step.to)) continue;
      seen.add(step.to);
      yield step;
    }
  }
}

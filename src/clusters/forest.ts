import { assert } from "../base/assert.ts";
import type { IntPages } from "./int-pages.ts";

/** What one merge of two clusters did. */
export type Merge = {
  /** The older cluster's id, which the merged one keeps. */
  readonly kept: number;
  readonly gone: number;
  /** The node that was put below the other tree's root. */
  readonly loser: number;
  readonly loserSize: number;
  /** Whether `kept` was the id of the loser's tree. */
  readonly keptByLoser: boolean;
};

/**
 * Disjoint sets of owners, 8 bytes an owner, in which a merge can be undone.
 *
 * Trees are joined by size and never flattened, so that a look-up climbs at most log₂(members) steps and the last merge
 * is undone by two writes. A cluster's members form a ring; a cluster's id is its oldest member, its least number. In a
 * cluster of two or more the root is never the oldest, and the ring's next after the root is: so neither ids nor sizes
 * need a column of their own.
 *
 * Source: J. Westbrook, R. E. Tarjan, "Amortized analysis of algorithms for set union with backtracking", SIAM J.
 * Comput. 18 (1989).
 */
export class Forest {
  /** 0: a root of one; -n: a root of n members; n: the parent's number + 1. */
  readonly #parents: IntPages;
  /** 0: itself; n: the next member's number + 1. */
  readonly #ring: IntPages;

  constructor(parents: IntPages, ring: IntPages) {
    this.#parents = parents;
    this.#ring = ring;
  }

  /** The root of an owner's tree. */
  find(owner: number): number {
    let node = owner;
    for (;;) {
      const parent = this.#parents.get(node);
      if (parent <= 0) return node;
      node = parent - 1;
    }
  }

  /** How many members a root's cluster has. */
  size(root: number): number {
    const size = this.#parents.get(root);
    return size === 0 ? 1 : -size;
  }

  /** The id of a root's cluster: its oldest member. */
  id(root: number): number {
    return this.#parents.get(root) === 0 ? root : this.next(root);
  }

  /** The member after another in the cluster's ring. */
  next(owner: number): number {
    const next = this.#ring.get(owner);
    return next === 0 ? owner : next - 1;
  }

  /** Joins the clusters of two different roots. */
  join(left: number, right: number): Merge {
    const leftSize = this.size(left);
    const rightSize = this.size(right);
    // Of two single owners the younger becomes the root: the oldest never is.
    const leftWins = leftSize === rightSize ? (leftSize === 1 ? left > right : left < right) : leftSize > rightSize;
    const winner = leftWins ? left : right;
    const loser = leftWins ? right : left;
    const winnerId = this.id(winner);
    const loserId = this.id(loser);
    const keptByLoser = loserId < winnerId;
    this.#parents.set(winner, -(leftSize + rightSize));
    this.#parents.set(loser, winner + 1);
    this.#swap(keptByLoser ? winner : winnerId, loser);
    return {
      kept: keptByLoser ? loserId : winnerId,
      gone: keptByLoser ? winnerId : loserId,
      loser,
      loserSize: leftWins ? rightSize : leftSize,
      keptByLoser,
    };
  }

  /** Undoes the last merge that has not been undone. */
  split({ kept, loser, loserSize, keptByLoser }: Omit<Merge, "gone">): void {
    const winner = this.#parents.get(loser) - 1;
    assert(winner >= 0, "clusters: a merge is undone that is not the last");
    const rest = this.size(winner) - loserSize;
    this.#swap(keptByLoser ? winner : kept, loser);
    this.#parents.set(winner, rest === 1 ? 0 : -rest);
    this.#parents.set(loser, loserSize === 1 ? 0 : -loserSize);
  }

  #swap(left: number, right: number): void {
    const afterLeft = this.next(left);
    const afterRight = this.next(right);
    this.#ring.set(left, afterRight === left ? 0 : afterRight + 1);
    this.#ring.set(right, afterLeft === right ? 0 : afterLeft + 1);
  }
}

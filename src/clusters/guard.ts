import type { Forest, Merge } from "./forest.ts";

/** An owner whose tags name a service. */
export type Service = {
  readonly owner: number;
  /** The actor's id, or the label where no actor is known. */
  readonly service: string;
  /** Whether it takes its customers' deposits at addresses of their own. */
  readonly isExchange: boolean;
};

/**
 * Which service each cluster belongs to, so that two differently tagged services are never joined.
 *
 * A cluster is of one service at most: a merge that would give it a second is held back.
 */
export class Guard {
  readonly #byRoot = new Map<number, string>();
  readonly #forest: Forest;

  constructor(forest: Forest, services: readonly Service[]) {
    this.#forest = forest;
    for (const { owner, service } of services) this.#byRoot.set(forest.find(owner), service);
  }

  /** The two services that keep two roots apart; undefined where nothing does. */
  conflict(left: number, right: number): readonly [string, string] | undefined {
    if (this.#byRoot.size === 0) return undefined;
    const [one, other] = [this.#byRoot.get(left), this.#byRoot.get(right)];
    return one === undefined || other === undefined || one === other ? undefined : [one, other];
  }

  /** After a merge: its service, if any, is that of the new root. */
  merged({ loser }: Merge): void {
    if (this.#byRoot.size === 0) return;
    const service = this.#byRoot.get(loser);
    if (service === undefined) return;
    this.#byRoot.delete(loser);
    this.#byRoot.set(this.#forest.find(loser), service);
  }
}

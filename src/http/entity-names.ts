import { setImmediate } from "node:timers/promises";
import type { TagReader } from "../tags/tag-reader.ts";

/** An entity that tags name, and an address of it. */
export type NamedEntity = {
  readonly name: string;
  readonly category: string | undefined;
  readonly chain: string;
  readonly address: string;
  /** Tags of that name. */
  tags: number;
};

/** Tags beyond these are not gone through: names would take more memory than a search is worth. */
const tagsMax = 500_000;
/** So long the names are gathered before others are served. */
const sliceMs = 4;

/** The names that a ledger's tags give, gathered when they are first asked for and kept until the tags change. */
export class EntityNames {
  #revision: number | undefined;
  #names: Promise<readonly NamedEntity[]> = Promise.resolve([]);

  /** @param tags - Must be readable until it resolves. @param revision - Of the tags: what changes when they do. */
  async of(tags: TagReader, revision: number): Promise<readonly NamedEntity[]> {
    if (this.#revision !== revision) {
      this.#revision = revision;
      this.#names = gathered(tags);
      // Whoever waits is told; the next one tries again.
      this.#names.catch(() => void (this.#revision = undefined));
    }
    return this.#names;
  }
}

async function gathered(tags: TagReader): Promise<readonly NamedEntity[]> {
  const found = new Map<string, NamedEntity>();
  let begun = performance.now();
  let count = 0;
  for (const tag of tags.tags()) {
    count += 1;
    if (count > tagsMax) break;
    if (tag.subject.kind === "address") {
      const name = tags.resolve(tag)?.name ?? tag.label;
      const known = found.get(name);
      if (known !== undefined) known.tags += 1;
      else {
        const { chain, address } = tag.subject;
        found.set(name, { name, category: tag.category ?? tag.abuse, chain, address, tags: 1 });
      }
    }
    if (performance.now() - begun < sliceMs) continue;
    await setImmediate();
    begun = performance.now();
  }
  return [...found.values()].toSorted((left, right) => right.tags - left.tags || (left.name < right.name ? -1 : 1));
}

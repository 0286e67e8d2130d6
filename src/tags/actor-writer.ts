import type { Day } from "../base/day.ts";
import { foldName, type PackActor } from "./actor-resolver.ts";
import { actorKey, actorsByNameKey, allActors } from "./keys.ts";
import { readJson, sealJson } from "./manifest.ts";
import type { StoredActor } from "./open-tag-reader.ts";
import type { TagWriter } from "./tag-writer.ts";

/** Writes the actors of packs, which are few enough to be part of an import's last commit. */
export class ActorWriter {
  readonly #writer: TagWriter;
  readonly #today: Day;
  readonly #seen = new Map<number, Set<string>>();
  readonly #stored = new Map<string, StoredActor>();
  readonly #names = new Map<string, readonly string[]>();

  constructor(writer: TagWriter, today: Day) {
    this.#writer = writer;
    this.#today = today;
  }

  /** @returns `elsewhere` where another set describes an actor of that id already: the earlier description stays. */
  add(set: number, actor: PackActor): "added" | "updated" | "unchanged" | "elsewhere" {
    const before = this.#actor(actor.id);
    if (before !== undefined && before.set !== set && before.withdrawn === undefined) return "elsewhere";
    const seen = this.#seen.get(set) ?? new Set();
    this.#seen.set(set, seen.add(actor.id));
    const after: StoredActor = { actor, set, withdrawn: undefined };
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) return "unchanged";
    this.#store(after);
    const [oldNames, newNames] = [namesOf(before?.actor), namesOf(actor)];
    for (const name of oldNames)
      if (!newNames.has(name)) this.#rename(name, (ids) => ids.filter((id) => id !== actor.id));
    for (const name of newNames) if (!oldNames.has(name)) this.#rename(name, (ids) => [...ids, actor.id].toSorted());
    return before === undefined ? "added" : "updated";
  }

  /** Marks the actors that a set no longer describes; returns their number. Cost: one pass over all actors. */
  withdrawOthers(set: number): number {
    const seen = this.#seen.get(set);
    if (this.#writer.manifest.sets[set]?.actors === undefined || this.#writer.manifest.sets[set].actors === 0) return 0;
    let count = 0;
    for (const { value } of this.#writer.snapshot.range(allActors)) {
      const stored = readJson(value, "an actor") as StoredActor;
      if (stored.set !== set || stored.withdrawn !== undefined || seen?.has(stored.actor.id) === true) continue;
      this.#store({ ...stored, withdrawn: this.#today });
      count += 1;
    }
    return count;
  }

  /** How many actors a set describes after this import. */
  count(set: number, before: number): number {
    return this.#seen.get(set)?.size ?? (this.#seen.size === 0 ? before : 0);
  }

  #actor(id: string): StoredActor | undefined {
    const known = this.#stored.get(id);
    if (known !== undefined) return known;
    const sealed = this.#writer.snapshot.get(actorKey(id));
    return sealed === undefined ? undefined : (readJson(sealed, `the actor ${id}`) as StoredActor);
  }

  #store(stored: StoredActor): void {
    this.#stored.set(stored.actor.id, stored);
    this.#writer.change({ key: actorKey(stored.actor.id), value: sealJson(stored) });
  }

  #rename(name: string, change: (ids: readonly string[]) => readonly string[]): void {
    const key = actorsByNameKey(name);
    const sealed = this.#writer.snapshot.get(key);
    const stored = sealed === undefined ? [] : (readJson(sealed, `the actors named ${name}`) as { ids: string[] }).ids;
    const ids = change(this.#names.get(name) ?? stored);
    this.#names.set(name, ids);
    this.#writer.change({ key, value: ids.length === 0 ? undefined : sealJson({ ids }) });
  }
}

/** The folded names under which an actor is found. */
function namesOf(actor: PackActor | undefined): ReadonlySet<string> {
  if (actor === undefined) return new Set();
  return new Set([actor.name, ...actor.aliases].map(foldName).filter((name) => name !== ""));
}

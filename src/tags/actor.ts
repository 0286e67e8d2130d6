import { Failure } from "../base/failure.ts";
import { nearest } from "../base/nearest.ts";
import type { Source } from "../base/source.ts";

/** A person or a group to whom thefts are attributed; groups may belong to a wider one. */
export type Actor = {
  readonly id: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly kind: string;
  /** MITRE ATT&CK group or campaign. */
  readonly attack: string | undefined;
  readonly aliases: readonly string[];
  readonly notes: string | undefined;
  readonly sources: ReadonlyMap<string, Source>;
};

/** How sure a statement is, in ascending order. */
export const confidences = ["low", "medium", "high", "confirmed"] as const;
export type Confidence = (typeof confidences)[number];

/** Whether `confidence` is at least `least`. */
export function confidenceReaches(confidence: Confidence, least: Confidence): boolean {
  return confidences.indexOf(confidence) >= confidences.indexOf(least);
}

/** The known actors, by id. */
export type Actors = ReadonlyMap<string, Actor>;

/**
 * Finds an actor by its id, its name or an alias, in upper or lower case.
 *
 * @param where - Where the name stands, for the failure's message.
 * @throws {Failure} `UNKNOWN_NAME` where there is none.
 */
export function findActor(actors: Actors, name: string, where: string): Actor {
  const wanted = name.toLowerCase();
  const exact = actors.get(wanted);
  if (exact !== undefined) return exact;
  const named = [...actors.values()].find((actor) =>
    [actor.name, ...actor.aliases].some((alias) => alias.toLowerCase() === wanted),
  );
  if (named !== undefined) return named;
  const ids = [...actors.keys()].toSorted();
  throw new Failure("UNKNOWN_NAME", {
    kind: "actor",
    name,
    where,
    mend: nearest(name, ids, `use one of ${ids.join(", ")}`),
  });
}

/** The actor's id and those of all groups within it: what a total for the actor counts. */
export function withSubgroups(actors: Actors, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const actor of actors.values()) {
      if (actor.parent !== undefined && found.has(actor.parent)) found.add(actor.id);
    }
  }
  return found;
}

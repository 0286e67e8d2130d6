import type { Actor, Actors, Confidence } from "./actor.ts";
import type { ResolveActor, TagActor } from "./entity.ts";

/** An actor as an actor pack describes it: mostly services, with their categories and the countries of their seats. */
export type PackActor = {
  readonly id: string;
  readonly name: string;
  readonly uri: string | undefined;
  readonly categories: readonly string[];
  readonly jurisdictions: readonly string[];
  readonly aliases: readonly string[];
};

/** Finds imported actors; both answer from an index. */
export type PackActors = {
  readonly byId: (id: string) => PackActor | undefined;
  /** @param name - As {@link foldName} makes it. */
  readonly byName: (name: string) => readonly PackActor[];
};

/** A name without what spellings differ in: case, spaces, punctuation, accents. `Tornado.Cash` is `tornadocash`. */
export function foldName(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "");
}

const certainty = { id: "confirmed", name: "high", alias: "medium" } as const satisfies Record<string, Confidence>;
type Rule = keyof typeof certainty;

/**
 * Says which actor a tag's words mean: an actor of the register of thefts, or one of an imported actor pack.
 *
 * The rules, in order, are those of `docs/methods/tags.md`: the id; the whole name; an alias; of `A (B)` then `B`, then `A`;
 * for a sanctioned entity also its other names on the list. A name that two actors share leads to neither. An actor of a pack
 * that has a name of an actor of the register is taken for that one.
 *
 * Cost: a few look-ups; the answers are remembered.
 */
export function actorResolver(actors: Actors, pack: PackActors): ResolveActor {
  const register = registerNames(actors);
  const remembered = new Map<string, TagActor | undefined>();
  const find = (text: string): TagActor | undefined => {
    if (remembered.has(text)) return remembered.get(text);
    if (remembered.size > 100_000) remembered.clear();
    const found = resolveText(text, { actors, register, pack });
    remembered.set(text, found);
    return found;
  };
  return (tag) => {
    if (tag.actor === undefined) return undefined;
    const named = find(tag.actor);
    if (named !== undefined) return named;
    for (const [name, text] of tag.details) {
      const other = name === "aka" ? find(text) : undefined;
      if (other !== undefined) return { ...other, rule: "alias", certainty: certainty.alias };
    }
    return undefined;
  };
}

type Known = {
  readonly actors: Actors;
  readonly register: ReadonlyMap<string, readonly (readonly [Actor, Rule])[]>;
  readonly pack: PackActors;
};

function resolveText(text: string, known: Known): TagActor | undefined {
  const whole = resolveWhole(text, known);
  if (whole !== undefined) return whole;
  const parts = /^(?<outer>[^()]+)\((?<inner>[^()]+)\)$/u.exec(text.trim())?.groups;
  return resolveWhole(parts?.["inner"] ?? "", known) ?? resolveWhole(parts?.["outer"] ?? "", known);
}

function resolveWhole(text: string, { actors, register, pack }: Known): TagActor | undefined {
  const actor = actors.get(text);
  if (actor !== undefined) return ofRegister(actor, "id", actors);
  const packed = pack.byId(text);
  if (packed !== undefined) {
    const names = [packed.name, packed.id, ...packed.aliases];
    const same = names.map((name) => only(register.get(foldName(name)))).find((found) => found !== undefined);
    return same === undefined ? ofPack(packed, "id") : ofRegister(same[0], same[1], actors);
  }
  const name = foldName(text);
  if (name === "") return undefined;
  const registered = register.get(name);
  if (registered !== undefined) {
    const named = only(registered);
    return named === undefined ? undefined : ofRegister(named[0], named[1], actors);
  }
  const found = only(pack.byName(name));
  if (found === undefined) return undefined;
  return ofPack(found, foldName(found.name) === name ? "name" : "alias");
}

function registerNames(actors: Actors): Known["register"] {
  const names = new Map<string, (readonly [Actor, Rule])[]>();
  const add = (name: string, actor: Actor, rule: Rule): void => {
    const folded = foldName(name);
    const already = names.get(folded) ?? [];
    if (!already.some(([other]) => other.id === actor.id)) names.set(folded, [...already, [actor, rule]]);
  };
  for (const actor of actors.values()) {
    add(actor.name, actor, "name");
    for (const alias of actor.aliases) add(alias, actor, "alias");
  }
  return names;
}

function only<Found>(found: readonly Found[] | undefined): Found | undefined {
  return found?.length === 1 ? found[0] : undefined;
}

function ofRegister(actor: Actor, rule: Rule, actors: Actors): TagActor {
  const within: string[] = [];
  for (let parent = actor.parent; parent !== undefined && !within.includes(parent);) {
    within.push(parent);
    parent = actors.get(parent)?.parent;
  }
  return { id: actor.id, name: actor.name, from: "register", rule, certainty: certainty[rule], within };
}

function ofPack(actor: PackActor, rule: Rule): TagActor {
  return { id: actor.id, name: actor.name, from: "pack", rule, certainty: certainty[rule], within: [] };
}

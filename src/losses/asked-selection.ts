import { Failure } from "../base/failure.ts";
import { findActor, type Actors } from "../tags/actor.ts";
import { studySelection, type Selection } from "./selection.ts";

/** The word for every theft, attributed or not. */
const allActors = "all";

/** What somebody asks; undefined: as in the study. */
export type AskedSelection = {
  /** An actor's id, name or alias, or `all`. */
  readonly actor: string | undefined;
} & { readonly [Name in Exclude<keyof Selection, "actor">]: Selection[Name] | undefined };

/**
 * The selection that is asked for, with the study's own where nothing is.
 *
 * @param prefix - What stands before an option's name where it is asked for, as `--`.
 * @throws {Failure} `UNKNOWN_NAME` for an actor that is none, `USAGE` for a period that ends before it begins.
 */
export function selectionOf(actors: Actors, asked: AskedSelection, prefix: string): Selection {
  const named = asked.actor ?? studySelection.actor;
  const actor = named === allActors ? undefined : findActor(actors, named, `${prefix}actor`).id;
  const [from, to] = [asked.from ?? studySelection.from, asked.to ?? studySelection.to];
  if (from > to) {
    throw new Failure("USAGE", { what: `${prefix}from ${from} is after ${prefix}to ${to}`, mend: "exchange them" });
  }
  return {
    actor,
    from,
    to,
    value: asked.value ?? studySelection.value,
    // Without an actor no attribution is asked for, unless the user asks for one.
    confidence: asked.confidence ?? (actor === undefined ? undefined : studySelection.confidence),
    countryRule: asked.countryRule ?? studySelection.countryRule,
    technique: asked.technique,
  };
}

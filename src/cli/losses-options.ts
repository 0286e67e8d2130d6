import type { ParseArgsConfig } from "node:util";
import { Failure } from "../base/failure.ts";
import type { Register } from "../incidents/register.ts";
import { groupings, unknownKey, type Grouping } from "../losses/grouping.ts";
import { countryRules, studySelection, valueKinds, type Selection } from "../losses/selection.ts";
import { confidences, findActor, type Confidence } from "../tags/actor.ts";
import { countryKey, dayOption, oneOf, type Arguments } from "./arguments.ts";

/** The options by which thefts are selected, with the study's own selection as the default. */
export const selectionOptions: NonNullable<ParseArgsConfig["options"]> = {
  actor: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  by: { type: "string" },
  value: { type: "string" },
  "country-rule": { type: "string" },
  confidence: { type: "string" },
  technique: { type: "string" },
  register: { type: "string", multiple: true },
};

/** The word for every theft, attributed or not. */
const allActors = "all";

/**
 * The selection that the options describe.
 *
 * @throws {Failure} `USAGE` or `UNKNOWN_NAME` for an option that means nothing.
 */
export function readSelection(options: Arguments, register: Register): Selection {
  const actorText = options.text("actor") ?? studySelection.actor;
  const actor = actorText === allActors ? undefined : findActor(register.actors, actorText, "--actor").id;
  const from = dayOption(options.text("from") ?? studySelection.from, "--from");
  const to = dayOption(options.text("to") ?? studySelection.to, "--to");
  if (from > to) {
    throw new Failure("USAGE", { what: `--from ${from} is after --to ${to}`, mend: "exchange them" });
  }
  return {
    actor,
    from,
    to,
    value: oneOf(valueKinds, options.text("value") ?? studySelection.value, "--value"),
    // Without an actor no attribution is asked for, unless the user asks for one.
    confidence: readConfidence(options, actor === undefined ? undefined : studySelection.confidence),
    countryRule: oneOf(countryRules, options.text("country-rule") ?? studySelection.countryRule, "--country-rule"),
    technique: readTechnique(options.text("technique")),
  };
}

export function readConfidence<Default extends Confidence | undefined>(
  options: Arguments,
  otherwise: Default,
): Confidence | Default {
  const text = options.text("confidence");
  return text === undefined ? otherwise : oneOf(confidences, text, "--confidence");
}

export function readGrouping(options: Arguments): Grouping {
  return oneOf(groupings, options.text("by") ?? "country", "--by");
}

/**
 * The key of the row that `--open` names; a country may be given in lower case.
 *
 * @throws {Failure} `UNKNOWN_NAME` for a country that does not exist.
 */
export function readOpenKey(text: string, by: Grouping): string {
  return by === "country" && text !== unknownKey ? countryKey(text.toUpperCase(), "--open", unknownKey) : text;
}

function readTechnique(text: string | undefined): string | undefined {
  if (text === undefined || /^T[0-9]{4}(?:\.[0-9]{3})?$/u.test(text)) return text;
  throw new Failure("USAGE", {
    what: `--technique "${text}" is not a MITRE ATT&CK technique`,
    mend: "write it as T1566 or T1566.001",
  });
}

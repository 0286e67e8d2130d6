import type { ParseArgsConfig } from "node:util";
import type { Day } from "../base/day.ts";
import { Failure } from "../base/failure.ts";
import type { Register } from "../incidents/register.ts";
import { groupings, unknownKey, type Grouping } from "../losses/grouping.ts";
import { selectionOf } from "../losses/asked-selection.ts";
import { countryRules, valueKinds, type Selection } from "../losses/selection.ts";
import { confidences, type Confidence } from "../tags/actor.ts";
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

/**
 * The selection that the options describe.
 *
 * @throws {Failure} `USAGE` or `UNKNOWN_NAME` for an option that means nothing.
 */
export function readSelection(options: Arguments, register: Register): Selection {
  const day = (name: string): Day | undefined => {
    const text = options.text(name);
    return text === undefined ? undefined : dayOption(text, `--${name}`);
  };
  const word = <Word extends string>(name: string, words: readonly Word[]): Word | undefined => {
    const text = options.text(name);
    return text === undefined ? undefined : oneOf(words, text, `--${name}`);
  };
  return selectionOf(
    register.actors,
    {
      actor: options.text("actor"),
      from: day("from"),
      to: day("to"),
      value: word("value", valueKinds),
      confidence: readConfidence(options, undefined),
      countryRule: word("country-rule", countryRules),
      technique: readTechnique(options.text("technique")),
    },
    "--",
  );
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

import { Failure } from "../../base/failure.ts";
import { askedOf } from "../../screen/screener.ts";
import { verdictDocument } from "../../screen/verdict-document.ts";
import { readArguments, readCount } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { directionOf, loadRules, withScreener } from "../screen/opened.ts";
import { verdictText } from "../screen/verdict-text.ts";
import type { Command } from "../terminal.ts";

const text = { type: "string" } as const;
const known = {
  ledger: text,
  chain: text,
  direction: text,
  to: text,
  block: text,
  rules: text,
  register: { ...text, multiple: true },
  json: { type: "boolean" },
} as const;

/** `fundtrail screen ADDRESS|TX`. */
export const screen: Command = async (args, terminal) => {
  const options = readArguments(args, known, 1);
  const [subject] = options.words;
  if (subject === undefined) {
    throw new Failure("USAGE", {
      what: "screen takes an address or a transaction, or --file FILE",
      mend: "give one of them",
    });
  }
  const rules = await loadRules(options.text("rules"));
  return withScreener(options, rules, (screener) => {
    const verdict = screener.screen(
      askedOf(subject, {
        chain: options.text("chain"),
        direction: directionOf(options),
        to: options.text("to"),
        block: options.text("block") === undefined ? undefined : readCount(options, "block", 0),
      }),
    );
    terminal.out(options.flag("json") ? jsonText(verdictDocument(verdict)) : verdictText(verdict, terminal));
    return 0;
  });
};

import { Failure } from "../../base/failure.ts";
import { askedOf } from "../../screen/screener.ts";
import { verdictDocument } from "../../screen/verdict-document.ts";
import { readArguments, readCount, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { screenFile } from "../screen/batch.ts";
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
  file: text,
  input: text,
  format: text,
  out: text,
  rules: text,
  register: { ...text, multiple: true },
  json: { type: "boolean" },
} as const;

/** `fundtrail screen ADDRESS|TX`, or `--file FILE`. */
export const screen: Command = async (args, terminal) => {
  const options = readArguments(args, known, 1);
  const [subject] = options.words;
  const file = options.text("file");
  requireOne(options, subject, file);
  const rules = await loadRules(options.text("rules"));
  const otherwise = { chain: options.text("chain"), direction: directionOf(options) };
  return withScreener(options, rules, async (screener) => {
    if (file !== undefined) return screenFile(screener, file, { options, otherwise, terminal });
    const block = options.text("block") === undefined ? undefined : readCount(options, "block", 0);
    const verdict = screener.screen(askedOf(subject ?? "", { ...otherwise, to: options.text("to"), block }));
    terminal.out(options.flag("json") ? jsonText(verdictDocument(verdict)) : verdictText(verdict, terminal));
    return 0;
  });
};

function requireOne(options: Arguments, subject: string | undefined, file: string | undefined): void {
  if ((subject === undefined) === (file === undefined)) {
    const what = "screen takes an address or a transaction, or --file FILE";
    throw new Failure("USAGE", { what, mend: "give one of them" });
  }
  const only = subject === undefined ? ["to", "block"] : ["input", "format", "out"];
  const wrong = only.find((name) => options.text(name) !== undefined);
  if (wrong === undefined) return;
  const mend = subject === undefined ? `name it in a column ${wrong}` : "it is for --file";
  throw new Failure("USAGE", { what: `--${wrong} is given`, mend });
}

import { Failure } from "../../base/failure.ts";
import { oneOf, readArguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { loadRules } from "../screen/opened.ts";
import type { Command } from "../terminal.ts";

/** `fundtrail rules check FILE`. */
export const rules: Command = async (args, terminal) => {
  const [first = "", ...rest] = args;
  oneOf(["check"], first, "fundtrail rules");
  const options = readArguments(rest, { json: { type: "boolean" } }, 1);
  const [file] = options.words;
  if (file === undefined)
    throw new Failure("USAGE", { what: "rules check needs a file", mend: "see fundtrail help rules" });
  const { name, version, rules: all } = await loadRules(file);
  if (options.flag("json")) terminal.out(jsonText({ name, version, rules: all.map(({ id }) => id) }));
  else terminal.out(`${name} v${version}: ${all.length} rules, all right\n`);
  return 0;
};

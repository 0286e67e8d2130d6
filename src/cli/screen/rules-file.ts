import { fileURLToPath } from "node:url";
import { readRules, type RuleSet } from "../../screen/rules.ts";
import { textOf } from "../trace-options.ts";

/** The rules of a file, or the bundled ones. @throws {Failure} `SOURCE_UNREADABLE`, `RULES_INVALID`. */
export async function loadRules(file: string | undefined): Promise<RuleSet> {
  if (file !== undefined) return readRules(file, await textOf(file));
  const bundled = fileURLToPath(new URL("../../../data/rules/default.yaml", import.meta.url));
  return readRules("data/rules/default.yaml", await textOf(bundled));
}

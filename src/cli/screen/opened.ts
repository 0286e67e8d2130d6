import { fileURLToPath } from "node:url";
import type { LedgerReader } from "../../ledger/reader.ts";
import { knownTags } from "../../screen/basis.ts";
import { readRules, type RuleSet } from "../../screen/rules.ts";
import { Screener } from "../../screen/screener.ts";
import { directions, type Direction } from "../../screen/words.ts";
import { openTagReader } from "../../tags/open-tag-reader.ts";
import { Failure } from "../../base/failure.ts";
import { oneOf, type Arguments } from "../arguments.ts";
import { withLedger } from "../clusters/opened.ts";
import { loadValidRegister } from "../register.ts";
import { textOf } from "../trace-options.ts";

/** The rules of a file, or the bundled ones. @throws {Failure} `SOURCE_UNREADABLE`, `RULES_INVALID`. */
export async function loadRules(file: string | undefined): Promise<RuleSet> {
  if (file !== undefined) return readRules(file, await textOf(file));
  const bundled = fileURLToPath(new URL("../../../data/rules/default.yaml", import.meta.url));
  return readRules("data/rules/default.yaml", await textOf(bundled));
}

/** Opens the ledger that the options name, for screening by rules, for as long as it is used. */
export async function withScreener<Result>(
  options: Arguments,
  rules: RuleSet,
  use: (screener: Screener) => Result | Promise<Result>,
): Promise<Result> {
  const register = await loadValidRegister(options.texts("register"));
  return withLedger(options, async ({ ledger, folder }) => {
    const { snapshot } = firstChain(ledger, folder);
    const tags = openTagReader(snapshot, register.actors, folder);
    return use(new Screener(ledger.chains, { tags, known: knownTags(snapshot, folder), register, rules }));
  });
}

function firstChain(ledger: LedgerReader, folder: string): LedgerReader["chains"][number] {
  const [first] = ledger.chains;
  if (first !== undefined) return first;
  throw new Failure("USAGE", { what: `${folder} holds no chain yet`, mend: "see fundtrail help ingest" });
}

export function directionOf(options: Arguments): Direction | undefined {
  const text = options.text("direction");
  return text === undefined ? undefined : oneOf(directions, text, "--direction");
}

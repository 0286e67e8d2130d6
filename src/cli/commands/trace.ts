import { Failure } from "../../base/failure.ts";
import { findIncident } from "../../incidents/find.ts";
import type { Incident } from "../../incidents/incident.ts";
import type { Register } from "../../incidents/register.ts";
import type { PriceTable } from "../../prices/price-table.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { compare } from "../../trace/compare.ts";
import { incidentOrigins } from "../../trace/incident-origins.ts";
import { findReferences } from "../../trace/origin.ts";
import { backwardJson } from "../../trace/output/backward-json.ts";
import { comparisonJson } from "../../trace/output/comparison-json.ts";
import { graphForms, graphOfTrace, writeGraph } from "../../trace/output/graph.ts";
import { pathJson, traceJson } from "../../trace/output/json.ts";
import { linkJson, patternJson } from "../../trace/output/patterns-json.ts";
import { pricesJson } from "../../trace/output/worth-json.ts";
import { policies, type Policy } from "../../trace/policy.ts";
import { priceRule } from "../../trace/price-rule.ts";
import { policiesOf, runBackward, runTrace, type TraceRequest } from "../../trace/run.ts";
import { addressReader } from "../../trace/stop-table.ts";
import type { Trace } from "../../trace/trace.ts";
import { Valuer } from "../../trace/worth/valuer.ts";
import { oneOf, readArguments, readCount, required, type Arguments } from "../arguments.ts";
import { backwardText } from "../backward-text.ts";
import { comparisonText } from "../comparison-text.ts";
import { jsonText } from "../json-text.ts";
import { linksText, patternsText } from "../patterns-text.ts";
import { progressLine } from "../progress.ts";
import { loadRegister, loadValidRegister } from "../register.ts";
import { chosenChain, readLimits, readOrigins, readPriceTable, traceOptions } from "../trace-options.ts";
import { patternsOf } from "../../trace/links/patterns-of.ts";
import { readStopRules } from "../trace-stops.ts";
import { pathText, traceText } from "../trace-text.ts";
import type { Command, Terminal } from "../terminal.ts";

const formats = ["table", "json", ...graphForms] as const;

/** `fundtrail trace`: where stolen value is now. */
export const trace: Command = async (args, terminal) => {
  const options = readArguments(args, traceOptions, 0);
  const folder = required(options, "ledger", "DIR");
  const format = options.flag("json") ? "json" : oneOf(formats, options.text("format") ?? "table", "--format");
  const policy = oneOf(policies, options.text("policy") ?? "fifo", "--policy");
  const swaps = oneOf(["on", "off"], options.text("swaps") ?? "on", "--swaps");
  requireConsistent(options, format);
  const limits = readLimits(options);
  const hubTransfers = options.text("hub") === undefined ? undefined : readCount(options, "hub", 0);
  const theft = await readIncident(options);
  const texts = theft === undefined ? await readOrigins(options) : [];
  const stops = await readStopRules(options);
  const prices = await readPriceTable(options);
  const store = openLmdbStore(folder, { mode: "read" });
  try {
    const reader = new LedgerReader(store, folder);
    try {
      const chain = chosenChain(reader, options.text("chain"), folder);
      const request: Omit<TraceRequest, "policy"> = {
        ...(theft === undefined ? { origins: findReferences(chain, texts) } : incidentOrigins(chain, theft)),
        stops: await stops.of(folder, chain, options.flag("backward") ? "backward" : "forward"),
        limits,
        swaps,
        price: priceRule(prices),
        hubTransfers,
      };
      const register = options.flag("patterns") ? await loadValidRegister(options.texts("register")) : undefined;
      return answer({ chain, request, policy, format, options, terminal, register, prices });
    } finally {
      reader.close();
    }
  } finally {
    await store.close();
  }
};

/** The theft that `--incident` names; undefined where it is not given. */
async function readIncident(options: Arguments): Promise<Incident | undefined> {
  const id = options.text("incident");
  if (id === undefined) return undefined;
  if (options.texts("origin").length > 0 || options.text("origin-file") !== undefined) {
    throw new Failure("USAGE", { what: "--incident and an origin are both given", mend: "give one of them" });
  }
  return findIncident(await loadRegister(options.texts("register")), id);
}

type Question = {
  readonly chain: ChainReader;
  readonly request: Omit<TraceRequest, "policy">;
  readonly policy: Policy;
  readonly format: (typeof formats)[number];
  readonly options: Arguments;
  readonly terminal: Terminal;
  /** Where patterns are asked for. */
  readonly register: Register | undefined;
  readonly prices: PriceTable;
};

function answer(question: Question): number {
  const { chain, request, policy, format, options, terminal, prices } = question;
  const watched = <Result>(by: Policy, run: (onProgress: (visited: number) => void) => Result): Result => {
    const progress = progressLine(terminal);
    const found = run((visited) => {
      progress.show(visited, undefined, (rate) => `${by}: ${rate} transactions visited`);
    });
    progress.end();
    return found;
  };
  if (options.flag("backward")) {
    const sourcesMax = readSourcesMax(options);
    const found = watched(policy, (onProgress) => runBackward(chain, { ...request, policy, sourcesMax, onProgress }));
    const valuer = new Valuer(prices, { origins: found.deposits });
    terminal.out(format === "json" ? jsonText(backwardJson(found, valuer)) : backwardText(found, valuer, terminal));
    return 0;
  }
  const run = (by: Policy): Trace =>
    watched(by, (onProgress) => runTrace(chain, { ...request, policy: by, onProgress }));
  if (options.flag("compare")) {
    const comparison = compare(policiesOf(chain), run, prices);
    const json = { chain: chain.chain.id, ...comparisonJson(comparison) };
    terminal.out(format === "json" ? jsonText(json) : comparisonText(comparison, policy, terminal));
    return 0;
  }
  const begun = performance.now();
  const found = run(policy);
  const ms = performance.now() - begun;
  show(found, ` in ${ms | 0} ms`, question);
  return 0;
}

function readSourcesMax(options: Arguments): number | undefined {
  if (options.text("sources-max") === undefined) return undefined;
  const found = readCount(options, "sources-max", 0);
  if (found > 0) return found;
  throw new Failure("USAGE", { what: "--sources-max 0 asks about no entity", mend: "give 1 or more" });
}

function show(found: Trace, seconds: string, question: Question): void {
  const { format, options, terminal, prices } = question;
  const valuer = new Valuer(prices, found);
  const wanted = options.text("path");
  if (wanted !== undefined) {
    showPaths(found, wanted, { ...question, valuer });
  } else if (format === "json") {
    for (const piece of traceJson(found, valuer, patternLists(found, question))) terminal.out(piece);
  } else if (format === "table") {
    terminal.out(traceText(found, valuer, { terminal, seconds }) + patternParts(found, question));
  } else {
    let text = "";
    for (const piece of writeGraph(graphOfTrace(found, valuer), format)) {
      text += piece;
      if (text.length < 65_536) continue;
      terminal.out(text);
      text = "";
    }
    terminal.out(text);
  }
}

function patternLists(
  found: Trace,
  { chain, request, register, prices }: Question,
): Readonly<Record<string, object[]>> {
  if (register === undefined) return {};
  const { patterns, links } = patternsOf(chain, found, {
    request,
    register: { incidents: register.incidents, prices },
  });
  return { patterns: patterns.map(patternJson), commingling: links.map(linkJson) };
}

function patternParts(found: Trace, { chain, request, register, prices, terminal }: Question): string {
  if (register === undefined) return "";
  const { patterns, links } = patternsOf(chain, found, {
    request,
    register: { incidents: register.incidents, prices },
  });
  const met = links.length === 0 ? "" : `\nFunds of other incidents met:\n${linksText(links, terminal)}`;
  return `\n${patternsText(patterns, terminal)}${met}`;
}

/**
 * Refuses options that do not go together.
 *
 * @throws {Failure} `USAGE`.
 */
function requireConsistent(options: Arguments, format: Question["format"]): void {
  const isGiven = (name: string): boolean => options.flag(name) || options.text(name) !== undefined;
  const refuse = (one: string, other: string, mend: string): Failure =>
    new Failure("USAGE", { what: `${one} and ${other} are both given`, mend });
  const [first, second] = ["patterns", "compare", "backward", "path"].filter(isGiven);
  if (first !== undefined && second !== undefined) throw refuse(`--${first}`, `--${second}`, "give one of them");
  if (isGiven("backward") && isGiven("until")) {
    throw refuse("--backward", "--until", "a way back begins at the deposit: leave --until out");
  }
  if (isGiven("sources-max") && !isGiven("backward")) {
    throw new Failure("USAGE", { what: "--sources-max is for --backward", mend: "give --backward, or leave it out" });
  }
  if (first === undefined || format === "table" || format === "json") return;
  // Graphs are of a whole trace forward.
  const mend = "leave --format out, or give --format json";
  throw new Failure("USAGE", { what: `--${first} has no form ${format}`, mend });
}

/** The ways to a holding or an exit, named by its reference, its address or its entity. */
function showPaths(found: Trace, wanted: string, question: Question & { readonly valuer: Valuer }): void {
  const { chain, format, terminal, valuer } = question;
  const address = addressOrText(chain, wanted);
  const isMeant = (names: readonly (string | null | undefined)[]): boolean =>
    names.includes(wanted) || names.includes(address);
  const ids = [
    ...[...found.exits()].filter((exit) => isMeant([exit.ref, exit.address, exit.entity])),
    ...[...found.holdings()].filter((holding) => isMeant([holding.ref, holding.address])),
  ].map(({ id }) => id);
  if (ids.length === 0) {
    const mend = "name a holding or an exit by its reference, address or entity, as --json lists them";
    throw new Failure("UNKNOWN_NAME", { kind: "destination", name: wanted, where: "this trace", mend });
  }
  if (format === "json")
    terminal.out(jsonText({ paths: ids.map((id) => pathJson(found.path(id), valuer)), prices: pricesJson(valuer) }));
  else terminal.out(ids.map((id) => pathText(found.path(id), valuer, terminal)).join("\n"));
}

function addressOrText(chain: ChainReader, text: string): string {
  try {
    return addressReader(chain)(text);
  } catch {
    return text;
  }
}

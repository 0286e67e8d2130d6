import { Failure } from "../../base/failure.ts";
import type { Register } from "../../incidents/register.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import type { PriceRule } from "../../trace/account/swap.ts";
import { compare } from "../../trace/compare.ts";
import { flowGraph, graphForms } from "../../trace/output/graph.ts";
import { backwardJson, comparisonJson, pathJson, traceJson } from "../../trace/output/json.ts";
import { linkJson, patternJson } from "../../trace/output/patterns-json.ts";
import { policies, type Policy } from "../../trace/policy.ts";
import { priceRule } from "../../trace/price-rule.ts";
import { policiesOf, runBackward, runTrace, type TraceRequest } from "../../trace/run.ts";
import { addressReader, firstOf, stopTable } from "../../trace/stop-table.ts";
import { readStops, type StopRule } from "../../trace/stops.ts";
import type { Trace } from "../../trace/trace.ts";
import { oneOf, readArguments, readCount, required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { linksText, patternsText } from "../patterns-text.ts";
import { loadRegister, loadValidRegister } from "../register.ts";
import { readOrigin } from "../trace-origin.ts";
import { chosenChain, readLimits, textOf, traceOptions } from "../trace-options.ts";
import { patternsOf } from "../trace-patterns.ts";
import { backwardText, comparisonText, pathText, traceText } from "../trace-text.ts";
import type { Command, Terminal } from "../terminal.ts";

const formats = ["table", "json", ...graphForms] as const;

/** `fundtrail trace`: where stolen value is now. */
export const trace: Command = async (args, terminal) => {
  const options = readArguments(args, traceOptions, 0);
  const folder = required(options, "ledger", "DIR");
  const format = options.flag("json") ? "json" : oneOf(formats, options.text("format") ?? "table", "--format");
  const policy = oneOf(policies, options.text("policy") ?? "fifo", "--policy");
  const swaps = oneOf(["on", "off"], options.text("swaps") ?? "on", "--swaps");
  const limits = readLimits(options);
  const hubTransfers = options.text("hub") === undefined ? undefined : readCount(options, "hub", 0);
  const origin = await readOrigin(options);
  const stopsFile = options.text("stops");
  const stopRows = stopsFile === undefined ? undefined : readStops(stopsFile, await textOf(stopsFile));
  const store = openLmdbStore(folder, { mode: "read" });
  try {
    const reader = new LedgerReader(store, folder);
    try {
      const chain = chosenChain(reader, options.text("chain"), folder);
      const rules: StopRule[] = stopRows === undefined ? [] : [stopTable(chain, stopsFile ?? "", stopRows)];
      const { rows, missing } = origin.of(chain);
      const price = chain.model === "account" && swaps === "on" ? await bundledPrices(options) : noPrice;
      const request: Omit<TraceRequest, "policy"> = {
        origins: rows,
        stops: firstOf(rules),
        limits,
        swaps,
        price,
        hubTransfers,
      };
      const register = options.flag("patterns") ? await loadValidRegister(options.texts("register")) : undefined;
      return answer({ chain, request, policy, format, options, terminal, register, missing });
    } finally {
      reader.close();
    }
  } finally {
    await store.close();
  }
};

type Question = {
  readonly chain: ChainReader;
  readonly request: Omit<TraceRequest, "policy">;
  readonly policy: Policy;
  readonly format: (typeof formats)[number];
  readonly options: Arguments;
  readonly terminal: Terminal;
  /** Where patterns are asked for. */
  readonly register: Register | undefined;
  /** Of the theft's transactions, those that the ledger does not hold. */
  readonly missing: readonly string[];
};

function answer(question: Question): number {
  const { chain, request, policy, format, options, terminal } = question;
  if (options.flag("backward")) {
    const found = runBackward(chain, { ...request, policy });
    requireForm(format, "--backward");
    const json = { chain: chain.chain.id, ...backwardJson(found) };
    terminal.out(format === "json" ? jsonText(json) : backwardText(found, terminal));
    return 0;
  }
  const run = (by: Policy): Trace => runTrace(chain, { ...request, policy: by });
  if (options.flag("compare")) {
    requireForm(format, "--compare");
    const comparison = compare(policiesOf(chain), run);
    const json = { chain: chain.chain.id, ...comparisonJson(comparison) };
    terminal.out(format === "json" ? jsonText(json) : comparisonText(comparison, terminal));
    return 0;
  }
  const begun = performance.now();
  const found = run(policy);
  const ms = performance.now() - begun;
  const wanted = options.text("path");
  if (wanted !== undefined) {
    requireForm(format, "--path");
    showPaths(found, wanted, question);
  } else if (format === "json") {
    for (const piece of traceJson(found, moreJson(found, question))) terminal.out(piece);
  } else if (format === "table") {
    terminal.out(`${traceText(found, terminal, ` in ${ms | 0} ms`)}${moreText(found, question)}`);
  } else {
    let text = "";
    for (const piece of flowGraph(found, format)) {
      text += piece;
      if (text.length < 65_536) continue;
      terminal.out(text);
      text = "";
    }
    terminal.out(text);
  }
  return 0;
}

/** What is told beside the trace itself: patterns, and transactions of the theft that are not in the ledger. */
function moreJson(found: Trace, { chain, request, register, missing }: Question): Readonly<Record<string, object[]>> {
  const told = missing.length === 0 ? {} : { missing: missing.map((transaction) => ({ transaction })) };
  if (register === undefined) return told;
  const { patterns, links } = patternsOf(chain, found, { request, register });
  return { ...told, patterns: patterns.map(patternJson), commingling: links.map(linkJson) };
}

function moreText(found: Trace, { chain, request, register, missing, terminal }: Question): string {
  const told = missing.length === 0 ? "" : `\nNot in the ledger, and not traced: ${missing.join(", ")}.\n`;
  if (register === undefined) return told;
  const { patterns, links } = patternsOf(chain, found, { request, register });
  const met = links.length === 0 ? "" : `\nFunds of other incidents met:\n${linksText(links, terminal)}`;
  return `${told}\n${patternsText(patterns, terminal)}${met}`;
}

/** Graphs are of a whole trace forward. */
function requireForm(format: Question["format"], option: string): void {
  if (format === "table" || format === "json") return;
  const mend = "leave --format out, or give --format json";
  throw new Failure("USAGE", { what: `${option} has no form ${format}`, mend });
}

/** The ways to a holding or an exit, named by its reference, its address or its entity. */
function showPaths(found: Trace, wanted: string, { chain, format, terminal }: Question): void {
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
  if (format === "json") terminal.out(jsonText({ paths: ids.map((id) => pathJson(found.path(id))) }));
  else terminal.out(ids.map((id) => pathText(found.path(id), terminal)).join("\n"));
}

function addressOrText(chain: ChainReader, text: string): string {
  try {
    return addressReader(chain)(text);
  } catch {
    return text;
  }
}

const noPrice: PriceRule = () => undefined;

async function bundledPrices(options: Arguments): Promise<PriceRule> {
  return priceRule((await loadRegister(options.texts("register"))).prices);
}

import { chain as knownChain } from "../../src/base/chains.ts";
import { parseTransfers } from "../../src/chains/transfers/rows.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { commingling } from "../../src/trace/patterns/commingling.ts";
import { findPatterns } from "../../src/trace/patterns/find.ts";
import { graphOf } from "../../src/trace/patterns/graph-of.ts";
import { usualRules, type PatternName, type PatternRules } from "../../src/trace/patterns/pattern.ts";
import type { Policy } from "../../src/trace/policy.ts";
import { runTrace } from "../../src/trace/run.ts";
import { noLimits, type Trace } from "../../src/trace/trace.ts";
import { scenario, scenarioNames } from "../chain/scenarios.ts";
import { ledgerOf } from "./memory-ledger.ts";

type Told = Readonly<Partial<Record<PatternName, readonly string[]>>>;
const toldByBoth: Told = {
  "peel-chain": ["peel-20"],
  "fan-out": ["fan-out"],
  "fan-in": ["consolidation", "fan-in"],
  dormancy: ["dormant"],
  commingling: ["commingle"],
};
/** Which scenarios tell a pattern. What another scenario shows of it is counted as found wrongly. */
const told: Readonly<Record<"utxo" | "transfers", Told>> = {
  utxo: { ...toldByBoth, "round-amounts": ["round-amounts", "split-payment", "commingle", "exchange-deposit"] },
  transfers: {
    ...toldByBoth,
    "round-amounts": [
      "round-amounts",
      "split-payment",
      "commingle",
      "exchange-deposit",
      "consolidation",
      "fan-out",
      "fan-in",
      "dormant",
      "self-transfer",
    ],
  },
};

/** The generator's dormant money rests for 300 blocks: two days on Bitcoin, an hour on Ethereum. */
const dormantSeconds = { utxo: 86_400, transfers: 3_000 };

/** Of scenarios: found where it is told, found where it is not (by scenario), told and not found. */
export type ScenarioCounts = {
  readonly told: number;
  readonly found: number;
  readonly others: number;
  readonly wrong: ReadonlyMap<string, number>;
};

/** Which patterns are found in a scenario's trace. */
type Shown = { readonly name: string; readonly patterns: ReadonlySet<PatternName> };

/** Tells every scenario so many times, among random transactions, and looks for the patterns of each theft. */
export async function evaluateScenarios(
  model: "utxo" | "transfers",
  { times, transactions, policy }: { readonly times: number; readonly transactions: number; readonly policy: Policy },
): Promise<ReadonlyMap<PatternName, ScenarioCounts>> {
  const rules = { ...usualRules, dormantSeconds: dormantSeconds[model] };
  const shown: Shown[] = [];
  for (let seed = 0; seed < times; seed += 1) {
    if (model === "utxo") {
      for (const name of scenarioNames.utxo.filter((one) => !one.startsWith("reorg-"))) {
        const { blocks, names } = scenario(name, { model, seed, transactions });
        shown.push({ name, patterns: await shownIn(await ledgerOf(blocks), names, { policy, rules }) });
      }
    } else {
      for (const name of scenarioNames.transfers) {
        const { file, names } = scenario(name, { model, seed, transactions });
        shown.push({ name, patterns: await shownIn(await transfersLedger(file), names, { policy, rules }) });
      }
    }
  }
  return new Map(
    (Object.keys(told[model]) as PatternName[]).map((pattern) => {
      const isTold = ({ name }: Shown): boolean => told[model][pattern]?.includes(name) === true;
      const wrong = new Map<string, number>();
      for (const one of shown) {
        if (!isTold(one) && one.patterns.has(pattern)) wrong.set(one.name, (wrong.get(one.name) ?? 0) + 1);
      }
      const own = shown.filter(isTold);
      const found = own.filter((one) => one.patterns.has(pattern)).length;
      return [pattern, { told: own.length, found, others: shown.length - own.length, wrong }];
    }),
  );
}

async function shownIn(
  store: PageStore,
  names: Readonly<Record<string, string>>,
  { policy, rules }: { readonly policy: Policy; readonly rules: PatternRules },
): Promise<ReadonlySet<PatternName>> {
  const ledger = new LedgerReader(store, "in memory");
  const [reader] = ledger.chains;
  if (reader === undefined) throw new Error("evaluate: an empty ledger");
  const thefts = Object.entries(names).filter(([name]) => /^theft(?:-[0-9]+)?$/u.test(name));
  const all = thefts.length === 0 ? [names["theft-a"] ?? "", names["theft-b"] ?? ""] : thefts.map(([, ref]) => ref);
  const graph = graphOf(reader, traceOf(reader, all, policy));
  const found = new Set(findPatterns(graph, rules, new Set()).map(({ pattern }) => pattern));
  const halves = [all.slice(0, all.length >> 1), all.slice(all.length >> 1)] as const;
  // Thefts from several victims are held against each other; so the thefts of "fan-in" meet as well, and truly.
  if (thefts.length === 0) {
    const [one, other] = halves.map((refs) => graphOf(reader, traceOf(reader, refs, policy)));
    if (one !== undefined && other !== undefined && commingling(one, other).length > 0) found.add("commingling");
  }
  ledger.close();
  await store.close();
  return found;
}

function traceOf(reader: ChainReader, refs: readonly string[], policy: Policy): Trace {
  return runTrace(reader, {
    origins: findReferences(reader, refs),
    policy,
    stops: undefined,
    limits: noLimits,
    swaps: "on",
    price: () => undefined,
    hubTransfers: undefined,
  });
}

/** A ledger of a transfers file, in memory. */
export async function transfersLedger(file: Uint8Array): Promise<PageStore> {
  const ethereum = knownChain("ethereum");
  const store = openMemoryStore();
  const writer = await ChainWriter.open(store, {
    folder: "in memory",
    chain: ethereum.id,
    model: "account",
    finality: 0,
  });
  const options = { source: "made", addresses: "as-written", resume: undefined } as const;
  for await (const { block } of parseTransfers(pieces(file), ethereum, options)) writer.append(block, block.height);
  await writer.commit("");
  writer.close();
  return store;
}

async function* pieces(file: Uint8Array): AsyncIterable<Uint8Array> {
  yield Promise.resolve(file);
}

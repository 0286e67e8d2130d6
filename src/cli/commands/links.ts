import { Failure } from "../../base/failure.ts";
import type { Register } from "../../incidents/register.ts";
import type { PriceTable } from "../../prices/price-table.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { linksOf, type TracedTheft } from "../../trace/links/links.ts";
import { readTheftGroups, type TheftGroup } from "../../trace/links/theft-groups.ts";
import { findReferences } from "../../trace/origin.ts";
import { linkJson } from "../../trace/output/patterns-json.ts";
import { graphOf } from "../../trace/patterns/graph-of.ts";
import { policies } from "../../trace/policy.ts";
import { priceRule } from "../../trace/price-rule.ts";
import { runTrace, type TraceRequest } from "../../trace/run.ts";
import type { StopRule } from "../../trace/stops.ts";
import { partiesOn, theftTxids } from "../../trace/theft/incident-chain.ts";
import { theftOnChain } from "../../trace/theft/theft-on-chain.ts";
import { oneOf, readArguments, readCount, required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { linksText } from "../patterns-text.ts";
import { loadValidRegister } from "../register.ts";
import { chosenChain, readLimits, textOf, withOwnPrices } from "../trace-options.ts";
import { readStopRules, type StopRules } from "../trace-stops.ts";
import type { Command } from "../terminal.ts";

const linksOptions = {
  ledger: { type: "string" },
  chain: { type: "string" },
  "origin-file": { type: "string" },
  register: { type: "string", multiple: true },
  policy: { type: "string" },
  stops: { type: "string" },
  tags: { type: "string" },
  swaps: { type: "string" },
  until: { type: "string" },
  "hops-max": { type: "string" },
  "amount-min": { type: "string" },
  budget: { type: "string" },
  hub: { type: "string" },
  prices: { type: "string" },
  json: { type: "boolean" },
} as const;

/** A theft with what a trace of it begins with. */
type Theft = { readonly id: string; readonly rows: readonly number[] };
type Input = {
  readonly register: Register;
  readonly groups: readonly TheftGroup[];
  readonly stops: StopRules;
  readonly prices: PriceTable;
};

/** `fundtrail links`: where and when the funds of different thefts met. */
export const links: Command = async (args, terminal) => {
  const options = readArguments(args, linksOptions, 0);
  const folder = required(options, "ledger", "DIR");
  const policy = oneOf(policies, options.text("policy") ?? "fifo", "--policy");
  const input = await readInput(options);
  const store = openLmdbStore(folder, { mode: "read" });
  try {
    const reader = new LedgerReader(store, folder);
    try {
      const chain = chosenChain(reader, options.text("chain"), folder);
      const request = requestOf(options, input.prices, await input.stops.of(folder, chain, "forward"));
      const thefts = theftsOf(chain, input);
      const traced = thefts.map(({ id, rows }): TracedTheft => {
        return { id, graph: graphOf(chain, runTrace(chain, { ...request, origins: rows, policy })) };
      });
      const found = linksOf(traced, input.prices);
      if (options.flag("json")) {
        const ids = thefts.map(({ id }) => id);
        terminal.out(jsonText({ chain: chain.chain.id, policy, thefts: ids, links: found.map(linkJson) }));
        return 0;
      }
      const names = thefts.map(({ id }) => id).join(", ");
      const head = `Thefts in the ledger of ${chain.chain.alias}: ${names === "" ? "none" : names}. Policy ${policy}.\n`;
      const none =
        thefts.length < 2 ? "It takes two to meet.\n" : "Their funds did not meet; that does not part them.\n";
      terminal.out(`${head}\n${found.length === 0 ? none : linksText(found, terminal)}`);
      return 0;
    } finally {
      reader.close();
    }
  } finally {
    await store.close();
  }
};

async function readInput(options: Arguments): Promise<Input> {
  const file = options.text("origin-file");
  const register = await loadValidRegister(options.texts("register"));
  return {
    register,
    prices: await withOwnPrices(register.prices, options),
    groups: file === undefined ? [] : readTheftGroups(file, await textOf(file)),
    stops: await readStopRules(options),
  };
}

function requestOf(
  options: Arguments,
  prices: PriceTable,
  stops: StopRule | undefined,
): Omit<TraceRequest, "policy" | "origins"> {
  return {
    stops,
    limits: readLimits(options),
    swaps: oneOf(["on", "off"], options.text("swaps") ?? "on", "--swaps"),
    price: priceRule(prices),
    hubTransfers: options.text("hub") === undefined ? undefined : readCount(options, "hub", 0),
  };
}

/** The register's thefts that are in the ledger, and those of the file, by id. */
function theftsOf(chain: ChainReader, { register, groups }: Input): readonly Theft[] {
  const registered = register.incidents.flatMap((incident): readonly Theft[] => {
    const txids = theftTxids(incident, chain.chain);
    if (txids.length === 0 || groups.some(({ id }) => id === incident.id)) return [];
    const rows = theftOnChain(chain, txids, partiesOn(incident, chain.chain)).found.flatMap((one) => one.rows);
    return rows.length === 0 ? [] : [{ id: incident.id, rows }];
  });
  const given = groups.map(({ id, references }) => ({ id, rows: findReferences(chain, references) }));
  const all = [...registered, ...given].toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const owners = new Map<number, string>();
  for (const { id, rows } of all) {
    for (const row of rows) {
      const known = owners.get(row);
      if (known === undefined) owners.set(row, id);
      else {
        const what = `${known} and ${id} begin with the same output or transfer`;
        throw new Failure("USAGE", { what, mend: "leave it to one of them in --origin-file" });
      }
    }
  }
  return all;
}

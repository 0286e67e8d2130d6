import type { Register } from "../../incidents/register.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { linksOf, type Link } from "./links.ts";
import { findPatterns } from "../patterns/find.ts";
import { graphOf } from "../patterns/graph-of.ts";
import { usualRules, type Pattern } from "../patterns/pattern.ts";
import { runTrace, type TraceRequest } from "../run.ts";
import { addressReader } from "../stop-table.ts";
import { partiesOn, theftTxids } from "../theft/incident-chain.ts";
import { theftOnChain } from "../theft/theft-on-chain.ts";
import type { Trace } from "../trace.ts";

/**
 * The patterns of a trace, and where its funds met those of other incidents of the register that are in the ledger. Those are
 * traced for that, one after the other, by the same policy and within the same limits.
 */
export function patternsOf(
  chain: ChainReader,
  trace: Trace,
  {
    request,
    register,
  }: { readonly request: Omit<TraceRequest, "policy">; readonly register: Pick<Register, "incidents" | "prices"> },
): { readonly patterns: readonly Pattern[]; readonly links: readonly Link[] } {
  const graph = graphOf(chain, trace);
  const origins = new Set(request.origins);
  const victims = new Set<string>();
  const links: Link[] = [];
  for (const incident of register.incidents) {
    const txids = theftTxids(incident, chain.chain);
    if (txids.length === 0) continue;
    const parties = partiesOn(incident, chain.chain);
    const rows = theftOnChain(chain, txids, parties).found.flatMap((one) => one.rows);
    if (rows.some((row) => origins.has(row))) {
      // It is this very theft.
      for (const address of parties.victims) victims.add(addressReader(chain)(address));
      continue;
    }
    if (rows.length === 0) continue;
    const other = runTrace(chain, { ...request, origins: rows, policy: trace.policy });
    const thefts = [
      { id: "this", graph },
      { id: incident.id, graph: graphOf(chain, other) },
    ];
    links.push(...linksOf(thefts, register.prices));
  }
  return { patterns: findPatterns(graph, usualRules, victims), links };
}

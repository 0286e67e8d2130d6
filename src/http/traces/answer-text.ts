import type { ChainReader } from "../../ledger/reader.ts";
import { patternsOf } from "../../trace/links/patterns-of.ts";
import { backwardJson } from "../../trace/output/backward-json.ts";
import { traceJson } from "../../trace/output/json.ts";
import { linkJson, patternJson } from "../../trace/output/patterns-json.ts";
import { runBackward, runTrace, type TraceRequest } from "../../trace/run.ts";
import type { Trace } from "../../trace/trace.ts";
import { Valuer } from "../../trace/worth/valuer.ts";
import type { RegisterPart, TraceAsked } from "./question.ts";

/** A trace that has been run: the text of its result in pieces, and of one forward what else is made of it. */
export type TraceAnswer = {
  readonly pieces: Iterable<string>;
  readonly forward:
    | { readonly trace: Trace; readonly valuer: Valuer; readonly lists: Readonly<Record<string, object[]>> }
    | undefined;
};

/** Runs a trace. The same chain, question, stops and register give the same text, which is what the command line prints. */
export function answerOf(
  chain: ChainReader,
  { asked, request, part }: { readonly asked: TraceAsked; readonly request: TraceRequest; readonly part: RegisterPart },
): TraceAnswer {
  if (asked.direction === "backward") {
    const back = runBackward(chain, { ...request, sourcesMax: asked.sourcesMax });
    const json = backwardJson(back, new Valuer(part.prices, { origins: back.deposits }));
    return { pieces: [`${JSON.stringify(json, null, 2)}\n`], forward: undefined };
  }
  const trace = runTrace(chain, request);
  const valuer = new Valuer(part.prices, trace);
  const found = asked.patterns === "on" ? patternsOf(chain, trace, { request, register: part }) : undefined;
  const lists: Readonly<Record<string, object[]>> =
    found === undefined ? {} : { patterns: found.patterns.map(patternJson), commingling: found.links.map(linkJson) };
  return { pieces: traceJson(trace, valuer, lists), forward: { trace, valuer, lists } };
}

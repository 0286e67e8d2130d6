import type { BodyOf } from "../../../../src/http/contract/route.ts";
import { api, type AnswerOf, type Contract } from "../../../data/api.ts";
import type { Query } from "../../../routing/history.ts";

/** What a trace is asked, as the page's address says it. */
export type Question = {
  /** Undefined: that of the incident, else the ledger's first. */
  readonly chain: string | undefined;
  readonly incident: string | undefined;
  readonly origins: readonly string[];
  readonly address: string | undefined;
  readonly isBackward: boolean;
  readonly policy: string;
  readonly isCompared: boolean;
  readonly until: number | undefined;
  readonly hopsMax: number | undefined;
  /** Transactions that are visited at most, as where an earlier trace was stopped. */
  readonly budget: number | undefined;
  readonly swaps: "on" | "off";
};

export type TraceBody = BodyOf<Contract["startTrace"]>;

/** @returns Undefined where the address asks for nothing yet. */
export function questionOf(query: Query): Question | undefined {
  const [incident, origin, address] = [query.get("incident"), query.get("origin"), query.get("address")];
  if (incident === undefined && origin === undefined && address === undefined) return undefined;
  return {
    chain: query.get("chain"),
    incident,
    origins: referencesOf(origin ?? ""),
    address,
    isBackward: query.get("backward") === "on",
    policy: query.get("policy") ?? "fifo",
    isCompared: query.get("compare") === "on",
    until: wholeOf(query.get("until")),
    hopsMax: wholeOf(query.get("hops-max")),
    budget: wholeOf(query.get("budget")),
    swaps: query.get("swaps") === "off" ? "off" : "on",
  };
}

/** References in a text: with commas, blanks or on lines of their own. */
export function referencesOf(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/u).filter((one) => one !== ""))];
}

function wholeOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,10}$/u.test(text) ? Number(text) : undefined;
}

/** Of an address at most so many receipts are the origin. */
export const receiptsMax = 1_000;

export type Origins = {
  /** Undefined: the address received nothing. */
  readonly body: TraceBody | undefined;
  readonly note: "all" | "first-receipts";
};

/** The body of a question; of an address first what it received. @param chains - Those of the ledger. */
export async function originsOf(
  question: Question,
  chains: readonly LedgerChain[],
  signal: AbortSignal,
): Promise<Origins> {
  const { incident, address, origins } = question;
  const chain = question.chain ?? (await chainOf(incident, chains, signal));
  if (incident !== undefined) return { body: bodyOf(question, chain, { incident }), note: "all" };
  if (address === undefined) return { body: bodyOf(question, chain, { origins: [...origins] }), note: "all" };
  const isUtxo = chains.find((one) => one.chain === chain || one.alias === chain)?.model !== "account";
  const found = await receiptsOf({ chain, address }, isUtxo, signal);
  return {
    body: found.refs.length === 0 ? undefined : bodyOf(question, chain, { origins: found.refs }),
    note: found.hasMore ? "first-receipts" : "all",
  };
}

type LedgerChain = AnswerOf<Contract["getLedger"]>["chains"][number];

/** Of an incident's chains the first that the ledger has. */
async function chainOf(
  incident: string | undefined,
  chains: readonly LedgerChain[],
  signal: AbortSignal,
): Promise<string> {
  const first = chains[0]?.alias ?? "";
  if (incident === undefined || chains.length < 2) return first;
  const { chain } = await api().get("/v1/incidents/{id}", { params: { id: incident }, signal });
  // `bitcoin:TXID`, `eip155:1:TXID`.
  const named = ((chain as { readonly theft?: readonly string[] }).theft ?? []).map((id) =>
    id.slice(0, id.lastIndexOf(":")),
  );
  const known = chains.find(({ chain: id, alias }) => named.includes(id) || named.includes(alias));
  return known?.alias ?? first;
}

type Receipts = { readonly refs: string[]; readonly hasMore: boolean };

async function receiptsOf(
  params: { readonly chain: string; readonly address: string },
  isUtxo: boolean,
  signal: AbortSignal,
): Promise<Receipts> {
  const query = { limit: receiptsMax };
  if (isUtxo) {
    const path = "/v1/chains/{chain}/addresses/{address}/outputs";
    const { outputs, next } = await api().get(path, { params, query, signal });
    // One without a block is from before the ledger begins, and cannot be an origin.
    return { refs: outputs.flatMap(({ ref, block }) => (block === null ? [] : [ref])), hasMore: next !== null };
  }
  const path = "/v1/chains/{chain}/addresses/{address}/transfers";
  const { transfers, next } = await api().get(path, { params, query, signal });
  const wanted = params.address.toLowerCase();
  const received = transfers.filter(({ to }) => to?.toLowerCase() === wanted);
  return { refs: [...new Set(received.map(({ ref }) => ref))], hasMore: next !== null };
}

type What = { readonly incident?: string; readonly origins?: string[] };

function bodyOf(question: Question, chain: string, what: What): TraceBody {
  const { isBackward, policy, isCompared, until, hopsMax, budget, swaps } = question;
  return {
    chain,
    ...what,
    policy,
    swaps,
    ...(isBackward ? { direction: "backward" } : {}),
    ...(isCompared && !isBackward ? { compare: "on" } : {}),
    ...(until === undefined ? {} : { until }),
    ...(hopsMax === undefined ? {} : { hopsMax }),
    ...(budget === undefined ? {} : { budget }),
  } as TraceBody;
}

import type { Credit, NativeMove } from "./assemble.ts";
import {
  invalid,
  isAbsent,
  readAddress,
  readCount,
  readFields,
  readHash,
  readList,
  readQuantity,
  textOf,
  type Fields,
  type ReadPlace,
} from "./read.ts";

/** What a transaction's trace says. */
export type TransactionTrace = {
  readonly hash: string | undefined;
  /** Whether the outermost call failed; then nothing moved. */
  readonly failed: boolean;
  /** The outermost call's own value, where it stood and had one: the transaction's. */
  readonly outer: NativeMove | undefined;
  /** What the outermost call created, if it created. */
  readonly created: string | undefined;
  /** Value of inner calls that stood, in trace order. */
  readonly moves: readonly NativeMove[];
  /** Whether a self-destruction's beneficiary and value are missing. */
  readonly incomplete: boolean;
};

/** What a block's traces say. */
export type BlockTraces = {
  readonly transactions: ReadonlyMap<number, TransactionTrace>;
  /** Rewards, where the form tells them; undefined where it has none. */
  readonly rewards: readonly Credit[] | undefined;
};

/** Which block traces must be of: `trace_block` names it in each, the callTracer names transactions at best. */
export type TracedBlock = { readonly hash: string; readonly height: number; readonly place: ReadPlace };

/** One call of any form. Path: the call's place in the tree, the outermost's is empty. */
export type TraceCall = {
  readonly path: readonly number[];
  readonly failed: boolean;
  readonly move: NativeMove | "none" | "unknown";
  readonly created: string | undefined;
};

/**
 * Reads the traces of a block: `debug_traceBlockByNumber` with the callTracer, or `trace_block`.
 *
 * A call that failed, and all below it, moves nothing. DELEGATECALL, STATICCALL and CALLCODE move nothing: their value, where
 * a tracer shows one, is the caller's own. A creation's value goes to what it created, a self-destruction's to its
 * beneficiary; one to itself stays there, though before Cancun it was burnt.
 *
 * @throws {Failure} `SOURCE_INVALID` where a trace is missing parts that money depends on.
 * Source: go-ethereum, "Built-in tracers", callTracer; OpenEthereum, "JSON-RPC trace module"; EIP-6780
 * Cost: linear in the calls, without recursion.
 */
export function readTraces(answer: unknown, { hash, height, place }: TracedBlock): BlockTraces {
  const entries = readList(answer, "the list of traces", place).map((one) => readFields(one, "a trace", place));
  const flat = entries.filter((entry) => "action" in entry);
  if (flat.length === 0) return gethTraces(entries, place);
  if (flat.length !== entries.length) throw invalid(place, "the traces mix two forms");
  for (const { blockHash, blockNumber } of flat) {
    const other =
      (!isAbsent(blockHash) && readHash(blockHash, "a trace's blockHash", place) !== hash) ||
      (!isAbsent(blockNumber) && readCount(blockNumber, "a trace's blockNumber", place) !== height);
    if (other) {
      throw invalid(place, "a trace is of another block", "the chain was reorganised meanwhile: fetch the block again");
    }
  }
  return parityTraces(entries, place);
}

function gethTraces(entries: readonly Fields[], place: ReadPlace): BlockTraces {
  const transactions = new Map<number, TransactionTrace>();
  for (const [index, entry] of entries.entries()) {
    const at = { ...place, where: `${place.where}, trace ${index}` };
    const root = readFields("type" in entry ? entry : entry["result"], "the result", at); // Older exports have the bare call.
    const hash = typeof entry["txHash"] === "string" ? entry["txHash"].toLowerCase() : undefined;
    transactions.set(index, { hash, ...joinCalls(gethCalls(root, at), at) });
  }
  return { transactions, rewards: undefined };
}

function gethCalls(root: Fields, place: ReadPlace): readonly TraceCall[] {
  const calls: TraceCall[] = [];
  const pending: { readonly call: Fields; readonly path: readonly number[] }[] = [{ call: root, path: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { call, path } = next;
    if (path.length > depthMax) throw invalid(place, `a call is deeper than ${depthMax}`);
    const failed = !isAbsent(call["error"]);
    calls.push({ path, failed, ...gethMove(call, failed, place) });
    if (failed || isAbsent(call["calls"])) continue;
    const inner = readList(call["calls"], "calls", place);
    for (let at = inner.length - 1; at >= 0; at -= 1) {
      pending.push({ call: readFields(inner[at], "a call", place), path: [...path, at] });
    }
  }
  return calls;
}

function gethMove(call: Fields, failed: boolean, place: ReadPlace): Pick<TraceCall, "move" | "created"> {
  const creates = call["type"] === "CREATE" || call["type"] === "CREATE2";
  if (failed) return { move: "none", created: undefined };
  if (creates || call["type"] === "CALL") {
    const to = readAddress(call["to"], "to", place);
    return { move: valueMove([call["from"], to, call["value"]], place), created: creates ? to : undefined };
  }
  if (call["type"] === "SELFDESTRUCT") {
    const { from, to, value } = call;
    const unknown = isAbsent(from) || isAbsent(to) || isAbsent(value);
    return { move: unknown ? "unknown" : valueMove([from, to, value], place), created: undefined };
  }
  if (["DELEGATECALL", "STATICCALL", "CALLCODE"].includes(textOf(call["type"]))) {
    return { move: "none", created: undefined };
  }
  throw invalid(place, `a call has the unknown type "${textOf(call["type"]).slice(0, 40)}"`);
}

function parityTraces(entries: readonly Fields[], place: ReadPlace): BlockTraces {
  const calls = new Map<number, { readonly hash: string | undefined; readonly list: TraceCall[] }>();
  const rewards: Credit[] = [];
  for (const entry of entries) {
    const action = readFields(entry["action"], "the action", place);
    if (entry["type"] === "reward") {
      const amount = readQuantity(action["value"], "a reward's value", place);
      rewards.push({ from: undefined, to: readAddress(action["author"], "a reward's author", place), amount });
      continue;
    }
    const index = readCount(entry["transactionPosition"], "transactionPosition", place);
    const at = { ...place, where: `${place.where}, trace of transaction ${index}` };
    const hash = typeof entry["transactionHash"] === "string" ? entry["transactionHash"].toLowerCase() : undefined;
    const known = calls.get(index) ?? { hash, list: [] };
    calls.set(index, known);
    const path = readList(entry["traceAddress"], "traceAddress", at).map((step) => readCount(step, "a step", at));
    const failed = !isAbsent(entry["error"]);
    known.list.push({ path, failed, ...parityMove(entry, action, { failed, place: at }) });
  }
  const transactions = new Map<number, TransactionTrace>();
  for (const [index, { hash, list }] of calls) {
    transactions.set(index, { hash, ...joinCalls(list, { ...place, where: `${place.where}, transaction ${index}` }) });
  }
  return { transactions, rewards };
}

type ParityContext = { readonly failed: boolean; readonly place: ReadPlace };

function parityMove(
  entry: Fields,
  action: Fields,
  { failed, place }: ParityContext,
): Pick<TraceCall, "move" | "created"> {
  const none = { move: "none", created: undefined } as const;
  if (failed) return none;
  switch (entry["type"]) {
    case "call": {
      const kind = action["callType"];
      if (kind === "delegatecall" || kind === "staticcall" || kind === "callcode") return none;
      if (kind !== "call") throw invalid(place, "a call has an unknown callType");
      return { move: valueMove([action["from"], action["to"], action["value"]], place), created: undefined };
    }
    case "create": {
      const result = readFields(entry["result"], "the result of a creation", place);
      const created = readAddress(result["address"], "the created address", place);
      return { move: valueMove([action["from"], created, action["value"]], place), created };
    }
    case "suicide":
    case "selfdestruct": {
      const ends = [action["address"], action["refundAddress"], action["balance"]] as const;
      return { move: valueMove(ends, place), created: undefined };
    }
    default:
      throw invalid(place, "a trace has an unknown type");
  }
}

/** A move from its fields: from, to, value; "none" where the value is 0. */
export function valueMove(
  [from, to, value]: readonly [from: unknown, to: unknown, value: unknown],
  place: ReadPlace,
): NativeMove | "none" {
  const amount = isAbsent(value) ? 0n : readQuantity(value, "value", place);
  if (amount === 0n) return "none";
  return { from: readAddress(from, "from", place), to: readAddress(to, "to", place), amount };
}

/**
 * What a transaction's calls come to: those that stood, in the order of the tree, without the outermost, whose value is the
 * transaction's own.
 *
 * @throws {Failure} `SOURCE_INVALID` where a call's parent is missing: the list was cut off.
 */
export function joinCalls(calls: readonly TraceCall[], place: ReadPlace): Omit<TransactionTrace, "hash"> {
  const ordered = calls.length < 2 ? calls : calls.toSorted((left, right) => comparePaths(left.path, right.path));
  const [root] = ordered;
  if (root === undefined || root.path.length > 0) throw invalid(place, "the outermost call is missing");
  if (ordered.length === 1) return alone(root);
  const moves: NativeMove[] = [];
  let incomplete = false;
  let dead = root.failed ? root.path : undefined;
  let before = root.path;
  for (const call of ordered.slice(1)) {
    if (call.path.length > depthMax) throw invalid(place, `a call is deeper than ${depthMax}`);
    if (!follows(before, call.path)) throw invalid(place, "a call is missing between its neighbours, or doubled");
    before = call.path;
    if (dead !== undefined && startsWith(call.path, dead)) continue;
    dead = call.failed ? call.path : undefined;
    if (call.failed || call.move === "none") continue;
    if (call.move === "unknown") incomplete = true;
    else moves.push(call.move);
  }
  const outer = typeof root.move === "object" ? root.move : undefined;
  return { failed: root.failed, outer, created: root.created, moves, incomplete };
}

/** Most transactions have no inner calls. */
function alone({ failed, move, created }: TraceCall): Omit<TransactionTrace, "hash"> {
  return { failed, outer: typeof move === "object" ? move : undefined, created, moves: [], incomplete: false };
}

const depthMax = 1024; // Yellow Paper, 8 "Message Call": the limit of the call stack.

function comparePaths(left: readonly number[], right: readonly number[]): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Whether a call comes right after another in the tree: its first child, or the next sibling of it or an ancestor. */
function follows(before: readonly number[], path: readonly number[]): boolean {
  const last = path.length - 1;
  if (!startsWith(before, path.slice(0, last))) return false;
  const sibling = before[last];
  return path[last] === (sibling === undefined ? 0 : sibling + 1);
}

function startsWith(path: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((step, at) => path[at] === step);
}

import type { Decimal } from "../../base/decimal.ts";
import { addDecimal } from "../../base/decimal.ts";
import { usdFromDecimal, type Usd } from "../../base/usd.ts";
import { taintedShare, worthOfSum, type AssetSum } from "../flow/amounts.ts";
import type { FlowEdge, FlowNode } from "../flow/graph.ts";
import type { GatheredEdge, LimitedGraph } from "../flow/limited.ts";
import type { TraceStep } from "../flow/steps.ts";
import { roundWorth, type ExactWorth, type Valuer } from "../worth/valuer.ts";
import { isoTime } from "./json.ts";
import { usdText, worthJson } from "./worth-json.ts";

const million = 1_000_000n;

/** A sum as a value of JSON: amount, dollars, and of how much it is the tainted part. */
export function sumJson(sum: AssetSum, valuer: Valuer) {
  return {
    asset: sum.asset,
    amount: String(sum.amount),
    value: sum.value === undefined ? null : String(sum.value),
    count: sum.count,
    usd: worthJson(roundWorth(worthOfSum(sum, valuer))),
  };
}

/** A node of the flow graph as a value of JSON. */
export function nodeJson(node: FlowNode, valuer: Valuer) {
  const { id, kind, label, exit, tagged, isOrigin, first, last, hop, received, paid, rests, resting, members } = node;
  const sums = (list: readonly AssetSum[]) => list.map((sum) => sumJson(sum, valuer));
  return {
    id,
    kind,
    address: kind === "address" ? label : null,
    transaction: kind === "transaction" ? label : null,
    label,
    // The service at which the trace ends decides before what tags say.
    entity: exit?.entity ?? tagged?.entity ?? null,
    category: exit?.category ?? tagged?.category ?? null,
    isExit: exit !== undefined,
    isOrigin,
    tag:
      tagged === undefined
        ? null
        : {
            entity: tagged.entity,
            kind: tagged.kind,
            category: tagged.category ?? null,
            actor: tagged.actor?.id ?? null,
            confidence: tagged.confidence,
            isDisputed: tagged.conflicts.length > 0,
          },
    hop,
    first: isoTime(first),
    last: isoTime(last),
    received: sums(received),
    paid: sums(paid),
    rests: sums(rests),
    holdings: resting,
    share: shareText(kind === "transaction" || received.length === 0 ? paid : received),
    members,
  };
}

/** An edge of the flow graph as a value of JSON. */
export function edgeJson(edge: FlowEdge, worth: ExactWorth) {
  const { id, step, source, target, what, asset, amount, value, hop, height, time, txid, ref } = edge;
  return {
    id,
    from: source,
    to: target,
    what,
    step,
    hop,
    asset,
    amount: String(amount),
    value: String(value),
    share: value === 0n ? null : String((amount * million) / value),
    usd: worthJson(roundWorth(worth)),
    transaction: txid,
    ref,
    block: height,
    time: isoTime(time),
  };
}

/** Several edges with the same ends and asset as a value of JSON. */
export function gatheredJson({ source, target, sum, first, last, hop }: GatheredEdge, valuer: Valuer) {
  return { from: source, to: target, hop, first: isoTime(first), last: isoTime(last), ...sumJson(sum, valuer) };
}

/** What a limited graph shows of the whole, as a value of JSON; shares in millionths. */
export function shownJson({ nodes, ends, all, leftOut }: LimitedGraph, valuer: Valuer) {
  const single = nodes.filter(({ kind }) => kind !== "group").length;
  const [whole, seen] = [ends.map((one) => one.all), ends.flatMap((one) => one.shown ?? [])].map((sums) =>
    // Of amounts that there are not nothing is known.
    ends.length === 0 ? undefined : atTheft(sums, valuer),
  );
  const [only, ...others] = ends;
  const ofAmounts =
    only === undefined || others.length > 0 || only.all.amount === 0n
      ? null
      : String(((only.shown?.amount ?? 0n) * million) / only.all.amount);
  return {
    nodes: single,
    ofNodes: all.nodes,
    ofEdges: all.edges,
    // Of several assets the share is by dollars at the theft, and unknown where one of them has no price.
    share: whole === undefined || whole === 0n || seen === undefined ? ofAmounts : String((seen * million) / whole),
    ends: ends.map(({ asset, all: sum, shown }) => ({
      asset,
      amount: String(sum.amount),
      shown: String(shown?.amount ?? 0n),
    })),
    usd: usdText(whole),
    usdShown: usdText(seen),
    leftOut: { edges: leftOut.edges, amounts: leftOut.amounts.map((sum) => sumJson(sum, valuer)) },
  };
}

/** A step of a trace as a value of JSON. */
export function stepJson(step: TraceStep, valuer: Valuer) {
  const { id, parent, hops, fate, what, ref, from, to, asset, amount, value, txid, height, time } = step;
  return {
    step: id,
    parent: parent < 0 ? null : parent,
    hop: hops,
    what,
    fate,
    ref,
    from,
    to,
    asset,
    amount: String(amount),
    value: String(value),
    share: value === 0n ? null : String((amount * million) / value),
    usd: worthJson(roundWorth(valuer.worth(asset, amount, time))),
    transaction: txid,
    block: height,
    time: isoTime(time),
  };
}

function shareText(sums: readonly AssetSum[]): string | null {
  const share = taintedShare(sums);
  return share === undefined ? null : String(share);
}

/** Dollars at the theft of all; undefined where one of them has no price. */
function atTheft(sums: readonly AssetSum[], valuer: Valuer): Usd | undefined {
  let total: Decimal | undefined = { digits: 0n, scale: 0 };
  for (const { asset, amount } of sums) {
    const { atTheft: worth }: ExactWorth = valuer.worth(asset, amount, undefined);
    total = total === undefined || worth === undefined ? undefined : addDecimal(total, worth);
  }
  return total === undefined ? undefined : usdFromDecimal(total);
}

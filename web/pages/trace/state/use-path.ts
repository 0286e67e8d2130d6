import { useEffect, useMemo, useState } from "react";
import { api } from "../../../data/api.ts";
import type { Strength } from "../draw/marks.ts";
import type { View, ViewNode } from "../group/view.ts";
import type { PathAnswer } from "../model/answers.ts";
import type { Shown } from "./messages.ts";

/** A way to a destination, as it is followed. */
export type Followed = {
  /** The destination's id. */
  readonly id: string;
  /** From 1. */
  readonly number: number;
  readonly total: number;
  /** Its part of what came to the destination, 0 to 1; undefined where that has no meaning. */
  readonly part: number | undefined;
  readonly strength: NonNullable<Strength>;
  /** Steps that are inside a group, or before what is given. */
  readonly hidden: number;
  readonly steps: PathAnswer["steps"];
  /** Steps before the first of them, which are not given. */
  readonly before: number;
};

export type Following = { readonly id: string; readonly number: number };

/** So many ways are asked for at once. */
const pathsMax = 100;

type Ways = { readonly id: string; readonly paths: readonly PathAnswer[]; readonly total: number };

/** @param following - Which destination, by the id of its node, and which of its ways, from 1. */
export function usePath(
  trace: string | undefined,
  shown: Shown | undefined,
  following: Following | undefined,
): Followed | "none" | undefined {
  const [ways, setWays] = useState<Ways | undefined>(undefined);
  const node = useMemo(() => shown?.view.nodes.find(({ id }) => id === following?.id), [shown, following?.id]);
  const name = node === undefined ? undefined : destinationName(node);
  const id = node?.id;
  useEffect(() => {
    if (trace === undefined || name === undefined || id === undefined) return undefined;
    const aborter = new AbortController();
    void waysTo(trace, name, aborter.signal).then(
      ({ paths, total }) => aborter.signal.aborted || setWays({ id, paths, total }),
      () => aborter.signal.aborted || setWays({ id, paths: [], total: 0 }),
    );
    return () => aborter.abort();
  }, [trace, name, id]);
  const number = following?.number ?? 1;
  return useMemo(() => {
    if (following === undefined || shown === undefined || node === undefined) return undefined;
    if (name === undefined) return "none";
    if (ways?.id !== node.id) return undefined;
    const path = ways.paths[Math.min(number, ways.paths.length) - 1];
    if (path === undefined) return "none";
    return followed(shown.view, node, { path, number: Math.min(number, ways.paths.length), total: ways.total });
  }, [following, shown, node, name, ways, number]);
}

/** What the API calls a node by, where something rests or ends at it. */
function destinationName({ main, exits, resting, kind }: ViewNode): string | undefined {
  if (kind !== "single" && kind !== "entity") return undefined;
  if (main.exit !== undefined && exits.length > 0) return main.exit.entity;
  return resting > 0 ? main.label : undefined;
}

async function waysTo(
  id: string,
  to: string,
  signal: AbortSignal,
): Promise<{ readonly paths: readonly PathAnswer[]; readonly total: number }> {
  return api().get("/v1/traces/{id}/path", { params: { id }, query: { to, limit: pathsMax }, signal });
}

type OfWays = { readonly path: PathAnswer; readonly number: number; readonly total: number };

/** What of a view lies on a way. */
export function followed(view: View, node: ViewNode, { path, number, total }: OfWays): Followed {
  const byStep = new Map<number, number[]>();
  for (const [place, { parts }] of view.edges.entries()) {
    for (const { step } of parts) {
      if (step === undefined) continue;
      const list = byStep.get(step);
      if (list === undefined) byStep.set(step, [place]);
      else list.push(place);
    }
  }
  const nodes = new Set([node.id]);
  const edges = new Set<string>();
  let hidden = path.leftOut;
  for (const { step } of path.steps) {
    const places = byStep.get(step) ?? [];
    if (places.length === 0) hidden += 1;
    for (const place of places) {
      const edge = view.edges[place];
      if (edge === undefined) continue;
      edges.add(edge.id);
      for (const end of [edge.source, edge.target]) nodes.add(view.nodes[end]?.id ?? "");
    }
  }
  return {
    id: node.id,
    number,
    total,
    part: partOf(node, path),
    strength: { nodes, edges },
    hidden,
    steps: path.steps,
    before: path.leftOut,
  };
}

function partOf({ exits, rests }: ViewNode, { end, kind }: PathAnswer): number | undefined {
  if (end?.amount === null || end === null) return undefined;
  const whole = (kind === "exit" ? exits : rests).find(({ asset }) => asset === end.asset)?.amount ?? 0n;
  return whole <= 0n ? undefined : Math.min(1, Number((BigInt(end.amount) * 1_000_000n) / whole) / 1_000_000);
}

import { addAmount } from "./amounts.ts";
import { emptyNode, type FlowNode } from "./graph.ts";

/** Groups by service, and groups by hop: at most so many of each. */
const groupsMax = 200;

/** The nodes that are not shown one by one, gathered by the service at which the trace ends there, and else by hop. */
export class Groups {
  readonly nodes: readonly FlowNode[];
  /** Of each node by its place: the place that stands for it, its own or that of a group, which come behind the nodes'. */
  readonly places: Int32Array;

  /** @param isShown - By place. */
  constructor(all: readonly FlowNode[], isShown: (place: number) => boolean) {
    const hopMost = all.reduce((most, { hop }, place) => (!isShown(place) && hop > most ? hop : most), 0);
    let width = 1;
    while (width * groupsMax <= hopMost) width += 1;
    const groups = new Map<string, { readonly place: number; readonly node: FlowNode }>();
    const services = new Set<string>();
    this.places = Int32Array.from(all, (node, place) => {
      if (isShown(place)) return place;
      const id = groupId(node, width, services);
      let group = groups.get(id);
      if (group === undefined) {
        group = { place: all.length + groups.size, node: newGroup(id, node) };
        groups.set(id, group);
      }
      join(group.node, node);
      return group.place;
    });
    this.nodes = [...groups.values()].map(({ node }) => node);
  }
}

function groupId({ exit, hop }: FlowNode, width: number, services: Set<string>): string {
  if (exit !== undefined) {
    const own = `group:service:${exit.entity}`;
    if (!services.has(own) && services.size >= groupsMax) return "group:services";
    services.add(own);
    return own;
  }
  const from = hop - (hop % width);
  return width === 1 ? `group:hop:${hop}` : `group:hop:${from}-${from + width - 1}`;
}

function newGroup(id: string, { exit, first, last, hop }: FlowNode): FlowNode {
  const of = id.startsWith("group:service:") ? exit : undefined;
  return { ...emptyNode(id, "group", id.slice("group:".length)), exit: of, first, last, hop };
}

function join(group: FlowNode, node: FlowNode): void {
  for (const side of ["received", "paid", "rests"] as const) for (const sum of node[side]) addAmount(group[side], sum);
  group.isOrigin ||= node.isOrigin;
  group.first = node.first < group.first ? node.first : group.first;
  group.last = node.last > group.last ? node.last : group.last;
  group.hop = node.hop < group.hop ? node.hop : group.hop;
  group.resting += node.resting;
  group.members += node.members;
}

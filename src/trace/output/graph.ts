import { stringify } from "csv-stringify/sync";
import type { Flow, Trace } from "../trace.ts";
import { roundWorth, type Valuer } from "../worth/valuer.ts";
import { isoTime } from "./json.ts";
import { usdText } from "./worth-json.ts";

/** The forms in which a flow graph can be had. */
export const graphForms = ["graphml", "gexf", "dot", "csv"] as const;
export type GraphForm = (typeof graphForms)[number];

/** A node of a flow graph, as the forms have it. */
export type GraphNode = { readonly id: string; readonly kind: string; readonly label: string; readonly entity: string };

const edgeFields = ["asset", "amount", "ref", "block", "time", "usd", "usdAtTheft", "usdNow"] as const;

/** An edge of a flow graph, as the forms have it; a text is empty where nothing is known. */
export type GraphEdge = Readonly<Record<(typeof edgeFields)[number], string>> & {
  readonly source: string;
  readonly target: string;
};

/** A flow graph that is written. Both can be gone through more than once. */
export type GraphRows<Nodes = Iterable<GraphNode>, Edges = Iterable<GraphEdge>> = {
  readonly nodes: () => Nodes;
  readonly edges: () => Edges;
};

/**
 * A trace's flow graph: on a chain of outputs transactions and addresses, on one of accounts addresses; an edge for each
 * tainted amount that moved, with asset, amount, reference, block, time, and its worth in US dollars then, at the theft and
 * now, empty or left out where a price is not known. In ledger order: the same trace gives the same text.
 */
export function graphOfTrace(trace: Trace, valuer: Valuer): GraphRows {
  return {
    nodes: () => nodesOf(trace),
    *edges() {
      for (const flow of trace.flows()) yield edgeOf(flow, valuer);
    },
  };
}

/** A form of a graph, made of its parts. */
type Writer = {
  readonly head: string;
  readonly node: (node: GraphNode) => string;
  /** Between nodes and edges. */
  readonly middle: string;
  readonly edge: (edge: GraphEdge, number: number) => string;
  readonly end: string;
};

/** A graph as text, in pieces. */
export function* writeGraph({ nodes, edges }: GraphRows, form: GraphForm): Iterable<string> {
  const writer = writers[form];
  yield writer.head;
  for (const node of nodes()) yield writer.node(node);
  yield writer.middle;
  let number = 0;
  for (const edge of edges()) {
    yield writer.edge(edge, number);
    number += 1;
  }
  yield writer.end;
}

/** The same of rows that come from elsewhere, some at a time. */
export async function* writeGraphLater(
  { nodes, edges }: GraphRows<AsyncIterable<readonly GraphNode[]>, AsyncIterable<readonly GraphEdge[]>>,
  form: GraphForm,
): AsyncIterable<string> {
  const writer = writers[form];
  yield writer.head;
  // Nodes are read only where the form has them.
  if (form !== "csv") for await (const some of nodes()) yield some.map(writer.node).join("");
  yield writer.middle;
  let number = 0;
  for await (const some of edges()) {
    yield some.map((edge, index) => writer.edge(edge, number + index)).join("");
    number += some.length;
  }
  yield writer.end;
}

function nodesOf(trace: Trace): readonly GraphNode[] {
  const entities = new Map<string, string>();
  for (const { address, entity } of trace.exits()) if (address !== null) entities.set(`address:${address}`, entity);
  const nodes = new Map<string, GraphNode>();
  for (const { source, target } of trace.flows()) {
    for (const id of [source, target]) {
      if (nodes.has(id)) continue;
      const colon = id.indexOf(":");
      const kind = id.slice(0, colon) === "tx" ? "transaction" : id.slice(0, colon);
      nodes.set(id, { id, kind, label: id.slice(colon + 1), entity: entities.get(id) ?? "" });
    }
  }
  return [...nodes.values()];
}

function edgeOf({ source, target, asset, amount, ref, height, time }: Flow, valuer: Valuer): GraphEdge {
  const { moved, atTheft, now } = roundWorth(valuer.worth(asset, amount, time));
  return {
    source,
    target,
    asset,
    amount: String(amount),
    ref,
    block: String(height),
    time: isoTime(time),
    usd: usdText(moved) ?? "",
    usdAtTheft: usdText(atTheft) ?? "",
    usdNow: usdText(now) ?? "",
  };
}

function xmlKeys(make: (name: string, of: "node" | "edge") => string, ofNode: readonly string[]): string {
  return [...ofNode.map((name) => make(name, "node")), ...edgeFields.map((name) => make(name, "edge"))].join("");
}

const graphml: Writer = {
  head:
    `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n` +
    xmlKeys(
      (name, of) => `  <key id="${name}" for="${of}" attr.name="${name}" attr.type="string"/>\n`,
      ["kind", "label", "entity"],
    ) +
    `  <graph edgedefault="directed">\n`,
  node: ({ id, kind, label, entity }) =>
    `    <node id="${xmlText(id)}">${xmlData("kind", kind)}${xmlData("label", label)}${xmlData("entity", entity)}</node>\n`,
  middle: "",
  edge: (edge) =>
    `    <edge source="${xmlText(edge.source)}" target="${xmlText(edge.target)}">` +
    `${edgeFields.map((name) => xmlData(name, edge[name])).join("")}</edge>\n`,
  end: "  </graph>\n</graphml>\n",
};

const attribute = (name: string): string => `      <attribute id="${name}" title="${name}" type="string"/>\n`;

const gexf: Writer = {
  head:
    `<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n` +
    `  <graph defaultedgetype="directed">\n    <attributes class="node">\n${["kind", "entity"].map(attribute).join("")}` +
    `    </attributes>\n    <attributes class="edge">\n${edgeFields.map(attribute).join("")}    </attributes>\n    <nodes>\n`,
  node: ({ id, kind, label, entity }) =>
    `      <node id="${xmlText(id)}" label="${xmlText(label)}">${gexfValues({ kind, entity })}</node>\n`,
  middle: "    </nodes>\n    <edges>\n",
  edge: ({ source, target, ...fields }, number) =>
    `      <edge id="${number}" source="${xmlText(source)}" target="${xmlText(target)}">${gexfValues(fields)}</edge>\n`,
  end: "    </edges>\n  </graph>\n</gexf>\n",
};

const dot: Writer = {
  head: "digraph trace {\n  rankdir=LR;\n",
  node: ({ id, kind, label, entity }) => {
    const shape = kind === "transaction" ? "box" : "ellipse";
    return `  ${dotText(id)} [shape=${shape}, label=${dotText(entity === "" ? label : `${entity}\n${label}`)}];\n`;
  },
  middle: "",
  edge: ({ source, target, asset, amount, ref, time, usd, usdAtTheft, usdNow }) => {
    const known = Object.entries({ usd, usdAtTheft, usdNow }).filter(([, value]) => value !== "");
    const worth = known.map(([name, value]) => `, ${name}=${dotText(value)}`).join("");
    const attributes = `label=${dotText(`${amount} ${asset}\n${time}`)}, tooltip=${dotText(ref)}${worth}`;
    return `  ${dotText(source)} -> ${dotText(target)} [${attributes}];\n`;
  },
  end: "}\n",
};

const csv: Writer = {
  head: `source,target,${edgeFields.join(",")}\n`,
  node: () => "",
  middle: "",
  edge: (edge) =>
    stringify([[edge.source, edge.target, ...edgeFields.map((name) => edge[name])]], { escape_formulas: true }),
  end: "",
};

const writers: Readonly<Record<GraphForm, Writer>> = { graphml, gexf, dot, csv };

function xmlData(key: string, value: string): string {
  return value === "" ? "" : `<data key="${key}">${xmlText(value)}</data>`;
}

function gexfValues(fields: Readonly<Record<string, string>>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== "");
  const list = given.map(([name, value]) => `<attvalue for="${name}" value="${xmlText(value)}"/>`).join("");
  return `<attvalues>${list}</attvalues>`;
}

/** Text within XML; what XML cannot hold is left out. */
function xmlText(text: string): string {
  const clean = text.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");
  return clean.replaceAll(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** A quoted string of the DOT language. */
function dotText(text: string): string {
  return `"${text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`)}"`;
}

import { stringify } from "csv-stringify/sync";
import type { Flow, Trace } from "../trace.ts";
import { roundWorth, type Valuer } from "../worth/valuer.ts";
import { isoTime } from "./json.ts";
import { usdText } from "./worth-json.ts";

/** The forms in which a flow graph can be had. */
export const graphForms = ["graphml", "gexf", "dot", "csv"] as const;
export type GraphForm = (typeof graphForms)[number];

type Node = { readonly id: string; readonly kind: string; readonly label: string; readonly entity: string };

/**
 * A trace's flow graph: on a chain of outputs transactions and addresses, on one of accounts addresses; an edge for each
 * tainted amount that moved, with asset, amount, reference, block, time, and its worth in US dollars then, at the theft and
 * now, empty or left out where a price is not known. In ledger order: the same trace gives the same text.
 */
export function* flowGraph(trace: Trace, valuer: Valuer, form: GraphForm): Iterable<string> {
  switch (form) {
    case "graphml":
      yield* graphml(trace, valuer);
      return;
    case "gexf":
      yield* gexf(trace, valuer);
      return;
    case "dot":
      yield* dot(trace, valuer);
      return;
    case "csv":
      yield* csv(trace, valuer);
      return;
    default:
      form satisfies never;
  }
}

function nodesOf(trace: Trace): readonly Node[] {
  const entities = new Map<string, string>();
  for (const { address, entity } of trace.exits()) if (address !== null) entities.set(`address:${address}`, entity);
  const nodes = new Map<string, Node>();
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

const edgeFields = ["asset", "amount", "ref", "block", "time", "usd", "usdAtTheft", "usdNow"] as const;

type EdgeFields = Readonly<Record<(typeof edgeFields)[number], string>>;

function fieldsOf({ asset, amount, ref, height, time }: Flow, valuer: Valuer): EdgeFields {
  const { moved, atTheft, now } = roundWorth(valuer.worth(asset, amount, time));
  return {
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

function* graphml(trace: Trace, valuer: Valuer): Iterable<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n`;
  for (const name of ["kind", "label", "entity"]) {
    yield `  <key id="${name}" for="node" attr.name="${name}" attr.type="string"/>\n`;
  }
  for (const name of edgeFields) yield `  <key id="${name}" for="edge" attr.name="${name}" attr.type="string"/>\n`;
  yield `  <graph edgedefault="directed">\n`;
  const data = (key: string, value: string): string =>
    value === "" ? "" : `<data key="${key}">${xmlText(value)}</data>`;
  for (const { id, kind, label, entity } of nodesOf(trace)) {
    yield `    <node id="${xmlText(id)}">${data("kind", kind)}${data("label", label)}${data("entity", entity)}</node>\n`;
  }
  for (const flow of trace.flows()) {
    const fields = fieldsOf(flow, valuer);
    const all = edgeFields.map((name) => data(name, fields[name])).join("");
    yield `    <edge source="${xmlText(flow.source)}" target="${xmlText(flow.target)}">${all}</edge>\n`;
  }
  yield "  </graph>\n</graphml>\n";
}

function* gexf(trace: Trace, valuer: Valuer): Iterable<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n`;
  yield `  <graph defaultedgetype="directed">\n    <attributes class="node">\n`;
  for (const name of ["kind", "entity"]) yield `      <attribute id="${name}" title="${name}" type="string"/>\n`;
  yield `    </attributes>\n    <attributes class="edge">\n`;
  for (const name of edgeFields) yield `      <attribute id="${name}" title="${name}" type="string"/>\n`;
  yield "    </attributes>\n    <nodes>\n";
  const values = (fields: Readonly<Record<string, string>>): string => {
    const given = Object.entries(fields).filter(([, value]) => value !== "");
    const list = given.map(([name, value]) => `<attvalue for="${name}" value="${xmlText(value)}"/>`).join("");
    return `<attvalues>${list}</attvalues>`;
  };
  for (const { id, kind, label, entity } of nodesOf(trace)) {
    yield `      <node id="${xmlText(id)}" label="${xmlText(label)}">${values({ kind, entity })}</node>\n`;
  }
  yield "    </nodes>\n    <edges>\n";
  let number = 0;
  for (const flow of trace.flows()) {
    const ends = `source="${xmlText(flow.source)}" target="${xmlText(flow.target)}"`;
    yield `      <edge id="${number}" ${ends}>${values(fieldsOf(flow, valuer))}</edge>\n`;
    number += 1;
  }
  yield "    </edges>\n  </graph>\n</gexf>\n";
}

function* dot(trace: Trace, valuer: Valuer): Iterable<string> {
  yield "digraph trace {\n  rankdir=LR;\n";
  for (const { id, kind, label, entity } of nodesOf(trace)) {
    const shape = kind === "transaction" ? "box" : "ellipse";
    yield `  ${dotText(id)} [shape=${shape}, label=${dotText(entity === "" ? label : `${entity}\n${label}`)}];\n`;
  }
  for (const flow of trace.flows()) {
    const { asset, amount, ref, time, usd, usdAtTheft, usdNow } = fieldsOf(flow, valuer);
    const label = `${amount} ${asset}\n${time}`;
    const known = Object.entries({ usd, usdAtTheft, usdNow }).filter(([, value]) => value !== "");
    const worth = known.map(([name, value]) => `, ${name}=${dotText(value)}`).join("");
    const attributes = `label=${dotText(label)}, tooltip=${dotText(ref)}${worth}`;
    yield `  ${dotText(flow.source)} -> ${dotText(flow.target)} [${attributes}];\n`;
  }
  yield "}\n";
}

function* csv(trace: Trace, valuer: Valuer): Iterable<string> {
  yield `source,target,${edgeFields.join(",")}\n`;
  for (const flow of trace.flows()) {
    const fields = fieldsOf(flow, valuer);
    yield stringify([[flow.source, flow.target, ...edgeFields.map((name) => fields[name])]], { escape_formulas: true });
  }
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

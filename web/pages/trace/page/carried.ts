import { xmlText } from "../draw/xml.ts";

/** What an export carries beside the trace. */
export type Carried = {
  readonly origin: string;
  readonly policy: string;
  readonly stops: string;
  readonly tip: string;
  readonly digest: string;
  readonly simulated: boolean;
};

export const forms = ["graphml", "gexf", "csv", "json"] as const;
export type Form = (typeof forms)[number];

/** In one line. */
export function saidOf(carried: Carried): string {
  return Object.entries(carried)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join("; ");
}

/** A form of the whole graph, as the server wrote it, with what it carries. */
export function withCarried(text: string, form: Form, carried: Carried): string {
  const said = saidOf(carried);
  switch (form) {
    case "graphml":
      return text.replace(/<graphml[^>]*>/u, (head) => `${head}\n  <desc>${xmlText(said)}</desc>`);
    case "gexf":
      return text.replace(
        /<gexf[^>]*>/u,
        (head) => `${head}\n  <meta><creator>Fundtrail</creator><description>${xmlText(said)}</description></meta>`,
      );
    case "csv":
      return csvWith(text, carried);
    default:
      return text.replace(/^\s*\{/u, () => `{"carried":${JSON.stringify(carried)},`);
  }
}

/** In columns of its own, so that every program reads the table as one. */
function csvWith(text: string, carried: Carried): string {
  const names = Object.keys(carried).join(",");
  const values = Object.values(carried)
    .map((value) => csvCell(String(value)))
    .join(",");
  const [head = "", ...lines] = text.split("\n");
  return [`${head},${names}`, ...lines.map((line) => (line === "" ? "" : `${line},${values}`))].join("\n");
}

/** A cell of CSV; what a spreadsheet would take for a formula gets a `'`. */
export function csvCell(text: string): string {
  const guarded = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

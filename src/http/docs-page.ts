import { createHash } from "node:crypto";
import type { OpenApiDocument, OpenApiOperation } from "./openapi.ts";

const style = `
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}h3{margin-top:2rem;font-size:1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{background:#f5f5f2;padding:.75rem;overflow:auto;max-height:24rem}
.method{display:inline-block;min-width:4.5rem;font-weight:700}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-top:1px solid #e5e5e0}
summary{cursor:pointer}@media(prefers-color-scheme:dark){body{color:#e8e8e4;background:#161616}pre{background:#222}th,td{border-color:#333}a{color:#8ab4f8}}
`;

/** The page runs no script and loads nothing. */
export const docsPolicy =
  `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The API's description as a page that works without a network and without a script. */
export function docsPage(document: OpenApiDocument): string {
  const groups = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const [group = ""] = operation.tags;
      groups.set(group, [...(groups.get(group) ?? []), section(method, path, operation)]);
    }
  }
  const names = [...groups.keys()];
  const { title, version, description } = document.info as Readonly<Record<string, string>>;
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>${escaped(title)} API</title><style>${style}</style></head><body>`,
    `<h1>${escaped(title)} API <small>${escaped(version)}</small></h1><p>${escaped(description)}</p>`,
    `<p>Machine-readable: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1). Amounts are decimal strings of base units, `,
    `dollars decimal strings with cents, times UTC. Errors are <code>application/problem+json</code>.</p>`,
    `<nav>${names.map((name) => `<a href="#${escaped(name)}">${escaped(name)}</a>`).join(" · ")}</nav>`,
    ...[...groups].map(([name, parts]) => `<h2 id="${escaped(name)}">${escaped(name)}</h2>${parts.join("")}`),
    "</body></html>\n",
  ].join("");
}

function section(method: string, path: string, operation: OpenApiOperation): string {
  const { operationId, summary, parameters, requestBody, responses } = operation;
  const rows = parameters.map(({ name, in: where, required, description, schema }) => {
    const what = `${escaped(description)} <code>${escaped(JSON.stringify(schema))}</code>`;
    return `<tr><td><code>${escaped(name)}</code></td><td>${where}${required ? ", required" : ""}</td><td>${what}</td></tr>`;
  });
  const answers = Object.entries(responses).map(
    ([status, { description }]) => `<tr><td>${escaped(status)}</td><td colspan="2">${escaped(description)}</td></tr>`,
  );
  const [success] = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  return [
    `<h3 id="${escaped(operationId)}"><code><span class="method">${method.toUpperCase()}</span>${escaped(path)}</code></h3>`,
    `<p>${escaped(summary)} <small>(${escaped(operationId)}; role ${escaped(operation["x-role"])})</small></p>`,
    `<table>${rows.join("")}${answers.join("")}</table>`,
    requestBody === undefined ? "" : details("Body", requestBody),
    success?.[1].content === undefined ? "" : details("Answer", success[1].content),
  ].join("");
}

function details(title: string, value: object): string {
  return `<details><summary>${title}</summary><pre>${escaped(JSON.stringify(value, null, 2))}</pre></details>`;
}

function escaped(text: string | undefined): string {
  return (text ?? "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

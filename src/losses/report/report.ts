import type { Register } from "../../incidents/register.ts";
import { headline, selectionLines } from "../describe.ts";
import { theftsOf, computeLosses, type Losses } from "../losses.ts";
import type { Selection } from "../selection.ts";
import { html, type Html } from "./html.ts";
import { incidentList } from "./incidents.ts";
import { hatch, lossMap } from "./map.ts";
import { commandLine, method } from "./method.ts";
import { pageFoot, sheet } from "./style.ts";
import { lossTable } from "./table.ts";
import { lossTimeline } from "./timeline.ts";
import { lossYears } from "./years.ts";

/**
 * The losses as one HTML file that needs nothing else: no script, no network, the same bytes on each run.
 *
 * All text from the register is escaped, and only its `http` and `https` addresses become links.
 */
export function renderReport(register: Register, result: Losses): string {
  const thefts = theftsOf(result.total);
  const isEmpty = thefts.length === 0;
  const sentence = isEmpty ? "No theft in the register fits this selection" : headline(result, register.actors);
  const body = isEmpty ? nothing(register, result.selection) : findings(register, result);
  const foot = `Fundtrail: ${commandLine(result)}; register ${result.registerDigest.slice(0, 16)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${sentence.replace(/ \(range .*$/u, "")} – Fundtrail</title>
        <style>
          ${sheet}${pageFoot(foot)}
        </style>
      </head>
      <body>
        <header>
          <p class="kicker">Fundtrail: losses to thefts of cryptocurrency</p>
          ${heading(sentence)}
          <ul class="selection">
            ${selectionLines(result).map((line) => html`<li>${line}</li>`)}
          </ul>
        </header>
        <main>${body}${method(result)}</main>
        <footer><p>${foot}</p></footer>
      </body>
    </html> `.markup;
}

/** The sentence with the figure; its range smaller. */
function heading(sentence: string): Html {
  const [figure = "", ...range] = sentence.split(/ (?=\(range )/u);
  return html`<h1>${figure}${range.length === 0 ? "" : html` <span>${range.join(" ")}</span>`}</h1>`;
}

function findings(register: Register, result: Losses): Html {
  const byCountry = result.by === "country" ? result : computeLosses(register, result.selection, "country");
  return html`${hatch}
    <div class="charts">${lossMap(byCountry)}${lossYears(byCountry)}${lossTimeline(result)}</div>
    ${lossTable(result)}${incidentList(result, register)}`;
}

/** Nothing fits the selection: which filter keeps how much away. */
function nothing(register: Register, selection: Selection): Html {
  const real = register.incidents.filter(({ simulated }) => !simulated);
  const [first, last] = [real[0]?.date.first, real.at(-1)?.date.last];
  const wider: readonly (readonly [string, Selection] | undefined)[] = [
    selection.technique === undefined
      ? undefined
      : [`without --technique ${selection.technique}`, { ...selection, technique: undefined }],
    first === undefined || last === undefined
      ? undefined
      : [`with --from ${first} --to ${last}`, { ...selection, from: first, to: last }],
    selection.actor === undefined
      ? undefined
      : ["with --actor all", { ...selection, actor: undefined, confidence: undefined }],
  ];
  const ways = wider.flatMap((way) => {
    if (way === undefined) return [];
    const count = theftsOf(computeLosses(register, way[1], "year").total).length;
    return count === 0 ? [] : [html`<li>${way[0]}: ${count === 1 ? "1 theft" : `${count} thefts`}</li>`];
  });
  return html`<section id="nothing" aria-labelledby="nothing-title">
    <h2 id="nothing-title">Filters to widen</h2>
    ${
      ways.length === 0
        ? html`<p>Widen more than one of the filters: the period, the actor, the technique.</p>`
        : html`<ul>
            ${ways}
          </ul>`
    }
  </section> `;
}

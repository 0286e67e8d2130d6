import { formatHeadline } from "../../base/usd.ts";
import type { Incident } from "../../incidents/incident.ts";
import { incidentSections } from "../../incidents/present.ts";
import type { Register } from "../../incidents/register.ts";
import { theftsOf, type Losses } from "../losses.ts";
import type { Contribution } from "../selection.ts";
import { countedWords } from "./columns.ts";
import { html, webLink, type Content, type Html } from "./html.ts";

/** All that the register says on each theft of the losses. */
export function incidentList(losses: Losses, register: Register): Html {
  const thefts = theftsOf(losses.total);
  return html`<section id="incidents" aria-labelledby="incidents-title">
    <h2 id="incidents-title">The thefts: ${thefts.length}</h2>
    <p class="note">In order of time. What stands in square brackets names the source.</p>
    ${thefts.map((theft) => incidentArticle(theft, register))}
  </section> `;
}

/** Sections whose lines are identifiers on chain. */
const onChain: ReadonlySet<string> = new Set(["Theft tx", "Thief", "Robbed", "File"]);
/** Sections that the heading already says, or that are set apart. */
const apart: ReadonlySet<string> = new Set(["Incident", "Sources"]);

function incidentArticle(theft: Contribution, register: Register): Html {
  const { incident, central } = theft;
  const value = central === undefined ? "value unknown" : theft.counted ? formatHeadline(central) : "in the range only";
  const sections = incidentSections(incident, register).filter(({ title }) => !apart.has(title));
  return html`<article id="i-${incident.id}">
    <h3>${incident.victim.name} <span>${incident.date.text}</span> <b>${value}</b></h3>
    <p class="note">${countedWords(theft)}; id ${incident.id}</p>
    <dl>
      ${sections.map(({ title, lines }) => definition(title, onChain.has(title) ? lines.map(code) : cited(lines, incident)))}${sources(incident)}
    </dl>
  </article> `;
}

function definition(title: string, lines: readonly Content[]): Html {
  return html`<dt>${title}</dt>
    ${lines.map((line) => html`<dd>${line}</dd>`)}`;
}

function code(line: string): Html {
  return html`<code>${line}</code>`;
}

/** Lines whose `[key]` leads to the source of that key. */
function cited(lines: readonly string[], incident: Incident): readonly Content[] {
  return lines.map((line) =>
    line.split(/(\[[^[\]]+\])/u).map((part) => {
      const key = part.slice(1, -1);
      return part.startsWith("[") && incident.sources.has(key)
        ? html`<a class="cite" href="#${sourceId(incident, key)}">${part}</a>`
        : part;
    }),
  );
}

function sources({ id, sources: named }: Incident): Html {
  return html`<dt>Sources</dt>
    ${[...named].map(([key, { name, url, date }]) => {
      const words = html`${name}${date === undefined ? "" : ` (${date})`}`;
      return html`<dd id="${sourceId({ id }, key)}">
        <span class="cite">[${key}]</span> ${url === undefined ? words : webLink(url, words)}
      </dd>`;
    })}`;
}

function sourceId({ id }: Pick<Incident, "id">, key: string): string {
  return `s-${id}-${key}`;
}

import { formatMillions, formatShare, subtractUsd, zeroUsd } from "../../base/usd.ts";
import { figureWords, groupWord, rangeWords, theftRangeWords } from "../describe.ts";
import { unknownKey } from "../grouping.ts";
import { isDisputed, theftsOf, type Figure, type Losses, type LossRow } from "../losses.ts";
import type { Contribution } from "../selection.ts";
import { figureIn, yearColumns, type YearColumn } from "./columns.ts";
import { html, type Content, type Html } from "./html.ts";

const yearsMax = 8;

/** The losses by group, every figure open to its thefts. */
export function lossTable(losses: Losses): Html {
  const { by, rows, total } = losses;
  const years = by === "year" ? [] : yearColumns(total, yearsMax);
  const columns = ["$m", "Range", "Share", "Thefts", "Recovered", "Net"];
  const caption = `Losses by ${groupWord(by).toLowerCase()}, million US dollars`;
  return html`<section id="table" aria-labelledby="table-title" class="wide-print">
    <h2 id="table-title">${caption}</h2>
    <p class="note">Every figure opens to the thefts behind it; each theft leads to its sources.</p>
    <div class="scroll" role="region" tabindex="0" aria-label="${caption}">
      <table class="losses${years.length > 6 ? " dense" : ""}">
        <thead>
          <tr>
            <th scope="col">${groupWord(by)}</th>
            ${columns.map(
              (title) => html`<th scope="col">${title}</th>`,
            )}${years.map(({ label }, index) => html`<th scope="col" ${classOf(index === 0 ? "first-year" : "")}>${label}</th>`)}
          </tr>
        </thead>
        <tbody class="total">
          ${tableRow({ name: "World", figure: total, share: undefined, remarks: undefined }, losses, years)}
        </tbody>
        <tbody>
          ${rows.map((row) =>
            tableRow(
              {
                name: by === "country" && row.key === unknownKey ? "Country unknown" : row.label,
                figure: row,
                share: row.share === undefined ? "unknown" : formatShare(row.share),
                remarks: remarksOf(row),
              },
              losses,
              years,
            ),
          )}
        </tbody>
      </table>
    </div>
  </section> `;
}

type Line = {
  readonly name: string;
  readonly figure: Figure;
  readonly share: string | undefined;
  readonly remarks: Html | undefined;
};

function tableRow({ name, figure, share, remarks }: Line, { total }: Losses, years: readonly YearColumn[]): Html {
  const all = theftsOf(figure);
  const { counted } = figure;
  const isUnknown = figureWords(figure) === "unknown";
  const atLeast = figure.unknownValues === 0 ? "" : "≥ ";
  const whole = total.usd > zeroUsd ? "100.0%" : "unknown";
  const cells: readonly Html[] = [
    cell(figureWords(figure), all, centralWords),
    cell(rangeWords(figure), all, theftRangeWords),
    cell(isUnknown ? "unknown" : (share ?? whole), all, centralWords),
    cell(String(counted.length), counted, centralWords),
    cell(
      isUnknown ? "unknown" : formatMillions(figure.recovered),
      counted.filter(({ recovered }) => recovered > zeroUsd),
      ({ recovered }) => formatMillions(recovered),
    ),
    cell(isUnknown ? "unknown" : `${atLeast}${formatMillions(figure.net)}`, counted, ({ central, recovered }) =>
      central === undefined ? "unknown" : formatMillions(subtractUsd(central, recovered)),
    ),
  ];
  const inYears = years.map((column, index) => {
    const part = figureIn(figure, column);
    const thefts = theftsOf(part);
    const isFirst = index === 0;
    return thefts.length === 0
      ? html`<td${classOf(isFirst ? "first-year" : "")}></td>`
      : cell(figureWords(part), thefts, centralWords, isFirst ? "first-year" : "");
  });
  return html`<tr>
    <th scope="row">${name}${remarks}${share === undefined ? undefined : printedThefts(all)}</th>
    ${cells}${inYears}
  </tr> `;
}

/** A figure that opens to its thefts; plain where it is made of none. */
function cell(
  words: string,
  thefts: readonly Contribution[],
  amount: (theft: Contribution) => string,
  name = "",
): Html {
  if (thefts.length === 0) return html`<td${classOf(name)}>${words}</td>`;
  return html`<td${classOf(name)}><details name="cell"><summary>${words}</summary><ul>${thefts.map(
    (theft) =>
      html`<li>
        <a href="#i-${theft.incident.id}">${theft.incident.victim.name}</a> <span>${theft.incident.date.text}</span>
        <b>${amount(theft)}</b>${qualifiers(theft)}
      </li>`,
  )}</ul></details></td>`;
}

function qualifiers(theft: Contribution): Html | undefined {
  const words = [...(theft.counted ? [] : ["range only"]), ...(isDisputed(theft) ? ["disputed"] : [])];
  return words.length === 0 ? undefined : html` <i>${words.join(", ")}</i>`;
}

function centralWords({ central, counted, high }: Contribution): string {
  if (central === undefined || (!counted && high === zeroUsd)) return "unknown";
  return counted ? formatMillions(central) : "–";
}

/** On paper nothing opens: a row's thefts stand below its name. */
function printedThefts(thefts: readonly Contribution[]): Html {
  const words = thefts.map(
    (theft) => `${theft.incident.victim.name} ${theft.incident.date.text} ${centralWords(theft)}`,
  );
  return html`<span class="on-paper">${words.join("; ")}</span>`;
}

/** What to look out for, in a few words that open to the sentences. */
function remarksOf(row: LossRow): Html | undefined {
  const count = (kind: string): number =>
    new Set(row.remarks.filter((remark) => remark.kind === kind).map(({ incident }) => incident)).size;
  const words = [
    [count("disputed"), "disputed"],
    [count("country"), "country differs by rule"],
    [count("value"), "value unknown"],
    [count("recovered"), "recovered more than lost"],
    [row.rangeOnly.length, "in the range only"],
  ] as const;
  const said = words.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  if (said.length === 0) return undefined;
  const sentences: readonly Content[] = [...new Set(row.remarks.map(({ text }) => text))].map(
    (text) => html`<li>${text}</li>`,
  );
  if (sentences.length === 0) return html`<small>${said.join(", ")}</small>`;
  return html`<details class="remarks">
    <summary>${said.join(", ")}</summary>
    <ul>
      ${sentences}
    </ul>
  </details>`;
}

function classOf(name: string): Html | undefined {
  return name === "" ? undefined : html` class="${name}"`;
}

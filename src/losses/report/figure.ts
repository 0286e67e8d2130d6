import { html, type Content, type Html } from "./html.ts";

/** A chart with what it shows in words, and the same numbers as a table. */
export type ChartFigure = {
  /** The id of the figure; its parts' ids begin with it. */
  readonly id: string;
  /** What the chart shows, as a sentence with its figures. */
  readonly finding: string;
  /** How to read the chart. */
  readonly reading: string;
  readonly drawing: Html;
  /** Legend and what else stands beside the drawing. */
  readonly beside: Content;
  readonly table: SimpleTable;
};

export type SimpleTable = {
  readonly caption: string;
  readonly header: readonly string[];
  /** A letter a column: `w` for words, `n` for figures, which are set right. */
  readonly kinds: string;
  readonly rows: readonly (readonly Content[])[];
};

/** The id of the sentence that says how to read a chart. */
export function noteId(id: string): string {
  return `${id}-note`;
}

export function chartFigure({ id, finding, reading, drawing, beside, table }: ChartFigure): Html {
  return html`<figure id="${id}" class="figure">
    <figcaption>
      <h2>${finding}</h2>
      <p class="note" id="${noteId(id)}">${reading}</p>
    </figcaption>
    ${drawing} ${beside}
    <details class="alternative">
      <summary>Show as table</summary>
      ${simpleTable(table)}
    </details>
  </figure> `;
}

export function simpleTable({ caption, header, kinds, rows }: SimpleTable): Html {
  const side = (index: number): string => (kinds[index] === "n" ? "number" : "word");
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
    <table class="simple">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${header.map((title, index) => html`<th scope="col" class="${side(index)}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, index) =>
                index === 0
                  ? html`<th scope="row" class="${side(index)}">${cell}</th>`
                  : html`<td class="${side(index)}">${cell}</td>`,
              )}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

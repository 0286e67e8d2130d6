import { csv } from "../../base/csv.ts";
import type { Figure, Losses } from "../../data/losses-types.ts";
import { labelOf, type Speech } from "./figure-words.ts";

const header =
  "key label usd low high share count recovered net unknown_values incidents range_only actor from to value confidence country_rule technique register_sha256".split(
    " ",
  );

/** The table as the command line writes it, and the register that it is of; unknown is empty, never 0. */
export function lossesCsv(losses: Losses, speech: Speech): string {
  const { rows, total, by, selection, register } = losses;
  const how = [
    selection.actor,
    selection.from,
    selection.to,
    selection.value,
    selection.confidence ?? "",
    selection.countryRule,
    selection.technique ?? "",
    register.sha256,
  ];
  const line = (key: string, label: string, share: number | null, figure: Figure): readonly string[] => {
    const isUnknown = figure.count > 0 && figure.unknownValues === figure.count;
    const money = (text: string): string => (isUnknown ? "" : text);
    return [
      key,
      label,
      money(figure.usd),
      figure.low,
      figure.high,
      share === null ? "" : String(share),
      String(figure.count),
      money(figure.recovered),
      money(figure.net),
      String(figure.unknownValues),
      figure.incidents.join(" "),
      figure.rangeOnly.join(" "),
      ...how,
    ];
  };
  return csv(header, [
    ...rows.map((row) => line(row.key, labelOf(row, by, speech), row.share, row)),
    line("total", "Total", Number(total.usd) > 0 ? 1 : null, total),
  ]);
}

/** What a file of this selection is called, without its ending. */
export function fileNameOf({ selection, by }: Losses, what: string): string {
  const { actor, from, to, value } = selection;
  return ["fundtrail", what, by, actor, from, to, value].join("-").replaceAll(/[^-\w]+/gu, "_");
}

/** What a file says of itself: options and register. */
export function provenanceOf({ selection, by, register }: Losses): string {
  const { actor, from, to, value, confidence, countryRule, technique } = selection;
  const options = `actor ${actor}, ${from} to ${to}, by ${by}, value ${value}, confidence ${confidence ?? "any"}, country rule ${countryRule}`;
  return `Fundtrail losses: ${options}${technique === null ? "" : `, technique ${technique}`}. Register SHA-256 ${register.sha256}.`;
}

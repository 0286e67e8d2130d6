import { headlineUsd, parseUsd } from "../../base/usd.ts";
import { isOffMap, type ShadedCountry } from "../../charts/world-map.ts";
import type { Losses, Row } from "../../data/losses-types.ts";
import { shadeOf, type Shade } from "../../../src/losses/report/map-classes.ts";
import { labelOf, partWords, rangeWords, sumWords, type Speech } from "./figure-words.ts";
import { words } from "./words.ts";

/** The key of what is not known to be anywhere. */
export const unknownKey = "unknown";

export function shadeOfRow({ usd, unknownValues }: Row): Shade {
  return shadeOf({ usd: parseUsd(usd), unknownValues });
}

/** The countries as the map draws them. */
export function shadedCountries({ rows }: Losses, speech: Speech): readonly ShadedCountry[] {
  return rows
    .filter(({ key }) => key !== unknownKey)
    .map((row) => {
      const usd = parseUsd(row.usd);
      return {
        code: row.key,
        shade: shadeOfRow(row),
        name: labelOf(row, "country", speech),
        amount: usd > 0n ? headlineUsd(usd, speech.locale) : undefined,
        open: row.key,
        label: tipOf(row, speech),
      };
    });
}

function tipOf(row: Row, speech: Speech): string {
  return speech.t(words.markTip, {
    what: labelOf(row, "country", speech),
    value: partWords(row, "usd", speech),
    range: rangeWords(row, speech),
  });
}

/** The rows that the map cannot show. */
export function offMap({ rows }: Losses): readonly Row[] {
  return rows.filter(({ key }) => key !== unknownKey && isOffMap(key));
}

export function mapFinding({ rows, total }: Losses, speech: Speech): string {
  const first = rows.find(({ key, usd }) => key !== unknownKey && parseUsd(usd) > 0n);
  if (first === undefined) return speech.t(words.mapNothing);
  return speech.t(words.mapFinding, {
    country: labelOf(first, "country", speech),
    usd: sumWords(first, speech),
    total: sumWords(total, speech),
  });
}

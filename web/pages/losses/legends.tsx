import type { ReactNode } from "react";
import { classWords } from "../../../src/losses/report/map-classes.ts";
import type { Losses } from "../../data/losses-types.ts";
import { useText } from "../../parts/settings.tsx";
import { labelOf, partWords, rangeWords } from "./figure-words.ts";
import { offMap, shadeOfRow, unknownKey } from "./map-data.ts";
import { kindOf } from "./timeline-data.ts";
import { words } from "./words.ts";
import type { Series } from "./years-data.ts";

export function MapLegend({ losses }: { readonly losses: Losses }): ReactNode {
  const { t } = useText();
  const has = (shade: string): boolean =>
    losses.rows.some((row) => row.key !== unknownKey && shadeOfRow(row) === shade);
  const first = t(words.legendUnder);
  const last = t(words.legendOver);
  return (
    <ul className="legend" aria-label={t(words.legend)}>
      <li>{t(words.usd)}</li>
      {classWords.map((text, index) => (
        <li key={text}>
          <i className={`swatch c${index + 1}`} />
          {index === 0 ? first : index === classWords.length - 1 ? last : text}
        </li>
      ))}
      <li>
        <i className="swatch land" />
        {t(words.legendNone)}
      </li>
      {has("range") ? (
        <li>
          <i className="swatch range" />
          {t(words.legendRange)}
        </li>
      ) : undefined}
      {has("unknown") ? (
        <li>
          <i className="swatch hatch" />
          {t(words.legendUnknown)}
        </li>
      ) : undefined}
    </ul>
  );
}

/** What has no place on the map: countries unknown, and those too small even for a ring. */
export function Beside({
  losses,
  onOpen,
}: {
  readonly losses: Losses;
  readonly onOpen: (open: string) => void;
}): ReactNode {
  const speech = useText();
  const { t } = speech;
  const unknown = losses.rows.find(({ key }) => key === unknownKey);
  const missing = offMap(losses);
  return (
    <>
      {unknown === undefined ? undefined : (
        <button type="button" className="unplaced" onClick={() => onOpen(unknownKey)}>
          <i className="swatch hatch" />
          {t(words.markTip, {
            what: t(words.countryUnknown),
            value: partWords(unknown, "usd", speech),
            range: rangeWords(unknown, speech),
          })}
        </button>
      )}
      {missing.length === 0 ? undefined : (
        <p className="caption">
          {t(words.offMap, {
            what: missing
              .map((row) => `${labelOf(row, "country", speech)} ${partWords(row, "usd", speech)}`)
              .join(", "),
          })}
        </p>
      )}
    </>
  );
}

export function YearsLegend({ series }: { readonly series: readonly Series[] }): ReactNode {
  return (
    <ul className="legend">
      {series.map(({ key, label, swatch }) => (
        <li key={key}>
          <i className={`swatch ${swatch}`} />
          {label}
        </li>
      ))}
    </ul>
  );
}

const kinds = [
  ["counted", "c4", words.legendCounted],
  ["disputed", "disputed", words.legendDisputed],
  ["range", "ranged", words.legendRange],
  ["unknown", "untold", words.legendUnknown],
] as const;

export function CirclesLegend({ losses }: { readonly losses: Losses }): ReactNode {
  const { t } = useText();
  return (
    <ul className="legend" aria-label={t(words.circles)}>
      {kinds
        .filter(([kind]) => losses.thefts.some((theft) => kindOf(theft) === kind))
        .map(([kind, swatch, text]) => (
          <li key={kind}>
            <i className={`swatch round ${swatch}`} />
            {t(text)}
          </li>
        ))}
    </ul>
  );
}

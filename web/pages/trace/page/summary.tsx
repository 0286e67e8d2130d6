import type { ReactNode } from "react";
import type { Usd as Cents } from "../../../../src/base/usd.ts";
import { percent, whole } from "../../../base/numbers.ts";
import { headlineUsd, parseUsd, rangeUsd } from "../../../base/usd.ts";
import { useText } from "../../../parts/settings.tsx";
import { shell } from "../../../text/shell-words.ts";
import type { Summary } from "../model/answers.ts";
import { amountText, symbolOf } from "../model/asset-text.ts";
import { totalRanges, type TotalRanges } from "../model/ranges.ts";
import type { View } from "../group/view.ts";
import type { Comparison } from "../state/use-trace.ts";
import { words } from "../words.ts";

type SummaryProps = {
  readonly summary: Summary;
  readonly comparison: Comparison | undefined;
  readonly view: View | undefined;
  readonly tip: number;
  /** Of the value that ends, the part that the server gave one by one, 0 to 1. */
  readonly given: number;
  /** Whether the origin is a theft of the register. */
  readonly isTheft: boolean;
};

/** The trace in one sentence; below it what bounds it. */
export function SummaryText({ summary, comparison, view, tip, given, isTheft }: SummaryProps): ReactNode {
  const { t, locale } = useText();
  const ranges = comparison === undefined ? undefined : totalRanges(summary, comparison);
  const part = (name: "origin" | "exits" | "holdings" | "fees"): string =>
    partText(summary, name, { atLeast: t(words.partly), unknown: t(shell.unknown), locale });
  const ranged = (text: string, range: readonly [bigint, bigint] | undefined): string =>
    range === undefined || headlineUsd(range[0] as Cents, locale) === headlineUsd(range[1] as Cents, locale)
      ? text
      : `${text} (${rangeUsd(range[0] as Cents, range[1] as Cents, locale)})`;
  const shown = (view?.shownPart ?? 1) * given;
  // Of what rests without an amount it is not known which part of the whole it is.
  const isKnown = summary.assets.every(({ holdings }) => holdings !== null);
  const fees = summary.assets.some(({ fees: paid }) => BigInt(paid) > 0n);
  return (
    <div className="trace-summary">
      <p className="trace-sentence">
        {t(words.exitsRests, {
          exits: ranged(part("exits"), ranges?.exits),
          rests: ranged(part("holdings"), ranges?.holdings),
        })}{" "}
        <span className="quiet">{t(isTheft ? words.ofStolen : words.ofOrigin, { origin: part("origin") })}</span>
      </p>
      <p className="caption">
        {[
          ...(fees ? [t(words.feesToo, { fees: part("fees") })] : []),
          t(words.atTheft),
          t(words.asOf, { height: whole(tip) }),
          t(words.shownPart, { part: isKnown ? percent(Math.floor(shown * 1_000) / 1_000) : t(shell.unknown) }),
          ...(ranges === undefined
            ? []
            : [t(isSame(ranges) ? words.rangeSame : words.rangeNote, { n: ranges.policies })]),
        ].join(" · ")}
      </p>
      <Limits summary={summary} />
    </div>
  );
}

function Limits({ summary: { limits, assumptions } }: { readonly summary: Summary }): ReactNode {
  const { t } = useText();
  if (limits.length === 0 && assumptions.length === 0) return undefined;
  return (
    <>
      {limits.map(({ limit, asset, amount, count }) => (
        <p key={`${limit} ${asset}`} className="trace-limit">
          {t(words.limitMet, {
            limit,
            amount: `${amount === null ? t(shell.unknown) : amountText(asset, BigInt(amount))} ${symbolOf(asset)}`,
            n: count,
          })}
        </p>
      ))}
      {assumptions.length === 0 ? undefined : (
        <details className="caption">
          <summary>
            {t(words.assumptions)} ({assumptions.length})
          </summary>
          <ul lang="en">
            {assumptions.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** A part of a trace in dollars; in its assets where there is no price; unknown where it has no amount. */
function partText(
  { usd, assets }: Summary,
  name: "origin" | "exits" | "holdings" | "fees",
  { atLeast, unknown, locale }: { readonly atLeast: string; readonly unknown: string; readonly locale: "en" | "ja" },
): string {
  if (assets.some((one) => one[name] === null)) return unknown;
  const { atTheft, unpriced } = usd[name];
  if (atTheft !== null && unpriced.atTheft.length === 0) return headlineUsd(parseUsd(atTheft), locale);
  if (atTheft !== null && parseUsd(atTheft) > 0n) {
    const known = headlineUsd(parseUsd(atTheft), locale);
    return locale === "en" ? `${atLeast} ${known}` : `${known}${atLeast}`;
  }
  const amounts = assets
    .map(({ asset, [name]: amount }) => ({ asset, amount: BigInt(amount ?? "0") }))
    .filter(({ amount }) => amount > 0n)
    .map(({ asset, amount }) => `${amountText(asset, amount)} ${symbolOf(asset)}`);
  return amounts.length === 0 ? headlineUsd(0n as Cents, locale) : amounts.join(" + ");
}

function isSame({ exits, holdings }: TotalRanges): boolean {
  return [exits, holdings].every((range) => range !== undefined && range[0] === range[1]);
}

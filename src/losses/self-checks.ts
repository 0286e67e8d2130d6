import { divideRounded } from "../base/decimal.ts";
import { daysBetween } from "../base/day.ts";
import {
  formatMillions,
  formatShare,
  printedUnit,
  scaleUsd,
  shareOf,
  subtractUsd,
  sumUsd,
  zeroUsd,
  type Usd,
} from "../base/usd.ts";
import type { FigureGroup, PublishedFigure, PublishedSet } from "../incidents/published-set.ts";

/** Whether published figures agree among themselves. */
export type SelfCheck = {
  /** `agrees` and `contradicts` speak of the figures as printed, rounding allowed for; `incomplete`: parts fall short. */
  readonly outcome: "agrees" | "contradicts" | "incomplete";
  readonly text: string;
};

/** Holds the figures of one set against each other: shares, parts and wholes, the period and its name. */
export function selfChecks(set: PublishedSet): readonly SelfCheck[] {
  const world = set.figures.find((figure) => figure.group === "world");
  return [
    ...set.figures.flatMap((figure) => checkShare(figure, world)),
    ...(world === undefined ? [] : (["country", "year"] as const).flatMap((group) => checkParts(set, world, group))),
    ...checkYears(set),
    ...checkTwice(set),
  ];
}

/** The smallest and largest amounts that may stand behind a printed figure; see docs/methods/reconciliation.md. */
export function printedRange(figure: PublishedFigure): { readonly low: Usd; readonly high: Usd | undefined } {
  const half = scaleUsd(printedUnit(figure.usd), 1n, 2n);
  const low = subtractUsd(figure.usd, half);
  const high = sumUsd([figure.usd, half]);
  switch (figure.qualifier) {
    case "over":
      return { low: figure.usd, high: undefined };
    case "nearly":
    case "up-to":
      return { low, high: figure.usd };
    case "about":
    case undefined:
      return { low, high };
    default:
      return figure.qualifier satisfies never;
  }
}

function checkShare(figure: PublishedFigure, world: PublishedFigure | undefined): readonly SelfCheck[] {
  if (figure.share === undefined || world === undefined || figure === world) return [];
  const ours = shareOf(figure.usd, world.usd);
  if (ours === undefined) return [];
  const half = divideRounded(10n ** BigInt(8 - figure.share.text.length), 2n);
  const printed = BigInt(figure.share.millionths);
  const name = `${figure.key}: ${formatMillions(figure.usd)} of ${formatMillions(world.usd)}`;
  if (BigInt(ours) >= printed - half && BigInt(ours) <= printed + half) {
    return [{ outcome: "agrees", text: `${name} is ${formatShare(ours)}, as printed` }];
  }
  const least = scaleUsd(figure.usd, 1_000_000n, printed + half);
  const most = scaleUsd(figure.usd, 1_000_000n, printed - half);
  return [
    {
      outcome: "contradicts",
      text:
        `${name} is ${formatShare(ours)}, not ${formatShare(figure.share.millionths)}; the printed share needs ` +
        `a whole of ${formatMillions(least)} to ${formatMillions(most)}`,
    },
  ];
}

function checkParts(set: PublishedSet, world: PublishedFigure, group: FigureGroup): readonly SelfCheck[] {
  const parts = set.figures.filter(
    (figure) => figure.group === group && (group === "country" ? figure.from === world.from : covers(world, figure)),
  );
  if (parts.length < 2) return [];
  const sum = sumUsd(parts.map(({ usd }) => usd));
  const rest = subtractUsd(world.usd, sum);
  const name = `${parts.length} ${group === "country" ? "countries" : "years"} make ${formatMillions(sum)}`;
  if (rest < zeroUsd && world.qualifier !== "over") {
    const text = `${name}, ${formatMillions(subtractUsd(zeroUsd, rest))} more than the whole of ${formatMillions(world.usd)}`;
    return [{ outcome: "contradicts", text }];
  }
  const text = `${name} of ${formatMillions(world.usd)}; ${formatMillions(rest)} is not broken down`;
  return [{ outcome: rest === zeroUsd ? "agrees" : "incomplete", text }];
}

function covers(world: PublishedFigure, part: PublishedFigure): boolean {
  return (world.from === undefined || (part.from !== undefined && part.from >= world.from)) && part.to <= world.to;
}

function checkYears(set: PublishedSet): readonly SelfCheck[] {
  if (set.yearsStated === undefined || set.from === undefined) return [];
  const years = Number(divideRounded(BigInt(daysBetween(set.from, set.to) + 1) * 4n, 1461n));
  const window = `${set.from} to ${set.to} is ${years} years`;
  if (years === set.yearsStated) return [{ outcome: "agrees", text: `${window}, as stated` }];
  return [{ outcome: "contradicts", text: `${window}; the publisher speaks of ${set.yearsStated}` }];
}

function checkTwice(set: PublishedSet): readonly SelfCheck[] {
  return set.figures.flatMap((figure, index): readonly SelfCheck[] => {
    const twin = set.figures
      .slice(0, index)
      .find((other) => other.group === figure.group && other.key === figure.key && other.usd !== figure.usd);
    if (twin === undefined) return [];
    const text = `${figure.key} is given twice, as ${formatMillions(twin.usd)} and as ${formatMillions(figure.usd)}`;
    return [{ outcome: "contradicts", text }];
  });
}

import { assert } from "../base/assert.ts";
import { shareOf, subtractUsd, sumUsd, zeroUsd, type Millionths, type Usd } from "../base/usd.ts";
import type { Register } from "../incidents/register.ts";
import { keyOf, labelOf, unknownKey, type Grouping } from "./grouping.ts";
import { remarksOn, type Remark } from "./remarks.ts";
import { select, type Contribution, type Selection } from "./selection.ts";

/** A figure: a central value within a range, and what it is made of. */
export type Figure = {
  readonly usd: Usd;
  readonly low: Usd;
  readonly high: Usd;
  /** Of the central value, what came back; and what is left. */
  readonly recovered: Usd;
  readonly net: Usd;
  /** Thefts in the central value, by date. */
  readonly counted: readonly Contribution[];
  /** Thefts that only the high end of the range counts: attributed, but less surely than asked. */
  readonly rangeOnly: readonly Contribution[];
  /** How many counted thefts have no known value: where not 0, the figure is a lower bound. */
  readonly unknownValues: number;
  /** How many thefts, counted or in the range only, have no known value: where not 0, so is the range's high end. */
  readonly unknownInRange: number;
};

export type LossRow = Figure & {
  readonly key: string;
  readonly label: string;
  /** Of the selected world total; undefined where that is nothing, or the row is unknown. */
  readonly share: Millionths | undefined;
  readonly remarks: readonly Remark[];
};

export type Losses = {
  readonly selection: Selection;
  readonly by: Grouping;
  /** By falling value (years by time); the row of what is unknown last. Their values sum to the total's, to the cent. */
  readonly rows: readonly LossRow[];
  readonly total: Figure;
  readonly registerDigest: string;
};

/**
 * Who lost what: the selected thefts, totalled by group.
 *
 * The rules are in `docs/methods/losses.md`. Cost: linear in the register, and a sort of the rows.
 */
export function computeLosses(register: Register, selection: Selection, by: Grouping): Losses {
  const contributions = select(register, selection);
  const total = figureOf(contributions);
  const rows = [...groupBy(contributions, by, selection)]
    .map(([key, members]): LossRow => {
      const figure = figureOf(members);
      return {
        key,
        label: labelOf(
          key,
          by,
          members.map(({ incident }) => incident),
          register.actors,
        ),
        ...figure,
        share: isUnknown(figure) ? undefined : shareOf(figure.usd, total.usd),
        remarks: members.flatMap((member) => remarksOn(member, selection)),
      };
    })
    .toSorted((left, right) => order(left, right, by));
  for (const part of ["usd", "low", "high", "recovered", "net"] as const) {
    assert(sumUsd(rows.map((row) => row[part])) === total[part], `losses: the rows' ${part} must sum to the total`);
  }
  return { selection, by, rows, total, registerDigest: register.digest };
}

/** Whether nothing is known of a figure: it counts thefts, and none of them has a known value. */
export function isUnknown(figure: Figure): boolean {
  return figure.counted.length > 0 && figure.unknownValues === figure.counted.length;
}

/** The sum of some thefts. */
export function figureOf(contributions: readonly Contribution[]): Figure {
  const usd = sumUsd(contributions.map(({ central }) => central ?? zeroUsd));
  const recovered = sumUsd(contributions.map((contribution) => contribution.recovered));
  const figure: Figure = {
    usd,
    low: sumUsd(contributions.map(({ low }) => low)),
    high: sumUsd(contributions.map(({ high }) => high)),
    recovered,
    net: subtractUsd(usd, recovered),
    counted: contributions.filter(({ counted }) => counted),
    rangeOnly: contributions.filter(({ counted }) => !counted),
    unknownValues: contributions.filter(({ central }) => central === undefined).length,
    unknownInRange: contributions.filter(({ hasValue }) => !hasValue).length,
  };
  assert(figure.low <= figure.usd && figure.usd <= figure.high, "losses: the range must hold the central value");
  return figure;
}

/** Every theft of a figure: those it counts, and those that only its range counts. */
export function theftsOf({ counted, rangeOnly }: Figure): readonly Contribution[] {
  return [...counted, ...rangeOnly].toSorted((left, right) => (left.incident.id < right.incident.id ? -1 : 1));
}

/** Whether a statement on the theft is disputed, or its attribution is. */
export function isDisputed({ incident }: Contribution): boolean {
  return incident.disputed.length > 0 || (incident.attribution?.disputes.length ?? 0) > 0;
}

function groupBy(
  contributions: readonly Contribution[],
  by: Grouping,
  selection: Selection,
): ReadonlyMap<string, readonly Contribution[]> {
  const groups = new Map<string, Contribution[]>();
  for (const contribution of contributions) {
    const key = keyOf(contribution.incident, by, selection.countryRule);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [contribution]);
    else group.push(contribution);
  }
  return groups;
}

function order(left: LossRow, right: LossRow, by: Grouping): number {
  if ((left.key === unknownKey) !== (right.key === unknownKey)) return left.key === unknownKey ? 1 : -1;
  if (by !== "year" && left.usd !== right.usd) return left.usd > right.usd ? -1 : 1;
  if (by !== "year" && left.high !== right.high) return left.high > right.high ? -1 : 1;
  return left.key < right.key ? -1 : 1;
}

import { yearOf } from "../base/day.ts";
import type { Source } from "../base/source.ts";
import { formatUsd, type Millionths } from "../base/usd.ts";
import { countryOf, keyOf } from "./grouping.ts";
import { figureOf, isDisputed, theftsOf, type Figure, type Losses, type LossRow } from "./losses.ts";
import type { ReconciledFigure, Reconciliation } from "./reconcile.ts";
import { isOnRecord } from "./candidates.ts";
import { countryRules, type Contribution, type Selection } from "./selection.ts";

/**
 * The losses as plain JSON values: dollars are decimal text with cents, shares fractions of the selected total.
 *
 * `incidents` are those in the central value; `rangeOnly` those that only the high end counts.
 */
export function lossesJson(losses: Losses): object {
  return {
    selection: selectionJson(losses.selection),
    by: losses.by,
    register: { sha256: losses.registerDigest },
    method: "docs/methods/losses.md",
    rows: losses.rows.map(rowJson),
    total: figureJson(losses.total),
  };
}

/**
 * The losses with all that a page of them shows: every row and the total year by year, and every theft with the row and the year
 * that it falls into. The sources of a theft are its own page's.
 */
export function detailedLossesJson(losses: Losses): object {
  const { by, selection, total, rows } = losses;
  const inYears = (figure: Figure): object => ({ years: Object.fromEntries(yearsOf(figure)) });
  return {
    ...lossesJson(losses),
    rows: rows.map((row) => ({ ...rowJson(row), ...inYears(row) })),
    total: { ...figureJson(total), ...inYears(total) },
    thefts: theftsOf(total).map((contribution) => {
      const { incident } = contribution;
      return {
        ...contributionJson(contribution),
        key: keyOf(incident, by, selection.countryRule),
        year: yearOf(incident.date.first),
        hasValue: contribution.hasValue,
        disputed: isDisputed(contribution),
      };
    }),
  };
}

/** A figure's parts by year, each year in which it has a theft. */
function yearsOf(figure: Figure): readonly (readonly [string, object])[] {
  const byYear = Map.groupBy(theftsOf(figure), ({ incident }) => yearOf(incident.date.first));
  return [...byYear].map(([year, thefts]) => [year, figureJson(figureOf(thefts))]);
}

/** One row with its thefts spelled out. */
export function openRowJson(losses: Losses, row: LossRow): object {
  return {
    selection: selectionJson(losses.selection),
    by: losses.by,
    register: { sha256: losses.registerDigest },
    row: rowJson(row),
    incidents: [...row.counted, ...row.rangeOnly].map((contribution) => ({
      ...contributionJson(contribution),
      disputed: contribution.incident.disputed,
      sources: sourcesJson(contribution.incident.sources.values()),
    })),
  };
}

export function reconciliationJson({ set, selection, figures, selfChecks }: Reconciliation): object {
  return {
    id: set.id,
    publisher: set.publisher,
    title: set.title,
    published: set.published.text,
    scope: set.scope,
    notes: set.notes ?? null,
    selection: selectionJson(selection),
    method: "docs/methods/reconciliation.md",
    figures: figures.map(reconciledJson),
    selfChecks,
    sources: Object.fromEntries(set.sources),
  };
}

function reconciledJson(figure: ReconciledFigure): object {
  const { published, ours, difference, agreement, candidates, unexplained, fits } = figure;
  return {
    group: published.group,
    key: published.key,
    published: {
      usd: formatUsd(published.usd),
      qualifier: published.qualifier ?? null,
      share: published.share?.text ?? null,
    },
    from: published.from ?? null,
    to: published.to,
    note: published.note ?? null,
    sources: published.sources,
    ours: figureJson(ours),
    difference: formatUsd(difference),
    agreement,
    candidates: candidates.map((candidate) => ({
      incident: candidate.incident.id,
      kind: candidate.kind,
      onRecord: isOnRecord(candidate),
      effect: formatUsd(candidate.effect),
      why: candidate.why,
    })),
    unexplained: formatUsd(unexplained),
    combinationsThatFit: fits === undefined ? null : fits.toString(),
    elsewhere: figure.elsewhere.map((other) => ({
      id: other.set.id,
      publisher: other.set.publisher,
      published: other.set.published.text,
      usd: formatUsd(other.figure.usd),
    })),
  };
}

function selectionJson(selection: Selection): object {
  return {
    actor: selection.actor ?? "all",
    from: selection.from,
    to: selection.to,
    value: selection.value,
    confidence: selection.confidence ?? null,
    countryRule: selection.countryRule,
    technique: selection.technique ?? null,
  };
}

function rowJson(row: LossRow): object {
  return {
    key: row.key,
    label: row.label,
    ...figureJson(row),
    share: row.share === undefined ? null : fraction(row.share),
    remarks: row.remarks,
  };
}

function figureJson(figure: Figure): object {
  return {
    usd: formatUsd(figure.usd),
    low: formatUsd(figure.low),
    high: formatUsd(figure.high),
    count: figure.counted.length,
    recovered: formatUsd(figure.recovered),
    net: formatUsd(figure.net),
    unknownValues: figure.unknownValues,
    unknownInRange: figure.unknownInRange,
    incidents: figure.counted.map(({ incident }) => incident.id),
    rangeOnly: figure.rangeOnly.map(({ incident }) => incident.id),
  };
}

function contributionJson({ incident, counted, central, low, high, recovered }: Contribution): object {
  return {
    id: incident.id,
    date: incident.date.text,
    victim: incident.victim.name,
    countries: Object.fromEntries(countryRules.map((rule) => [rule, countryOf(incident, rule) ?? null])),
    counted,
    usd: central === undefined ? null : formatUsd(central),
    low: formatUsd(low),
    high: formatUsd(high),
    recovered: formatUsd(recovered),
    actor: incident.attribution?.actor ?? null,
    confidence: incident.attribution?.confidence ?? null,
  };
}

function sourcesJson(sources: Iterable<Source>): readonly object[] {
  return [...sources].map(({ name, url }) => ({ name, url: url ?? null }));
}

/** Millionths as a JSON number with six decimals; a ratio, not money. */
function fraction(share: Millionths): number {
  return share / 1_000_000;
}

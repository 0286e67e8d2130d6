import { formatUsd, type Millionths } from "../base/usd.ts";
import { countryOf } from "./grouping.ts";
import type { Figure, Losses, LossRow } from "./losses.ts";
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

/** One row with its thefts spelled out. */
export function openRowJson(losses: Losses, row: LossRow): object {
  return {
    selection: selectionJson(losses.selection),
    by: losses.by,
    register: { sha256: losses.registerDigest },
    row: rowJson(row),
    incidents: [...row.counted, ...row.rangeOnly].map(contributionJson),
  };
}

export function reconciliationJson({ set, selection, figures, selfChecks }: Reconciliation): object {
  return {
    id: set.id,
    publisher: set.publisher,
    title: set.title,
    published: set.published.text,
    selection: selectionJson(selection),
    method: "docs/methods/reconciliation.md",
    figures: figures.map(reconciledJson),
    selfChecks,
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
    disputed: incident.disputed,
    sources: [...incident.sources.values()].map(({ name, url }) => ({ name, url: url ?? null })),
  };
}

/** Millionths as a JSON number with six decimals; a ratio, not money. */
function fraction(share: Millionths): number {
  return share / 1_000_000;
}

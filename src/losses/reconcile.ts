import type { Day } from "../base/day.ts";
import { absUsd, printedUnit, scaleUsd, subtractUsd, sumUsd, zeroUsd, type Usd } from "../base/usd.ts";
import type { PublishedFigure, PublishedSet } from "../incidents/published-set.ts";
import type { Register } from "../incidents/register.ts";
import { isOnRecord, lowering, raising, type Candidate, type Cell } from "./candidates.ts";
import { keyOf } from "./grouping.ts";
import { figureOf, type Figure } from "./losses.ts";
import { select, type Selection } from "./selection.ts";
import { printedRange, selfChecks, type SelfCheck } from "./self-checks.ts";
import { countSubsets } from "./subsets.ts";

/** A published figure beside the register's own. The register's figure is never changed by the comparison. */
export type ReconciledFigure = {
  readonly published: PublishedFigure;
  readonly ours: Figure;
  /** Ours less theirs. */
  readonly difference: Usd;
  /**
   * `equal`: the printed figure, with its rounding and its "over" or "nearly", holds ours. `in-range`: our low–high
   * range meets it. `apart`: neither.
   */
  readonly agreement: "equal" | "in-range" | "apart";
  /** What would close the gap, best supported first; none where the figures are equal. None is applied. */
  readonly candidates: readonly Candidate[];
  /** Of the gap, what is left if everything on record were granted; 0 where that reaches or passes it. */
  readonly unexplained: Usd;
  /** In how many ways the candidates, any of them, sum to the gap within the figure's rounding; undefined: too many to count. */
  readonly fits: bigint | undefined;
  /** What others published for the same thing. */
  readonly elsewhere: readonly { readonly set: PublishedSet; readonly figure: PublishedFigure }[];
};

export type Reconciliation = {
  readonly set: PublishedSet;
  readonly selection: Selection;
  readonly figures: readonly ReconciledFigure[];
  readonly selfChecks: readonly SelfCheck[];
};

const beginning = "2009-01-03" as Day;

/** The options that a reader may set; actor and period are the published set's own. */
export type ReconcileOptions = Pick<Selection, "confidence" | "countryRule">;

/**
 * Holds a published set against the register: same actor, same period, values at the theft unless the set says otherwise.
 *
 * The rules are in `docs/methods/reconciliation.md`. Cost: figures × register, and 2^(candidates/2) sums a figure.
 */
export function reconcile(register: Register, set: PublishedSet, options: ReconcileOptions): Reconciliation {
  const selection: Selection = {
    actor: set.actor,
    // The first Bitcoin block: a set that gives no beginning counts from the start.
    from: set.from ?? beginning,
    to: set.to,
    value: set.value ?? "theft",
    confidence: options.confidence,
    countryRule: options.countryRule,
    technique: undefined,
  };
  return {
    set,
    selection,
    figures: set.figures.map((figure) => reconcileFigure(register, set, selection, figure)),
    selfChecks: selfChecks(set),
  };
}

function reconcileFigure(
  register: Register,
  set: PublishedSet,
  whole: Selection,
  published: PublishedFigure,
): ReconciledFigure {
  const selection = { ...whole, from: published.from ?? whole.from, to: published.to };
  const contributions = select(register, selection);
  const isInside = (contribution: (typeof contributions)[number]): boolean =>
    published.group !== "country" || keyOf(contribution.incident, "country", selection.countryRule) === published.key;
  const cell: Cell = {
    set,
    figure: published,
    selection,
    inside: contributions.filter(isInside),
    outside: contributions.filter((contribution) => !isInside(contribution)),
  };
  const ours = figureOf(cell.inside);
  const difference = subtractUsd(ours.usd, published.usd);
  const agrees = agreement(ours, published);
  const candidates = agrees === "equal" ? [] : difference < zeroUsd ? raising(register, cell) : lowering(cell);
  // Where the printed figure holds ours there is nothing to explain.
  const gap = agrees === "equal" ? zeroUsd : absUsd(difference);
  const granted = sumUsd(candidates.filter(isOnRecord).map(({ effect }) => absUsd(effect)));
  return {
    published,
    ours,
    difference,
    agreement: agrees,
    candidates,
    unexplained: granted < gap ? subtractUsd(gap, granted) : zeroUsd,
    fits: countSubsets(
      candidates.map(({ effect }) => absUsd(effect)),
      gap,
      scaleUsd(printedUnit(published.usd), 1n, 2n),
    ),
    elsewhere: elsewhere(register, set, published),
  };
}

function agreement(ours: Figure, published: PublishedFigure): ReconciledFigure["agreement"] {
  const { low, high } = printedRange(published);
  if (ours.usd >= low && (high === undefined || ours.usd <= high)) return "equal";
  return ours.high >= low && (high === undefined || ours.low <= high) ? "in-range" : "apart";
}

function elsewhere(register: Register, set: PublishedSet, published: PublishedFigure): ReconciledFigure["elsewhere"] {
  return [...register.published.values()]
    .filter((other) => other.id !== set.id)
    .flatMap((other) =>
      other.figures
        .filter(
          (figure) =>
            figure.group === published.group &&
            figure.key === published.key &&
            figure.from === published.from &&
            figure.to === published.to,
        )
        .map((figure) => ({ set: other, figure })),
    )
    .toSorted((left, right) => (left.set.published.first < right.set.published.first ? -1 : 1));
}

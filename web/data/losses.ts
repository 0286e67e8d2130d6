import { parseUsd } from "../base/usd.ts";
import { formatUsd, sumUsd } from "../../src/base/usd.ts";
import { api } from "./api.ts";
import type { Figure, Losses, Reconciliation } from "./losses-types.ts";
import { useAnswer, type Asked } from "./use-answer.ts";

/** What is asked, by the API's names; what is left out is as in the study. */
export type LossesQuery = Readonly<Record<string, string>>;

export function useLosses(query: LossesQuery): Asked<Losses> {
  return useAnswer(`losses ${new URLSearchParams(query).toString()}`, async (signal) => {
    const asked = { ...query, detail: "thefts" } as const;
    return (await api().get("/v1/losses", { query: asked, signal })) as unknown as Losses;
  });
}

/** Every published set beside the register. */
export function useReconciliations(how: {
  readonly confidence?: string;
  readonly countryRule?: string;
}): Asked<readonly Reconciliation[]> {
  return useAnswer(`reconciliations ${how.confidence ?? ""} ${how.countryRule ?? ""}`, async (signal) => {
    const { sets } = await api().get("/v1/reconciliations", { query: how as never, signal });
    return sets;
  });
}

export function useReconciliation(id: string): Asked<Reconciliation> {
  return useAnswer(`reconciliation ${id}`, async (signal) =>
    api().get("/v1/reconciliations/{id}", { params: { id }, signal }),
  );
}

/** Whether nothing is known of a figure: it counts thefts, and none has a known value. */
export function isUnknown({ count, unknownValues }: Figure): boolean {
  return count > 0 && unknownValues === count;
}

/** Whether a figure is made of nothing, counted or in the range. */
export function isNothing({ count, rangeOnly }: Figure): boolean {
  return count === 0 && rangeOnly.length === 0;
}

/** The sum of figures that have no theft in common. */
export function sumFigures(figures: readonly Figure[]): Figure {
  const sum = (part: "usd" | "low" | "high" | "recovered" | "net"): string =>
    formatUsd(sumUsd(figures.map((figure) => parseUsd(figure[part]))));
  const count = (part: "count" | "unknownValues" | "unknownInRange"): number =>
    figures.reduce((total, figure) => total + figure[part], 0);
  return {
    usd: sum("usd"),
    low: sum("low"),
    high: sum("high"),
    recovered: sum("recovered"),
    net: sum("net"),
    count: count("count"),
    unknownValues: count("unknownValues"),
    unknownInRange: count("unknownInRange"),
    incidents: figures.flatMap(({ incidents }) => incidents),
    rangeOnly: figures.flatMap(({ rangeOnly }) => rangeOnly),
  };
}

/** A year, or the years before the first one shown. */
export type YearColumn = { readonly key: string; readonly first: number; readonly last: number };

/** The years from the first theft to the last, at most `max`; the earlier ones together in one, `earlier`. */
export function yearColumns(total: Losses["total"], max: number): readonly YearColumn[] {
  const years = Object.keys(total.years).map(Number);
  if (years.length === 0) return [];
  const [from, to] = [Math.min(...years), Math.max(...years)];
  const shown = Math.max(from, to - max + 1);
  return [
    ...(shown > from ? [{ key: "earlier", first: from, last: shown - 1 }] : []),
    ...Array.from({ length: to - shown + 1 }, (_, index) => {
      const year = shown + index;
      return { key: String(year), first: year, last: year };
    }),
  ];
}

/** The part of a figure that falls into a column. */
export function figureIn({ years }: Losses["total"], { first, last }: YearColumn): Figure {
  return sumFigures(
    Object.entries(years)
      .filter(([year]) => first <= Number(year) && Number(year) <= last)
      .map(([, figure]) => figure),
  );
}

import type { Day } from "../base/day.ts";
import type { Period } from "../base/day.ts";
import type { Millionths, Usd } from "../base/usd.ts";
import type { Source } from "../base/source.ts";

/** Figures that somebody published together, with what they claim to count. */
export type PublishedSet = {
  readonly id: string;
  readonly file: string;
  readonly publisher: string;
  readonly title: string;
  readonly published: Period;
  readonly actor: string;
  /** First day counted; undefined where the publisher gives none. */
  readonly from: Day | undefined;
  readonly to: Day;
  readonly scope: string;
  /** Valued when, where that is known. */
  readonly value: "theft" | "disclosed" | undefined;
  /** The length of the period in the publisher's words, in years. */
  readonly yearsStated: number | undefined;
  readonly figures: readonly PublishedFigure[];
  readonly notes: string | undefined;
  readonly sources: ReadonlyMap<string, Source>;
};

export type PublishedFigure = {
  readonly group: FigureGroup;
  /** A country code, a year, a month, or `world`. */
  readonly key: string;
  readonly usd: Usd;
  readonly qualifier: Qualifier | undefined;
  /** The printed share of the whole, with the digits as printed. */
  readonly share: { readonly text: string; readonly millionths: Millionths } | undefined;
  readonly incidents: number | undefined;
  readonly from: Day | undefined;
  readonly to: Day;
  readonly note: string | undefined;
  readonly sources: readonly string[];
};

export type FigureGroup = "world" | "country" | "year" | "month";
export type Qualifier = "about" | "over" | "nearly" | "up-to";

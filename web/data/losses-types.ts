/** What `/v1/losses?detail=thefts` and `/v1/reconciliations` answer: `src/losses/json.ts` makes it. */
import type { Confidence, CountryRule, Source } from "./register-types.ts";

export const groupings = ["country", "year", "actor", "victim", "sector", "technique"] as const;
export type Grouping = (typeof groupings)[number];
export const valueKinds = ["theft", "disclosed", "now"] as const;
export type ValueKind = (typeof valueKinds)[number];
export const countryRules = ["published", "operator", "seat"] as const;
export const confidences = ["low", "medium", "high", "confirmed"] as const;

export type Selection = {
  /** An actor's id, or `all`. */
  readonly actor: string;
  readonly from: string;
  readonly to: string;
  readonly value: ValueKind;
  /** Null: not applied, which `all` allows. */
  readonly confidence: Confidence | null;
  readonly countryRule: CountryRule;
  readonly technique: string | null;
};

/** Dollars are decimal text with cents. */
export type Figure = {
  readonly usd: string;
  readonly low: string;
  readonly high: string;
  readonly count: number;
  readonly recovered: string;
  readonly net: string;
  /** How many counted thefts have no known value: where not 0, the figure is a lower bound. */
  readonly unknownValues: number;
  readonly unknownInRange: number;
  /** Those counted, and those in the range only. */
  readonly incidents: readonly string[];
  readonly rangeOnly: readonly string[];
};

export type WithYears = Figure & { readonly years: Readonly<Record<string, Figure>> };

export type Row = WithYears & {
  readonly key: string;
  readonly label: string;
  readonly share: number | null;
  readonly remarks: readonly { readonly incident: string; readonly kind: string; readonly text: string }[];
};

/** One theft, as it is counted here. */
export type Theft = {
  readonly id: string;
  readonly date: string;
  readonly victim: string;
  readonly counted: boolean;
  /** Null: counted, but its value is not known. */
  readonly usd: string | null;
  readonly low: string;
  readonly high: string;
  readonly recovered: string;
  readonly actor: string | null;
  readonly confidence: Confidence | null;
  /** The row and the year that it falls into. */
  readonly key: string;
  readonly year: string;
  readonly hasValue: boolean;
  readonly disputed: boolean;
};

export type Losses = {
  readonly selection: Selection;
  readonly by: Grouping;
  readonly register: { readonly sha256: string };
  readonly rows: readonly Row[];
  readonly total: WithYears;
  readonly thefts: readonly Theft[];
};

export type ReconciledFigure = {
  readonly group: "world" | "country" | "year" | "month";
  /** A country's code, a year, a month, or `world`. */
  readonly key: string;
  readonly published: { readonly usd: string; readonly qualifier: string | null; readonly share: string | null };
  readonly from: string | null;
  readonly to: string;
  readonly note: string | null;
  readonly sources: readonly string[];
  readonly ours: Figure;
  readonly difference: string;
  readonly agreement: "equal" | "in-range" | "apart";
  readonly candidates: readonly {
    readonly incident: string;
    readonly kind: string;
    readonly onRecord: boolean;
    readonly effect: string;
    readonly why: string;
  }[];
  readonly unexplained: string;
  readonly combinationsThatFit: string | null;
  readonly elsewhere: readonly {
    readonly id: string;
    readonly publisher: string;
    readonly published: string;
    readonly usd: string;
  }[];
};

export type Reconciliation = {
  readonly id: string;
  readonly publisher: string;
  readonly title: string;
  readonly published: string;
  readonly scope: string;
  readonly notes: string | null;
  readonly selection: Selection;
  readonly figures: readonly ReconciledFigure[];
  readonly selfChecks: readonly unknown[];
  readonly sources: Readonly<Record<string, Source>>;
};

/** The register's entries as the API answers them: `src/incidents/present.ts` and `src/losses/json.ts` make them. */

export type Confidence = "low" | "medium" | "high" | "confirmed";
export type CountryRule = "published" | "operator" | "seat";

export type Source = { readonly name: string; readonly url?: string; readonly date?: string };

/** One of: an amount of a known asset, of a token known by its symbol, or several assets by value only. */
export type Stolen = {
  readonly asset?: string;
  readonly symbol?: string;
  readonly token?: string;
  readonly chain?: string | null;
  readonly amount?: string;
  readonly lot?: string;
  readonly usd?: string;
};

export type Valuation = { readonly usd: string; readonly basis: string; readonly source: string };

export type Claim = {
  readonly by: string;
  readonly date: string | null;
  readonly says: string | null;
  readonly source: string | null;
};

export type Appraisal = {
  /** Null: nothing of it has a price. */
  readonly usd: string | null;
  readonly complete: boolean;
  readonly priced: readonly {
    readonly item: Stolen;
    readonly usd: string;
    readonly price: {
      readonly usd: string;
      readonly day: string;
      readonly kind: string;
      readonly source: string;
    } | null;
  }[];
  readonly unpriced: readonly Stolen[];
};

export type Incident = {
  readonly id: string;
  readonly date: string;
  readonly time?: string;
  readonly disclosed: string | null;
  readonly victim: {
    readonly id: string;
    readonly name: string;
    readonly kind: string;
    readonly sector: string;
    readonly country: {
      readonly seat: string | null;
      readonly operator: string | null;
      readonly published: { readonly code: string; readonly by: string; readonly basis?: string } | null;
      readonly claimed: readonly { readonly code: string; readonly basis: string; readonly source: string }[];
    };
  };
  readonly stolen: readonly Stolen[];
  readonly stolenComplete: boolean;
  readonly valuesAtTheft: readonly Valuation[];
  readonly valuesDisclosed: readonly Valuation[];
  readonly recovered: readonly (Valuation & {
    readonly at: "theft" | "recovery";
    readonly date: string | null;
    readonly returned: Stolen | null;
  })[];
  readonly attribution: {
    readonly actor: string;
    readonly confidence: Confidence;
    readonly claims: readonly Claim[];
    readonly disputes: readonly Claim[];
  } | null;
  readonly suspicions: readonly {
    readonly actor: string;
    readonly by: string;
    readonly basis: string;
    readonly source: string;
  }[];
  readonly techniques: readonly { readonly id?: string; readonly text: string }[];
  /** Each `chain:txid` or `chain:address`. */
  readonly chain: {
    readonly theft: readonly string[];
    readonly thief: readonly string[];
    readonly victim: readonly string[];
  };
  /** It never happened, and counts in no total. */
  readonly simulated: boolean;
  readonly disputed: readonly { readonly what: string; readonly why: string }[];
  readonly notes?: string;
  readonly sources: Readonly<Record<string, Source>>;
  readonly atPricesOfTheDay: Appraisal;
  readonly now: Appraisal;
};

export type Actor = {
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  readonly kind: string;
  readonly attack: string | null;
  readonly aliases: readonly string[];
  readonly notes: string | null;
  readonly sources: Readonly<Record<string, Source>>;
};

/** The country under which a rule counts a theft; null: not established. */
export function countryOf({ victim }: Incident, rule: CountryRule): string | null {
  const { seat, operator, published } = victim.country;
  if (rule === "seat") return seat;
  return rule === "operator" ? operator : (published?.code ?? operator);
}

/** Whether a statement on the theft is disputed, or its attribution is. */
export function isDisputed({ disputed, attribution }: Incident): boolean {
  return disputed.length > 0 || (attribution?.disputes.length ?? 0) > 0;
}

/** An actor and every group that belongs to it, however far below. */
export function withSubgroups(actors: readonly Actor[], id: string): ReadonlySet<string> {
  const group = new Set([id]);
  for (let size = 0; size !== group.size;) {
    size = group.size;
    for (const actor of actors) if (actor.parent !== null && group.has(actor.parent)) group.add(actor.id);
  }
  return group;
}

/** The register writes `chain:address` or `chain:txid`, the chain an alias or a CAIP-2 id, which has a colon itself. */
export function chainOf(id: string): string {
  return id.slice(0, id.lastIndexOf(":"));
}

/** The address or transaction of `chain:address` or `chain:txid`. */
export function restOf(id: string): string {
  return id.slice(id.lastIndexOf(":") + 1);
}

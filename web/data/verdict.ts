import { percent } from "../base/numbers.ts";

/** A verdict as the API gives it; the parts that the pages show. */
export type Verdict = {
  readonly verdict: "flagged" | "clear" | "unknown";
  readonly level: "low" | "medium" | "high" | null;
  readonly subject: { readonly kind: "address" | "transaction"; readonly text: string; readonly to: string | null };
  /** CAIP-2; null: of no one chain that is known. */
  readonly chain: string | null;
  readonly direction: "deposit" | "withdrawal" | "either";
  readonly block: { readonly height: number; readonly hash: string | null; readonly time: string } | null;
  readonly rules: { readonly name: string; readonly version: string; readonly digest: string };
  readonly register: { readonly digest: string };
  readonly tags: { readonly digest: string; readonly lists: readonly { readonly name: string }[] };
  readonly matches: readonly Match[];
  readonly facts: readonly Fact[];
  readonly parties: readonly Party[];
  readonly missing: readonly Gap[];
  readonly accepted: readonly { readonly gap: string; readonly what: string }[];
  readonly methods: readonly { readonly name: string; readonly page: string; readonly error: string }[];
  readonly checked: { readonly incidents: number; readonly origins: number };
};

export type Match = {
  readonly rule: string;
  readonly level: "low" | "medium" | "high";
  readonly reason: string;
  /** Places in `facts`. */
  readonly facts: readonly number[];
};

export type Fact = {
  readonly evidence: "tag" | "cluster" | "exposure";
  /** Its party's place in `parties`; null: it is of the transaction. */
  readonly party: number | null;
  readonly origin: string;
  readonly name: string;
  readonly category: string;
  readonly confidence: string;
  readonly sources: readonly string[];
  readonly date: string | null;
  readonly policy: "fifo" | "haircut" | null;
  readonly asset: string | null;
  readonly amount: string | null;
  readonly share: string | null;
  readonly usd: string | null;
  readonly direct: string | null;
  readonly reach: "direct" | "indirect" | null;
  readonly hops: number | null;
  readonly path: readonly Step[];
  readonly skipped: number;
};

export type Step = {
  readonly txid: string | null;
  readonly address: string | null;
  readonly asset: string;
  readonly amount: string;
  readonly time: string;
};

export type Party = {
  readonly role: "subject" | "payer" | "receiver";
  readonly address: string;
  readonly chain: string;
};

export type Gap = { readonly gap: string; readonly what: string; readonly mend: string | null };

/** The fact that a verdict is first of all about: of its gravest rule, that with the most value. Undefined: no rule holds. */
export function leadingFact({ matches, facts }: Verdict): Fact | undefined {
  const own = (matches[0]?.facts ?? []).flatMap((place) => facts[place] ?? []);
  return own.toSorted((left, right) => Number(right.share ?? 0) - Number(left.share ?? 0))[0];
}

/** A share as percent; a trace of one is never shown as none. */
export function shareText({ share }: Pick<Fact, "share">): string | undefined {
  if (share === null) return undefined;
  const part = Number(share);
  return part > 0 && part < 0.0005 ? "<0.1%" : percent(part);
}

/**
 * What a gap's sentence is made of, by the gap: names, numbers and words of closed lists, so that it can be said in another language.
 * `kind` tells sentences of one gap apart.
 */
export type GapDataOf = {
  readonly "ledger-empty": Nothing;
  readonly "chain-not-loaded": { readonly loaded: readonly string[] };
  readonly "not-in-ledger": { readonly kind: "address" | "transaction"; readonly block: number };
  readonly "not-synced": { readonly tip: number; readonly block: number };
  readonly "index-none": Nothing;
  readonly "index-lost": Nothing;
  readonly "index-behind": { readonly index: number; readonly ledger: number };
  readonly "index-stale": { readonly changed: readonly string[] };
  readonly "index-policy": { readonly policies: readonly string[] };
  readonly "tags-none": { readonly chain: string };
  readonly "tag-unclear": { readonly label: string; readonly source: string; readonly address: string };
  readonly clusters: { readonly kind: "none" | "outdated" } | { readonly kind: "behind"; readonly count: number };
  readonly "begins-late": { readonly first: number; readonly due: number };
  readonly "heights-left-out": { readonly count: number; readonly first: number };
  readonly "internal-unknown": { readonly count: number };
  readonly "outputs-unseen": { readonly kind: "ledger" | "payers"; readonly count: number };
  readonly "theft-absent": { readonly incident: string };
  readonly "theft-partial": { readonly count: number; readonly name: string };
  readonly "theft-unfollowed": { readonly incident: string };
  readonly assumption: { readonly origin: string; readonly policy: string } & AssumptionData;
  readonly parties: { readonly role: string; readonly count: number; readonly known: number };
  readonly price: { readonly asset: string; readonly day: string; readonly rule: string };
  readonly share: { readonly origin: string; readonly rule: string };
};

/** What a trace says of itself that may hide that value reached somebody; `other`: nothing here knows its words. */
export type AssumptionData =
  | { readonly kind: "shielded"; readonly chain: string }
  | { readonly kind: "mixed" | "fees" | "unpriced"; readonly count: number }
  | { readonly kind: "other" };

type Nothing = Readonly<Record<string, never>>;

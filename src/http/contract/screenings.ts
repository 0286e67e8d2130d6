import { Type } from "typebox";
import { FactDocument, GapDocument, VerdictDocument } from "../../screen/verdict-schema.ts";
import { acceptableGaps, directions, evidenceKinds, indexPolicies, levels } from "../../screen/words.ts";
import {
  AccountId,
  AddressParams,
  ChainText,
  Confidence,
  Height,
  orNull,
  Problem,
  Time,
  Tip,
  Usd,
  words,
} from "./common.ts";
import { reads, strict } from "./route.ts";

/** What is screened; the options of `fundtrail screen`. */
export const ScreeningAsked = Type.Object(
  {
    subject: Type.String({ minLength: 1, maxLength: 180, description: "An address, or a transaction's id." }),
    chain: Type.Optional(ChainText),
    direction: Type.Optional(
      words(
        directions,
        "Whether value comes from it or goes to it (default deposit of a transaction, either of an address).",
      ),
    ),
    to: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 180,
        description: "Of a transaction: whom it pays, or TXID:N (default all that it pays).",
      }),
    ),
    block: Type.Optional({ ...Height, maximum: 4_294_967_295, description: "In which block it is said to be." }),
  },
  strict,
);

/** So many are screened by one request. */
export const batchMax = 10_000;

const Screening = Type.Object(
  {
    id: Type.String({ description: "By which it is in the audit log, and read again." }),
    at: Time,
    sha256: Type.String({ description: "Of `verdict`, as compact JSON: what the audit log has." }),
    asked: ScreeningAsked,
    verdict: VerdictDocument,
  },
  { description: "A screening. It is in the audit log before it is answered." },
);

const Rule = Type.Object(
  {
    id: Type.String(),
    level: words(levels, "How grave."),
    reason: Type.String({ description: "In English, or as the rules have it." }),
    reasonJa: orNull(Type.String({ description: "In Japanese; null: the rules have none." })),
    categories: Type.Array(Type.String()),
    evidence: orNull(words(evidenceKinds, "On what it looks; null: on anything.")),
    direction: orNull(words(["deposit", "withdrawal"], "Null: in any.")),
    reach: orNull(words(["direct", "indirect"], "Null: any.")),
    policy: orNull(words(indexPolicies, "Null: any.")),
    shareMin: orNull(Type.String({ pattern: "^[0-9]+$", description: "Millionths." })),
    usdMin: orNull(Usd),
    hopsMin: orNull(Type.Integer()),
    hopsMax: orNull(Type.Integer()),
    ageMaxDays: orNull(Type.Integer()),
    confidenceMin: orNull(Confidence),
  },
  { description: "All that is not null must hold." },
);

export const screeningRoutes = {
  screen: {
    ...reads({
      path: "/v1/screenings",
      group: "screening",
      summary: "Screens an address or a transaction: flagged, clear or unknown, by which rules, and by which paths.",
      answer: Screening,
      failures: ["OUTPUT_UNWRITABLE"],
    }),
    method: "POST" as const,
    role: "screen" as const,
    isCached: false,
    body: ScreeningAsked,
  },
  screenBatch: {
    ...reads({
      path: "/v1/screenings/batch",
      group: "screening",
      summary:
        "Screens a list: a line of JSON for each, in the list's order, as it comes: the screening with its `index`, or a " +
        "`problem`. Each verdict names its block.",
      answer: Type.Union([
        Type.Intersect([Type.Object({ index: Type.Integer() }), Screening]),
        Type.Object({ index: Type.Integer(), problem: Problem }),
      ]),
      failures: ["OUTPUT_UNWRITABLE", "SERVER_BUSY"],
    }),
    method: "POST" as const,
    role: "screen" as const,
    media: "application/x-ndjson" as const,
    isCached: false,
    body: Type.Object(
      { items: Type.Array(ScreeningAsked, { minItems: 1, maxItems: batchMax, description: "What is screened." }) },
      strict,
    ),
  },
  getScreening: {
    ...reads({
      path: "/v1/screenings/{id}",
      group: "screening",
      summary:
        "A screening as it was answered. Old ones go when their files are full; the audit log keeps what they rest on.",
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 100, pattern: "^[-_.a-zA-Z0-9]+$" }) }, strict),
      answer: Screening,
    }),
    role: "screen" as const,
    isCached: false,
  },
  getRules: {
    ...reads({
      path: "/v1/rules",
      group: "screening",
      summary: "The rules that this server screens by.",
      answer: Type.Object({
        name: Type.String(),
        version: Type.String(),
        digest: Type.String({ description: "SHA-256 of what the rules say." }),
        accept: Type.Array(words(acceptableGaps, "What need not be known for a clear.")),
        rules: Type.Array(Rule),
      }),
    }),
    isCached: false,
  },
  listExposures: reads({
    path: "/v1/chains/{chain}/addresses/{address}/exposures",
    group: "screening",
    summary: "What of an address's receipts came from known thefts and illicit entities, by each policy; no verdict.",
    params: AddressParams,
    answer: Type.Object({
      account: AccountId,
      block: Tip,
      exposures: Type.Array(FactDocument),
      missing: Type.Array(Type.Object({ ...GapDocument, mend: orNull(Type.String()) }), {
        description: "Why there may be more: an empty list is not clean where something is missing.",
      }),
      followed: Type.Integer({
        description: "Thefts and tagged entities that were followed on this chain; of 0 an empty list says nothing.",
      }),
    }),
  }),
};

import { Type, type Static, type TObject, type TSchema } from "typebox";
import type { FailureCode } from "../../base/failure-codes.ts";

/** What a token may do; each includes those before it. */
export const roles = ["read", "screen", "admin"] as const;
export type Role = (typeof roles)[number];

/** One operation of the API: what is asked, what is answered, and who may. All else is made from it. */
export type Route = {
  readonly method: "GET" | "POST" | "DELETE";
  /** In OpenAPI's form: `/v1/incidents/{id}`. */
  readonly path: string;
  readonly group: string;
  readonly summary: string;
  /** `open`: without a token, also where tokens are required. */
  readonly role: Role | "open";
  readonly params: TObject;
  readonly query: TObject;
  readonly body: TSchema;
  readonly status: 200 | 202;
  readonly answer: TSchema;
  readonly media: string;
  /** Other forms in which it answers. */
  readonly otherMedia?: readonly string[];
  /** Whether it is a function of ledger and register, and so has an ETag. */
  readonly isCached: boolean;
  /** Failures beside those that every operation may have. */
  readonly failures: readonly FailureCode[];
};

export const strict = { additionalProperties: false } as const;
const none = Type.Object({}, strict);
const noBody = Type.Null();

/** A route that reads and answers with JSON. */
export function reads<
  const Path extends string,
  Answer extends TSchema,
  Params extends TObject = typeof none,
  Query extends TObject = typeof none,
>(route: {
  readonly path: Path;
  readonly group: string;
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly answer: Answer;
  readonly failures?: readonly FailureCode[];
}) {
  return {
    method: "GET" as const,
    role: "read" as const,
    status: 200 as const,
    media: "application/json" as const,
    isCached: true,
    failures: [],
    body: noBody,
    ...route,
    params: (route.params ?? none) as Params,
    query: (route.query ?? none) as Query,
  };
}

export type ParamsOf<One extends Route> = Static<One["params"]>;
export type QueryOf<One extends Route> = Static<One["query"]>;
export type BodyOf<One extends Route> = Static<One["body"]>;
export type AnswerOf<One extends Route> = Static<One["answer"]>;

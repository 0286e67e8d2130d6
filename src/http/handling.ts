import type { Readable } from "node:stream";
import type { Contract, OperationId } from "./contract/contract.ts";
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Role, Route } from "./contract/route.ts";

/** Who asks: a token's id and role; on loopback without tokens, `local`. */
export type Caller = { readonly id: string; readonly role: Role };

/** A request that has been validated by its route's schemas. */
export type Asked<One extends Route> = {
  readonly params: ParamsOf<One>;
  readonly query: QueryOf<One>;
  readonly body: BodyOf<One>;
  readonly caller: Caller;
  /** Of the header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
};

/** An answer that is sent as it is. */
export type RawAnswer = { readonly raw: string | Readable; readonly headers?: Readonly<Record<string, string>> };

export type Answer<One extends Route> = One["media"] extends "application/json" ? AnswerOf<One> | RawAnswer : RawAnswer;

export type Handler<One extends Route> = (asked: Asked<One>) => Answer<One> | Promise<Answer<One>>;

/** What answers each of some operations. */
export type Handlers<Ids extends OperationId> = { readonly [Id in Ids]: Handler<Contract[Id]> };

export function isRaw(answer: unknown): answer is RawAnswer {
  return typeof answer === "object" && answer !== null && "raw" in answer;
}

import type { FastifyError } from "fastify";
import { Failure, isFailure } from "../base/failure.ts";
import type { FailureCode } from "../base/failure-codes.ts";
import type { FailureReason, Reasoned } from "../base/failure-reasons.ts";
import { statusOf } from "./status.ts";

/** A problem document of RFC 9457. */
export type ProblemDocument = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: FailureCode | "FAULT";
  readonly detail: string;
  /** Why, finer than the code, for who says it in another language; null: the detail alone says it. */
  readonly reason: FailureReason | null;
  /** Names and numbers that a sentence about it needs. */
  readonly values: Readonly<Record<string, string | number>>;
  readonly instance: string;
};

export const problemMedia = "application/problem+json";

/**
 * What a caller is told of something that was thrown. Of what is the server's own doing (5xx) only the code: its line may
 * name folders, and stands in the log under the request's number.
 */
export function problemOf(thrown: unknown, instance: string): ProblemDocument {
  const failure = asFailure(thrown);
  if (failure === undefined) {
    return document("FAULT", 500, instance, { detail: "a fault in Fundtrail: please report it" });
  }
  const { code } = failure;
  const status = statusOf[code];
  const isOwn = status >= 500 && code !== "SERVER_BUSY";
  const ours = { detail: "see the server's log under this request's number" };
  return document(code, status, instance, isOwn ? ours : told(failure));
}

function document(
  code: ProblemDocument["code"],
  status: number,
  instance: string,
  { detail, reason = null, values = {} }: Told,
): ProblemDocument {
  const title = code.toLowerCase().replaceAll("_", " ");
  return { type: `docs/errors.md#${code.toLowerCase()}`, title, status, code, detail, reason, values, instance };
}

type Told = Pick<ProblemDocument, "detail"> & Partial<Pick<ProblemDocument, "reason" | "values">>;

function told({ message, data }: Failure): Told {
  const { reason = null, values } = data as Reasoned;
  const { text, name } = data as { readonly text?: string; readonly name?: string };
  const named = text ?? name;
  return { detail: message, reason, values: { ...(named === undefined ? {} : { name: named }), ...values } };
}

/** What Fastify itself refuses becomes a failure of ours. Undefined: a fault. */
export function asFailure(thrown: unknown): Failure | undefined {
  if (isFailure(thrown)) return thrown;
  const { statusCode, code, validation, validationContext, message } = thrown as Partial<FastifyError>;
  const [first] = validation ?? [];
  if (first !== undefined) {
    const extra = (first.params as { readonly additionalProperty?: string }).additionalProperty;
    return new Failure("REQUEST_INVALID", {
      where: `${validationContext ?? "request"}${first.instancePath}`,
      why: `${first.message ?? "is invalid"}${extra === undefined ? "" : ` ("${extra}")`}`,
      mend: "see /openapi.json",
    });
  }
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new Failure("REQUEST_TOO_LARGE", { what: "the body is too long", mend: "send less at once" });
  }
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new Failure("UNSUPPORTED_MEDIA_TYPE", { accepted: "application/json" });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const why = `cannot be read: ${message ?? ""}`;
    return new Failure("REQUEST_INVALID", { where: "the request", why, mend: "see /openapi.json" });
  }
  return undefined;
}

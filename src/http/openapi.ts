import manifest from "../../package.json" with { type: "json" };
import type { FailureCode } from "../base/failure-codes.ts";
import { Problem } from "./contract/common.ts";
import { contract } from "./contract/contract.ts";
import type { Route } from "./contract/route.ts";
import { problemMedia } from "./problem.ts";
import { statusOf } from "./status.ts";

/** A parameter of an operation. */
export type OpenApiParameter = {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: object;
};

export type OpenApiOperation = {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly "x-role": string;
  readonly parameters: readonly OpenApiParameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
};

export type OpenApiDocument = {
  readonly openapi: "3.1.0";
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: object;
};

/** Failures that every operation may have. */
const anyFailures = ["REQUEST_INVALID", "HOST_REFUSED"] as const satisfies readonly FailureCode[];
const bodyFailures = ["UNSUPPORTED_MEDIA_TYPE", "REQUEST_TOO_LARGE"] as const satisfies readonly FailureCode[];
const closedFailures = ["TOKEN_REFUSED", "ROLE_MISSING", "RATE_LIMITED"] as const satisfies readonly FailureCode[];
const ledgerFailures = [
  "UNKNOWN_NAME",
  "INVALID_VALUE",
  "USAGE",
  "NOT_FOUND",
] as const satisfies readonly FailureCode[];

/** The API's description, OpenAPI 3.1, from the schemas that requests are validated by. */
export function openApiDocument(): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [id, route] of Object.entries<Route>(contract)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(id, route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Fundtrail",
      version: manifest.version,
      description: manifest.description,
      license: { name: manifest.license, identifier: manifest.license },
    },
    paths,
    components: {
      schemas: { Problem: plain(Problem) },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}

function operation(id: string, route: Route): OpenApiOperation {
  const isStart = route.method === "POST";
  return {
    operationId: id,
    summary: route.summary,
    tags: [route.group],
    security: route.role === "open" ? [] : [{}, { token: [] }],
    "x-role": route.role,
    parameters: [
      ...parametersOf(route, "path"),
      ...parametersOf(route, "query"),
      ...(route.failures.includes("IDEMPOTENCY_CONFLICT") ? [idempotencyKey] : []),
      ...(route.method === "GET" ? [ifNoneMatch] : []),
    ],
    ...(isStart
      ? { requestBody: { required: true, content: { "application/json": { schema: plain(route.body) } } } }
      : {}),
    responses: {
      [route.status]: { description: "The answer.", content: contentOf(route) },
      ...(route.method === "GET" ? { 304: { description: unchanged(route) } } : {}),
      ...problems(route),
    },
  };
}

function unchanged({ isCached }: Route): string {
  const any = "With If-None-Match: *, it is there";
  return isCached ? `Nothing has changed since the given ETag. ${any}.` : `${any}.`;
}

function contentOf({ media, otherMedia = [], answer }: Route): object {
  const others = otherMedia.map((one) => [one, { schema: { type: "string" } }] as const);
  return { [media]: { schema: plain(answer) }, ...Object.fromEntries(others) };
}

const idempotencyKey: OpenApiParameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "A second request with the same key and body gets the first one's answer.",
  schema: { type: "string", minLength: 1, maxLength: 64, pattern: "^[!-~]+$" },
};
const ifNoneMatch: OpenApiParameter = {
  name: "If-None-Match",
  in: "header",
  required: false,
  description: "The ETag of an earlier answer, where it had one; * for whatever is there.",
  schema: { type: "string" },
};

function parametersOf(route: Route, where: "path" | "query"): readonly OpenApiParameter[] {
  const schema = plain(where === "path" ? route.params : route.query) as {
    readonly properties?: Readonly<
      Record<string, object & { readonly description?: string; readonly default?: unknown }>
    >;
    readonly required?: readonly string[];
  };
  return Object.entries(schema.properties ?? {}).map(([name, { description = "", ...of }]) => ({
    name,
    in: where,
    required: of.default === undefined && schema.required?.includes(name) === true,
    description,
    schema: of,
  }));
}

function problems(route: Route): OpenApiOperation["responses"] {
  const isPlain = route.group === "server";
  const codes: readonly FailureCode[] = [
    ...anyFailures,
    ...(route.method === "POST" ? bodyFailures : []),
    ...(route.role === "open" ? [] : closedFailures),
    ...(isPlain ? [] : ledgerFailures),
    ...route.failures,
  ];
  const byStatus = new Map<number, FailureCode[]>();
  for (const code of codes) byStatus.set(statusOf[code], [...(byStatus.get(statusOf[code]) ?? []), code]);
  const content = { [problemMedia]: { schema: { $ref: "#/components/schemas/Problem" } } };
  return {
    ...Object.fromEntries([...byStatus].map(([status, of]) => [status, { description: of.join(", "), content }])),
    default: { description: "See docs/errors.md.", content },
  };
}

/** Without what the schemas carry for the compiler. */
function plain(schema: object): object {
  return JSON.parse(JSON.stringify(schema)) as object;
}

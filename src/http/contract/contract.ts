import { ledgerRoutes } from "./ledger.ts";
import { registerRoutes } from "./register.ts";
import type { Route } from "./route.ts";
import { screeningRoutes } from "./screenings.ts";
import { searchRoutes } from "./search.ts";
import { serverRoutes } from "./server.ts";
import { traceAnswerRoutes } from "./trace-answers.ts";
import { traceRoutes } from "./traces.ts";

/** Every operation of the API, by its id. Server, OpenAPI document and client come from here. */
export const contract = {
  ...ledgerRoutes,
  ...registerRoutes,
  ...searchRoutes,
  ...screeningRoutes,
  ...traceRoutes,
  ...traceAnswerRoutes,
  ...serverRoutes,
} satisfies Readonly<Record<string, Route>>;
export type Contract = typeof contract;
export type OperationId = keyof Contract;

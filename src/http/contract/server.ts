import { Type } from "typebox";
import { Any, words } from "./common.ts";
import { reads } from "./route.ts";

const Health = Type.Object({ status: words(["ok", "stopping"], "Whether requests are taken.") });

export const serverRoutes = {
  getHealth: {
    ...reads({ path: "/healthz", group: "server", summary: "Whether the process answers.", answer: Health }),
    role: "open" as const,
    isCached: false,
  },
  getReadiness: {
    ...reads({
      path: "/readyz",
      group: "server",
      summary: "Whether register and ledger can be read; 503 where not.",
      answer: Health,
    }),
    role: "open" as const,
    isCached: false,
  },
  getMetrics: {
    ...reads({
      path: "/metrics",
      group: "server",
      summary: "Measurements, in Prometheus' text format.",
      answer: Type.String(),
    }),
    media: "text/plain; version=0.0.4" as const,
    isCached: false,
  },
  getOpenApi: {
    ...reads({ path: "/openapi.json", group: "server", summary: "This description, OpenAPI 3.1.", answer: Any }),
    role: "open" as const,
    isCached: false,
  },
  getDocs: {
    ...reads({ path: "/docs", group: "server", summary: "This description as a page.", answer: Type.String() }),
    role: "open" as const,
    media: "text/html; charset=utf-8" as const,
    isCached: false,
  },
};

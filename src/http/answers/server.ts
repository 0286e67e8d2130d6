import type { serverRoutes } from "../contract/server.ts";
import { docsPage, docsPolicy } from "../docs-page.ts";
import type { Handlers } from "../handling.ts";
import type { LedgerViews } from "../ledger-view.ts";
import type { Gauge, Metrics } from "../metrics.ts";
import { openApiDocument } from "../openapi.ts";
import type { TraceJobs } from "../traces/trace-jobs.ts";
import { traceStates } from "../contract/traces.ts";

/** What tells about the server itself. */
export function serverHandlers(parts: {
  readonly views: LedgerViews | undefined;
  readonly jobs: TraceJobs | undefined;
  readonly metrics: Metrics;
  readonly stopping: AbortSignal;
}): Handlers<keyof typeof serverRoutes> {
  const { views, metrics, stopping } = parts;
  const document = openApiDocument();
  const [json, page] = [JSON.stringify(document), docsPage(document)];
  const gauges = gaugesOf(parts);
  const health = () => ({ status: stopping.aborted ? ("stopping" as const) : ("ok" as const) });
  return {
    getHealth: health,
    getReadiness: () => {
      // Throws where the ledger cannot be read.
      views?.commit();
      return health();
    },
    getMetrics: async () => {
      const heights = await heightsOf(views);
      const tips: Gauge = {
        name: "fundtrail_ledger_tip_height",
        help: "The last block's height.",
        samples: () => heights,
      };
      return { raw: metrics.text([...gauges, tips]) };
    },
    getOpenApi: () => ({ raw: json, headers: { "content-type": "application/json; charset=utf-8" } }),
    getDocs: () => ({ raw: page, headers: { "content-security-policy": docsPolicy } }),
  };
}

async function heightsOf(views: LedgerViews | undefined): Promise<ReturnType<Gauge["samples"]>> {
  if (views === undefined) return [];
  return views.use(({ chains }) =>
    chains.map(({ chain, state }) => ({ labels: { chain: chain.id }, value: state.tip?.height ?? -1 })),
  );
}

function gaugesOf({ views, jobs }: Parameters<typeof serverHandlers>[0]): readonly Gauge[] {
  const one = (name: string, help: string, value: () => number): Gauge => ({
    name,
    help,
    samples: () => [{ labels: {}, value: value() }],
  });
  return [
    one("process_resident_memory_bytes", "Memory of the process.", () => process.memoryUsage.rss()),
    one("nodejs_heap_size_used_bytes", "Of that, in use by JavaScript.", () => process.memoryUsage().heapUsed),
    one("process_uptime_seconds", "Since the process began.", () => process.uptime()),
    one("fundtrail_ledger_states_open", "States of the ledger that are held.", () => views?.open ?? 0),
    {
      name: "fundtrail_traces",
      help: "Traces that are known, by state.",
      samples: () => traceStates.map((state) => ({ labels: { state }, value: jobs?.count(state) ?? 0 })),
    },
  ];
}

/** Upper bounds of request durations, in seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30] as const;

type Timing = { readonly counts: number[]; sum: number; count: number };

/** A measurement that is taken when it is asked for. */
export type Gauge = {
  readonly name: string;
  readonly help: string;
  readonly samples: () => readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
};

/** Counts requests, and writes that and other measurements in Prometheus' text format, version 0.0.4. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #timings = new Map<string, Timing>();

  /** @param route - An operation's id, so that the number of series is bounded. */
  count(route: string, status: number, seconds: number): void {
    const key = `${route} ${status}`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    const timing = this.#timings.get(route) ?? { counts: bounds.map(() => 0), sum: 0, count: 0 };
    this.#timings.set(route, timing);
    timing.sum += seconds;
    timing.count += 1;
    const at = bounds.findIndex((bound) => seconds <= bound);
    if (at >= 0) timing.counts[at] = (timing.counts[at] ?? 0) + 1;
  }

  text(gauges: readonly Gauge[]): string {
    const lines: string[] = [];
    const head = (name: string, help: string, type: string): void => {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    };
    const requests = "fundtrail_http_requests_total";
    head(requests, "Requests that were answered.", "counter");
    for (const [key, value] of this.#requests) {
      const [route = "", status = ""] = key.split(" ");
      lines.push(`${requests}${labelText({ route, status })} ${value}`);
    }
    const duration = "fundtrail_http_request_duration_seconds";
    head(duration, "From the request's head to the end of its answer.", "histogram");
    for (const [route, { counts, sum, count }] of this.#timings) {
      let below = 0;
      for (const [index, bound] of bounds.entries()) {
        below += counts[index] ?? 0;
        lines.push(`${duration}_bucket${labelText({ route, le: String(bound) })} ${below}`);
      }
      lines.push(`${duration}_bucket${labelText({ route, le: "+Inf" })} ${count}`);
      lines.push(`${duration}_sum${labelText({ route })} ${sum}`, `${duration}_count${labelText({ route })} ${count}`);
    }
    for (const { name, help, samples } of gauges) {
      head(name, help, "gauge");
      for (const { labels, value } of samples()) lines.push(`${name}${labelText(labels)} ${value}`);
    }
    return `${lines.join("\n")}\n`;
  }
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
    return `${name}="${escaped}"`;
  });
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

/** What became of a theft's funds, as far as a page that only shows it follows them. */
import { fingerprint } from "../base/fingerprint.ts";
import { api, ApiProblem, type AnswerOf, type Contract } from "./api.ts";
import type { Ledger } from "./ledger.ts";
import { useAnswer, type Asked } from "./use-answer.ts";

export type LedgerChain = Ledger["chains"][number];
type Job = AnswerOf<Contract["getTrace"]>;

/** The same theft by every policy of its chain, with what prices its assets. */
export type Flow = {
  readonly job: Job;
  readonly summary: AnswerOf<Contract["getTraceSummary"]>;
  readonly comparison: AnswerOf<Contract["getTraceComparison"]>;
};

/** A page that is only looked at has no more than this followed; the page of traces sets no such limit. */
export const transactionsMax = 50_000;
const destinationsMax = 1_000;
/** The server is asked how far it is, at first often. */
const [pauseLeastMs, pauseMostMs] = [100, 2_000];

/**
 * Where a theft's funds went on a chain. Looked at again, the same trace answers as long as the chain has not grown.
 *
 * Fails with `USAGE` where none of the theft's transactions is in the ledger.
 */
export function useFlow(incident: string, { chain, tip }: LedgerChain): Asked<Flow> {
  const state = `${tip?.height ?? ""} ${tip?.hash ?? ""}`;
  return useAnswer(`flow ${incident} ${chain} ${state}`, async (signal) => {
    const job = await traced({ incident, chain, compare: "on", budget: transactionsMax }, state, signal);
    const params = { id: job.id };
    const [summary, comparison] = await Promise.all([
      api().get("/v1/traces/{id}/summary", { params, signal }),
      api().get("/v1/traces/{id}/compare", { params, query: { limit: destinationsMax }, signal }),
    ]);
    return { job, summary, comparison };
  });
}

type Question = {
  readonly incident: string;
  readonly chain: string;
  readonly compare: "on";
  readonly budget: number;
};

/** The trace of this question that the server has, else a new one, once it is done. */
async function traced(body: Question, state: string, signal: AbortSignal): Promise<Job> {
  for (let attempt = 0; ; attempt += 1) {
    const idempotencyKey = `flow-${fingerprint(JSON.stringify([body, state, attempt]))}`;
    const isLast = attempt === 3;
    try {
      const { id } = await api().post("/v1/traces", { body, idempotencyKey, signal });
      const job = await ended(id, signal);
      if (job.state === "done") return job;
      // One that was cancelled, as at the server's end, is begun anew; one that failed would fail again.
      if (job.state === "failed" || isLast) throw problemOf(job);
    } catch (thrown) {
      // The server has forgotten the trace of this key.
      const isForgotten = thrown instanceof ApiProblem && thrown.problem.code === "NOT_FOUND";
      if (!isForgotten || isLast) throw thrown;
    }
  }
}

async function ended(id: string, signal: AbortSignal): Promise<Job> {
  for (let pause = pauseLeastMs; ; pause = Math.min(pause * 2, pauseMostMs)) {
    const job = await api().get("/v1/traces/{id}", { params: { id }, signal });
    if (job.ended !== null) return job;
    await new Promise((resolve) => void setTimeout(resolve, pause));
    signal.throwIfAborted();
  }
}

/** What kept a trace from its end, as the API says what keeps it from an answer. */
function problemOf({ id, problem }: Job): ApiProblem {
  const { code, detail } = problem ?? { code: "TRACE_UNFINISHED", detail: "the trace was cancelled" };
  return new ApiProblem({ type: "about:blank", title: detail, status: 409, code, detail, instance: id } as never);
}

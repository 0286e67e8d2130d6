import type { Problem } from "../text/problem-words.ts";
import { api, ApiProblem, type AnswerOf, type Contract } from "./api.ts";
import { keptToken } from "./token.ts";
import type { Verdict } from "./verdict.ts";

/** What is screened. */
export type ScreeningAsked = {
  readonly subject: string;
  /** Alias or CAIP-2; undefined: whichever chain of the ledger it belongs to. */
  readonly chain: string | undefined;
  readonly direction: "deposit" | "withdrawal" | "either";
};

/** A screening as the server keeps it. */
export type Screening = { readonly id: string; readonly at: string; readonly verdict: Verdict };

/** What came of one of a list. */
export type ListedScreening =
  | { readonly index: number; readonly screening: Screening }
  | { readonly index: number; readonly problem: Problem };

/** What of an address's receipts came from known thefts and illicit entities, and why there may be more. */
export type Exposures = AnswerOf<Contract["listExposures"]>;

/** Screens one subject; the server keeps the verdict. */
export async function screenOne(asked: ScreeningAsked, signal: AbortSignal): Promise<Screening> {
  return api().post("/v1/screenings", { body: bodyOf(asked), signal });
}

/** A screening that was made before. */
export async function keptScreening(id: string, signal: AbortSignal): Promise<Screening> {
  return api().get("/v1/screenings/{id}", { params: { id }, signal });
}

export async function exposuresOf(chain: string, address: string, signal: AbortSignal): Promise<Exposures> {
  const asked = { params: { chain, address }, signal };
  return api().get("/v1/chains/{chain}/addresses/{address}/exposures", asked);
}

/** So many go to the server in one request, which takes a megabyte. */
const batchItems = 2_000;

/**
 * Screens a list, in its order, each verdict as it comes.
 *
 * @throws {ApiProblem} where the server refuses a part of the list as a whole; what `fetch` throws.
 */
export async function* screenList(
  list: readonly ScreeningAsked[],
  signal: AbortSignal,
): AsyncGenerator<ListedScreening, void, undefined> {
  for (let from = 0; from < list.length; from += batchItems) {
    const items = list.slice(from, from + batchItems).map(bodyOf);
    for await (const line of linesOf(await postBatch(items, signal))) {
      const { index, problem, ...screening } = JSON.parse(line) as { readonly index: number } & Screening & {
          readonly problem?: ApiProblem["problem"];
        };
      // The list cannot go on; what came before stands.
      if (problem !== undefined && index < 0) throw new ApiProblem(problem);
      yield problem === undefined ? { index: from + index, screening } : { index: from + index, problem };
    }
  }
}

function bodyOf({ subject, chain, direction }: ScreeningAsked) {
  return { subject, direction, ...(chain === undefined ? {} : { chain }) };
}

/** By hand: the client reads an answer whole. */
async function postBatch(
  items: readonly ReturnType<typeof bodyOf>[],
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const headers = new Headers({ "content-type": "application/json" });
  const token = keptToken();
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  const body = JSON.stringify({ items });
  const answer = await fetch("/v1/screenings/batch", { method: "POST", headers, body, signal });
  if (!answer.ok || answer.body === null) throw new ApiProblem((await answer.json()) as ApiProblem["problem"]);
  return answer.body;
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    rest += decoder.decode(part.value, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
  if (rest.trim() !== "") yield rest;
}

import { ApiProblem } from "../../../data/api.ts";
import { keptToken } from "../../../data/token.ts";

/** An answer of the API as it comes: large ones go to the worker or into a file as they are. @throws {ApiProblem} */
export async function getRaw(path: string, signal: AbortSignal): Promise<Response> {
  const token = keptToken();
  const answer = await fetch(path, {
    signal,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new ApiProblem((await answer.json()) as ConstructorParameters<typeof ApiProblem>[0]);
  return answer;
}

export function tracePath(id: string, rest: string): string {
  return `/v1/traces/${encodeURIComponent(id)}/${rest}`;
}

import { ApiProblem, connect, type Client } from "../../src/http/client.ts";
import { keptToken } from "./token.ts";

export { ApiProblem };
export type { AnswerOf } from "../../src/http/contract/route.ts";
export type { Contract } from "../../src/http/contract/contract.ts";

/** The API of the server that sent the page, with the token of this tab where there is one. */
export function api(): Client {
  const token = keptToken();
  return connect({ url: "", ...(token === undefined ? {} : { token }) });
}

import { paths, withQuery } from "../routing/routes.ts";
import { api, type AnswerOf, type Contract } from "./api.ts";
import { useAnswer, type Asked } from "./use-answer.ts";

export type Found = AnswerOf<Contract["search"]>;
export type Hit = Found["hits"][number];

const hitsMax = 12;

/** What a text names, as typed; nothing is asked of an empty one. */
export function useSearch(q: string): Asked<Found> {
  const text = q.trim().slice(0, 200);
  return useAnswer(text === "" ? undefined : `search ${text}`, async (signal) =>
    api().get("/v1/search", { query: { q: text, limit: hitsMax }, signal }),
  );
}

/** The same at once; undefined where nothing answers. */
export async function askSearch(q: string): Promise<Found | undefined> {
  try {
    return await api().get("/v1/search", { query: { q: q.slice(0, 200), limit: hitsMax } });
  } catch {
    // The page says elsewhere that the server does not answer.
    return undefined;
  }
}

/** The page of a hit. */
export function pageOf({ kind, id, chain, path }: Hit): string {
  const on = chain ?? "";
  switch (kind) {
    case "address":
      return paths.address(on, id);
    case "transaction":
      return paths.transaction(on, id);
    case "output":
    case "transfer":
      return paths.transaction(on, id.slice(0, id.lastIndexOf(":")));
    case "block":
      return withQuery("/ledger", { chain: on, block: id });
    case "incident":
      return paths.incident(id);
    case "actor":
      return paths.actor(id);
    case "entity":
      return paths.address(on, decodeURIComponent((path ?? "").split("/").at(-1) ?? ""));
    default:
      return kind satisfies never;
  }
}

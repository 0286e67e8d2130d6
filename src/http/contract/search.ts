import { Type } from "typebox";
import { ChainId, limitOf, orNull, words } from "./common.ts";
import { reads, strict } from "./route.ts";

export const hitKinds = [
  "address",
  "transaction",
  "output",
  "transfer",
  "block",
  "incident",
  "actor",
  "entity",
] as const;

const Hit = Type.Object({
  kind: words(hitKinds, "What was found."),
  id: Type.String({ description: "What it is called within its kind: an address, a reference, a height, an id." }),
  label: Type.String({ description: "What to show." }),
  chain: orNull(ChainId),
  path: orNull(Type.String({ description: "Where the API tells more." })),
  isExact: Type.Boolean({ description: "Whether it is what was typed, and not only like it." }),
  seen: orNull(Type.Boolean({ description: "Of an address: whether the ledger has seen it. False is not clean." })),
});

export const searchRoutes = {
  search: reads({
    path: "/v1/search",
    group: "search",
    summary:
      "What a text names: an address (checksum tested), a transaction, TXID:INDEX, a block's height, an incident, an actor, " +
      "or a tagged entity by a part of its name.",
    query: Type.Object(
      {
        q: Type.String({ minLength: 1, maxLength: 200, description: "As typed; white space around it is left out." }),
        limit: limitOf(50, 20),
      },
      strict,
    ),
    answer: Type.Object({
      q: Type.String(),
      exact: orNull(Hit),
      hits: Type.Array(Hit, { description: "What was typed, then what is like it." }),
      more: Type.Boolean({ description: "Whether there are more than the limit." }),
      notes: Type.Array(Type.String(), { description: "Why a text that looks like something is not found." }),
    }),
  }),
};

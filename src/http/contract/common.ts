import { Type } from "typebox";
import { failureReasons } from "../../base/failure-reasons.ts";
import { orNull, words } from "../../base/schema.ts";
import { confidences } from "../../tags/actor.ts";
import { strict } from "./route.ts";

export { orNull, words };

export const ChainText = Type.String({
  minLength: 1,
  maxLength: 41,
  pattern: "^[-_:a-zA-Z0-9]+$",
  description: "A chain: an alias such as `bitcoin`, or a CAIP-2 id.",
});
export const ChainId = Type.String({ description: "CAIP-2." });
export const AddressText = Type.String({
  minLength: 1,
  maxLength: 160,
  description: "An address as its chain writes it; `multisig:` or `script:` and a hash where the owner has none.",
});
export const TxidText = Type.String({ minLength: 1, maxLength: 160, description: "A transaction's id." });
export const AccountId = Type.String({ description: "CAIP-10." });
export const Amount = Type.String({ pattern: "^-?[0-9]{1,80}$", description: "Base units, a decimal integer." });
export const AssetId = Type.String({ description: "CAIP-19." });
export const Usd = Type.String({ pattern: "^-?[0-9]+\\.[0-9]{2}$", description: "US dollars with cents." });
export const Time = Type.String({ description: "ISO 8601, UTC." });
export const Height = Type.Integer({ minimum: 0 });
export const Cursor = Type.String({
  minLength: 1,
  maxLength: 200,
  description: "`next` of the page before; none: the first page.",
});
export const Next = orNull(Type.String({ description: "The cursor of the next page; null: this is the last." }));
export const limitOf = (most: number, usual: number) =>
  Type.Integer({ minimum: 1, maximum: most, default: usual, description: "How many at most." });
export const Confidence = words(confidences, "How sure it is.");
export const Any = Type.Record(Type.String(), Type.Unknown());

/** The state that an answer was read from. */
export const Tip = orNull(
  Type.Object({ height: Height, hash: orNull(Type.String()), time: Time }, { description: "The last block." }),
);
export const ChainParams = Type.Object({ chain: ChainText }, strict);
export const AddressParams = Type.Object({ chain: ChainText, address: AddressText }, strict);
export const IdParams = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 100, pattern: "^[-_.a-zA-Z0-9]+$" }) },
  strict,
);

/** RFC 9457. */
export const Problem = Type.Object({
  type: Type.String({ description: "Where the code is described." }),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: "A code of docs/errors.md, or FAULT." }),
  detail: Type.String({ description: "What is wrong, where, and what to do." }),
  reason: orNull(
    words(
      failureReasons,
      "Why, finer than the code, for who says it in another language; null: only `detail` says it.",
    ),
  ),
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
    description: "Names and numbers that a sentence about it needs.",
  }),
  instance: Type.String({ description: "The request's number, as the server's log has it." }),
});

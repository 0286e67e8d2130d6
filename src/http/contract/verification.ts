import { Type } from "typebox";
import { theftRules } from "../../trace/theft/theft-transaction.ts";
import { Amount, AssetId, ChainId, Height, orNull, Time, Tip, Usd, words } from "./common.ts";

const Sums = Type.Array(Type.Object({ asset: AssetId, amount: Amount }));
const Count = Type.Integer({ minimum: 0 });
const Price = Type.Object({
  day: Type.String(),
  usd: Type.String({ description: "Dollars for one whole unit, a decimal." }),
  kind: Type.String(),
  source: Type.String(),
});

/** What a theft's transactions took, beside the register's figures: `docs/methods/verify.md`. */
export const Verification = Type.Object({
  incident: Type.String(),
  complete: Type.Boolean({
    description: "Every transaction was found and every amount priced; else `usd` is a least.",
  }),
  usd: orNull(
    Type.Unsafe<string>({ ...Usd, description: "What left, by the prices of the blocks' days; null: unknown." }),
  ),
  registered: orNull(Type.Object({ usd: Usd, basis: Type.String() }, { description: "The register's central value." })),
  difference: orNull(Type.Unsafe<string>({ ...Usd, description: "`usd` less the register's value." })),
  assets: Type.Array(
    Type.Object({
      asset: AssetId,
      amount: Type.Unsafe<string>({ ...Amount, description: "What left the victim, less what was paid away." }),
      paidAway: Type.Unsafe<string>({ ...Amount, description: "Of it, given back in the same transactions." }),
      registered: orNull(
        Type.Unsafe<string>({ ...Amount, description: "Null: the register does not name this asset." }),
      ),
      difference: orNull(Amount),
      usd: orNull(Usd),
      unpriced: Type.Integer({ minimum: 0, description: "Transactions without a price of their day." }),
      prices: Type.Array(Price),
    }),
  ),
  unseen: Type.Array(Type.Object({ stolen: Type.String(), why: Type.String() }), {
    description: "What the register says was stolen and the transactions do not show.",
  }),
  chains: Type.Array(
    Type.Object({
      chain: ChainId,
      tip: Tip,
      internalUnknown: Type.Integer({
        minimum: 0,
        description: "Blocks of which inner transfers are not known: what left by them is not counted.",
      }),
      transactions: Type.Array(
        Type.Object({
          transaction: Type.String(),
          block: Height,
          time: Time,
          rule: words(theftRules, "How it was told what was taken."),
          taken: Sums,
          paidAway: Sums,
          unknownInputs: Count,
        }),
      ),
      missing: Type.Array(Type.String(), { description: "Not in the ledger: what these took is unknown, and not 0." }),
    }),
  ),
  elsewhere: Type.Array(Type.Object({ chain: ChainId, transactions: Type.Array(Type.String()) }), {
    description: "On chains that the ledger does not hold: unknown too.",
  }),
});

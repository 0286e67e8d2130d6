import { multiplyDecimal, parseDecimal } from "../../src/base/decimal.ts";
import { usdFromDecimal, type Usd } from "../../src/base/usd.ts";
import { assetName } from "../base/assets.ts";
import { api, type AnswerOf, type Contract } from "./api.ts";
import { useAnswer, type Asked } from "./use-answer.ts";

export type Verification = AnswerOf<Contract["verifyIncident"]>;
export type VerifiedTransaction = Verification["chains"][number]["transactions"][number] & { readonly chain: string };

/** What a theft's transactions took, by the ledger. Fails with `NOT_FOUND` where the server has none. */
export function useVerification(id: string): Asked<Verification> {
  return useAnswer(`verification ${id}`, async (signal) =>
    api().get("/v1/incidents/{id}/verify", { params: { id }, signal }),
  );
}

/**
 * How the chain stands to the register's amounts. `unseen`: none of the transactions is in the ledger. `partly`: some are, and
 * what they took is no more than the register says. `uncompared`: the register names no amount of what left.
 */
export type Standing = "agrees" | "differs" | "partly" | "uncompared" | "unseen";

export function standingOf({ chains, elsewhere, assets, unseen }: Verification): Standing {
  if (chains.every(({ transactions }) => transactions.length === 0)) return "unseen";
  const isWhole =
    elsewhere.length + unseen.length === 0 &&
    chains.every(({ missing, internalUnknown }) => missing.length + internalUnknown === 0);
  const differences = assets.flatMap(({ difference }) => (difference === null ? [] : [BigInt(difference)]));
  // More than the register says is no matter of what was not looked at.
  if (differences.some((one) => one > 0n || (isWhole && one < 0n))) return "differs";
  if (!isWhole) return "partly";
  return differences.length < assets.length || assets.length === 0 ? "uncompared" : "agrees";
}

/** What left in a transaction less what it paid away, and its worth by the price of the block's day; undefined: no price. */
export type Left = { readonly asset: string; readonly amount: bigint; readonly usd: Usd | undefined };

export function leftIn({ taken, paidAway, time }: VerifiedTransaction, { assets }: Verification): readonly Left[] {
  const away = new Map(paidAway.map(({ asset, amount }) => [asset, BigInt(amount)]));
  const day = time.slice(0, 10);
  return taken.map(({ asset, amount: text }) => {
    const amount = BigInt(text) - (away.get(asset) ?? 0n);
    const price = assets.find((one) => one.asset === asset)?.prices.find((one) => one.day === day);
    const { decimals } = assetName(asset);
    if (price === undefined || decimals === undefined || amount < 0n) return { asset, amount, usd: undefined };
    const worth = multiplyDecimal({ digits: amount, scale: decimals }, parseDecimal(price.usd, "price"));
    return { asset, amount, usd: usdFromDecimal(worth) };
  });
}

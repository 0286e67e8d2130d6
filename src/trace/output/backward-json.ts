import { backwardNotes } from "../backward/notes.ts";
import type { Backward } from "../backward/sources.ts";
import { worthOfBackward, worthOfSource } from "../worth/funds-worth.ts";
import { roundWorth, type Valuer } from "../worth/valuer.ts";
import { isoTime } from "./json.ts";
import { depositTimeNames, depositWorthJson, pricesJson, totalJson } from "./worth-json.ts";

/**
 * The answer of a trace back as a value of JSON: amounts in base units, null where there is none; shares in millionths of the
 * deposits of the asset; dollars as decimal text, null where a price is not known.
 *
 * @param valuer - Of the deposits as origins.
 */
export function backwardJson(found: Backward, valuer: Valuer): object {
  const { chain, model, policy, basis, deposits, funds, sources, leftOut, cost } = found;
  const totals = new Map<string, bigint>();
  for (const { asset, amount } of deposits) totals.set(asset, (totals.get(asset) ?? 0n) + amount);
  const worth = worthOfBackward(found, valuer);
  const moment = ({ txid, height, time }: Backward["deposits"][number] | Backward["sources"][number]): object => ({
    transaction: txid,
    block: height,
    time: isoTime(time),
  });
  return {
    chain: chain.id,
    model,
    policy,
    basis,
    deposits: deposits.map((one) => ({
      ref: one.ref,
      address: one.address,
      asset: one.asset,
      amount: String(one.amount),
      ...moment(one),
      usd: depositWorthJson(roundWorth(valuer.worth(one.asset, one.amount, one.time))),
    })),
    funds: funds.map((one) => ({
      ...one,
      share: shareOf(one.amount, totals.get(one.asset) ?? 0n),
      amount: amountText(one.amount),
      direct: amountText(one.direct),
      indirect: amountText(one.indirect),
      usd: totalJson(worth.of(one), depositTimeNames),
    })),
    sources: sources.map((one) => ({
      kind: one.kind,
      entity: one.entity,
      category: one.category,
      ref: one.ref,
      address: one.address,
      asset: one.asset,
      amount: amountText(one.amount),
      hops: one.hops,
      ...moment(one),
      usd: depositWorthJson(roundWorth(worthOfSource(one, valuer))),
    })),
    leftOut: leftOut ?? null,
    notes: backwardNotes(found),
    usd: {
      depositDay: valuer.theftDay ?? null,
      now: valuer.newest ?? null,
      deposits: totalJson(worth.deposits, depositTimeNames),
    },
    prices: pricesJson(valuer),
    cost,
  };
}

function amountText(amount: bigint | undefined): string | null {
  return amount === undefined ? null : String(amount);
}

function shareOf(amount: bigint | undefined, whole: bigint): string | null {
  return amount === undefined || whole === 0n ? null : String((amount * 1_000_000n) / whole);
}

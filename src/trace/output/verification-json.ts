import { formatDecimal, type Decimal } from "../../base/decimal.ts";
import { formatUsd, type Usd } from "../../base/usd.ts";
import type { Stolen } from "../../incidents/incident.ts";
import type { VerifiedAsset, Verification } from "../theft/verify.ts";
import { isoTime } from "./json.ts";

/** A verification as a value of JSON: amounts in base units and dollars as decimal text, null where not known. */
export function verificationJson({ chains, elsewhere, assets, unseen, ...one }: Verification) {
  return {
    incident: one.incident,
    complete: one.isComplete,
    usd: usdText(one.usd),
    registered:
      one.registered === undefined ? null : { usd: formatUsd(one.registered.usd), basis: one.registered.basis },
    difference: usdText(one.difference),
    assets: assets.map(assetJson),
    unseen: unseen.map(({ item, why }) => ({ stolen: stolenText(item), why })),
    chains: chains.map(({ chain, tip, internalUnknown, found, missing }) => ({
      chain: chain.id,
      tip: tip === undefined ? null : { height: tip.height, hash: tip.hash ?? null, time: isoTime(tip.time) },
      internalUnknown,
      transactions: found.map(({ txid, height, time, rule, taken, paidAway, unknownInputs }) => ({
        transaction: txid,
        block: height,
        time: isoTime(time),
        rule,
        taken: amountsJson(taken),
        paidAway: amountsJson(paidAway),
        unknownInputs,
      })),
      missing: [...missing],
    })),
    elsewhere: elsewhere.map(({ chain, txids }) => ({ chain: chain.id, transactions: [...txids] })),
  };
}

/** What the register says was stolen, in words. */
export function stolenText(item: Stolen): string {
  switch (item.kind) {
    case "asset": {
      const { symbol, decimals = 0 } = item.asset;
      const amount: Decimal = { digits: item.units, scale: decimals };
      return `${formatDecimal(amount)} ${symbol}`;
    }
    case "token":
      return `${formatDecimal(item.amount)} ${item.symbol}`;
    case "lot":
      return item.text;
    default:
      return item satisfies never;
  }
}

function assetJson({ asset, onChain, paidAway, registered, difference, usd, unpriced, prices }: VerifiedAsset) {
  return {
    asset,
    amount: String(onChain),
    paidAway: String(paidAway),
    registered: registered === undefined ? null : String(registered),
    difference: difference === undefined ? null : String(difference),
    usd: usdText(usd),
    unpriced,
    prices: prices.map((price) => ({
      day: price.day,
      usd: formatDecimal(price.usd),
      kind: price.kind,
      source: price.source,
    })),
  };
}

function amountsJson(amounts: ReadonlyMap<string, bigint>) {
  return [...amounts].map(([asset, amount]) => ({ asset, amount: String(amount) }));
}

function usdText(usd: Usd | undefined): string | null {
  return usd === undefined ? null : formatUsd(usd);
}

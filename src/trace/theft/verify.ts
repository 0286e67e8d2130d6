import { asset } from "../../base/assets.ts";
import { chain as knownChain, type KnownChain } from "../../base/chains.ts";
import type { Day } from "../../base/day.ts";
import { addDecimal, multiplyDecimal, type Decimal } from "../../base/decimal.ts";
import { Failure } from "../../base/failure.ts";
import { subtractUsd, sumUsd, usdFromDecimal, type Usd } from "../../base/usd.ts";
import type { Incident, Stolen, Valuation } from "../../incidents/incident.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { pricesOn, type Price, type PriceTable } from "../../prices/price-table.ts";
import { decimalsOf } from "../price-rule.ts";
import { partiesOn } from "./incident-chain.ts";
import { theftOnChain } from "./theft-on-chain.ts";
import { addTo, type TheftOnChain, type TheftTransaction } from "./theft-transaction.ts";

/** One asset that left the victim, beside what the register says. */
export type VerifiedAsset = {
  readonly asset: string;
  /** What the theft's transactions took, less what they paid away of it in the same transactions; base units. */
  readonly onChain: bigint;
  readonly paidAway: bigint;
  /** What the register says; undefined: it does not name this asset. */
  readonly registered: bigint | undefined;
  /** `onChain − registered`. */
  readonly difference: bigint | undefined;
  /** At the prices of the blocks' days; undefined where no price of any of them is known. */
  readonly usd: Usd | undefined;
  /** Transactions of which no price of the asset is known on their day. */
  readonly unpriced: number;
  /** The prices that were used. */
  readonly prices: readonly Price[];
};

/** What a chain of the ledger has of a theft, and up to where the ledger has the chain. */
export type VerifiedChain = TheftOnChain & {
  readonly chain: KnownChain;
  readonly tip: ChainReader["state"]["tip"];
  /** Blocks of the chain of which transfers inside transactions are not known: what left by them is not counted. */
  readonly internalUnknown: number;
};

/** An incident's theft as the ledger has it, beside the register's figures. */
export type Verification = {
  readonly incident: string;
  readonly chains: readonly VerifiedChain[];
  /** Transactions on chains that the ledger does not hold. */
  readonly elsewhere: readonly { readonly chain: KnownChain; readonly txids: readonly string[] }[];
  readonly assets: readonly VerifiedAsset[];
  /** What the register says was stolen and none of the transactions shows, each with the reason. */
  readonly unseen: readonly { readonly item: Stolen; readonly why: string }[];
  /** Whether every transaction was found and every amount priced. */
  readonly isComplete: boolean;
  /** The sum of what is priced; a lower bound where it is not complete. Undefined: nothing is. */
  readonly usd: Usd | undefined;
  /** The register's central value at the theft; undefined where it has none. */
  readonly registered: Valuation | undefined;
  readonly difference: Usd | undefined;
};

/** Transactions by chain. */
export type TheftTransactions = ReadonlyMap<KnownChain, readonly string[]>;

/**
 * The transactions that the register names for an incident, by chain.
 *
 * @throws {Failure} `UNKNOWN_NAME` where it names none.
 */
export function registeredThefts({ id, chain }: Incident): TheftTransactions {
  const found = new Map<KnownChain, string[]>();
  const chains = new Map<string, KnownChain>();
  for (const text of chain.theft) {
    const colon = text.indexOf(":");
    const alias = text.slice(0, colon);
    const on = chains.get(alias) ?? knownChain(alias);
    chains.set(alias, on);
    found.set(on, [...(found.get(on) ?? []), text.slice(colon + 1)]);
  }
  if (found.size > 0) return found;
  const mend = "give them with --transactions FILE, one id a line, to fundtrail incident verify";
  throw new Failure("UNKNOWN_NAME", { kind: "theft", name: id, where: "the register's theft transactions", mend });
}

/**
 * What an incident's transactions really took, valued at their blocks' days, against the register's figures. Unknown
 * prices are unknown, never 0. The rules stand in `docs/methods/verify.md`.
 *
 * Cost: the rows of the transactions.
 */
export function verifyIncident(
  incident: Incident,
  {
    readers,
    thefts,
    prices,
  }: {
    readonly readers: readonly ChainReader[];
    readonly thefts: TheftTransactions;
    readonly prices: PriceTable;
  },
): Verification {
  const chains: VerifiedChain[] = [];
  const elsewhere: { readonly chain: KnownChain; readonly txids: readonly string[] }[] = [];
  for (const [chain, txids] of thefts) {
    const reader = readers.find((one) => one.chain.id === chain.id);
    if (reader === undefined) {
      elsewhere.push({ chain, txids });
      continue;
    }
    const { tip, internalUnknown } = reader.state;
    chains.push({ chain, tip, internalUnknown, ...theftOnChain(reader, txids, partiesOn(incident, chain)) });
  }
  const found = chains.flatMap((one) => one.found);
  const assets = assetsOf(found, incident, prices);
  const priced = assets.flatMap(({ usd }) => usd ?? []);
  const usd = priced.length === 0 ? undefined : sumUsd(priced);
  const [registered] = incident.valuesAtTheft;
  return {
    incident: incident.id,
    chains,
    elsewhere,
    assets,
    unseen: unseenOf(incident, assets, new Set(chains.map(({ chain }) => chain.id))),
    isComplete:
      found.length > 0 &&
      elsewhere.length === 0 &&
      chains.every(({ missing }) => missing.length === 0) &&
      assets.every(({ unpriced }) => unpriced === 0),
    usd,
    registered,
    difference: usd === undefined || registered === undefined ? undefined : subtractUsd(usd, registered.usd),
  };
}

function assetsOf(
  found: readonly TheftTransaction[],
  incident: Incident,
  prices: PriceTable,
): readonly VerifiedAsset[] {
  const ids = [...new Set(found.flatMap(({ taken }) => [...taken.keys()]))].toSorted();
  return ids.map((id): VerifiedAsset => {
    const sums = new Map<string, bigint>();
    let worth: Decimal = { digits: 0n, scale: 0 };
    let unpriced = 0;
    const used = new Map<string, Price>();
    for (const { taken, paidAway, time } of found) {
      const [took, paid] = [taken.get(id) ?? 0n, paidAway.get(id) ?? 0n];
      const left = took > paid ? took - paid : 0n;
      addTo(sums, "left", left);
      addTo(sums, "paid", paid);
      if (left === 0n) continue;
      const day = new Date(time * 1_000).toISOString().slice(0, 10) as Day;
      const [price] = pricesOn(prices, id, day);
      const decimals = decimalsOf(id);
      if (price === undefined || decimals === undefined) {
        unpriced += 1;
        continue;
      }
      used.set(day, price);
      worth = addDecimal(worth, multiplyDecimal({ digits: left, scale: decimals }, price.usd));
    }
    const onChain = sums.get("left") ?? 0n;
    const registered = registeredOf(incident, id);
    return {
      asset: id,
      onChain,
      paidAway: sums.get("paid") ?? 0n,
      registered,
      difference: registered === undefined ? undefined : onChain - registered,
      usd: used.size === 0 ? undefined : usdFromDecimal(worth),
      unpriced,
      prices: [...used.values()],
    };
  });
}

/** What the register says of an asset, several entries of it together. */
function registeredOf({ stolen }: Incident, id: string): bigint | undefined {
  const own = stolen.flatMap((item) => (item.kind === "asset" && asset(item.asset.id).id === id ? [item.units] : []));
  return own.length === 0 ? undefined : own.reduce((sum: bigint, units) => sum + units, 0n);
}

function unseenOf(
  { stolen }: Incident,
  assets: readonly VerifiedAsset[],
  chains: ReadonlySet<string>,
): Verification["unseen"] {
  return stolen.flatMap((item): Verification["unseen"] => {
    if (item.kind === "token") return [{ item, why: "it is known by its symbol only, which names no contract" }];
    if (item.kind === "lot") return [{ item, why: "only its value is known" }];
    if (assets.some(({ asset: id }) => id === item.asset.id)) return [];
    const isLooked = chains.has(item.asset.chain);
    return [
      { item, why: isLooked ? "none of the transactions moves it" : "no transaction on its chain was looked at" },
    ];
  });
}

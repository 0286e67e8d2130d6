import { divideRounded } from "../base/decimal.ts";
import type { Incident } from "../incidents/incident.ts";
import type { ChainReader } from "../ledger/reader.ts";
import type { PriceRule } from "./account/swap.ts";
import { incidentOrigins } from "./incident-origins.ts";
import { runTrace } from "./run.ts";
import { noLimits, type OriginRow } from "./trace.ts";

/** What left the victim on chain, beside what the register says was stolen, by asset. */
export type VerifiedAsset = {
  readonly asset: string;
  /** Base units. */
  readonly onChain: bigint;
  /** Undefined where the register does not itemise this asset. */
  readonly register: bigint | undefined;
  /** On chain less register, in thousandths of the register's amount, rounded; undefined where there is none. */
  readonly offPerMille: bigint | undefined;
  /** US cents at the blocks' time; undefined where a price is not known. */
  readonly usdCents: bigint | undefined;
};

export type Verification = {
  readonly assets: readonly VerifiedAsset[];
  readonly origins: readonly OriginRow[];
  readonly notes: readonly string[];
};

/**
 * The amounts that really left the victim in the theft transactions that the register names, valued at the blocks' time,
 * against the register's. A register that rounds, or that names some of the transactions only, differs: the notes say
 * what was counted.
 *
 * @throws {Failure} as {@link incidentOrigins}.
 */
export function verifyIncident(reader: ChainReader, incident: Incident, price: PriceRule): Verification {
  const { origins: rows, notes } = incidentOrigins(reader, incident);
  // The origins of a trace that goes nowhere: what they are worth does not depend on where they went.
  const { origins } = runTrace(reader, {
    origins: rows,
    policy: "fifo",
    stops: undefined,
    limits: { ...noLimits, hopsMax: 0 },
    swaps: "off",
    price,
    hubTransfers: undefined,
  });
  const stolen = new Map<string, bigint>();
  for (const one of incident.stolen) {
    if (one.kind === "asset" && one.asset.chain === reader.chain.id) {
      stolen.set(one.asset.id, (stolen.get(one.asset.id) ?? 0n) + one.units);
    }
  }
  const taken = Map.groupBy(origins, ({ asset }) => asset);
  const assets = [...new Set([...taken.keys(), ...stolen.keys()])].map((asset): VerifiedAsset => {
    const own = taken.get(asset) ?? [];
    const onChain = own.reduce((sum, { amount }) => sum + amount, 0n);
    const register = stolen.get(asset);
    return {
      asset,
      onChain,
      register,
      offPerMille: register === undefined || register === 0n ? undefined : perMille(onChain - register, register),
      usdCents: valueOf(own, price),
    };
  });
  return { assets, origins, notes };
}

function perMille(difference: bigint, whole: bigint): bigint {
  const size = divideRounded((difference < 0n ? -difference : difference) * 1_000n, whole);
  return difference < 0n ? -size : size;
}

function valueOf(rows: readonly OriginRow[], price: PriceRule): bigint | undefined {
  let cents = 0n;
  for (const { asset, amount, time } of rows) {
    const worth = price(asset, time);
    if (worth === undefined) return undefined;
    cents += divideRounded(amount * worth.numerator * 100n, worth.denominator);
  }
  return cents;
}

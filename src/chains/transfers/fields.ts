import { asset as assetNamed, assets } from "../../base/assets.ts";
import { chainOf, parseAssetId, type AssetId } from "../../base/caip.ts";
import { canonicalChainId, type KnownChain } from "../../base/chains.ts";
import type { FailureData } from "../../base/failure-codes.ts";
import { isFailure } from "../../base/failure.ts";

/** A field's text that is not what it should be. */
export class FieldFault extends Error {
  readonly mend: string;
  constructor(why: string, mend: string) {
    super(why);
    this.mend = mend;
  }
}

const amountMax = 2n ** 256n - 1n;

/**
 * Reads an amount: an integer in the asset's base unit, from 0 to 2^256 - 1.
 *
 * @throws {FieldFault} for a sign, a point, an exponent, or a number beyond 256 bits.
 */
export function parseAmount(text: string): bigint {
  if (!/^[0-9]{1,78}$/u.test(text)) {
    throw new FieldFault(
      "it is not an integer of at most 78 digits",
      "write the amount in the asset's base unit, as plain digits",
    );
  }
  const amount = BigInt(text);
  if (amount > amountMax) throw new FieldFault("it is 2^256 or more", "write an amount that a chain can hold");
  return amount;
}

/**
 * Reads a number of a block or a row: an integer that a double holds exactly.
 *
 * @throws {FieldFault} for anything else.
 */
export function parseCount(text: string): number {
  const value = /^[0-9]{1,16}$/u.test(text) ? Number.parseInt(text, 10) : -1;
  if (value >= 0 && Number.isSafeInteger(value)) return value;
  throw new FieldFault("it is not an integer from 0 to 2^53 - 1", "write plain digits");
}

const instant =
  /^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})(?:[T ](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.[0-9]{1,9})?(?:Z|\+00:00| UTC))?$/u;

/**
 * Reads a time as unix seconds: ISO 8601 in UTC (a fraction of a second is cut off; a bare day means its beginning), or
 * plain unix seconds.
 *
 * @throws {FieldFault} for a local time, an instant that does not exist, and for milliseconds.
 */
export function parseTime(text: string): number {
  const mend = "write it as YYYY-MM-DDTHH:MM:SSZ or as unix seconds";
  if (/^[0-9]{1,10}$/u.test(text)) return Number.parseInt(text, 10);
  if (/^[0-9]{13,}$/u.test(text)) throw new FieldFault("it is too large for unix seconds", mend);
  const groups = instant.exec(text)?.groups;
  if (groups === undefined) throw new FieldFault("it is not an instant in UTC", mend);
  const part = (name: string): string => groups[name] ?? "00";
  const iso = `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}.000Z`;
  const ms = Date.parse(iso);
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== iso || ms < 0) {
    throw new FieldFault("it is no instant of the calendar since 1970", mend);
  }
  return ms / 1000; // Exact: the instant was written to the second.
}

/**
 * The asset that a row names on a chain.
 *
 * A CAIP-19 id must be of the row's chain. An alias means the asset of that name on this chain and no other: `USDT` on
 * TRON is not Ethereum's. Any other name is kept as `CHAIN/symbol:NAME`, of the grammar of CAIP-19 with a namespace of
 * Fundtrail's own, in which characters outside `[-.a-zA-Z0-9]` are percent-encoded; such a name proves nothing about the
 * contract behind it.
 *
 * @throws {FieldFault} for an empty text, an asset of another chain, or a name too long for CAIP-19.
 * Source: CAIP-19, "Syntax"
 */
export function parseAsset(chain: KnownChain, text: string): AssetId {
  const mend = `write an asset's symbol, or a CAIP-19 id like ${chain.native}`;
  if (text === "") throw new FieldFault("it is empty", mend);
  if (text.includes("/")) return parseOwnId(chain, text, mend);
  if (assetNamed(chain.native).symbol === text) return chain.native;
  const known = assets.find(({ symbol, chain: home }) => symbol === text && home === chain.id);
  if (known !== undefined) return known.id;
  if (chain.family === "evm" && /^0x[0-9a-f]{40}$/iu.test(text)) {
    throw new FieldFault("it is a bare contract", `write the token as ${chain.id}/erc20:${text.toLowerCase()}`);
  }
  const name = text.replaceAll(/[^-.a-zA-Z0-9]/gu, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
  if (name.length > 128) throw new FieldFault("it is too long for an asset's name", mend);
  return parseAssetId(`${chain.id}/symbol:${name}`);
}

function parseOwnId(chain: KnownChain, text: string, mend: string): AssetId {
  try {
    const { id } = assetNamed(text);
    if (canonicalChainId(chainOf(id)) === chain.id) return id;
  } catch (error) {
    if (isFailure(error, "INVALID_VALUE")) throw new FieldFault((error.data as FailureData<"INVALID_VALUE">).why, mend);
    throw error;
  }
  throw new FieldFault(`it is an asset of another chain than ${chain.id}`, mend);
}

import { Failure } from "../../base/failure.ts";

/** What was read, for failures. */
export type JsonPlace = { readonly source: string; readonly where: string };

/** A value of JSON in which every number is its text, so that no digit is lost to floating point. */
export type Json = null | boolean | string | NumberText | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json | undefined };
/** A number as it was written. */
export type NumberText = { readonly number: string };

/**
 * Reads JSON without reading its numbers.
 *
 * @throws {Failure} `SOURCE_INVALID` where it is no JSON.
 */
export function parseJson(text: string, place: JsonPlace): Json {
  const keep = (_key: string, value: unknown, context: { readonly source?: string }): unknown =>
    typeof value === "number" ? { number: context.source ?? "" } : value;
  try {
    return JSON.parse(text, keep as (key: string, value: unknown) => unknown) as Json;
  } catch (error) {
    throw broken(place, `it is not JSON (${error instanceof Error ? error.message : "unreadable"})`);
  }
}

/** What to throw for a value that is not as it should be. */
export function broken({ source, where }: JsonPlace, why: string): Failure<"SOURCE_INVALID"> {
  return new Failure("SOURCE_INVALID", { source, where, why, mend: "export or request it again" });
}

/** @throws {Failure} `SOURCE_INVALID` for anything but an object. */
export function asObject(value: Json | undefined, what: string, place: JsonPlace): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !isNumber(value)) {
    return value as JsonObject;
  }
  throw broken(place, `${what} is missing or no object`);
}

/** @throws {Failure} `SOURCE_INVALID` for anything but a list. */
export function asList(value: Json | undefined, what: string, place: JsonPlace): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw broken(place, `${what} is missing or no list`);
}

/** A whole number that JavaScript holds exactly. @throws {Failure} `SOURCE_INVALID` for anything else. */
export function asCount(value: Json | undefined, what: string, place: JsonPlace): number {
  const units = asUnits(value, what, { place, decimals: 0 });
  if (units <= BigInt(Number.MAX_SAFE_INTEGER)) return Number.parseInt(units.toString(), 10);
  throw broken(place, `${what} is absurdly large`);
}

const NUMBER = /^(?<whole>[0-9]{1,30})(?:\.(?<fraction>[0-9]{1,30}))?(?:[eE](?<exponent>[+-]?[0-9]{1,2}))?$/u;

/**
 * An amount, exactly: the number times 10^decimals.
 *
 * @throws {Failure} `SOURCE_INVALID` where it is missing, negative, or finer than the unit.
 */
export function asUnits(
  value: Json | undefined,
  what: string,
  { place, decimals }: { readonly place: JsonPlace; readonly decimals: number },
): bigint {
  const text = value !== null && typeof value === "object" && isNumber(value) ? value.number : undefined;
  const groups = text === undefined ? undefined : NUMBER.exec(text)?.groups;
  if (groups === undefined) throw broken(place, `${what} is missing or no number of 0 or more`);
  const fraction = groups["fraction"] ?? "";
  const digits = BigInt(`${groups["whole"] ?? ""}${fraction}`);
  const shift = decimals - fraction.length + Number.parseInt(groups["exponent"] ?? "0", 10);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const unit = 10n ** BigInt(-shift);
  if (digits % unit !== 0n) throw broken(place, `${what} of ${text ?? ""} is finer than the chain's smallest unit`);
  return digits / unit;
}

/** A text, for a failure's words; "?" for anything else. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "?";
}

/** Bytes from hexadecimal digits. @throws {Failure} `SOURCE_INVALID` for anything else. */
export function asBytes(value: Json | undefined, what: string, place: JsonPlace): Uint8Array {
  if (typeof value === "string" && value.length % 2 === 0 && /^[0-9a-fA-F]*$/u.test(value)) {
    return new Uint8Array(Buffer.from(value, "hex"));
  }
  throw broken(place, `${what} is missing or not hexadecimal`);
}

/** A hash as nodes print it, in internal order. @throws {Failure} `SOURCE_INVALID` for anything but 64 digits. */
export function asHash(value: Json | undefined, what: string, place: JsonPlace): Uint8Array {
  const bytes = asBytes(value, what, place);
  if (bytes.length !== 32) throw broken(place, `${what} has ${bytes.length} bytes, not 32`);
  return bytes.toReversed();
}

function isNumber(value: object): value is NumberText {
  return "number" in value && typeof value.number === "string" && Object.keys(value).length === 1;
}

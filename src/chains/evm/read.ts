import { Failure } from "../../base/failure.ts";

/** What was read, for failures. */
export type ReadPlace = { readonly source: string; readonly where: string };

/** An object of JSON, or a row of CSV, whose values are not yet known to be right. */
export type Fields = { readonly [key: string]: unknown };

/** What to throw for a value that is not as it should be. */
export function invalid(place: ReadPlace, why: string, mend = "fetch or export it again"): Failure<"SOURCE_INVALID"> {
  return new Failure("SOURCE_INVALID", { ...place, why, mend });
}

/** @throws {Failure} `SOURCE_INVALID` for anything but an object. */
export function readFields(value: unknown, what: string, place: ReadPlace): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalid(place, `${what} is missing or no object`);
}

/** @throws {Failure} `SOURCE_INVALID` for anything but a list. */
export function readList(value: unknown, what: string, place: ReadPlace): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw invalid(place, `${what} is missing or no list`);
}

/** Whether a field holds nothing, in JSON or in CSV. */
export function isAbsent(value: unknown): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

/** A text; empty where the value is none. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * A number of up to 256 bits: a quantity of JSON-RPC in hexadecimal, or plain decimal digits of CSV. An integer that is a
 * JSON number is taken where JavaScript holds it exactly (Parity's `blockNumber`).
 *
 * @throws {Failure} `SOURCE_INVALID` for anything else.
 * Source: Ethereum JSON-RPC, "Quantity"
 */
export function readQuantity(value: unknown, what: string, place: ReadPlace): bigint {
  if (typeof value === "string" && /^(?:0x[0-9a-fA-F]{1,64}|[0-9]{1,78})$/u.test(value)) {
    const quantity = BigInt(value);
    if (quantity >> 256n === 0n) return quantity;
  }
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw invalid(place, `${what} is ${shown(value)}, no number of at most 256 bits`);
}

/** A number that JavaScript holds exactly. @throws {Failure} `SOURCE_INVALID` for anything else. */
export function readCount(value: unknown, what: string, place: ReadPlace): number {
  if (typeof value === "string" && /^(?:0x[0-9a-fA-F]{1,13}|[0-9]{1,15})$/u.test(value)) {
    return Number.parseInt(value, value.startsWith("0x") ? 16 : 10); // Nearly all: 2.5 times as fast as by way of bigint.
  }
  const quantity = readQuantity(value, what, place);
  if (quantity <= BigInt(Number.MAX_SAFE_INTEGER)) return Number.parseInt(quantity.toString(), 10);
  throw invalid(place, `${what} is absurdly large`);
}

/** An address in lower case. @throws {Failure} `SOURCE_INVALID` for anything else. */
export function readAddress(value: unknown, what: string, place: ReadPlace): string {
  if (typeof value === "string" && /^0x[0-9a-fA-F]{40}$/u.test(value)) return value.toLowerCase();
  throw invalid(place, `${what} is ${shown(value)}, no address`);
}

/** A 32-byte hash in lower case. @throws {Failure} `SOURCE_INVALID` for anything else. */
export function readHash(value: unknown, what: string, place: ReadPlace): string {
  if (typeof value === "string" && /^0x[0-9a-fA-F]{64}$/u.test(value)) return value.toLowerCase();
  throw invalid(place, `${what} is ${shown(value)}, no hash of 32 bytes`);
}

/** Bytes as hexadecimal digits in lower case, without 0x. @throws {Failure} `SOURCE_INVALID` for anything else. */
export function readData(value: unknown, what: string, place: ReadPlace): string {
  if (typeof value === "string" && value.length % 2 === 0 && /^0x[0-9a-fA-F]*$/u.test(value)) {
    return value.slice(2).toLowerCase();
  }
  throw invalid(place, `${what} is ${shown(value)}, no bytes in hexadecimal`);
}

function shown(value: unknown): string {
  if (isAbsent(value)) return "missing";
  const text = typeof value === "string" ? value : typeof value === "number" ? value.toString() : typeof value;
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}

import { keccak_256 } from "@noble/hashes/sha3.js";
import { hex, utf8 } from "@scure/base";
import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import type { FailureReason } from "../../base/failure-reasons.ts";

/**
 * The canonical form of an address on an EVM chain: with its EIP-55 checksum.
 *
 * Digits of one case carry no checksum and are taken as they are; mixed ones must carry the right one.
 *
 * @throws {Failure} `INVALID_VALUE` with the reason: digits, length or checksum.
 * @example parseAddress(chain("ethereum"), "0xdac17f958d2ee523a2206206994597c13d831ec7")
 *   // => "0xdAC17F958D2ee523a2206206994597C13D831ec7"
 * Source: EIP-55
 */
export function parseAddress(chain: KnownChain, text: string): string {
  assert(chain.family === "evm", `evm address: ${chain.alias} is of the family ${chain.family}`);
  const fail = (why: string, reason: FailureReason): Failure =>
    new Failure("INVALID_VALUE", { kind: `an address on ${chain.name}`, text, why, reason });
  if (!/^0[xX]/u.test(text)) throw fail("it must begin with 0x", "form");
  const digits = text.slice(2);
  if (!/^[0-9a-fA-F]*$/u.test(digits)) throw fail("it has characters that are not hexadecimal digits", "characters");
  if (digits.length !== 40) throw fail(`it has a wrong length, ${digits.length} digits where 40 are due`, "length");
  const checksummed = withChecksum(digits.toLowerCase());
  const mixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  if (mixed && checksummed !== digits) {
    throw fail("its EIP-55 checksum is wrong: at least one character or its case was changed", "checksum");
  }
  return `0x${checksummed}`;
}

/**
 * The canonical form of a transaction's hash: 0x and 64 hexadecimal digits in lower case.
 *
 * @throws {Failure} `INVALID_VALUE` for anything else.
 */
export function parseTxid(chain: KnownChain, text: string): string {
  assert(chain.family === "evm", `evm txid: ${chain.alias} is of the family ${chain.family}`);
  if (/^0[xX][0-9a-fA-F]{64}$/u.test(text)) return text.toLowerCase();
  throw new Failure("INVALID_VALUE", {
    kind: `a transaction id on ${chain.name}`,
    text,
    why: "it must be 0x and 64 hexadecimal digits",
    reason: "form",
  });
}

/** EIP-55: a letter is a capital where the digit of the hash at its place is 8 or more. */
function withChecksum(lower: string): string {
  const hash = hex.encode(keccak_256(utf8.decode(lower)));
  return Array.from(lower, (digit, index) => (hash.charAt(index) >= "8" ? digit.toUpperCase() : digit)).join("");
}

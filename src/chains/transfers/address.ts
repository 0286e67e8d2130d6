import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { base32, base58, base58xrp, base64, hex, type BytesCoder } from "@scure/base";
import { assert } from "../../base/assert.ts";
import { chain as chainNamed, type KnownChain, type TransfersAlias } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import type { FailureReason } from "../../base/failure-reasons.ts";

/** Thrown below and turned into a Failure by {@link parseAddress}; it never leaves this file. */
class Refusal extends Error {
  readonly reason: FailureReason;
  constructor(why: string, reason: FailureReason = "form") {
    super(why);
    this.reason = reason;
  }
}

type Rules = {
  /** The canonical form of an address; throws a Refusal. */
  readonly address: (text: string) => string;
  /** The canonical form of a transaction's id; undefined where it is none. */
  readonly txid: (text: string) => string | undefined;
  readonly txidForm: string;
  /** Whether a well-formed address proves its chain: it has a checksum and a version. */
  readonly telling: boolean;
};

const RULES: Readonly<Record<TransfersAlias, Rules>> = {
  ripple: {
    address: rippleAddress,
    txid: (text) => hex32(text)?.toUpperCase(), // As rippled prints it.
    txidForm: "64 hexadecimal digits",
    telling: true,
  },
  stellar: { address: stellarAddress, txid: hex32, txidForm: "64 hexadecimal digits", telling: true },
  nem: { address: nemAddress, txid: hex32, txidForm: "64 hexadecimal digits", telling: true },
  tron: { address: tronAddress, txid: hex32, txidForm: "64 hexadecimal digits", telling: true },
  solana: {
    address: solanaAddress,
    txid: (text) => base58OfLength(text, 64),
    txidForm: "the base58 of 64 bytes",
    telling: false,
  },
  eos: { address: eosAddress, txid: hex32, txidForm: "64 hexadecimal digits", telling: false },
  sui: {
    address: suiAddress,
    txid: (text) => base58OfLength(text, 32),
    txidForm: "the base58 of 32 bytes",
    telling: false,
  },
  ton: {
    address: tonAddress,
    txid: tonTxid,
    txidForm: "64 hexadecimal digits or the base64 of 32 bytes",
    telling: true,
  },
  stacks: {
    address: stacksAddress,
    txid: (text) => {
      const digits = hex32(text.replace(/^0x/u, ""));
      return digits === undefined ? undefined : `0x${digits}`;
    },
    txidForm: "0x and 64 hexadecimal digits",
    telling: true,
  },
};

/**
 * The canonical form of an address on a chain that is read as transfers.
 *
 * NEM: capitals, without hyphens. TON: raw (`0:` and 64 digits), since one account has several friendly forms. Stacks:
 * also a contract (`SP….name`). Solana, EOS and Sui have no checksum: a wrong character cannot be noticed there.
 *
 * @throws {Failure} `INVALID_VALUE` with the reason: alphabet, length, checksum, version, or the chain it belongs to. What
 *   looks like a secret key is refused without being quoted.
 * Source: named at each chain's function in this file
 */
export function parseAddress(chain: KnownChain, text: string): string {
  assert(chain.family === "transfers", `transfers address: ${chain.alias} is of the family ${chain.family}`);
  const result = attempt(chain.alias, text);
  if (!(result instanceof Refusal)) return result;
  const owner = (Object.keys(RULES) as TransfersAlias[]).find(
    (alias) => RULES[alias].telling && !(attempt(alias, text) instanceof Refusal),
  );
  const kind = `an address on ${chain.name}`;
  if (SECRET.test(text)) {
    const why = "it looks like a secret key; whoever reads that can spend";
    throw new Failure("INVALID_VALUE", { kind, text: `${text.slice(0, 1)}…`, why, reason: "secret-key" });
  }
  if (owner === undefined) {
    throw new Failure("INVALID_VALUE", { kind, text, why: result.message, reason: result.reason });
  }
  const { name } = chainNamed(owner);
  const why = `it is an address of another chain, ${name}`;
  throw new Failure("INVALID_VALUE", { kind, text, why, reason: "other-chain", values: { chains: name } });
}

/**
 * The canonical form of a transaction's id, as the chain's own node prints it.
 *
 * @throws {Failure} `INVALID_VALUE` for anything else.
 */
export function parseTxid(chain: KnownChain, text: string): string {
  assert(chain.family === "transfers", `transfers txid: ${chain.alias} is of the family ${chain.family}`);
  const { txid, txidForm } = RULES[chain.alias];
  const canonical = txid(text);
  if (canonical !== undefined) return canonical;
  throw new Failure("INVALID_VALUE", {
    kind: `a transaction id on ${chain.name}`,
    text,
    why: `it must be ${txidForm}`,
    reason: "form",
  });
}

function attempt(alias: TransfersAlias, text: string): string | Refusal {
  try {
    return RULES[alias].address(text);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

const CHANGED = "its checksum is wrong: at least one character was changed";
const wrongLength = (length: number, due: string): Refusal =>
  new Refusal(`it has a wrong length, ${length} characters where ${due} are due`, "length");
const equal = (left: Uint8Array, right: Uint8Array): boolean => hex.encode(left) === hex.encode(right);
const doubleSha = (bytes: Uint8Array): Uint8Array => sha256(sha256(bytes)).slice(0, 4);

/** Stellar's seeds (S…, SEP-23) and the XRP Ledger's (s…). By shape alone: one with a slip in it gives away as much. */
const SECRET = /^(?:S[A-Z2-7]{55}|s[1-9A-HJ-NP-Za-km-z]{27,30})$/u;

/** base58check of a version and 20 bytes, in Bitcoin's or the XRP Ledger's alphabet; the bytes before the checksum. */
function base58Body(coder: BytesCoder, text: string): Uint8Array {
  const lost = lostCase(text, 12);
  if (text.length < 25 || text.length > 36) throw wrongLength(text.length, "25 to 35");
  const foreign = /[^1-9A-HJ-NP-Za-km-z]/u.exec(text);
  if (foreign !== null) {
    if (lost !== undefined) throw new Refusal(lost, "letter-case");
    throw new Refusal(`"${foreign[0]}" is not a character of base58`, "characters");
  }
  const bytes = coder.decode(text);
  const body = bytes.slice(0, -4);
  if (!equal(doubleSha(body), bytes.slice(-4))) {
    throw lost === undefined ? new Refusal(CHANGED, "checksum") : new Refusal(lost, "letter-case");
  }
  if (bytes.length !== 25) throw new Refusal(`it has a wrong length, ${bytes.length} bytes where 25 are due`, "length");
  return body;
}

/** Why base58 without capitals (or without small letters) fails; undefined with fewer letters than are telling. */
function lostCase(text: string, letters: number): string | undefined {
  if ((text.match(/[a-zA-Z]/gu)?.length ?? 0) < letters) return undefined;
  const cast = text === text.toLowerCase() ? "lower" : text === text.toUpperCase() ? "upper" : undefined;
  if (cast === undefined) return undefined;
  return `base58 addresses are case-sensitive and this one was ${cast}-cased: take it from the original list`;
}

/** XRP Ledger: version 0 (r…). Source: https://xrpl.org/docs/references/protocol/data-types/base58-encodings */
function rippleAddress(text: string): string {
  if (/^[XT][1-9A-HJ-NP-Za-km-z]{46}$/u.test(text)) {
    throw new Refusal("it is an X-address, which joins an address and a tag; give the address (r…) alone");
  }
  const body = base58Body(base58xrp, text);
  if (body[0] !== 0) throw new Refusal(`its version ${body[0]} is not that of an account`);
  return text;
}

/** TRON: version 0x41 (T…). Source: TRON Protocol, "Account", "Address format" */
function tronAddress(text: string): string {
  const body = base58Body(base58, text);
  if (body[0] !== 0x41) throw new Refusal(`its version 0x${hex.encode(body.slice(0, 1))} is not TRON's, 0x41`);
  return text;
}

/** Stellar: the public key of an account (G…). Source: SEP-23, "Strkeys" */
function stellarAddress(text: string): string {
  const upper = text === text.toLowerCase() ? text.toUpperCase() : text;
  if (/^M[A-Z2-7]{68}$/u.test(upper)) {
    throw new Refusal("it is a muxed account, which joins an address and an id; give the address (G…) alone");
  }
  if (upper.length !== 56) throw wrongLength(upper.length, "56");
  if (!/^[A-Z2-7]+$/u.test(upper)) throw new Refusal("it has characters that are not of base32", "characters");
  const key = strkey(upper);
  if (key === undefined) throw new Refusal(CHANGED, "checksum");
  if (key.version === 2 << 3) throw new Refusal("it is a contract (C…), not an account (G…)");
  if (key.version !== 6 << 3) throw new Refusal(`its version ${key.version} is not that of an account (G…)`);
  return upper;
}

/** The version of a 56-character strkey; undefined where its checksum is wrong. */
function strkey(text: string): { readonly version: number | undefined } | undefined {
  const bytes = base32.decode(text);
  const sum = crc16(bytes.slice(0, -2));
  const [low, high] = bytes.slice(-2);
  return low === (sum & 0xff) && high === sum >> 8 ? { version: bytes[0] } : undefined;
}

/** CRC-16/XMODEM: polynomial 0x1021, start 0, not reflected. Source: SEP-23, "Checksum" */
function crc16(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) sum = ((sum << 1) ^ ((sum & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  }
  return sum;
}

/** NEM: network 0x68 (N…), 20 bytes, 4 of their keccak-256. Source: NEM Technical Reference, 3.1, "Account addresses" */
function nemAddress(text: string): string {
  const plain = text.replaceAll("-", "");
  const upper = plain === plain.toLowerCase() ? plain.toUpperCase() : plain;
  if (upper.length !== 40) throw wrongLength(upper.length, "40");
  if (!/^[A-Z2-7]+$/u.test(upper)) throw new Refusal("it has characters that are not of base32", "characters");
  const bytes = base32.decode(upper);
  if (!equal(keccak_256(bytes.slice(0, 21)).slice(0, 4), bytes.slice(21))) throw new Refusal(CHANGED, "checksum");
  if (bytes[0] === 0x98) throw new Refusal("it is an address of NEM's test network");
  if (bytes[0] !== 0x68) throw new Refusal(`its network ${bytes[0]} is not NEM's main network, 104`);
  return upper;
}

/** Solana: a public key, 32 bytes of base58. Source: https://solana.com/docs/core/accounts */
function solanaAddress(text: string): string {
  // Nothing but the length is checked by the chain; a list that lost its case would pass it and name other accounts.
  const lost = lostCase(text, 20);
  if (lost !== undefined) throw new Refusal(lost, "letter-case");
  if (text.length < 32 || text.length > 44) throw wrongLength(text.length, "32 to 44");
  const foreign = /[^1-9A-HJ-NP-Za-km-z]/u.exec(text);
  if (foreign !== null) throw new Refusal(`"${foreign[0]}" is not a character of base58`, "characters");
  const { length } = base58.decode(text);
  if (length !== 32) throw new Refusal(`it has a wrong length, ${length} bytes where 32 are due`, "length");
  return text;
}

/** EOS: an account's name. Source: Antelope docs, "Accounts and Permissions", 2.1; `newaccount` allows 12 characters */
function eosAddress(text: string): string {
  if (text.length < 1 || text.length > 12) throw wrongLength(text.length, "1 to 12");
  if (!/^[a-z1-5.]+$/u.test(text)) throw new Refusal("an account's name has only a to z, 1 to 5 and dots");
  if (text.endsWith(".")) throw new Refusal("an account's name does not end in a dot");
  return text;
}

/** Sui: 32 bytes in hexadecimal. Source: https://docs.sui.io, "Address" */
function suiAddress(text: string): string {
  if (!text.startsWith("0x")) throw new Refusal("it must begin with 0x");
  if (text.length !== 66) throw wrongLength(text.length, "66");
  if (!/^0x[0-9a-fA-F]+$/u.test(text))
    throw new Refusal("it has characters that are not hexadecimal digits", "characters");
  return text.toLowerCase();
}

/** TON: raw, or the friendly form: flags, workchain, 32 bytes, CRC-16. Source: TEP-2, "TON Addresses" */
function tonAddress(text: string): string {
  const raw = /^(?<workchain>-1|0):(?<account>[0-9a-fA-F]{64})$/u.exec(text)?.groups;
  if (raw !== undefined) return `${raw["workchain"]}:${raw["account"]?.toLowerCase()}`;
  if (text.length !== 48) throw wrongLength(text.length, "48 (or 0: and 64 digits)");
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  if (!/^[A-Za-z0-9+/]{48}$/u.test(standard))
    throw new Refusal("it has characters that are not of base64url", "characters");
  const bytes = base64.decode(standard);
  const [flags = 0, workchain = 0] = bytes;
  const sum = crc16(bytes.slice(0, 34));
  if (bytes[34] !== sum >> 8 || bytes[35] !== (sum & 0xff)) throw new Refusal(CHANGED, "checksum");
  if ((flags & 0x80) !== 0) throw new Refusal("it is marked as an address of TON's test network");
  if (flags !== 0x11 && flags !== 0x51) throw new Refusal(`its flags ${flags} are not those of an address`);
  if (workchain !== 0 && workchain !== 0xff) throw new Refusal(`workchain ${workchain} does not exist`);
  return `${workchain === 0 ? "0" : "-1"}:${hex.encode(bytes.slice(2, 34))}`;
}

const C32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Stacks: c32check with version 22 (SP…) or 20 (SM…). Source: SIP-005; c32check, "How it works" */
function stacksAddress(text: string): string {
  const dot = text.indexOf(".");
  const principal = dot === -1 ? text : text.slice(0, dot);
  const contract = dot === -1 ? "" : text.slice(dot);
  const upper = principal === principal.toLowerCase() ? principal.toUpperCase() : principal;
  if (!/^S[0-9A-HJKMNP-TV-Z]+$/u.test(upper)) throw new Refusal("it must be S and characters of c32 (no I, L, O, U)");
  if (upper.length < 28 || upper.length > 41) throw wrongLength(upper.length, "28 to 41");
  if (dot !== -1 && !/^\.[a-zA-Z][-a-zA-Z0-9_]{0,127}$/u.test(contract))
    throw new Refusal("its contract has no valid name");
  const version = C32.indexOf(upper.charAt(1));
  const bytes = c32Bytes(upper.slice(2));
  if (bytes === undefined) throw new Refusal("it has a wrong length or is not written in the shortest way");
  if (!equal(doubleSha(Uint8Array.of(version, ...bytes.slice(0, 20))), bytes.slice(20)))
    throw new Refusal(CHANGED, "checksum");
  if (version === 26 || version === 21) throw new Refusal("it is an address of Stacks' test network");
  if (version !== 22 && version !== 20) throw new Refusal(`its version ${version} is not that of an address`);
  return upper + contract;
}

/** The 24 bytes that c32 digits write: a zero for each leading zero byte, then the rest as one number. */
function c32Bytes(digits: string): Uint8Array | undefined {
  let value = 0n;
  for (const digit of digits) value = value * 32n + BigInt(C32.indexOf(digit));
  const text = value.toString(16).padStart(48, "0");
  if (text.length !== 48) return undefined;
  const bytes = hex.decode(text);
  const significant = bytes.findIndex((byte) => byte !== 0);
  const zeros = /^0*/u.exec(digits)?.[0].length;
  return zeros === (significant === -1 ? 24 : significant) ? bytes : undefined;
}

function hex32(text: string): string | undefined {
  return /^[0-9a-fA-F]{64}$/u.test(text) ? text.toLowerCase() : undefined;
}

function base58OfLength(text: string, length: number): string | undefined {
  if (!/^[1-9A-HJ-NP-Za-km-z]{32,90}$/u.test(text)) return undefined;
  return base58.decode(text).length === length ? text : undefined;
}

/** TON prints a transaction's hash in hexadecimal or in either base64. */
function tonTxid(text: string): string | undefined {
  const digits = hex32(text);
  if (digits !== undefined) return digits;
  const standard = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=$/u, "");
  // 43 characters are 258 bits: the last one's two lowest must be zero.
  return /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/u.test(standard)
    ? hex.encode(base64.decode(`${standard}=`))
    : undefined;
}

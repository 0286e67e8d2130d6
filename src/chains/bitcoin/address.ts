import { sha256 } from "@noble/hashes/sha2.js";
import { base58, bech32, bech32m, hex } from "@scure/base";
import { assert } from "../../base/assert.ts";
import { chain as chainNamed, type BitcoinAlias, type KnownChain } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import type { Reasoned } from "../../base/failure-reasons.ts";

/**
 * How a chain writes its addresses: the version bytes in hexadecimal, and the prefix of BIP-173.
 *
 * A script hash can have several version bytes; the first is what the chain's own node prints, the others are older and
 * mean the same output.
 */
type Form = { readonly key: string; readonly script: readonly string[]; readonly hrp?: string };

// Source: `src/chainparams.cpp` (`src/kernel/chainparams.cpp`) of each chain's node, `base58Prefixes`, `bech32_hrp`.
const FORMS: Readonly<Record<BitcoinAlias, Form>> = {
  bitcoin: { key: "00", script: ["05"], hrp: "bc" },
  testnet4: { key: "6f", script: ["c4"], hrp: "tb" },
  signet: { key: "6f", script: ["c4"], hrp: "tb" },
  regtest: { key: "6f", script: ["c4"], hrp: "bcrt" },
  litecoin: { key: "30", script: ["32", "05"], hrp: "ltc" },
  dogecoin: { key: "1e", script: ["16"] },
  "bitcoin-cash": { key: "00", script: ["05"] },
  zcash: { key: "1cb8", script: ["1cbd"] },
  monacoin: { key: "32", script: ["37", "05"], hrp: "mona" },
};
const HASH_BYTES = 20;
const CHECKSUM_BYTES = 4;
const ALIASES = Object.keys(FORMS) as readonly BitcoinAlias[];

/** What a node of these chains cannot see, by how it begins. */
const HIDDEN: readonly (readonly [BitcoinAlias, RegExp, string])[] = [
  ["zcash", /^(?:zc|zs1|u1)/u, "it is a shielded address; only transparent ones (t1…, t3…) show on the chain"],
  ["zcash", /^tex1/u, "it is a ZIP-320 form; give the transparent address that it stands for (t1…)"],
  ["litecoin", /^ltcmweb1/u, "it is a MWEB address, whose payments do not show on the chain"],
];

/** A private key in wallet import format: 33 or 34 bytes and a checksum. No address is that long in base58. */
const SECRET = /^[1-9A-HJ-NP-Za-km-z]{50,52}$/u;

/**
 * The canonical form of an address on a chain of Bitcoin's kind.
 *
 * Base58 keeps its case; SegWit addresses are lower case; of several version bytes of one script hash the node's is
 * taken (Litecoin `3…` becomes `M…`); on Bitcoin Cash it is the CashAddr without its prefix, also for a legacy or a
 * token-aware (`z…`, `r…`) address.
 *
 * @throws {Failure} `INVALID_VALUE` with the reason: alphabet, length, checksum, version, or the chain it belongs to.
 *   What looks like a private key is refused without being quoted.
 * Source: BIP-13, BIP-141, BIP-173, BIP-350; CashAddr 1.1; CHIP-2022-02-CashTokens; Zcash protocol, 5.6.1.1
 */
export function parseAddress(chain: KnownChain, text: string): string {
  assert(chain.family === "bitcoin", `bitcoin address: ${chain.alias} is of the family ${chain.family}`);
  const { alias } = chain;
  const kind = `an address on ${chain.name}`;
  const fail: Fail = (why, of = { reason: "form" }) => new Failure("INVALID_VALUE", { kind, text, why, ...of });
  const hidden = HIDDEN.find(([of, begins]) => of === alias && begins.test(text));
  if (hidden !== undefined) throw fail(hidden[2]);
  if (alias === "bitcoin-cash" && isCashAddr(text)) return cashAddrOf(text, fail);
  if (isBech32(text)) return segwitOf(alias, text, fail);
  if (SECRET.test(text)) {
    const why = "it looks like a private key; whoever reads that can spend";
    throw new Failure("INVALID_VALUE", { kind, text: `${text.slice(0, 1)}…`, why, reason: "secret-key" });
  }
  return base58Of(alias, text, fail);
}

/**
 * The canonical form of a transaction's id: 64 hexadecimal digits in lower case, in the order that nodes print.
 *
 * @throws {Failure} `INVALID_VALUE` for anything else.
 */
export function parseTxid(chain: KnownChain, text: string): string {
  assert(chain.family === "bitcoin", `bitcoin txid: ${chain.alias} is of the family ${chain.family}`);
  if (/^[0-9a-fA-F]{64}$/u.test(text)) return text.toLowerCase();
  throw new Failure("INVALID_VALUE", {
    kind: `a transaction id on ${chain.name}`,
    text,
    why: "it must be 64 hexadecimal digits, without 0x",
    reason: "form",
  });
}

type Fail = (why: string, of?: Reasoned) => Failure;
type Payload = { readonly kind: "key" | "script"; readonly hash: Uint8Array };

function base58Of(alias: BitcoinAlias, text: string, fail: Fail): string {
  const body = base58Body(alias, text, fail);
  const payload = payloadOf(FORMS[alias], body);
  if (payload === undefined) {
    const owners = ALIASES.filter((other) => payloadOf(FORMS[other], body) !== undefined);
    if (owners.length > 0) throw fail(...belongsTo(owners));
    throw fail(
      `its version ${hex.encode(body.slice(0, 1))} or its length of ${body.length} bytes is not of this chain`,
    );
  }
  // Of one version's bytes there is one text only, which is the given one where the version is what the chain writes.
  if (alias !== "bitcoin-cash" && isWritten(FORMS[alias], body)) return text;
  return encodeHash(alias, payload);
}

/** Whether a body has the version bytes that canonical addresses have. */
function isWritten({ key, script }: Form, body: Uint8Array): boolean {
  const version = hex.encode(body.subarray(0, key.length / 2));
  return version === key || version === script[0];
}

/**
 * The canonical address of a key's or a script's hash.
 *
 * @param payload - 20 bytes; on Bitcoin Cash a script's hash can have 32.
 */
export function encodeHash(alias: BitcoinAlias, payload: Payload): string {
  if (alias === "bitcoin-cash") return encodeCashAddr(payload);
  const version = payload.kind === "key" ? FORMS[alias].key : FORMS[alias].script[0];
  return encodeBase58(hex.decode(version + hex.encode(payload.hash)));
}

/**
 * The canonical address of a witness program; undefined on a chain without SegWit.
 *
 * Source: BIP-173, BIP-350.
 */
export function encodeWitness(alias: BitcoinAlias, version: number, program: Uint8Array): string | undefined {
  const { hrp } = FORMS[alias];
  if (hrp === undefined) return undefined;
  return (version === 0 ? bech32 : bech32m).encode(hrp, [version, ...bech32.toWords(program)]);
}

/**
 * What a canonical address stands for: a hash, or a witness program.
 *
 * @param address - As `parseAddress` returns it.
 */
export function decodeAddress(
  alias: BitcoinAlias,
  address: string,
): Payload | { readonly kind: "witness"; readonly version: number; readonly hash: Uint8Array } {
  if (alias === "bitcoin-cash") {
    const { type, hash } = decodeCashAddr(`${CASH_PREFIX}:${address}`);
    return { kind: type % 2 === 0 ? "key" : "script", hash };
  }
  const { hrp } = FORMS[alias];
  if (hrp !== undefined && address.startsWith(`${hrp}1`)) {
    const decoded = bech32.decodeUnsafe(address) ?? bech32m.decodeUnsafe(address);
    assert(decoded !== undefined, "bitcoin address: a canonical address decodes");
    return { kind: "witness", version: decoded.words[0] ?? 0, hash: bech32.fromWords(decoded.words.slice(1)) };
  }
  const payload = payloadOf(FORMS[alias], base58.decode(address).slice(0, -CHECKSUM_BYTES));
  assert(payload !== undefined, "bitcoin address: a canonical address is of its chain");
  return payload;
}

/** The bytes before the checksum of a base58check text. */
function base58Body(alias: BitcoinAlias, text: string, fail: Fail): Uint8Array {
  const wanted = FORMS[alias].key.length / 2 + HASH_BYTES + CHECKSUM_BYTES;
  // 26 bytes are at most 36 characters; the decoder's cost grows with the square of the length.
  if (text.length < 20 || text.length > 64)
    throw fail(`it has a wrong length, ${text.length} characters`, { reason: "length" });
  const foreign = /[^1-9A-HJ-NP-Za-km-z]/u.exec(text);
  if (foreign !== null) {
    const lost = lostCase(text);
    if (lost !== undefined) throw fail(lost, { reason: "letter-case" });
    throw fail(`"${foreign[0]}" is not a character of base58`, { reason: "characters" });
  }
  const bytes = base58.decode(text);
  const body = bytes.slice(0, -CHECKSUM_BYTES);
  if (hex.encode(checksum(body)) === hex.encode(bytes.slice(-CHECKSUM_BYTES))) return body;
  const lost = lostCase(text);
  if (lost !== undefined) throw fail(lost, { reason: "letter-case" });
  if (bytes.length !== wanted)
    throw fail(`it has a wrong length, ${bytes.length} bytes where ${wanted} are due`, { reason: "length" });
  throw fail("its checksum is wrong: at least one character was changed", { reason: "checksum" });
}

/** Why base58 without capitals (or without small letters) fails. By chance that is rarer than 1 in 10^7. */
function lostCase(text: string): string | undefined {
  if (!/^[0-9a-zA-Z]{26,36}$/u.test(text) || text.replaceAll(/[0-9]/gu, "").length < 12) return undefined;
  const cast = text === text.toLowerCase() ? "lower" : text === text.toUpperCase() ? "upper" : undefined;
  if (cast === undefined) return undefined;
  return `base58 addresses are case-sensitive and this one was ${cast}-cased: take it from the original list`;
}

function payloadOf(form: Form, body: Uint8Array): Payload | undefined {
  const digits = hex.encode(body);
  const version = digits.slice(0, form.key.length);
  if (body.length !== form.key.length / 2 + HASH_BYTES) return undefined;
  const hash = body.slice(-HASH_BYTES);
  if (version === form.key) return { kind: "key", hash };
  return form.script.includes(version) ? { kind: "script", hash } : undefined;
}

const checksum = (body: Uint8Array): Uint8Array => sha256(sha256(body)).slice(0, CHECKSUM_BYTES);
const encodeBase58 = (body: Uint8Array): string => base58.encode(Uint8Array.of(...body, ...checksum(body)));

function belongsTo(owners: readonly BitcoinAlias[]): Parameters<Fail> {
  const names = owners.map((alias) => chainNamed(alias).name);
  const values = { chains: names.join(", ") };
  return [`it is an address of another chain, ${names.join(" or ")}`, { reason: "other-chain", values }];
}

const HRPS: ReadonlySet<string> = new Set(ALIASES.flatMap((alias) => FORMS[alias].hrp ?? []));

/** Whether a text is to be read by BIP-173: by its prefix, or because it decodes so. */
function isBech32(text: string): boolean {
  const oneCase = text === text.toLowerCase() || text === text.toUpperCase();
  const hrp = text.slice(0, text.lastIndexOf("1"));
  if (HRPS.has(hrp) || (oneCase && HRPS.has(hrp.toLowerCase()))) return true;
  // Lower-case "bc1…" with a "1" lost among the data, as in BIP-173's "Invalid data character".
  if ([...HRPS].some((known) => text.startsWith(`${known}1`))) return true;
  return oneCase && (bech32.decodeUnsafe(text) !== undefined || bech32m.decodeUnsafe(text) !== undefined);
}

/** BIP-173 and BIP-350, "Segwit address format"; program lengths: BIP-141, "Witness program". */
function segwitOf(alias: BitcoinAlias, text: string, fail: Fail): string {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase())
    throw fail("it mixes upper and lower case", { reason: "letter-case" });
  const hrp = lower.slice(0, lower.lastIndexOf("1"));
  const old = bech32.decodeUnsafe(lower);
  const decoded = old ?? bech32m.decodeUnsafe(lower);
  if (decoded === undefined)
    throw fail("its checksum is wrong: at least one character was changed", { reason: "checksum" });
  if (hrp !== FORMS[alias].hrp) {
    const owners = ALIASES.filter((other) => FORMS[other].hrp === hrp);
    throw owners.length > 0 ? fail(...belongsTo(owners)) : fail(`its prefix "${hrp}" is not of this chain`);
  }
  const [version, ...words] = decoded.words;
  if (version === undefined) throw fail("it holds no witness program");
  if (version > 16) throw fail(`witness version ${version} does not exist`);
  const program = bech32.fromWordsUnsafe(words);
  if (program === undefined) throw fail("its padding is not zero, or too long");
  if (program.length < 2 || program.length > 40)
    throw fail(`it has a wrong length, a program of ${program.length} bytes`, { reason: "length" });
  if (version === 0 && program.length !== 20 && program.length !== 32) {
    throw fail(`it has a wrong length, a program of ${program.length} bytes where version 0 has 20 or 32`, {
      reason: "length",
    });
  }
  if ((version === 0) !== (old !== undefined)) {
    throw fail(`witness version ${version} takes the checksum of ${version === 0 ? "bech32" : "bech32m"}`);
  }
  return lower;
}

const CASH_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const CASH_PREFIX = "bitcoincash";
const CASH_SIZES = [20, 24, 28, 32, 40, 48, 56, 64] as const;
const CASH_GENERATOR = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n] as const;

const isCashAddr = (text: string): boolean =>
  text.includes(":") || /^[qpzr][0-9a-z]{41,}$/u.test(text) || /^[QPZR][0-9A-Z]{41,}$/u.test(text);

/** The canonical form of a CashAddr, prefixed or not, in either case. */
function cashAddrOf(text: string, fail: Fail): string {
  const written = text.includes(":")
    ? text
    : `${text === text.toLowerCase() ? CASH_PREFIX : CASH_PREFIX.toUpperCase()}:${text}`;
  const { prefix, type, hash } = decodeCashAddr(written, fail);
  if (prefix !== CASH_PREFIX) throw fail(`its prefix "${prefix}" is of another chain`);
  // Types 2 and 3 say only that the receiver's wallet knows tokens; the output is that of types 0 and 1.
  if (type > 3) throw fail(`address type ${type} does not exist`);
  const kind = type % 2 === 0 ? "key" : "script";
  if (hash.length !== HASH_BYTES && !(kind === "script" && hash.length === 32)) {
    throw fail(`it has a wrong length, a hash of ${hash.length} bytes`, { reason: "length" });
  }
  return encodeCashAddr({ kind, hash });
}

/**
 * Takes a prefixed CashAddr apart; its type and size are not yet held against any chain's rules.
 *
 * @param fail - What to throw, from the reason.
 * Source: CashAddr 1.1, "Payload", "Checksum", https://github.com/bitcoincashorg/bitcoincash.org/blob/master/spec/cashaddr.md
 */
export function decodeCashAddr(
  text: string,
  fail: Fail = (why, of) => new Failure("INVALID_VALUE", { kind: "a CashAddr", text, why, ...of }),
): { readonly prefix: string; readonly type: number; readonly hash: Uint8Array } {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase())
    throw fail("it mixes upper and lower case", { reason: "letter-case" });
  const [prefix = "", payload = "", ...rest] = lower.split(":");
  if (rest.length > 0) throw fail("it has more than one prefix");
  const words = Array.from(payload, (character) => CASH_ALPHABET.indexOf(character));
  const foreign = words.indexOf(-1);
  if (foreign !== -1) throw fail(`"${payload[foreign]}" is not a character of CashAddr`, { reason: "characters" });
  // The longest defined payload: a version byte, 64 bytes of hash and the checksum.
  if (payload.length < 8 || payload.length > 112)
    throw fail(`it has a wrong length, ${text.length} characters`, { reason: "length" });
  if (cashPolymod([...prefixWords(prefix), ...words]) !== 0n) {
    throw fail("its checksum is wrong: at least one character was changed", { reason: "checksum" });
  }
  const bytes = bech32.fromWordsUnsafe(words.slice(0, -8));
  const version = bytes?.[0];
  if (bytes === undefined || version === undefined) throw fail("its payload is empty or badly padded");
  if (version >= 0x80) throw fail("the reserved bit of its version is set");
  const hash = bytes.slice(1);
  if (hash.length !== CASH_SIZES[version & 7])
    throw fail(`it has a wrong length, a hash of ${hash.length} bytes`, { reason: "length" });
  return { prefix, type: version >> 3, hash };
}

function encodeCashAddr({ kind, hash }: Payload): string {
  const size = CASH_SIZES.findIndex((bytes) => bytes === hash.length);
  assert(size !== -1, "bitcoin address: a hash has one of CashAddr's sizes");
  const words = bech32.toWords(Uint8Array.of((kind === "key" ? 0 : 8) | size, ...hash));
  const sum = cashPolymod([...prefixWords(CASH_PREFIX), ...words, 0, 0, 0, 0, 0, 0, 0, 0]);
  const tail = Array.from({ length: 8 }, (_, index) => Number((sum >> BigInt(5 * (7 - index))) & 31n));
  return [...words, ...tail].map((word) => CASH_ALPHABET.charAt(word)).join("");
}

const prefixWords = (prefix: string): readonly number[] => [
  ...Array.from(prefix, (letter) => letter.charCodeAt(0) & 31),
  0,
];

function cashPolymod(words: readonly number[]): bigint {
  let sum = 1n;
  for (const word of words) {
    const top = Number(sum >> 35n);
    sum = ((sum & 0x07ffffffffn) << 5n) ^ BigInt(word);
    for (const [bit, generator] of CASH_GENERATOR.entries()) {
      if (((top >> bit) & 1) === 1) sum ^= generator;
    }
  }
  return sum ^ 1n;
}

import { base32, base58, base64, hex } from "@scure/base";
import { assert, constantFrom, nat, property, record, uint8Array } from "fast-check";
import { address as peer } from "bitcoinjs-lib";
import { describe, expect, test } from "vitest";
import { chain } from "../../base/chains.ts";
import { isFailure } from "../../base/failure.ts";
import { parseAddress, parseTxid } from "./address.ts";

const parse = (alias: string, text: string): string => parseAddress(chain(alias), text);
const why = (alias: string, text: string): string => {
  try {
    return `accepted: ${parse(alias, text)}`;
  } catch (error) {
    if (isFailure(error, "INVALID_VALUE")) return error.message;
    throw error;
  }
};

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const C32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Canonical addresses of the chains with a checksum, with the characters that they are made of. */
const CHECKED: readonly (readonly [string, string, string])[] = [
  ["ripple", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", BASE58], // The genesis account, xrpl.org.
  ["ripple", "rrrrrrrrrrrrrrrrrrrrrhoLvTp", BASE58], // ACCOUNT_ZERO, xrpl.org.
  ["ripple", "r3mZvvHVLPtRWAujzBsAoXqH11jhwQZvzY", BASE58],
  ["stellar", "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", BASE32], // SEP-23.
  ["stellar", "GBM3PJWNB5VKNOFXCDTTNXPMUNBMYTLAAPYDIIKLHUGMKX7ZGN2FNGFU", BASE32],
  ["nem", "NC4C6PSUW5CLTDT5SXAGJDQJGZNESKFK5MCN77OG", BASE32],
  ["tron", "TB3j1gUXaLXXq2bstiSMfjQ9R7Yh9DdDgK", BASE58],
  ["tron", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", BASE58], // The USDT contract.
  ["stacks", "SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7", C32], // c32check's README.
  ["stacks", "SP000000000000000000002Q6VF78", C32], // The boot contracts' deployer.
];

describe("addresses with a checksum", () => {
  test.each(CHECKED)("%s: %s", (alias, text) => expect(parse(alias, text)).toBe(text));

  test("no changed character is taken", () => {
    const at = record({ which: constantFrom(...CHECKED), place: nat(100), step: nat(100) });
    assert(
      property(at, ({ which: [alias, text, alphabet], place, step }) => {
        const index = place % text.length;
        const now = alphabet.indexOf(text.charAt(index));
        const next = alphabet.charAt((now + 1 + (step % (alphabet.length - 1))) % alphabet.length);
        if (next === text.charAt(index)) return;
        expect(why(alias, text.slice(0, index) + next + text.slice(index + 1))).not.toMatch(/^accepted/u);
      }),
      { numRuns: 2_000 },
    );
  });

  test("TRON: what bitcoinjs-lib writes with version 0x41, and no other version", () => {
    assert(
      property(uint8Array({ minLength: 20, maxLength: 20 }), nat(255), (hash, version) => {
        const taken = why("tron", peer.toBase58Check(hash, version)).startsWith("accepted");
        expect(taken).toBe(version === 0x41);
        expect(parse("tron", peer.toBase58Check(hash, 0x41))).toBe(peer.toBase58Check(hash, 0x41));
      }),
    );
  });
});

describe("one account, one text", () => {
  test.each([
    ["nem", "NC4C6P-SUW5CL-TDT5SX-AGJDQJ-GZNESK-FK5MCN-77OG", "NC4C6PSUW5CLTDT5SXAGJDQJGZNESKFK5MCN77OG"],
    ["nem", "nc4c6psuw5cltdt5sxagjdqjgzneskfk5mcn77og", "NC4C6PSUW5CLTDT5SXAGJDQJGZNESKFK5MCN77OG"],
    [
      "stellar",
      "gbm3pjwnb5vknofxcdttnxpmunbmytlaapydiiklhugmkx7zgn2fngfu",
      "GBM3PJWNB5VKNOFXCDTTNXPMUNBMYTLAAPYDIIKLHUGMKX7ZGN2FNGFU",
    ],
    [
      "ton",
      "EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N",
      "0:83dfd552e63729b472fcbcc8c45ebcc6691702558b68ec7527e1ba403a0f31a8",
    ],
    [
      "ton",
      "0:83DFD552E63729B472FCBCC8C45EBCC6691702558B68EC7527E1BA403A0F31A8",
      "0:83dfd552e63729b472fcbcc8c45ebcc6691702558b68ec7527e1ba403a0f31a8",
    ],
    [
      "ton", // The elector, in the masterchain.
      "Ef8zMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM0vF",
      `-1:${"3".repeat(64)}`,
    ],
    [
      "sui",
      "0x000000000000000000000000000000000000000000000000000000000000000A",
      "0x000000000000000000000000000000000000000000000000000000000000000a",
    ],
    ["stacks", "sp2j6zy48gv1ez5v2v5rb9mp66sw86pykknrv9ej7", "SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7"],
    ["stacks", "SP000000000000000000002Q6VF78.pox-4", "SP000000000000000000002Q6VF78.pox-4"],
    ["solana", "11111111111111111111111111111111", "11111111111111111111111111111111"],
    ["solana", "6peRRbTz28xofaJPJzEkxnpcpR5xhYsQcmJHQFdP22n", "6peRRbTz28xofaJPJzEkxnpcpR5xhYsQcmJHQFdP22n"],
    ["eos", "eosio.token", "eosio.token"],
    ["eos", "a", "a"],
  ])("%s: %s", (alias, written, canonical) => {
    expect(parse(alias, written)).toBe(canonical);
    expect(parse(alias, canonical)).toBe(canonical);
  });

  test("TON: either base64, bounceable or not", () => {
    const raw = "0:83dfd552e63729b472fcbcc8c45ebcc6691702558b68ec7527e1ba403a0f31a8";
    expect(parse("ton", "UQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqEBI")).toBe(raw);
    const bytes = base64.decode("EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N");
    assert(
      property(nat(35), nat(254), (index, add) => {
        const changed = bytes.with(index, ((bytes[index] ?? 0) + 1 + add) % 256);
        expect(why("ton", base64.encode(changed))).toContain("checksum is wrong");
      }),
    );
  });

  test("Solana: exactly 32 bytes", () => {
    assert(
      property(uint8Array({ minLength: 30, maxLength: 34 }), (bytes) => {
        const text = base58.encode(bytes);
        expect(why("solana", text).startsWith("accepted")).toBe(bytes.length === 32);
      }),
    );
  });
});

describe("the reason", () => {
  const muxed = "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ";
  test.each([
    ["ripple", "rhb9cjawyb4rj91vrwn96dkukg4bwdtyth", "this one was lower-cased: take it from the original list"],
    ["ripple", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTi", "checksum is wrong"],
    ["ripple", "X7AcgcsBL6XDcUb289X4mJ8djcdyKaB5hJDWMArnXr61cqZ", "X-address"],
    ["ripple", "", "wrong length"],
    ["ripple", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "another chain, TRON"],
    ["tron", "tr7nhqjekqxgtci8q8zy4pl8otszgjlj6t", "lower-cased"],
    ["tron", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "version 0x00"],
    ["tron", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "another chain, XRP Ledger"],
    ["tron", "T".repeat(100_000), "wrong length"],
    ["stellar", muxed, "muxed account"],
    ["stellar", "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSG", "55 characters"],
    ["stellar", "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSG1", "base32"],
    ["stellar", "CAS3J7GYLGXMF6TDJBBYYSE3HQ6BBSMLNUQ34T6TZMYMW2EVH34XOWMA", "contract"],
    ["nem", "TALICE2GMA34CXHD7XLJQ536NM5UNKQHTORNNT2J", "test network"],
    ["nem", "NC4C6PSUW5CLTDT5SXAGJDQJGZNESKFK5MCN77O", "39 characters"],
    ["solana", "6perrbtz28xofajpjzekxnpcpr5xhysqcmjhqfdp22n", "lower-cased"],
    ["solana", "6peRRbTz28xofaJPJzEkxnpcpR5xhYsQcmJHQFdP2", "bytes where 32"],
    ["solana", "0peRRbTz28xofaJPJzEkxnpcpR5xhYsQcmJHQFdP22n", '"0" is not'],
    ["eos", "thirteenchars", "13 characters"],
    ["eos", "Eosio", "only a to z"],
    ["eos", "eosio.", "end in a dot"],
    ["sui", "0x2", "wrong length"],
    ["sui", `0x${"g".repeat(64)}`, "hexadecimal"],
    ["ton", "1:83dfd552e63729b472fcbcc8c45ebcc6691702558b68ec7527e1ba403a0f31a8", "wrong length"],
    ["ton", "kQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqKYH", "test network"],
    ["stacks", "ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM", "test network"],
    ["stacks", "SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJU", "c32"],
    ["stacks", "SP000000000000000000002Q6VF78.", "no valid name"],
    ["stacks", "SP0000000000000000000002Q6VF78", "shortest way"],
  ])("%s %s: %s", (alias, text, reason) => expect(why(alias, text)).toContain(reason));

  test("a secret key is not quoted", () => {
    const stellar = `S${"A".repeat(55)}`;
    const ripple = `s${"n".repeat(28)}`;
    for (const [alias, secret] of [
      ["stellar", stellar],
      ["ripple", ripple],
    ] as const) {
      expect(why(alias, secret)).toContain("secret key");
      expect(why(alias, secret)).not.toContain(secret.slice(1));
    }
  });
});

describe("base32 of the vectors", () => {
  test("SEP-23's account is the bytes 3f0c34bf…", () =>
    expect(hex.encode(base32.decode("GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ")).slice(2, 10)).toBe(
      "3f0c34bf",
    ));
});

describe("parseTxid", () => {
  const id = "9e2093f9effac889cca5c232932c8eec9a8d4cf6c3ab8c0e9e9304c63565e4dd";
  const signature = base58.encode(new Uint8Array(64).fill(7));
  const digest = base58.encode(new Uint8Array(32).fill(7));
  test.each([
    ["ripple", id, id.toUpperCase()],
    ["stellar", id.toUpperCase(), id],
    ["nem", id.toUpperCase(), id],
    ["tron", id.toUpperCase(), id],
    ["eos", id.toUpperCase(), id],
    ["ton", id.toUpperCase(), id],
    ["ton", base64.encode(hex.decode(id)), id],
    ["ton", base64.encode(hex.decode(id)).replaceAll("+", "-").replaceAll("/", "_").replace("=", ""), id],
    ["stacks", `0x${id}`, `0x${id}`],
    ["stacks", id.toUpperCase(), `0x${id}`],
    ["solana", signature, signature],
    ["sui", digest, digest],
  ])("%s: %s", (alias, written, canonical) => expect(parseTxid(chain(alias), written)).toBe(canonical));

  test.each([
    ["ripple", `0x${id}`],
    ["tron", id.slice(1)],
    ["solana", digest],
    ["sui", signature],
    ["sui", id],
    ["ton", "A".repeat(42)],
    ["stacks", `0x${id}0`],
    ["eos", ""],
  ])("%s: %j is refused", (alias, text) => expect(() => parseTxid(chain(alias), text)).toThrow(/it must be/u));
});

import { base58, hex } from "@scure/base";
import { address as peer, networks } from "bitcoinjs-lib";
import { assert, constantFrom, nat, property, record, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { chain } from "../../base/chains.ts";
import { isFailure } from "../../base/failure.ts";
import { decodeCashAddr, parseAddress, parseTxid } from "./address.ts";

const parse = (alias: string, text: string): string => parseAddress(chain(alias), text);
const why = (alias: string, text: string): string => {
  try {
    return `accepted: ${parse(alias, text)}`;
  } catch (error) {
    if (isFailure(error, "INVALID_VALUE")) return error.message;
    throw error;
  }
};

const VALID: readonly (readonly [string, string])[] = [
  ["bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"],
  ["bitcoin", "1TYyommJW3uhjhcnHhUSuTQFqSBAxBDPV"],
  ["bitcoin", "3P14159f73E4gFr7JterCCQh9QjiTjiZrG"],
  ["bitcoin", "1111111111111111111114oLvT2"],
  ["bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
  ["bitcoin", "bc1pfeessrawgf"],
  ["testnet4", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"],
  ["signet", "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc"],
  ["regtest", "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"],
  ["litecoin", "LdAdThWd1oEmRbDKBk1o7Ve7hxrLxUPfvo"],
  ["litecoin", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"],
  ["dogecoin", "DP5mjk9SEYtzhnhkkC24PEjxNtDN7JGRx3"],
  ["bitcoin-cash", "qrzdz534lpzgad7tdmj5decxgq9kczt7dyphxhm7g4"],
  ["zcash", "t1gwwyCfbRMyQdwo8xXrMGDj3ZqVjhsHWTh"],
  ["zcash", "t3Vz22vK5z2LcKEdg16Yv4FFneEL1zg9ojd"],
  ["monacoin", "MHnYTL9e1s8zNR2qzzJ3mMHfgjnUzyMscd"],
];

const ALPHABETS: Readonly<Record<string, string>> = {
  base58: "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
  bech32: "qpzry9x8gf2tvdw0s3jn54khce6mua7l",
};

describe("valid addresses", () => {
  test.each(VALID)("%s: %s", (alias, text) => {
    expect(parse(alias, text)).toBe(text);
    expect(parse(alias, parse(alias, text))).toBe(text);
  });

  test("no changed character is taken", () => {
    const at = record({ which: constantFrom(...VALID), place: nat(100), step: nat(100) });
    assert(
      property(at, ({ which: [alias, text], place, step }) => {
        const bech = /^(?:q|p|[a-z]+1)/u.test(text) && !text.startsWith("m") && !text.startsWith("t");
        const alphabet = ALPHABETS[bech ? "bech32" : "base58"] ?? "";
        const index = place % text.length;
        const now = alphabet.indexOf(text.charAt(index));
        const next = alphabet.charAt((now + 1 + (step % (alphabet.length - 1))) % alphabet.length);
        if (next === text.charAt(index)) return;
        expect(why(alias, text.slice(0, index) + next + text.slice(index + 1))).not.toMatch(/^accepted/u);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("beside bitcoinjs-lib", () => {
  test.each([
    ["bitcoin", networks.bitcoin],
    ["testnet4", networks.testnet],
    ["regtest", networks.regtest],
  ])("%s: what it writes is canonical", (alias, network) => {
    assert(
      property(
        uint8Array({ minLength: 20, maxLength: 20 }),
        uint8Array({ minLength: 32, maxLength: 32 }),
        (short, long) => {
          for (const text of [
            peer.toBase58Check(short, network.pubKeyHash),
            peer.toBase58Check(short, network.scriptHash),
            peer.toBech32(short, 0, network.bech32),
            peer.toBech32(long, 0, network.bech32),
            peer.toBech32(long, 1, network.bech32),
          ]) {
            expect(parse(alias, text)).toBe(text);
          }
        },
      ),
    );
  });

  test("both take and refuse the same versions and lengths", () => {
    assert(
      property(nat(16), uint8Array({ minLength: 0, maxLength: 42 }), (version, program) => {
        const text = peer.toBech32(program, version, "bc");
        const due = version === 0 ? [20, 32].includes(program.length) : program.length >= 2 && program.length <= 40;
        expect(!why("bitcoin", text).startsWith("accepted")).toBe(!due);
      }),
    );
  });

  test("both read the same program", () => {
    const program = constantFrom(20, 32).chain((length) => uint8Array({ minLength: length, maxLength: length }));
    assert(
      property(program, (bytes) => {
        const text = parse("bitcoin", peer.toBech32(bytes, 0, "bc").toUpperCase());
        expect(hex.encode(peer.toOutputScript(text))).toContain(hex.encode(bytes));
      }),
    );
  });

  test("random base58check with any version byte: only two are Bitcoin's", () => {
    assert(
      property(nat(255), uint8Array({ minLength: 20, maxLength: 20 }), (version, hash) => {
        const taken = why("bitcoin", peer.toBase58Check(hash, version)).startsWith("accepted");
        expect(taken).toBe(version === 0 || version === 5);
      }),
    );
  });

  test("no random text is taken", () => {
    assert(
      property(uint8Array({ minLength: 0, maxLength: 60 }), (bytes) => {
        expect(why("bitcoin", base58.encode(bytes))).not.toMatch(/^accepted/u);
      }),
    );
  });
});

describe("BIP-350, test vectors for v0-v16 addresses", () => {
  test.each([
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
    "BC1SW50QGDZ25J",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
    "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy",
    "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
  ])("%s is valid", (text) => {
    const alias = text.startsWith("tb") ? "testnet4" : "bitcoin";
    expect(parse(alias, text)).toBe(text.toLowerCase());
  });

  test.each([
    ["tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut", "prefix"],
    ["bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "bech32m"],
    ["tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf", "bech32m"],
    ["BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "bech32m"],
    ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "checksum of bech32"],
    ["tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47", "checksum of bech32"],
    ["bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "checksum is wrong"],
    ["BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "version 17"],
    ["bc1pw5dgrnzv", "1 bytes"],
    ["bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", "41 bytes"],
    ["BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "16 bytes where version 0"],
    ["tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", "mixes"],
    ["bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", "padding"],
    ["tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", "padding"],
    ["bc1gmk9yu", "no witness program"],
  ])("%s is refused: %s", (text, reason) => {
    expect(why(text.startsWith("tb") ? "testnet4" : "bitcoin", text)).toContain(reason);
  });
});

describe("BIP-173, invalid addresses", () => {
  test.each([
    "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2",
    "bc1rw5uspcuh",
    "bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7",
    "bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv",
    "bc1gmk9yu",
    // Valid before BIP-350, with the older checksum.
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx",
    "BC1SW50QA3JX3S",
    "bc1zw508d6qejxtdg4y5r3zarvaryvg6kdaj",
  ])("%s", (text) => {
    expect(why("bitcoin", text)).not.toMatch(/^accepted/u);
    expect(why("testnet4", text)).not.toMatch(/^accepted/u);
  });
});

describe("CashAddr", () => {
  // CashAddr 1.1, "Examples of address translation".
  test.each([
    ["1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu", "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"],
    ["1KXrWXciRDZUpQwQmuM1DbwsKDLYAYsVLR", "bitcoincash:qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy"],
    ["16w1D5WRVKJuZUsSRzdLp9w3YGcgoxDXb", "bitcoincash:qqq3728yw0y47sqn6l2na30mcw6zm78dzqre909m2r"],
    ["3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC", "bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq"],
    ["3LDsS579y7sruadqu11beEJoTjdFiFCdX4", "bitcoincash:pr95sy3j9xwd2ap32xkykttr4cvcu7as4yc93ky28e"],
    ["31nwvkZwyPdgzjBJZXfDmSWsC4ZLKpYyUw", "bitcoincash:pqq3728yw0y47sqn6l2na30mcw6zm78dzq5ucqzc37"],
  ])("%s is %s", (legacy, full) => {
    const bare = full.slice("bitcoincash:".length);
    for (const text of [legacy, full, bare, full.toUpperCase(), bare.toUpperCase()]) {
      expect(parse("bitcoin-cash", text)).toBe(bare);
    }
  });

  // "Larger test vectors".
  test.each([
    ["bitcoincash:qr6m7j9njldwwzlg9v7v53unlr4jkmx6eylep8ekg2", 0, "f5bf48b397dae70be82b3cca4793f8eb2b6cdac9"],
    ["bchtest:pr6m7j9njldwwzlg9v7v53unlr4jkmx6eyvwc0uz5t", 1, "f5bf48b397dae70be82b3cca4793f8eb2b6cdac9"],
    ["pref:pr6m7j9njldwwzlg9v7v53unlr4jkmx6ey65nvtks5", 1, "f5bf48b397dae70be82b3cca4793f8eb2b6cdac9"],
    [
      "bitcoincash:q9adhakpwzztepkpwp5z0dq62m6u5v5xtyj7j3h2ws4mr9g0",
      0,
      "7adbf6c17084bc86c1706827b41a56f5ca32865925e946ea",
    ],
    [
      "pref:pvch8mmxy0rtfrlarg7ucrxxfzds5pamg73h7370aa87d80gyhqxq4k9m7qf9",
      1,
      "3173ef6623c6b48ffd1a3dcc0cc6489b0a07bb47a37f47cfef4fe69de825c060",
    ],
    [
      "bchtest:pnq8zwpj8cq05n7pytfmskuk9r4gzzel8qtsvwz79zdskftrzxtar994cgutavfklvmgm6ynej",
      1,
      "c07138323e00fa4fc122d3b85b9628ea810b3f381706385e289b0b25631197d194b5c238beb136fb",
    ],
    [
      "bitcoincash:qlg0x333p4238k0qrc5ej7rzfw5g8e4a4r6vvzyrcy8j3s5k0en7calvclhw46hudk5flttj6ydvjc0pv3nchp52amk97tqa5zygg96mtky5sv5w",
      0,
      "d0f346310d5513d9e01e299978624ba883e6bda8f4c60883c10f28c2967e67ec77ecc7eeeaeafc6da89fad72d11ac961e164678b868aeeec5f2c1da08884175b",
    ],
  ])("%s", (text, type, hash) => {
    const decoded = decodeCashAddr(text);
    expect([decoded.type, hex.encode(decoded.hash)]).toEqual([type, hash]);
  });

  // "Checksum": valid checksums, no valid payload.
  test.each([
    "prefix:x64nx6hz",
    "p:gpf8m4h7",
    "bitcoincash:qpzry9x8gf2tvdw0s3jn54khce6mua7lcw20ayyn",
    "bchtest:spectestnetaddressrealrealaddressqpan2k9lh",
    "bchreg:555555555555555555555555555555555555555555555udxmlmrz",
  ])("%s has a right checksum and no payload", (text) => {
    expect(() => decodeCashAddr(text)).toThrow(/payload|reserved bit|length/u);
  });

  test("a hash of another length than the size bits say is refused", () =>
    expect(() => decodeCashAddr("prefix:0zeuqqwwk0xjclsv4lzljpye09m74gv4darmzluu6g4yxxk5eja92nup8dp7p")).toThrow(
      /hash of 32 bytes/u,
    ));

  test("a token-aware address is the address of the same output", () => {
    // CHIP-2022-02-CashTokens, test vectors: one hash as types 0 and 2.
    expect(parse("bitcoin-cash", "bitcoincash:zr6m7j9njldwwzlg9v7v53unlr4jkmx6eycnjehshe")).toBe(
      "qr6m7j9njldwwzlg9v7v53unlr4jkmx6eylep8ekg2",
    );
  });

  test.each([
    ["bchtest:pr6m7j9njldwwzlg9v7v53unlr4jkmx6eyvwc0uz5t", "another chain"],
    ["bitcoincash:bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", "more than one prefix"],
    ["bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6A", "mixes"],
    ["bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6b", "not a character"],
    ["bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6q", "checksum"],
    ["bitcoincash:q9adhakpwzztepkpwp5z0dq62m6u5v5xtyj7j3h2ws4mr9g0", "24 bytes"],
    ["bitcoincash:", "length"],
  ])("%s is refused: %s", (text, reason) => expect(why("bitcoin-cash", text)).toContain(reason));
});

describe("one script hash with two version bytes", () => {
  test.each([
    ["litecoin", 0x05, 0x32],
    ["monacoin", 0x05, 0x37],
  ])("%s: the older one becomes the newer", (alias, old, now) => {
    const hash = hex.decode("f5bf48b397dae70be82b3cca4793f8eb2b6cdac9");
    expect(parse(alias, peer.toBase58Check(hash, old))).toBe(peer.toBase58Check(hash, now));
  });
});

describe("the reason", () => {
  test.each([
    ["bitcoin", "1a1zp1ep5qgefi2dmptftl5slmv7divfna", "this one was lower-cased: take it from the original list"],
    ["bitcoin", "1A1ZP1EP5QGEFI2DMPTFTL5SLMV7DIVFNA", "this one was upper-cased"],
    ["bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "checksum is wrong"],
    ["bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a", '"0" is not a character'],
    ["bitcoin", " 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", '" " is not a character'],
    ["bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf", "wrong length"],
    ["bitcoin", "", "wrong length"],
    ["bitcoin", "x".repeat(100_000), "wrong length"],
    ["bitcoin", "LdAdThWd1oEmRbDKBk1o7Ve7hxrLxUPfvo", "another chain, Litecoin"],
    ["bitcoin", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "Bitcoin testnet 4 or Bitcoin signet or Bitcoin regtest"],
    ["bitcoin", "t1gwwyCfbRMyQdwo8xXrMGDj3ZqVjhsHWTh", "another chain, Zcash"],
    ["bitcoin", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "another chain, Litecoin"],
    ["dogecoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "another chain, Bitcoin"],
    ["litecoin", "ltcmweb1qq", "MWEB"],
    ["zcash", "zs1z7rejlpsa98s2rrrfkwmaxu53e4ue0ulcrw0h4x5g8jl04tak0d3mm47vdtahatqrlkngh9slya", "shielded"],
  ])("%s %s: %s", (alias, text, reason) => expect(why(alias, text)).toContain(reason));
});

test("a private key is not quoted", () => {
  const key = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"; // A published example, en.bitcoin.it, "Wallet import format".
  expect(why("bitcoin", key)).toContain("private key");
  expect(why("bitcoin", key)).not.toContain(key.slice(1));
});

describe("parseTxid", () => {
  const id = "9e2093f9effac889cca5c232932c8eec9a8d4cf6c3ab8c0e9e9304c63565e4dd";
  test("64 digits, lowered", () => expect(parseTxid(chain("bitcoin"), id.toUpperCase())).toBe(id));
  test.each([`0x${id}`, id.slice(1), "", `${id}:0`])("%j is refused", (text) =>
    expect(() => parseTxid(chain("bitcoin"), text)).toThrow(/64 hexadecimal/u),
  );
  test("a chain of another family is a bug", () =>
    expect(() => parseTxid(chain("ethereum"), id)).toThrow(/family evm/u));
});

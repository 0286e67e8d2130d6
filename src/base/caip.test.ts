import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { accountId, addressOf, chainOf, parseAccountId, parseAssetId, parseChainId } from "./caip.ts";
import { isFailure } from "./failure.ts";

const refused = (act: () => unknown): boolean => {
  try {
    act();
    return false;
  } catch (error) {
    return isFailure(error, "INVALID_VALUE");
  }
};

// CAIP-2, "Test Cases".
const CHAINS = [
  "eip155:1",
  "bip122:000000000019d6689c085ae165831e93",
  "bip122:12a765e31ffd4059bada1e25190f6e98",
  "bip122:fdbe99b90c90bae7505796461471d89a",
  "cosmos:cosmoshub-2",
  "cosmos:Binance-Chain-Tigris",
  "cosmos:iov-mainnet",
  "starknet:SN_GOERLI",
  "lip9:9ee11e9df416b18b",
  "chainstd:8c3444cf8970a9e41a706fab93e7a6c4",
  "tvm:-239",
];

describe("CAIP-2", () => {
  test.each(CHAINS)("%s is a chain id", (text) => expect(parseChainId(text)).toBe(text));
  test.each([
    "",
    "eip155",
    "eip155:",
    ":1",
    "ab:1",
    "ninechars:1",
    "EIP155:1",
    "eip155:1:2",
    "eip155:a b",
    "eip155:1\n",
    `eip155:${"1".repeat(33)}`,
    "eip155:é",
  ])("%j is none", (text) => expect(refused(() => parseChainId(text))).toBe(true));
});

describe("CAIP-10", () => {
  test.each([
    "eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb",
    "bip122:000000000019d6689c085ae165831e93:128Lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6",
    "hedera:mainnet:0.0.1234567890-zbhlt",
    "chainstd:8c3444cf8970a9e41a706fab93e7a6c4:6d9b0b4b9994e8a6afbd3dc3ed983cd51c755afb27cd1dc7825ef59c134a39f7",
  ])("%s is an account id", (text) => {
    expect(parseAccountId(text)).toBe(text);
    expect(`${chainOf(parseAccountId(text))}:${addressOf(parseAccountId(text))}`).toBe(text);
  });
  test.each(["eip155:1", "eip155:1:", "eip155:1:a_b", "eip155:1:a:b", `eip155:1:${"a".repeat(129)}`])(
    "%j is none",
    (text) => expect(refused(() => parseAccountId(text))).toBe(true),
  );
  test("an address with characters outside the grammar is encoded and comes back", () => {
    const chain = parseChainId("tvm:-239");
    expect(accountId(chain, "0:ab_c")).toBe("tvm:-239:0%3Aab%5Fc");
    expect(addressOf(accountId(chain, "0:ab_c"))).toBe("0:ab_c");
    expect(addressOf(parseAccountId("tvm:-239:50%"))).toBe("50%");
  });
  test("every short text comes back from its account id", () => {
    assert(
      property(string({ minLength: 1, maxLength: 30 }), (address) => {
        expect(addressOf(accountId(parseChainId("eip155:1"), address))).toBe(address);
      }),
    );
  });
});

describe("CAIP-19", () => {
  test.each([
    ["eip155:1/slip44:60", "eip155:1"],
    ["cosmos:cosmoshub-3/slip44:118", "cosmos:cosmoshub-3"],
    ["eip155:1/erc20:0x6b175474e89094c44da98b954eedeac495271d0f", "eip155:1"],
    ["eip155:1/erc721:0x06012c8cf97bead5deae237070f9587f8e7a266d/771769", "eip155:1"],
    ["hedera:mainnet/nft:0.0.55492/12", "hedera:mainnet"],
    ["hedera:mainnet/nft:0.0.55492/12/7", "hedera:mainnet"],
  ])("%s is an asset id", (text, chain) => {
    expect(parseAssetId(text)).toBe(text);
    expect(chainOf(parseAssetId(text))).toBe(chain);
  });
  test("an EVM contract has one spelling", () =>
    expect(parseAssetId("eip155:1/erc721:0x06012c8cf97BEaD5deAe237070F9587f8E7A266d/771769")).toBe(
      "eip155:1/erc721:0x06012c8cf97bead5deae237070f9587f8e7a266d/771769",
    ));
  test.each([
    "eip155:1",
    "eip155:1/erc20",
    "eip155:1/erc20:",
    "eip155:1/erc20:0x12",
    "eip155:1/ERC20:0x6b175474e89094c44da98b954eedeac495271d0f",
    "eip155/slip44:60",
    "eip155:1/slip44:6 0",
    "eip155:1/slip44:60/",
    "eip155:1/nft:a/b/c",
  ])("%j is none", (text) => expect(refused(() => parseAssetId(text))).toBe(true));
});

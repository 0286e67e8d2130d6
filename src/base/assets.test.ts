import { describe, expect, test } from "vitest";
import { asset, assets } from "./assets.ts";
import { chainOf, parseAssetId } from "./caip.ts";
import { chains } from "./chains.ts";

describe("asset", () => {
  test.each(assets.map((known) => [known.symbol, known] as const))(
    "%s is found by alias and by id",
    (symbol, known) => {
      expect(asset(symbol)).toBe(known);
      expect(asset(known.id)).toBe(known);
      expect(parseAssetId(known.id)).toBe(known.id);
      expect(chainOf(known.id)).toBe(known.chain);
    },
  );

  test.each([
    ["BTC", 8],
    ["ETH", 18],
    ["XRP", 6],
    ["XLM", 7],
    ["XEM", 6],
    ["TRX", 6],
    ["SOL", 9],
    ["MONA", 8],
    ["EOS", 4],
    ["SUI", 9],
    ["USDT", 6],
    ["WBTC", 8],
    ["stETH", 18],
  ])("%s has %i decimals", (alias, decimals) => expect(asset(alias).decimals).toBe(decimals));

  test("no alias stands twice", () => expect(new Set(assets.map(({ symbol }) => symbol)).size).toBe(assets.length));

  test.each(chains.map((known) => [known.alias, known.native]))(
    "the native asset of %s has its decimals",
    (_, native) => expect(asset(native).decimals).toBeTypeOf("number"),
  );

  test("an EVM contract may be written in any case", () =>
    expect(asset("eip155:1/erc20:0xdAC17F958D2ee523a2206206994597C13D831ec7")).toBe(asset("USDT")));

  test("an id outside the list has no decimals", () => {
    expect(asset("eip155:56/erc20:0x55d398326f99059ff775485246999027b3197955")).toEqual({
      id: "eip155:56/erc20:0x55d398326f99059ff775485246999027b3197955",
      symbol: "erc20:0x55d398326f99059ff775485246999027b3197955",
      decimals: undefined,
      chain: "eip155:56",
    });
    expect(asset("cosmos:cosmoshub-3/slip44:118").decimals).toBeUndefined();
  });

  test("another id of the same chain leads to the same asset", () =>
    expect(asset("tron:0x2b6653dc/slip44:195")).toBe(asset("TRX")));

  test.each(["", "btc", "USDX", "bitcoin", "__proto__"])("%j is unknown", (text) =>
    expect(() => asset(text)).toThrow(/^unknown asset/u),
  );
  test("an unknown alias gets near ones", () => expect(() => asset("btc")).toThrow(/did you mean BTC/u));
  test("a malformed id is refused as such", () =>
    expect(() => asset("eip155:1/erc20:0x12")).toThrow(/40 hexadecimal/u));
});

import { chainOf, parseAssetId, type AssetId, type ChainId } from "./caip.ts";
import { canonicalChainId, chain } from "./chains.ts";
import { Failure } from "./failure.ts";
import { nearest } from "./nearest.ts";

/** An asset and how to write its amounts. */
export type Asset = {
  readonly id: AssetId;
  /** The ticker; for an asset outside the list, the part of its id after the chain. */
  readonly symbol: string;
  /** How many decimals its base unit has; undefined where that is not known. */
  readonly decimals: number | undefined;
  readonly chain: ChainId;
};

const native = (symbol: string, alias: string, decimals: number): Asset => {
  const home = chain(alias);
  return { id: home.native, symbol, decimals, chain: home.id };
};
const token = (symbol: string, contract: string, decimals: number): Asset => ({
  id: parseAssetId(`eip155:1/erc20:${contract}`),
  symbol,
  decimals,
  chain: chain("ethereum").id,
});

/**
 * Every asset that has an alias, which is its symbol.
 *
 * Source: SLIP-44 and each chain's own documentation for the natives; for the tokens Etherscan's labels, and for WETH,
 * UNI and LINK, which those lack, the address that public code uses throughout.
 */
export const assets: readonly Asset[] = [
  native("BTC", "bitcoin", 8),
  native("ETH", "ethereum", 18),
  native("ETC", "ethereum-classic", 18),
  native("LTC", "litecoin", 8),
  native("DOGE", "dogecoin", 8),
  native("BCH", "bitcoin-cash", 8),
  native("ZEC", "zcash", 8),
  native("MONA", "monacoin", 8),
  native("BNB", "bsc", 18),
  native("XRP", "ripple", 6),
  native("XLM", "stellar", 7),
  native("XEM", "nem", 6),
  native("TRX", "tron", 6),
  native("SOL", "solana", 9),
  native("EOS", "eos", 4),
  native("SUI", "sui", 9),

  token("USDT", "0xdac17f958d2ee523a2206206994597c13d831ec7", 6),
  token("USDC", "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", 6),
  token("DAI", "0x6b175474e89094c44da98b954eedeac495271d0f", 18),
  token("WBTC", "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599", 8),
  token("WETH", "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", 18),
  token("stETH", "0xae7ab96520de3a18e5e111b5eaab095312d7fe84", 18),
  token("UNI", "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984", 18),
  token("LINK", "0x514910771af9ca656af840dff83e8264ecf986ca", 18),
  token("SHIB", "0x95ad61b0a150d79219dcf64e1e6cc01f0b64c4ce", 18),
  // The contract since January 2019; before it, 0x8dd5fbce2f6a956c3022ba3663759011dd51e73e.
  token("TUSD", "0x0000000000085d4780b73119b644ae5ecd22b376", 18),
  token("BNT", "0x1f573d6fb3f13d689ff844b4ce37794d79a7ff1c", 18),
];

/** Native assets without an alias: their symbol is another asset's too, or nothing was stolen in them that is listed. */
const unnamed: readonly Asset[] = [
  native("tBTC", "testnet4", 8),
  native("sBTC", "signet", 8),
  native("rBTC", "regtest", 8),
  native("POL", "polygon", 18),
  native("ETH", "arbitrum", 18),
  native("ETH", "optimism", 18),
  native("ETH", "base", 18),
  native("AVAX", "avalanche", 18),
  native("FTM", "fantom", 18),
  native("xDAI", "gnosis", 18),
  native("RON", "ronin", 18),
  native("HT", "heco", 18),
  native("ONE", "harmony", 18),
  native("TON", "ton", 9),
  native("STX", "stacks", 6),
];

const byAlias: ReadonlyMap<string, Asset> = new Map(assets.map((known) => [known.symbol, known]));
const byId: ReadonlyMap<string, Asset> = new Map([...assets, ...unnamed].map((known) => [known.id, known]));

/**
 * The asset of an alias or a CAIP-19 id.
 *
 * A well-formed id outside the list is an asset too; its decimals are then unknown, never guessed.
 *
 * @throws {Failure} `UNKNOWN_NAME` where the text is neither; it names the nearest known aliases.
 * @throws {Failure} `INVALID_VALUE` where it has the slash of a CAIP-19 id and is not well formed.
 * @example asset("USDT").id // => "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7"
 */
export function asset(text: string): Asset {
  const known = byAlias.get(text);
  if (known !== undefined) return known;
  if (text.includes("/")) return assetOf(parseAssetId(text));
  const aliases = [...byAlias.keys()];
  throw new Failure("UNKNOWN_NAME", {
    kind: "asset",
    name: text,
    where: "the assets Fundtrail knows",
    mend: nearest(text, aliases, `use one of ${aliases.join(", ")}, or a CAIP-19 id`),
  });
}

function assetOf(written: AssetId): Asset {
  const home = canonicalChainId(chainOf(written));
  const local = written.slice(chainOf(written).length);
  const id = `${home}${local}` as AssetId;
  return byId.get(id) ?? { id, symbol: local.slice(1), decimals: undefined, chain: home };
}

import type { JsonDocument } from "./json-document.ts";
import { isObject, text } from "./json-document.ts";
import type { TagInput, TagSink } from "./tag-input.ts";

/**
 * What Etherscan's label words say of an address, where they say it plainly: a category or an abuse of the taxonomy, and the
 * actor of a brand. All words are kept with the tag; a word that is not here only describes.
 */
const words: Readonly<
  Record<string, { readonly category?: string; readonly abuse?: string; readonly actor?: string }>
> = {
  "tornado-cash": { category: "mixing_service", actor: "tornado" },
  "ethereum-mixer": { category: "mixing_service" },
  "typhoon-cash": { category: "mixing_service" },
  bridge: { category: "defi_bridge" },
  multichain: { category: "defi_bridge" },
  "hop-protocol": { category: "defi_bridge" },
  "across-protocol": { category: "defi_bridge" },
  wormhole: { category: "defi_bridge" },
  "celer-network": { category: "defi_bridge" },
  synapse: { category: "defi_bridge" },
  connext: { category: "defi_bridge" },
  gambling: { category: "gambling" },
  mining: { category: "miner" },
  marketplace: { category: "market" },
  opensea: { category: "market" },
  looksrare: { category: "market" },
  rarible: { category: "market" },
  dex: { category: "defi_dex" },
  sushiswap: { category: "defi_dex" },
  balancer: { category: "defi_dex" },
  "curve-fi": { category: "defi_dex" },
  kyberswap: { category: "defi_dex" },
  "1inch": { category: "defi_dex" },
  aave: { category: "defi_lending" },
  compound: { category: "defi_lending" },
  derivatives: { category: "defi_derivative" },
  defi: { category: "defi" },
  "yield-farming": { category: "defi" },
  "ico-wallets": { category: "ico_wallet" },
  donate: { category: "donation" },
  escrow: { category: "escrow_wallet" },
  payments: { category: "payment_processor" },
  "ofac-sanctions-lists": { abuse: "sanction" },
  "phish-hack": { abuse: "phishing" },
  phishing: { abuse: "phishing" },
  heist: { abuse: "service_hack" },
  exploit: { abuse: "service_hack" },
  scam: { abuse: "scam" },
  "cold-wallet": {},
  ...Object.fromEntries(
    (
      "huobi binance bitfinex okx coinbase coinsquare crypto-com kucoin poloniex bithumb kraken gemini ftx deribit bitstamp " +
      "ascendex korbit coinmetro gate-io hoo-com coss-io liquid hitbtc trade-io bitmart coinhako idex digifinex paribu " +
      "bittrex cobinhood coinbit coinone upbit hotbit kryptono latoken resfinex bgogo changenow remitano gbx quadrigacx " +
      "yunbi zb-com abcc allbit bitmex tidex topbtc crex24 lcx-ag"
    )
      .split(" ")
      .map((brand) => [
        brand,
        { category: brand === "idex" ? "defi_dex" : "exchange", actor: brand.replaceAll("-", "") },
      ]),
  ),
};

/** Tokens and donations of a brand are not its wallets. */
const notTheBrand = /\b(?:token|donate|deployer|stablecoin|contract)\b/iu;

/** Reads Etherscan's labels: `{"0x…": {"name": "…", "labels": ["…"]}}`, all on Ethereum. */
export function* etherscanTags({ value, lineOf }: JsonDocument, sink: TagSink): Generator<TagInput> {
  for (const [address, entry] of Object.entries(value as Record<string, unknown>)) {
    const line = lineOf(address);
    if (!isObject(entry) || !Array.isArray(entry["labels"])) {
      sink.reject(line, "no label", `the entry of ${address} has no labels`);
      continue;
    }
    const labels = entry["labels"].map(text).filter((label) => label !== "");
    const name = text(entry["name"]).trim();
    yield {
      line,
      subject: { kind: "address", text: address, chain: { kind: "code", code: "ETH" } },
      label: name === "" ? labels.join(", ") : name,
      ...meaningOf(labels, name),
      confidence: "web_crawl",
      sourceName: "Etherscan labels",
      url: `https://etherscan.io/address/${address}`,
      details: labels.map((label) => ["label", label] as const),
    };
  }
}

function meaningOf(labels: readonly string[], name: string): Pick<TagInput, "category" | "abuse" | "actor"> {
  const meanings = labels.flatMap((label) => (Object.hasOwn(words, label) ? [words[label] ?? {}] : []));
  const brand = meanings.find(({ actor }) => actor !== undefined);
  const isBrands = brand !== undefined && !notTheBrand.test(name);
  const others = meanings.filter((meaning) => meaning.actor === undefined);
  return {
    category:
      (isBrands ? brand.category : undefined) ?? others.find(({ category }) => category !== undefined)?.category,
    abuse: meanings.find(({ abuse }) => abuse !== undefined)?.abuse,
    actor: isBrands ? brand.actor : undefined,
  };
}

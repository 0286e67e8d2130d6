/**
 * The taxonomy that tags are sorted by: the concepts of INTERPOL's Dark Web and Virtual Assets taxonomy (DW-VA) by the ids
 * that GraphSense's TagPacks use, each with the wider concept that it belongs to and what following money makes of it.
 *
 * Source: `concepts.yaml` of graphsense-tagpack-tool, and the ids that public packs use beside it.
 */

/** What a category means where money arrives. */
export type CategoryKind =
  /** Many customers' money is in one pot: what leaves is not what came in. A trace stops, clusters are not joined. */
  | "pooled"
  /** A program on a chain that gives something for what it takes; swaps and bridges are followed where they are known. */
  | "protocol"
  /** A service that keeps no pot of others' money. */
  | "service"
  /** Something illicit, said of its owner or of what it was used for. */
  | "illicit"
  /** A person or a group, or something said of how an address is used; nothing is decided by it. */
  | "descriptive";

export type Category = {
  readonly id: string;
  readonly name: string;
  readonly broader: string | undefined;
  readonly kind: CategoryKind;
};

type Row = readonly [id: string, name: string, broader: string | undefined, kind: CategoryKind];

const rows: readonly Row[] = [
  ["entity", "Entity", undefined, "descriptive"],
  ["organization", "Organization", "entity", "descriptive"],
  ["user", "User", "entity", "descriptive"],
  ["victim", "Victim", "user", "descriptive"],
  ["donation", "Donation", "user", "descriptive"],
  ["miner", "Miner", "user", "descriptive"],
  ["perpetrator", "Perpetrator", "user", "illicit"],

  ["service", "Service", "entity", "service"],
  ["exchange", "Exchange", "service", "pooled"],
  ["wallet_service", "Wallet service", "service", "pooled"],
  ["escrow_wallet", "Escrow", "wallet_service", "pooled"],
  ["ico_wallet", "ICO wallet", "wallet_service", "service"],
  ["mixing_service", "Mixer", "service", "pooled"],
  ["payment_processor", "Payment processor", "service", "pooled"],
  ["gambling", "Gambling", "service", "pooled"],
  ["market", "Market", "service", "pooled"],
  ["mining_service", "Mining pool or service", "service", "pooled"],
  ["atm", "Cryptoasset ATM", "service", "pooled"],
  ["faucet", "Faucet", "service", "service"],
  ["filesharing", "File sharing", "service", "service"],
  ["index", "Index", "service", "service"],
  ["messaging_service", "Messaging service", "service", "service"],
  ["search_engine", "Search engine", "service", "service"],
  ["shop", "Shop", "service", "service"],
  ["hosting", "Hosting", "service", "service"],
  ["vpn", "VPN", "service", "service"],
  ["defi", "DeFi protocol", "service", "protocol"],
  ["defi_lending", "Lending protocol", "defi", "protocol"],
  ["defi_dex", "Decentralised exchange", "defi", "protocol"],
  ["defi_derivative", "Derivatives protocol", "defi", "protocol"],
  ["defi_bridge", "Bridge", "defi", "pooled"],
  ["item", "Digital item", undefined, "descriptive"],
  ["collectible", "Collectible", "item", "descriptive"],

  ["behaviour", "Behaviour", undefined, "descriptive"],
  ["source", "Source", undefined, "descriptive"],
  ["mention", "Mention", "source", "descriptive"],
  ["website_mention", "Website mention", "mention", "descriptive"],
  ["forum_mention", "Forum mention", "website_mention", "descriptive"],
  ["dark_web", "Dark web", "source", "descriptive"],
  ["white_usage", "Benign usage", "behaviour", "descriptive"],
  ["cold_wallet", "Cold wallet", "white_usage", "descriptive"],
  ["hot_wallet", "Hot wallet", "white_usage", "descriptive"],
  ["warm_wallet", "Warm wallet", "white_usage", "descriptive"],
  ["gray_usage", "Grey usage", "behaviour", "descriptive"],
  ["mixing", "Mixing", "gray_usage", "descriptive"],
  ["coinjoin", "CoinJoin", "mixing", "descriptive"],

  ["abuse", "Abuse", "behaviour", "illicit"],
  ["scam", "Scam", "abuse", "illicit"],
  ["phishing", "Phishing", "abuse", "illicit"],
  ["social_engineering", "Social engineering", "abuse", "illicit"],
  ["hacking", "Hacking", "abuse", "illicit"],
  ["service_hack", "Theft from a service", "abuse", "illicit"],
  ["ransomware", "Ransomware", "abuse", "illicit"],
  ["sanction", "Sanctions list", "abuse", "illicit"],
  ["black_list", "Black list", "abuse", "illicit"],
  ["extortion", "Extortion", "abuse", "illicit"],
  ["sextortion", "Sextortion", "extortion", "illicit"],
  ["extremism", "Violent extremism", "abuse", "illicit"],
  ["terrorism", "Terrorism", "extremism", "illicit"],
  ["violence", "Violence", "abuse", "illicit"],
  ["torture", "Torture", "violence", "illicit"],
  ["sexual_abuse", "Sexual abuse", "abuse", "illicit"],
  ["child_sexual_abuse", "Child sexual abuse", "sexual_abuse", "illicit"],
  ["financial_crime", "Financial crime", "abuse", "illicit"],
  ["investment_fraud", "Investment fraud", "financial_crime", "illicit"],
  ["ponzi_scheme", "Ponzi scheme", "investment_fraud", "illicit"],
  ["pyramid_scheme", "Pyramid scheme", "ponzi_scheme", "illicit"],
  ["money_laundering", "Money laundering", "financial_crime", "illicit"],
  ["payment_card_fraud", "Payment card fraud", "financial_crime", "illicit"],
  ["drugs", "Drugs", "abuse", "illicit"],
  ["weapons", "Weapons", "abuse", "illicit"],
];

/** The known categories, by id. A tag may have another word: it is kept, and reported as unknown. */
export const categories: ReadonlyMap<string, Category> = new Map(
  rows.map(([id, name, broader, kind]) => [id, { id, name, broader, kind }]),
);

/**
 * The categories of services that pool their customers' money: exchanges, mixers, bridges, payment processors, gambling, ….
 * Where a trace stops, and what two merged clusters must not both be.
 */
export const pooledServices: ReadonlySet<string> = new Set(rows.filter((row) => row[3] === "pooled").map(([id]) => id));

/** What a category means where money arrives; a word that is not in the taxonomy only describes. */
export function categoryKind(id: string): CategoryKind {
  return categories.get(id)?.kind ?? "descriptive";
}

/** Whether one category is the other or within it. */
export function isWithin(id: string, wider: string): boolean {
  for (let step: string | undefined = id; step !== undefined; step = categories.get(step)?.broader) {
    if (step === wider) return true;
  }
  return false;
}

/** Whether two categories cannot both be right of one owner: both are kinds of service, and neither is within the other. */
export function contradict(left: string, right: string): boolean {
  return isService(left) && isService(right) && !isWithin(left, right) && !isWithin(right, left);
}

function isService(id: string): boolean {
  return id !== "service" && isWithin(id, "service");
}

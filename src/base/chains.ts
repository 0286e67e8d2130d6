import { parseChainId, type AssetId, type ChainId } from "./caip.ts";
import { Failure } from "./failure.ts";
import { nearest } from "./nearest.ts";

/** Chains of Bitcoin's kind: outputs and spends. */
export type BitcoinAlias =
  | "bitcoin"
  | "testnet4"
  | "signet"
  | "regtest"
  | "litecoin"
  | "dogecoin"
  | "bitcoin-cash"
  | "zcash"
  | "monacoin";

/** Chains that Fundtrail reads as plain lists of transfers. */
export type TransfersAlias = "ripple" | "stellar" | "nem" | "tron" | "solana" | "eos" | "sui" | "ton" | "stacks";

type Chain<Family extends string, Alias extends string> = {
  readonly id: ChainId;
  /** What users type; for an EVM chain without a name of its own, its id. */
  readonly alias: Alias;
  readonly name: string;
  readonly family: Family;
  /** The asset in which the chain charges its fees. */
  readonly native: AssetId;
};

/** A chain that Fundtrail can read, and whose addresses it can check. */
export type KnownChain = Chain<"bitcoin", BitcoinAlias> | Chain<"evm", string> | Chain<"transfers", TransfersAlias>;

const entry = <Family extends KnownChain["family"], Alias extends string>(
  family: Family,
  [alias, name, id, coinType]: readonly [alias: Alias, name: string, id: string, coinType: number],
): Chain<Family, Alias> => ({
  id: id as ChainId,
  alias,
  name,
  family,
  native: `${id}/slip44:${coinType}` as AssetId, // CAIP-20; coin types: SLIP-44.
});
const bitcoin = (...fields: readonly [BitcoinAlias, string, string, number]): KnownChain => entry("bitcoin", fields);
const evm = (...fields: readonly [string, string, string, number]): KnownChain => entry("evm", fields);
const transfers = (...fields: readonly [TransfersAlias, string, string, number]): KnownChain =>
  entry("transfers", fields);

/**
 * Every chain that Fundtrail knows by name. A closed list, besides any other `eip155:N`.
 *
 * Source: https://namespaces.chainagnostic.org (bip122, eip155, xrpl, stellar, tron, solana, antelope, sui, tvm, stacks:
 * `caip2.md` of each); SLIP-44 for the coin types. Test networks share coin type 1. Rollups whose fees are paid in ether
 * have ether's, 60.
 */
export const chains: readonly KnownChain[] = [
  // namespaces/bip122/caip2: the first 32 hex digits of the genesis block's hash.
  bitcoin("bitcoin", "Bitcoin", "bip122:000000000019d6689c085ae165831e93", 0),
  bitcoin("testnet4", "Bitcoin testnet 4", "bip122:00000000da84f2bafbbc53dee25a72ae", 1), // BIP-94.
  bitcoin("signet", "Bitcoin signet", "bip122:00000008819873e925422c1ff0f99f7c", 1), // BIP-325.
  bitcoin("regtest", "Bitcoin regtest", "bip122:0f9188f13cb7b2c71f2a335e3a4fc328", 1),
  bitcoin("litecoin", "Litecoin", "bip122:12a765e31ffd4059bada1e25190f6e98", 2),
  bitcoin("dogecoin", "Dogecoin", "bip122:1a91e3dace36e2be3bf030a65679fe82", 3),
  // Of the first block after the split, 478559; the registry's own example is in SYNONYMS.
  bitcoin("bitcoin-cash", "Bitcoin Cash", "bip122:000000000000000000651ef99cb9fcbe", 145),
  bitcoin("zcash", "Zcash", "bip122:00040fe8ec8471911baa1db1266ea15d", 133),
  bitcoin("monacoin", "Monacoin", "bip122:ff9f1c0116d19de7c9963845e129f9ed", 22),

  evm("ethereum", "Ethereum", "eip155:1", 60),
  evm("bsc", "BNB Smart Chain", "eip155:56", 714),
  evm("polygon", "Polygon", "eip155:137", 966),
  evm("arbitrum", "Arbitrum One", "eip155:42161", 60),
  evm("optimism", "OP Mainnet", "eip155:10", 60),
  evm("base", "Base", "eip155:8453", 60),
  evm("avalanche", "Avalanche C-Chain", "eip155:43114", 9005),
  evm("ethereum-classic", "Ethereum Classic", "eip155:61", 61),
  evm("fantom", "Fantom Opera", "eip155:250", 1007),
  evm("gnosis", "Gnosis Chain", "eip155:100", 700),
  evm("ronin", "Ronin", "eip155:2020", 60), // RON was not found in SLIP-44; its wallets derive keys as Ethereum's.
  evm("heco", "Huobi ECO Chain", "eip155:128", 1010),
  evm("harmony", "Harmony", "eip155:1666600000", 1023),

  transfers("ripple", "XRP Ledger", "xrpl:0", 144),
  transfers("stellar", "Stellar", "stellar:pubnet", 148),
  transfers("nem", "NEM", "nem:mainnet", 43), // No namespace is registered: the id is Fundtrail's own.
  transfers("tron", "TRON", "tron:728126428", 195),
  transfers("solana", "Solana", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", 501),
  transfers("eos", "EOS", "antelope:aca376f206b8fc25a6ed44dbdc66547c", 194),
  transfers("sui", "Sui", "sui:35834a8a", 784),
  transfers("ton", "TON", "tvm:-239", 607),
  transfers("stacks", "Stacks", "stacks:1", 5757),
];

/** Other ids in use for a chain above: the registry's example for Bitcoin Cash (block 478560), TRON's in hexadecimal. */
const SYNONYMS: ReadonlyMap<string, ChainId> = new Map([
  ["bip122:000000000000000000b15ad892af8f6a", "bip122:000000000000000000651ef99cb9fcbe" as ChainId],
  ["tron:0x2b6653dc", "tron:728126428" as ChainId],
]);

const byName: ReadonlyMap<string, KnownChain> = new Map(
  chains.flatMap((known) => [[known.alias, known] as const, [known.id, known] as const]),
);
const EVM_CHAIN = /^eip155:[1-9][0-9]{0,31}$/u; // namespaces/eip155/caip2: a decimal number.

/**
 * The chain of an alias or a CAIP-2 id.
 *
 * Any well-formed `eip155:N` is an EVM chain. One that is not in the list is named by its id, and its native asset gets
 * ether's coin type, which says no more than "the native asset of this chain".
 *
 * @throws {Failure} `UNKNOWN_NAME` for any other text; it names the nearest known aliases.
 * @example chain("ethereum").id // => "eip155:1"
 */
export function chain(text: string): KnownChain {
  const known = byName.get(SYNONYMS.get(text) ?? text);
  if (known !== undefined) return known;
  if (EVM_CHAIN.test(text)) return evm(text, `EVM chain ${text.slice("eip155:".length)}`, text, 60);
  const aliases = chains.map(({ alias }) => alias);
  throw new Failure("UNKNOWN_NAME", {
    kind: "chain",
    name: text,
    where: "the chains Fundtrail knows",
    mend: nearest(text, aliases, `use one of ${aliases.join(", ")}, or an EVM chain's id like eip155:1`),
  });
}

/** The one id under which Fundtrail keeps a chain; an unlisted chain's id is returned as it is. */
export function canonicalChainId(id: ChainId): ChainId {
  return SYNONYMS.get(parseChainId(id)) ?? id;
}

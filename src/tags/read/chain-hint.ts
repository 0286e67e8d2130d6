import { chain as chainNamed, chains, type KnownChain } from "../../base/chains.ts";
import { Failure, isFailure } from "../../base/failure.ts";
import { parseAddress, parseTxid } from "../../chains/address.ts";
import type { ChainHint } from "./tag-input.ts";

/**
 * The chains that a currency's code stands for where a list of addresses names it. Of several the first whose form the
 * address has: a token is on many chains.
 *
 * Source: the codes of OFAC's "Digital Currency Address - …" and of public TagPacks.
 */
const codes: Readonly<Record<string, readonly string[]>> = {
  BTC: ["bitcoin"],
  XBT: ["bitcoin"],
  OMNI: ["bitcoin"],
  LTC: ["litecoin"],
  DOGE: ["dogecoin"],
  BCH: ["bitcoin-cash"],
  ZEC: ["zcash"],
  MONA: ["monacoin"],
  ETH: ["ethereum"],
  WETH: ["ethereum"],
  BSC: ["bsc"],
  BEP20: ["bsc"],
  BNB: ["bsc"],
  MATIC: ["polygon"],
  POL: ["polygon"],
  ARB: ["arbitrum"],
  OP: ["optimism"],
  BASE: ["base"],
  AVAX: ["avalanche"],
  ETC: ["ethereum-classic"],
  FTM: ["fantom"],
  XDAI: ["gnosis"],
  GNO: ["gnosis"],
  RON: ["ronin"],
  HT: ["heco"],
  ONE: ["harmony"],
  XRP: ["ripple"],
  RIPPLE: ["ripple"],
  XLM: ["stellar"],
  XEM: ["nem"],
  TRX: ["tron"],
  TRON: ["tron"],
  SOL: ["solana"],
  EOS: ["eos"],
  SUI: ["sui"],
  TON: ["ton"],
  STX: ["stacks"],
  USDT: ["ethereum", "tron", "bitcoin"],
  USDC: ["ethereum", "solana", "tron"],
};

/** The chains that a code or a name stands for; none where it is not known. */
export function chainsOfCode(code: string): readonly KnownChain[] {
  const listed = codes[code.toUpperCase()];
  if (listed !== undefined && Object.hasOwn(codes, code.toUpperCase())) return listed.map(chainNamed);
  for (const name of [code, code.toLowerCase()]) {
    try {
      return [chainNamed(name)];
    } catch (error) {
      if (!isFailure(error, "UNKNOWN_NAME")) throw error;
    }
  }
  return [];
}

// By form alone: what Bitcoin and its forks share is read as Bitcoin's, what EVM chains share as Ethereum's.
const formOrder = chains.filter(
  ({ alias, family }) =>
    (family !== "evm" || alias === "ethereum") && !["testnet4", "signet", "regtest", "solana", "eos"].includes(alias),
);

/** An address or a transaction's id with its chain, in canonical form. */
export type Placed = { readonly chain: KnownChain; readonly text: string };

/**
 * Finds the chain of an address or a transaction's id.
 *
 * @throws {Failure} `UNKNOWN_NAME` where the code is of no chain that Fundtrail knows, `INVALID_VALUE` where the text is
 *   none of its chain, with the reason.
 */
export function place(kind: "address" | "transaction", text: string, hint: ChainHint): Placed {
  const parse = kind === "address" ? parseAddress : parseTxid;
  if (hint.kind === "chain") return { chain: hint.chain, text: parse(hint.chain, text) };
  const candidates = hint.kind === "code" ? chainsOfCode(hint.code) : formOrder;
  if (candidates.length === 0) {
    const code = hint.kind === "code" ? hint.code : "";
    const mend = "name a chain that it knows";
    throw new Failure("UNKNOWN_NAME", {
      kind: "currency or network",
      name: code,
      where: "the chains Fundtrail knows",
      mend,
    });
  }
  if (hint.kind === "form" && kind === "transaction") {
    throw new Failure("INVALID_VALUE", { kind: "a transaction's id", text, why: "its chain is not named" });
  }
  let [first, lost]: (Failure | undefined)[] = [];
  for (const chain of candidates) {
    try {
      return { chain, text: parse(chain, text) };
    } catch (error) {
      if (!isFailure(error, "INVALID_VALUE")) throw error;
      first ??= error;
      if (error.message.includes("case-sensitive")) lost ??= error;
    }
  }
  if (hint.kind === "code" && candidates.length === 1 && first !== undefined) throw first;
  if (lost !== undefined) throw lost;
  const why = hint.kind === "code" ? `no chain of ${hint.code} has such addresses` : "it has the form of no chain's";
  throw new Failure("INVALID_VALUE", { kind: `an ${kind === "address" ? "address" : "id"}`, text, why }, first);
}

import { Failure } from "./failure.ts";

/** A chain, as CAIP-2 names it: `eip155:1`. */
export type ChainId = string & { readonly __brand: "ChainId" };
/** An account on a chain, as CAIP-10 names it: `eip155:1:0xab16…`. */
export type AccountId = string & { readonly __brand: "AccountId" };
/** An asset on a chain, as CAIP-19 names it: `eip155:1/slip44:60`. */
export type AssetId = string & { readonly __brand: "AssetId" };

// CAIP-2, "Syntax": namespace [-a-z0-9]{3,8}, reference [-_a-zA-Z0-9]{1,32}.
const CHAIN = "[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}";
const CHAIN_ID = new RegExp(`^${CHAIN}$`, "u");
// CAIP-10, "Syntax" (final, of 2022-10-23): account_address [-.%a-zA-Z0-9]{1,128}.
const ACCOUNT_ID = new RegExp(`^${CHAIN}:[-.%a-zA-Z0-9]{1,128}$`, "u");
// CAIP-19, "Specification of Asset Type" and "of Asset ID": asset_namespace [-a-z0-9]{3,8}, asset_reference
// [-.%a-zA-Z0-9]{1,128}, token_id [-.%a-zA-Z0-9]{1,78}, serial_number [0-9]{1,78}. One draft makes the reference
// optional; it is required here, since without it no asset is named.
const ASSET_ID = new RegExp(
  `^${CHAIN}/[-a-z0-9]{3,8}:[-.%a-zA-Z0-9]{1,128}(?:/[-.%a-zA-Z0-9]{1,78}(?:/[0-9]{1,78})?)?$`,
  "u",
);
// namespaces/eip155/caip19: a token of an EVM chain is its contract's address.
const EVM_TOKEN = /^(?<head>eip155:[^/]+\/erc(?:20|721|1155):)(?<contract>[^/]+)(?<rest>.*)$/u;
const EVM_CONTRACT = /^0x[0-9a-fA-F]{40}$/u;

/**
 * Reads a CAIP-2 chain id. That it is well formed does not say that Fundtrail knows the chain: see `chain()`.
 *
 * @throws {Failure} `INVALID_VALUE` where the text does not follow the grammar.
 * @example parseChainId("eip155:1") // => "eip155:1"
 * Source: CAIP-2, "Syntax", https://chainagnostic.org/CAIPs/caip-2
 */
export function parseChainId(text: string): ChainId {
  if (CHAIN_ID.test(text)) return text as ChainId;
  throw new Failure("INVALID_VALUE", { kind: "a CAIP-2 chain id", text, why: 'it must be like "eip155:1"' });
}

/**
 * Reads a CAIP-10 account id. The address itself is not checked: see `parseChainAddress()`.
 *
 * @throws {Failure} `INVALID_VALUE` where the text does not follow the grammar.
 * Source: CAIP-10, "Syntax", https://chainagnostic.org/CAIPs/caip-10
 */
export function parseAccountId(text: string): AccountId {
  if (ACCOUNT_ID.test(text)) return text as AccountId;
  throw new Failure("INVALID_VALUE", {
    kind: "a CAIP-10 account id",
    text,
    why: "it must be a CAIP-2 chain id, a colon, and an address of at most 128 of the characters A-Z a-z 0-9 - . %",
  });
}

/**
 * Reads a CAIP-19 asset id (an asset type, or one token of a collection).
 *
 * The contract of an EVM token is lowered: hexadecimal has no case, and one asset must have one id. Its EIP-55 checksum
 * is not checked here.
 *
 * @throws {Failure} `INVALID_VALUE` where the text does not follow the grammar, or names an EVM token by anything but
 *   a contract's address.
 * Source: CAIP-19, "Specification of Asset Type", https://chainagnostic.org/CAIPs/caip-19; namespaces/eip155/caip19
 */
export function parseAssetId(text: string): AssetId {
  const fail = (why: string): Failure => new Failure("INVALID_VALUE", { kind: "a CAIP-19 asset id", text, why });
  if (!ASSET_ID.test(text)) throw fail('it must be like "eip155:1/slip44:60"');
  const { head, contract, rest } = EVM_TOKEN.exec(text)?.groups ?? {};
  if (head === undefined || contract === undefined || rest === undefined) return text as AssetId;
  if (!EVM_CONTRACT.test(contract)) throw fail("a token of an EVM chain is named by 0x and 40 hexadecimal digits");
  return (head + contract.toLowerCase() + rest) as AssetId;
}

/**
 * The account of an address. Characters that CAIP-10 does not allow (TON's `:`, the `_` of a Stacks contract) are
 * percent-encoded, as CAIP-10 advises; {@link addressOf} gives them back.
 *
 * @param address - The canonical form that `parseAddress()` returns.
 * @throws {Failure} `INVALID_VALUE` where the address is empty or too long for CAIP-10.
 * Source: CAIP-10, "Syntax"; RFC 3986, section 2.1
 */
export function accountId(chain: ChainId, address: string): AccountId {
  const encoded = address.replaceAll(/[^-.a-zA-Z0-9]/gu, (character) => {
    const bytes = [...new TextEncoder().encode(character)];
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  });
  return parseAccountId(`${chain}:${encoded}`);
}

/** The chain that an asset or an account is on. */
export function chainOf(id: AssetId | AccountId): ChainId {
  const slash = id.indexOf("/");
  return id.slice(0, slash === -1 ? id.lastIndexOf(":") : slash) as ChainId;
}

/** The address of an account, as its chain writes it. */
export function addressOf(account: AccountId): string {
  const address = account.slice(account.lastIndexOf(":") + 1);
  try {
    return decodeURIComponent(address);
  } catch {
    return address; // A bare "%" is within the grammar and stands for itself.
  }
}

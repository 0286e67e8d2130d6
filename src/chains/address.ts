import { InvariantError } from "../base/assert.ts";
import { accountId, addressOf, parseAccountId, type AccountId } from "../base/caip.ts";
import { chain as chainNamed, chains, type KnownChain } from "../base/chains.ts";
import { Failure, isFailure } from "../base/failure.ts";
import * as bitcoin from "./bitcoin/address.ts";
import * as evm from "./evm/address.ts";
import * as transfers from "./transfers/address.ts";

/** An address together with the chain it is on. */
export type ChainAddress = {
  readonly chain: KnownChain;
  /** In the chain's canonical form. */
  readonly address: string;
  readonly account: AccountId;
};

/** A transaction's id together with the chain it is on. */
export type ChainTxid = {
  readonly chain: KnownChain;
  /** In the chain's canonical form. */
  readonly txid: string;
};

/**
 * The canonical form of an address on a chain: two texts that name one address give equal results.
 *
 * @throws {Failure} `INVALID_VALUE` with the reason: alphabet, length, checksum, or the other chain it belongs to.
 */
export function parseAddress(chain: KnownChain, text: string): string {
  try {
    return familyOf(chain).parseAddress(chain, text);
  } catch (error) {
    if (!isFailure(error, "INVALID_VALUE")) throw error;
    const owners = ownersElsewhere(chain, text);
    if (owners.length === 0) throw error;
    const named = owners.map((name) => (name === anyEvm ? "an EVM chain" : name));
    const why = `it is an address of another chain, ${named.join(" or ")}`;
    const values = { chains: owners.join(", ") };
    throw new Failure(
      "INVALID_VALUE",
      { kind: `an address on ${chain.name}`, text, why, reason: "other-chain", values },
      error,
    );
  }
}

/**
 * {@link parseAddress}, undefined where the text is no address of the chain: for names that a ledger keeps, which may be in
 * another form (of EVM chains in lower case) or no address at all (a bare script).
 */
export function canonicalAddress(chain: KnownChain, text: string): string | undefined {
  try {
    return parseAddress(chain, text);
  } catch (error) {
    if (isFailure(error, "INVALID_VALUE")) return undefined;
    throw error;
  }
}

/**
 * The canonical form of a transaction's id on a chain.
 *
 * @throws {Failure} `INVALID_VALUE` where the text is none.
 */
export function parseTxid(chain: KnownChain, text: string): string {
  return familyOf(chain).parseTxid(chain, text);
}

/**
 * Reads `CHAIN:ADDRESS`, where the chain is an alias or a CAIP-2 id; a CAIP-10 account id is one such text.
 *
 * @throws {Failure} `UNKNOWN_NAME` for an unknown chain, `INVALID_VALUE` for an address that is none on it.
 * @example parseChainAddress("ethereum:0xdac17f958d2ee523a2206206994597c13d831ec7").account
 *   // => "eip155:1:0xdAC17F958D2ee523a2206206994597C13D831ec7"
 */
export function parseChainAddress(text: string): ChainAddress {
  const { chain, rest, caip } = splitChain(text, "CHAIN:ADDRESS");
  const address = parseAddress(chain, caip ? decoded(text, rest) : rest);
  return { chain, address, account: accountId(chain.id, address) };
}

/**
 * Reads `CHAIN:TXID`, where the chain is an alias or a CAIP-2 id.
 *
 * @throws {Failure} `UNKNOWN_NAME` for an unknown chain, `INVALID_VALUE` for an id that is none on it.
 */
export function parseChainTxid(text: string): ChainTxid {
  const { chain, rest } = splitChain(text, "CHAIN:TXID");
  return { chain, txid: parseTxid(chain, rest) };
}

/** What the folder of each family exports. */
type Family = {
  readonly parseAddress: (chain: KnownChain, text: string) => string;
  readonly parseTxid: (chain: KnownChain, text: string) => string;
};

function familyOf({ family }: KnownChain): Family {
  switch (family) {
    case "bitcoin":
      return bitcoin;
    case "evm":
      return evm;
    case "transfers":
      return transfers;
    default:
      throw new InvariantError(`chains: no code for the family ${String(family satisfies never)}`);
  }
}

// Of the chains without checksums, and of all but one EVM chain, a match would say nothing.
const TELLING: readonly KnownChain[] = chains.filter(
  ({ alias, family }) => (family !== "evm" || alias === "ethereum") && !["solana", "eos", "sui"].includes(alias),
);

/** Stands for every chain of the family: their addresses are alike. */
const anyEvm = "EVM";

/** The names of the chains of other families where a text is an address. Within its family, the family says so. */
function ownersElsewhere(chain: KnownChain, text: string): readonly string[] {
  return TELLING.filter(({ family }) => family !== chain.family)
    .filter((other) => {
      try {
        return familyOf(other).parseAddress(other, text) !== "";
      } catch (error) {
        if (isFailure(error, "INVALID_VALUE")) return false;
        throw error;
      }
    })
    .map(({ family, name }) => (family === "evm" ? anyEvm : name));
}

/** A CAIP-10 address may be percent-encoded; a chain's own form never is. */
function decoded(text: string, rest: string): string {
  return rest.includes("%") ? addressOf(parseAccountId(text)) : rest;
}

type Split = { readonly chain: KnownChain; readonly rest: string; readonly caip: boolean };

/**
 * Several aliases are also CAIP-2 namespaces ("solana:5eykt…:ADDRESS"), so an id is looked for first. An alias may stand
 * before a text that has colons itself (TON, CashAddr).
 */
function splitChain(text: string, form: string): Split {
  const [first = "", second, ...more] = text.split(":");
  if (second === undefined) {
    throw new Failure("INVALID_VALUE", { kind: form, text, why: "it has no chain and colon in front" });
  }
  if (more.length > 0) {
    const id = knownOrUndefined(`${first}:${second}`);
    if (id !== undefined) return { chain: id, rest: more.join(":"), caip: true };
  }
  return { chain: chainNamed(first), rest: text.slice(first.length + 1), caip: false };
}

function knownOrUndefined(id: string): KnownChain | undefined {
  try {
    return chainNamed(id);
  } catch (error) {
    if (isFailure(error, "UNKNOWN_NAME")) return undefined;
    throw error;
  }
}

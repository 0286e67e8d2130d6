import { chain as knownChain, type KnownChain } from "../base/chains.ts";
import { Failure, isFailure } from "../base/failure.ts";
import { parseAddress, parseTxid } from "../chains/address.ts";
import { ownerIfAny } from "../clusters/owners.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { place as placeByForm } from "../tags/read/chain-hint.ts";
import { findTransactions } from "../trace/origin.ts";

/** A subject with the chain it is of. */
export type Placed = {
  readonly kind: "address" | "transaction";
  /** In the chain's canonical form. */
  readonly text: string;
  /** Undefined: the text is of no one chain that is known. */
  readonly chain: KnownChain | undefined;
  /** The chain in the ledger; undefined where the ledger does not hold it. */
  readonly reader: ChainReader | undefined;
  /** An address's owner, or a transaction's numbers; empty where the ledger has not seen it. */
  readonly numbers: readonly number[];
};

/** What is a transaction's id and no address: where that can be told by the form, no address need be looked for. */
const txidForms: Partial<Record<KnownChain["family"], RegExp>> = {
  bitcoin: /^[0-9a-fA-F]{64}$/u,
  evm: /^(?:0[xX])?[0-9a-fA-F]{64}$/u,
};
const evmTxid = /^(?:0[xX])?[0-9a-fA-F]{64}$/u;

/**
 * Finds what a text names, and on which chain of a ledger: the one that has it, or else the one whose form it has.
 *
 * @param named - The chain that the user names; undefined: any.
 * @throws {Failure} `INVALID_VALUE` for what is neither address nor transaction, with the reason; `USAGE` where it may be of
 *   several chains; `UNKNOWN_NAME` for a chain that is not known.
 */
export function placeSubject(chains: readonly ChainReader[], text: string, named: string | undefined): Placed {
  if (named !== undefined) return onNamed(chains, text, knownChain(named));
  const forms = chains.flatMap((reader) => onChain(reader.chain, reader, text) ?? []);
  const found = forms.filter(({ numbers }) => numbers.length > 0);
  const [only, other] = found.length > 0 ? found : forms;
  if (only !== undefined && other === undefined) return only;
  if (only !== undefined) {
    const known = (found.length > 0 ? found : forms).map(({ chain }) => chain?.alias ?? "").join(", ");
    const what = `${text} may be of several chains of the ledger`;
    const values = { subject: text, chains: known };
    throw new Failure("USAGE", { what, mend: `name the chain, one of ${known}`, reason: "several-chains", values });
  }
  return elsewhere(text);
}

function onNamed(chains: readonly ChainReader[], text: string, chain: KnownChain): Placed {
  const reader = chains.find((one) => one.chain.id === chain.id);
  const placed = onChain(chain, reader, text);
  if (placed !== undefined) return placed;
  // What is wrong with it is told as of what it looks like.
  const isLong = /^(?:0[xX])?[0-9a-fA-F]{60,70}$/u.test(text);
  const wrong = isLong ? parseTxid(chain, text) : parseAddress(chain, text);
  return { kind: isLong ? "transaction" : "address", text: wrong, chain, reader, numbers: [] };
}

/** A text as an address or a transaction of a chain; undefined where it is neither. */
function onChain(chain: KnownChain, reader: ChainReader | undefined, text: string): Placed | undefined {
  const isTxid = txidForms[chain.family]?.test(text) === true;
  const address = isTxid ? undefined : (attempt(() => parseAddress(chain, text)) ?? scriptOwner(chain, text));
  if (address !== undefined) {
    const owner = reader === undefined ? undefined : ownerIfAny(reader, text);
    return { kind: "address", text: address, chain, reader, numbers: owner === undefined ? [] : [owner] };
  }
  const written = chain.family === "evm" && evmTxid.test(text) ? `0x${text.replace(/^0x/iu, "").toLowerCase()}` : text;
  const numbers = reader === undefined ? [] : (attempt(() => findTransactions(reader, written)) ?? []);
  // A ledger may have been made of names that are no ids.
  const txid = attempt(() => parseTxid(chain, written)) ?? (numbers.length > 0 ? written : undefined);
  return txid === undefined ? undefined : { kind: "transaction", text: txid, chain, reader, numbers };
}

/** Owners without an address, as ledgers of outputs write them. */
function scriptOwner(chain: KnownChain, text: string): string | undefined {
  return chain.family === "bitcoin" && /^(?:multisig|script):[0-9a-f]{64}$/u.test(text) ? text : undefined;
}

/** A subject of a chain that the ledger does not hold. */
function elsewhere(text: string): Placed {
  const byForm = attempt(() => placeByForm("address", text, { kind: "form" }));
  if (byForm !== undefined)
    return { kind: "address", text: byForm.text, chain: byForm.chain, reader: undefined, numbers: [] };
  if (evmTxid.test(text))
    return { kind: "transaction", text: text.toLowerCase(), chain: undefined, reader: undefined, numbers: [] };
  // What is wrong with it is told as for the chain that it looks like.
  const chain = knownChain(/^0x/iu.test(text) ? "ethereum" : "bitcoin");
  return { kind: "address", text: parseAddress(chain, text), chain, reader: undefined, numbers: [] };
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (thrown) {
    if (isFailure(thrown, "INVALID_VALUE")) return undefined;
    throw thrown;
  }
}

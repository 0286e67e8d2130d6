import type { KnownChain } from "../base/chains.ts";
import { isFailure } from "../base/failure.ts";
import { parseAddress, parseTxid } from "../chains/address.ts";
import { ownerOfAddress, ownerText } from "../chains/bitcoin/owner.ts";
import { ownerKinds, type OwnerKind } from "../chains/block.ts";
import { fingerprintOf, fingerprintOfHash, ownerFingerprint } from "../ledger/fingerprint.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { accountsShape, accountTransactionsShape, ownersShape, utxoIdsShape } from "../ledger/shapes.ts";

const utf8 = new TextEncoder();

/** Who an owner of outputs is: a kind and an identity. */
export type OwnerIdentity = { readonly kind: OwnerKind; readonly identity: Uint8Array };

/** An owner's address, or `multisig:` or `script:` and a hash where it has none. */
export function addressOf(reader: ChainReader, owner: number): string {
  if (reader.model === "account") return reader.table(accountsShape).value("text", owner);
  const { kind, identity } = identityOf(reader, owner);
  return ownerText(reader.chain, kind, identity) ?? "";
}

export function identityOf(reader: ChainReader, owner: number): OwnerIdentity {
  const owners = reader.table(ownersShape);
  return { kind: owners.value("kind", owner) as OwnerKind, identity: owners.value("identity", owner) };
}

/**
 * The number of the owner whom an address names; undefined where the ledger has not seen it.
 *
 * @param address - As `addressOf` gives it, or in any form that the chain's addresses have.
 * @throws {Failure} `INVALID_VALUE` where it is no address of the chain.
 */
export function ownerOf(reader: ChainReader, address: string): number | undefined {
  if (reader.model === "utxo") return ownerByIdentity(reader, identityOfAddress(reader.chain, address));
  const text = parseAddress(reader.chain, address);
  // An ingested list may have addresses as it writes them; of an EVM chain's the case means nothing.
  const forms = reader.chain.family === "evm" ? [text, address, text.toLowerCase()] : [text, address];
  for (const form of new Set(forms)) {
    const found = accountByText(reader, form);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** {@link ownerOf}, undefined too where the text is no address of the chain. */
export function ownerIfAny(reader: ChainReader, address: string): number | undefined {
  return orUndefined(() => ownerOf(reader, address));
}

/** {@link transactionOf}, undefined too where the text is no id of the chain's transactions. */
export function transactionIfAny(reader: ChainReader, txid: string): number | undefined {
  return orUndefined(() => transactionOf(reader, txid));
}

function orUndefined(lookUp: () => number | undefined): number | undefined {
  try {
    return lookUp();
  } catch (thrown) {
    if (isFailure(thrown, "INVALID_VALUE")) return undefined;
    throw thrown;
  }
}

export function ownerByIdentity(reader: ChainReader, { kind, identity }: OwnerIdentity): number | undefined {
  const { hi, lo } = ownerFingerprint(kind, identity);
  const owners = reader.table(ownersShape);
  return reader
    .index("ownerByIdentity")
    .get(hi, lo)
    .find((owner) => owners.value("kind", owner) === kind && isEqual(owners.value("identity", owner), identity));
}

export function accountByText(reader: ChainReader, text: string): number | undefined {
  const { hi, lo } = fingerprintOf(utf8.encode(text));
  const accounts = reader.table(accountsShape);
  return reader
    .index("accountByIdentity")
    .get(hi, lo)
    .find((account) => accounts.value("text", account) === text);
}

/**
 * The number of a transaction; undefined where the ledger has not seen it.
 *
 * @throws {Failure} `INVALID_VALUE` where the text is no id of the chain's transactions.
 */
export function transactionOf(reader: ChainReader, txid: string): number | undefined {
  if (reader.model === "utxo") {
    const id = Uint8Array.from(Buffer.from(parseTxid(reader.chain, txid), "hex")).toReversed();
    const { hi, lo } = fingerprintOfHash(id);
    const transactions = reader.table(utxoIdsShape);
    return reader
      .index("transactionById")
      .get(hi, lo)
      .findLast((number) => isEqual(transactions.value("id", number), id));
  }
  const { hi, lo } = fingerprintOf(utf8.encode(txid));
  const transactions = reader.table(accountTransactionsShape);
  return reader
    .index("transactionById")
    .get(hi, lo)
    .find((number) => transactions.value("id", number) === txid);
}

/** A transaction's id as the chain prints it. */
export function txidOf(reader: ChainReader, transaction: number): string {
  if (reader.model === "account") return reader.table(accountTransactionsShape).value("id", transaction);
  return Buffer.from(reader.table(utxoIdsShape).value("id", transaction).toReversed()).toString("hex");
}

function identityOfAddress(chain: KnownChain, address: string): OwnerIdentity {
  const script = /^(?<form>multisig|script):(?<hash>[0-9a-f]{64})$/u.exec(address)?.groups;
  if (script === undefined) return ownerOfAddress(chain, address);
  const kind = script["form"] === "multisig" ? ownerKinds.multisig : ownerKinds.other;
  return { kind, identity: Uint8Array.from(Buffer.from(script["hash"] ?? "", "hex")) };
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

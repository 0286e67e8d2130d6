import type { KnownChain } from "../base/chains.ts";
import { Failure, isFailure } from "../base/failure.ts";
import { parseTxid } from "../chains/address.ts";
import { fingerprintOf, fingerprintOfHash } from "../ledger/fingerprint.ts";
import type { ChainReader } from "../ledger/reader.ts";
import {
  accountTransactionsShape,
  blocksShape,
  outputsShape,
  transfersShape,
  utxoIdsShape,
  utxoTransactionsShape,
} from "../ledger/shapes.ts";
import { AccountView } from "./account/account-view.ts";

/** `TXID:VOUT` or `TXID:INDEX`, in parts; without an index all that the transaction pays. */
type Reference = { readonly text: string; readonly txid: string; readonly index: number | undefined };

/**
 * The numbers of the outputs or transfers that references name, in ledger order, each once. A reference to a transfer
 * whose index several rows of the transaction have means all of them, and a transaction's id alone all that it pays but fees.
 *
 * @param texts - `TXID:VOUT` on a chain of outputs, `TXID:INDEX` on one of accounts, or `TXID`.
 * @throws {Failure} `INVALID_VALUE` for what is no reference on this chain, `UNKNOWN_NAME` for one that the ledger has not.
 */
export function findReferences(reader: ChainReader, texts: readonly string[]): readonly number[] {
  const find = reader.model === "utxo" ? outputFinder(reader) : transferFinder(reader);
  const found = new Set(texts.flatMap((text) => find(parseReference(text))));
  return [...found].toSorted((left, right) => left - right);
}

/** The references in a text: one a line or separated by commas; what follows a `#` is a remark. */
export function splitReferences(text: string): readonly string[] {
  return text
    .split("\n")
    .flatMap((line) => (line.split("#", 1)[0] ?? "").split(","))
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function parseReference(text: string): Reference {
  const { txid, index } = /^(?<txid>[^:]+)(?::(?<index>[0-9]{1,15}))?$/u.exec(text)?.groups ?? {};
  if (txid === undefined) throw noReference(text);
  return { text, txid, index: index === undefined ? undefined : Number.parseInt(index, 10) };
}

function noReference(text: string, cause?: unknown): Failure {
  const why =
    "write a transaction's id, a colon, and the number of its output or transfer; or the id alone for all of them";
  return new Failure("INVALID_VALUE", { kind: "a reference", text, why, reason: "form" }, cause);
}

/** The transactions of a reference. What is no id is named as no reference where nothing else shows that it was to be one. */
function transactionsOf(
  find: (text: string) => readonly number[],
  { text, txid, index }: Reference,
): readonly number[] {
  try {
    return find(txid);
  } catch (thrown) {
    if (index === undefined && isFailure(thrown, "INVALID_VALUE")) throw noReference(text, thrown);
    throw thrown;
  }
}

function missing(chain: KnownChain, { text }: Reference, mend: string): Failure {
  return new Failure("UNKNOWN_NAME", { kind: "reference", name: text, where: `the ledger of ${chain.alias}`, mend });
}

const absent = "ingest the block with this transaction, or check the id";

/** What to do about an output that the ledger has not; one that lies before it can be spent in it all the same. */
function absentOutput(reader: ChainReader): string {
  const blocks = reader.table(blocksShape);
  const first = blocks.count === 0 ? 0 : blocks.value("height", 0);
  if (first === 0) return absent;
  return `the ledger begins with block ${first}: for an older one ingest from its block on, or give the outputs of the transaction that spends it; else check the id`;
}

/**
 * The numbers of the transactions with an id, as a user writes it; none where the ledger has none.
 *
 * @throws {Failure} `INVALID_VALUE` for what is no id on this chain.
 */
export function findTransactions(reader: ChainReader, text: string): readonly number[] {
  return reader.model === "utxo" ? utxoFinder(reader)(text) : accountFinder(reader)(text);
}

function utxoFinder(reader: ChainReader): (text: string) => readonly number[] {
  const ids = reader.table(utxoIdsShape);
  const byId = reader.index("transactionById");
  return (text) => {
    const id = Buffer.from(Buffer.from(parseTxid(reader.chain, text), "hex").toReversed());
    const { hi, lo } = fingerprintOfHash(id);
    // Two coinbases of 2010 have the same id (BIP 30): the later one is the one that can be spent.
    return byId
      .get(hi, lo)
      .filter((candidate) => id.equals(ids.value("id", candidate)))
      .slice(-1);
  };
}

function outputFinder(reader: ChainReader): (reference: Reference) => readonly number[] {
  const transactions = reader.table(utxoTransactionsShape);
  const outputs = reader.table(outputsShape);
  const find = utxoFinder(reader);
  return (reference) => {
    const [number] = transactionsOf(find, reference);
    if (number === undefined) throw missing(reader.chain, reference, absentOutput(reader));
    const first = transactions.value("firstOutput", number);
    const end = number + 1 < transactions.count ? transactions.value("firstOutput", number + 1) : outputs.count;
    if (reference.index === undefined) return Array.from({ length: end - first }, (_, index) => first + index);
    if (reference.index < end - first) return [first + reference.index];
    throw missing(reader.chain, reference, `the transaction has ${end - first} outputs, numbered from 0`);
  };
}

const utf8 = new TextEncoder();

function accountFinder(reader: ChainReader): (text: string) => readonly number[] {
  const transactions = reader.table(accountTransactionsShape);
  const byId = reader.index("transactionById");
  const isEvm = reader.chain.family === "evm";
  const numbersOf = (id: string): readonly number[] => {
    const { hi, lo } = fingerprintOf(utf8.encode(id));
    return byId.get(hi, lo).filter((candidate) => transactions.value("id", candidate) === id);
  };
  return (text) => {
    // A ledger may have been made of names that are no ids.
    const known = numbersOf(isEvm ? text.toLowerCase() : text);
    if (known.length > 0) return known;
    const id = parseTxid(reader.chain, text);
    return numbersOf(isEvm ? id.toLowerCase() : id);
  };
}

function transferFinder(reader: ChainReader): (reference: Reference) => readonly number[] {
  const transfers = reader.table(transfersShape);
  const view = new AccountView(reader);
  const find = accountFinder(reader);
  return (reference) => {
    const known = transactionsOf(find, reference);
    if (known.length === 0) throw missing(reader.chain, reference, absent);
    const rows = known.flatMap((transaction) => view.rowsOfTransaction(transaction));
    const found = rows.filter((row) =>
      reference.index === undefined ? !view.isFee(row) : transfers.value("position", row) === reference.index,
    );
    if (found.length > 0) return found;
    if (reference.index === undefined) throw missing(reader.chain, reference, "the transaction moves nothing but fees");
    const indexes = rows.map((row) => transfers.value("position", row)).slice(0, 8);
    const mend =
      indexes.length === 0 ? "the transaction moves nothing" : `the transaction has the indexes ${indexes.join(", ")}`;
    throw missing(reader.chain, reference, mend);
  };
}

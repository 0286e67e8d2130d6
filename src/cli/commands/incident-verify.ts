import { chain as knownChain, type KnownChain } from "../../base/chains.ts";
import { Failure, isFailure } from "../../base/failure.ts";
import { parseChainTxid, parseTxid } from "../../chains/address.ts";
import { LedgerReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { verificationJson } from "../../trace/output/verification-json.ts";
import { registeredThefts, verifyIncident, type TheftTransactions } from "../../trace/theft/verify.ts";
import { required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { findIncident } from "../../incidents/find.ts";
import { loadValidRegister } from "../register.ts";
import { textOf } from "../trace-options.ts";
import type { Terminal } from "../terminal.ts";
import { verificationText } from "../verification-text.ts";

/** `fundtrail incident verify ID`: what a theft's transactions really took, against the register's figures. */
export async function verify(options: Arguments, terminal: Terminal): Promise<number> {
  const [, id] = options.words;
  if (id === undefined) {
    throw new Failure("USAGE", { what: "incident verify needs an id", mend: "see fundtrail incident list" });
  }
  const folder = required(options, "ledger", "DIR");
  const register = await loadValidRegister(options.texts("register"));
  const incident = findIncident(register, id);
  const file = options.text("transactions");
  const store = openLmdbStore(folder, { mode: "read" });
  try {
    const reader = new LedgerReader(store, folder);
    try {
      const chains = reader.chains.map(({ chain }) => chain);
      const thefts =
        file === undefined ? registeredThefts(incident) : readTransactions(file, await textOf(file), chains);
      const found = verifyIncident(incident, { readers: reader.chains, thefts, prices: register.prices });
      terminal.out(options.flag("json") ? jsonText(verificationJson(found)) : verificationText(found, terminal));
      return 0;
    } finally {
      reader.close();
    }
  } finally {
    await store.close();
  }
}

/**
 * Ids of transactions, one a line, as `TXID` where the ledger holds one chain, or `CHAIN:TXID`; what follows a `#` is a
 * remark.
 */
function readTransactions(file: string, text: string, chains: readonly KnownChain[]): TheftTransactions {
  const found = new Map<string, string[]>();
  for (const [index, written] of text.split("\n").entries()) {
    const content = (written.split("#", 1)[0] ?? "").trim();
    if (content === "") continue;
    const { chain, txid } = atLine(file, index + 1, () => readTransaction(content, chains));
    found.set(chain.alias, [...(found.get(chain.alias) ?? []), txid]);
  }
  if (found.size === 0) {
    const mend = "write a transaction's id in each line, or CHAIN:TXID";
    throw new Failure("SOURCE_INVALID", { source: file, where: "", why: "it names no transaction", mend });
  }
  return new Map([...found].map(([alias, txids]) => [knownChain(alias), txids]));
}

function readTransaction(
  text: string,
  chains: readonly KnownChain[],
): { readonly chain: KnownChain; readonly txid: string } {
  const [only, ...others] = chains;
  if (text.includes(":") || only === undefined || others.length > 0) return parseChainTxid(text);
  return { chain: only, txid: parseTxid(only, text) };
}

function atLine<Result>(source: string, line: number, read: () => Result): Result {
  try {
    return read();
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    const mend = "write a transaction's id in each line, or CHAIN:TXID";
    throw new Failure("SOURCE_INVALID", { source, where: `line ${line}`, why: thrown.message, mend }, thrown);
  }
}

import { Failure, isFailure } from "../base/failure.ts";
import { parseAddress } from "../chains/address.ts";
import { ownerOfAddress, ownerText } from "../chains/bitcoin/owner.ts";
import { fingerprintOf } from "../ledger/fingerprint.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { accountsShape } from "../ledger/shapes.ts";
import type { Stop, StopRow, StopRule } from "./stops.ts";

/** Owners without an address, as the ledger writes them. */
const scriptOwner = /^(?:multisig|script):[0-9a-f]{64}$/u;
const utf8 = new TextEncoder();

/**
 * The rule that a stops file makes. An address that the file names twice is the stop of its first row.
 *
 * @param source - The file's name, for messages.
 * @throws {Failure} `SOURCE_INVALID` with the line of an address that is none on the chain.
 */
export function stopTable(reader: ChainReader, source: string, rows: readonly StopRow[]): StopRule {
  const canonical = addressReader(reader);
  const stops = new Map<string, Stop>();
  for (const { address, entity, category, line } of rows) {
    const text = atLine(source, line, () => canonical(address));
    if (!stops.has(text)) stops.set(text, { entity, category });
  }
  return (address) => stops.get(address);
}

/** One rule after the other; the first that knows an address decides. */
export function firstOf(rules: readonly StopRule[]): StopRule | undefined {
  const [only, ...others] = rules;
  if (others.length === 0) return only;
  return (address) => {
    for (const rule of rules) {
      const stop = rule(address);
      if (stop !== undefined) return stop;
    }
    return undefined;
  };
}

/**
 * Brings an address into the form that the ledger has it in.
 *
 * @throws {Failure} `INVALID_VALUE` where it is none on this chain; a name that the ledger of a chain of accounts has is
 *   taken as it is.
 */
export function addressReader(reader: ChainReader): (text: string) => string {
  const { chain } = reader;
  if (reader.model === "utxo") {
    return (text) => {
      if (scriptOwner.test(text)) return text;
      const { kind, identity } = ownerOfAddress(chain, text);
      return ownerText(chain, kind, identity) ?? text;
    };
  }
  const accounts = reader.table(accountsShape);
  const byIdentity = reader.index("accountByIdentity");
  const isKnown = (text: string): boolean => {
    const { hi, lo } = fingerprintOf(utf8.encode(text));
    return byIdentity.get(hi, lo).some((account) => accounts.value("text", account) === text);
  };
  return (text) => {
    const form = chain.family === "evm" ? text.toLowerCase() : text;
    // A ledger may have been made of names that are no addresses.
    if (isKnown(form)) return form;
    const address = parseAddress(chain, text);
    return chain.family === "evm" ? address.toLowerCase() : address;
  };
}

function atLine<Result>(source: string, line: number, read: () => Result): Result {
  try {
    return read();
  } catch (thrown) {
    if (!isFailure(thrown, "INVALID_VALUE")) throw thrown;
    const mend = "write an address of the chain that is traced, or leave the row out";
    throw new Failure(
      "SOURCE_INVALID",
      { source, where: `line ${line}, column address`, why: thrown.message, mend },
      thrown,
    );
  }
}

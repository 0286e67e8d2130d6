import type { KnownChain } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import type { Incident } from "../../incidents/incident.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { theftOnChain } from "./theft-on-chain.ts";
import type { TheftParties } from "./theft-transaction.ts";

/** Victim and thief of an incident by their addresses on a chain. */
export function partiesOn({ chain }: Incident, { alias }: KnownChain): TheftParties {
  return { victims: ownOf(chain.victim, alias), thieves: ownOf(chain.thief, alias) };
}

/** The ids of the transactions that the register names for an incident on a chain. */
export function theftTxids({ chain }: Incident, { alias }: KnownChain): readonly string[] {
  return ownOf(chain.theft, alias);
}

function ownOf(texts: readonly string[], alias: string): readonly string[] {
  const prefix = `${alias}:`;
  return texts.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
}

/**
 * What a trace of an incident begins with: the outputs or transfers by which the transactions that the register names took
 * what was stolen.
 *
 * @returns The rows, and the transactions that the ledger does not hold.
 * @throws {Failure} `UNKNOWN_NAME` where the register names none on this chain, or the ledger holds none of them.
 */
export function incidentOrigins(
  reader: ChainReader,
  incident: Incident,
): { readonly rows: readonly number[]; readonly missing: readonly string[] } {
  const { chain } = reader;
  const txids = theftTxids(incident, chain);
  const where = `the register's ${incident.id}`;
  if (txids.length === 0) {
    const mend = "it names none on this chain: give --origin TXID:INDEX or --origin-file FILE";
    throw new Failure("UNKNOWN_NAME", { kind: "theft transaction", name: chain.alias, where, mend });
  }
  const { found, missing } = theftOnChain(reader, txids, partiesOn(incident, chain));
  const rows = found.flatMap((one) => one.rows).toSorted((left, right) => left - right);
  if (rows.length > 0) return { rows, missing };
  const [name = ""] = txids;
  const mend = "ingest the blocks with the theft's transactions, which fundtrail incident ID lists";
  throw new Failure("UNKNOWN_NAME", { kind: "transaction", name, where: `the ledger of ${chain.alias}`, mend });
}

import { Failure } from "../base/failure.ts";
import type { Incident } from "../incidents/incident.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { partiesOn, theftTxids } from "./theft/incident-chain.ts";
import { theftOnChain } from "./theft/theft-on-chain.ts";
import { theftRules, type TheftRule } from "./theft/theft-transaction.ts";

/** What a theft of the register is on a chain, and what that rests on. */
export type IncidentOrigins = { readonly origins: readonly number[]; readonly notes: readonly string[] };

const ruleNotes: Readonly<Record<TheftRule, string>> = {
  thief: "Origins: what the theft transactions of the register pay to the thief's addresses.",
  victim: "Origins: what leaves the victim's addresses in the theft transactions.",
  others:
    "Origins: all that leaves the payers in the theft transactions, since none of it goes to an address listed as the thief's.",
};

/**
 * The stolen outputs or transfers of a theft, by the transactions and addresses that the register names. Which rule told them,
 * and what is not in the ledger, is among the notes. The rules stand in `docs/methods/verify.md`.
 *
 * @throws {Failure} `USAGE` where the register names no theft transaction on this chain, or none of them is in the ledger.
 */
export function incidentOrigins(reader: ChainReader, incident: Incident): IncidentOrigins {
  const { chain } = reader;
  const own = theftTxids(incident, chain);
  const { found, missing } = theftOnChain(reader, own, partiesOn(incident, chain));
  if (found.length === 0) {
    const what =
      own.length === 0
        ? `the register names no theft transaction of ${incident.id} on ${chain.name}`
        : `none of the ${own.length} theft transactions of ${incident.id} is in the ledger`;
    throw new Failure("USAGE", { what, mend: "give --origin TXID:VOUT (of accounts TXID:INDEX)" });
  }
  const notes = theftRules.filter((rule) => found.some((one) => one.rule === rule)).map((rule) => ruleNotes[rule]);
  if (missing.length > 0) {
    notes.push(`${missing.length} of ${own.length} theft transactions of the register are not in the ledger.`);
  }
  const origins = found.flatMap(({ rows }) => rows).toSorted((left, right) => left - right);
  return { origins, notes };
}

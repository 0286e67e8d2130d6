import type { KnownChain } from "../../base/chains.ts";
import type { Incident } from "../../incidents/incident.ts";
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

/** The incidents that can have happened on a chain: on one that is made up only what is made up too, and the reverse. */
export function incidentsFor(
  incidents: readonly Incident[],
  { simulated }: { readonly simulated: boolean },
): readonly Incident[] {
  return incidents.filter((incident) => incident.simulated === simulated);
}

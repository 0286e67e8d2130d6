import type { ClustersReader } from "../clusters/clusters-reader.ts";
import { ownerIfAny } from "../clusters/owners.ts";
import type { Incident } from "../incidents/incident.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { incidentsFor, partiesOn } from "../trace/theft/incident-chain.ts";
import type { Fact } from "./fact.ts";
import { theftCategory } from "./rules.ts";

type Said = Omit<Fact, "party">;
type Named = { readonly address: string; readonly owner: number | undefined; readonly incident: Incident };

/** The addresses that the register names as thieves', whether or not it names the theft's transactions. */
export class Thieves {
  readonly #byAddress = new Map<string, Incident[]>();
  readonly #named: readonly Named[];
  readonly #clusters: ClustersReader | undefined;
  #byCluster: ReadonlyMap<number, readonly Named[]> | undefined;

  constructor(reader: ChainReader, incidents: readonly Incident[], clusters: ClustersReader | undefined) {
    this.#clusters = clusters;
    this.#named = incidentsFor(incidents, reader).flatMap((incident) =>
      partiesOn(incident, reader.chain).thieves.map((address) => {
        this.#byAddress.set(address, [...(this.#byAddress.get(address) ?? []), incident]);
        return { address, owner: ownerIfAny(reader, address), incident };
      }),
    );
  }

  /** What the register says of an address, in canonical form. */
  ofAddress(address: string): readonly Said[] {
    return (this.#byAddress.get(address) ?? []).map((incident) => factOf("tag", incident, []));
  }

  /** What it says of other addresses of an owner's cluster. */
  ofCluster(cluster: number, owner: number, methods: readonly string[]): readonly Said[] {
    const others = (this.#clustered().get(cluster) ?? []).filter((one) => one.owner !== owner);
    return [...new Set(others.map(({ incident }) => incident))].map((incident) => factOf("cluster", incident, methods));
  }

  #clustered(): ReadonlyMap<number, readonly Named[]> {
    if (this.#byCluster !== undefined) return this.#byCluster;
    const found = new Map<number, Named[]>();
    for (const one of this.#named) {
      const cluster = one.owner === undefined ? undefined : this.#clusters?.clusterOf(one.owner).id;
      if (cluster !== undefined) found.set(cluster, [...(found.get(cluster) ?? []), one]);
    }
    return (this.#byCluster = found);
  }
}

function factOf(evidence: "tag" | "cluster", incident: Incident, methods: readonly string[]): Said {
  const { id, victim, attribution, sources, date } = incident;
  return {
    evidence,
    origin: `incident:${id}`,
    name: victim.name,
    actor: attribution?.actor ?? null,
    category: theftCategory,
    confidence: "confirmed",
    sources: [...sources.keys()],
    methods,
    date: date.text,
    exposure: undefined,
  };
}

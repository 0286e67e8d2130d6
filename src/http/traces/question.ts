import { Failure, isFailure } from "../../base/failure.ts";
import { findIncident } from "../../incidents/find.ts";
import type { Incident } from "../../incidents/incident.ts";
import type { Register } from "../../incidents/register.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { PriceTable } from "../../prices/price-table.ts";
import { incidentOrigins } from "../../trace/incident-origins.ts";
import { findReferences } from "../../trace/origin.ts";
import { priceRule } from "../../trace/price-rule.ts";
import { policiesOf, type TraceRequest } from "../../trace/run.ts";
import { firstOf, stopTable } from "../../trace/stop-table.ts";
import type { StopRule } from "../../trace/stops.ts";
import type { BodyOf } from "../contract/route.ts";
import type { Contract } from "../contract/contract.ts";

export type TraceAsked = BodyOf<Contract["startTrace"]>;

/** What a trace needs of the register. */
export type RegisterPart = {
  readonly incident: Incident | undefined;
  readonly prices: PriceTable;
  readonly actors: Register["actors"];
  /** Where patterns are asked for: what else may have met these funds. */
  readonly incidents: Register["incidents"];
};

/**
 * What a trace needs of the register, and whether it can be asked at all.
 *
 * @throws {Failure} `USAGE` where it is asked for both or neither of origins and incident, or for a policy that the chain has
 *   not; `UNKNOWN_NAME` for an incident, a reference or a transaction that is not known; `INVALID_VALUE` for no reference.
 */
export function prepare(chain: ChainReader, asked: TraceAsked, register: Register): RegisterPart {
  const isBoth = asked.origins !== undefined && asked.incident !== undefined;
  if (isBoth || (asked.origins === undefined && asked.incident === undefined)) {
    const what = `a trace begins with origins or with an incident, and ${isBoth ? "both are" : "none is"} given`;
    throw new Failure("USAGE", { what, mend: "give one of them" });
  }
  const forwardOnly = (["compare", "patterns"] as const).find((name) => asked[name] === "on");
  if (asked.direction === "backward" && forwardOnly !== undefined) {
    const what = `a trace backward has no ${forwardOnly}`;
    throw new Failure("USAGE", { what, mend: `leave ${forwardOnly} out, or trace forward` });
  }
  if (asked.direction === "backward" && asked.until !== undefined) {
    const what = "a trace backward has no until: it begins at the deposit";
    throw new Failure("USAGE", { what, mend: "leave until out, or trace forward" });
  }
  if (asked.direction !== "backward" && asked.sourcesMax !== undefined) {
    const what = "sourcesMax is for a trace backward";
    throw new Failure("USAGE", { what, mend: `leave it out, or give "direction": "backward"` });
  }
  const policy = asked.policy ?? "fifo";
  if (!policiesOf(chain).includes(policy)) {
    const what = `${policy} is not defined for ${chain.chain.name}`;
    throw new Failure("USAGE", { what, mend: `use ${policiesOf(chain).join(", ")}` });
  }
  const incident = asked.incident === undefined ? undefined : findIncident(register, asked.incident);
  const part = {
    incident,
    prices: register.prices,
    actors: register.actors,
    incidents: asked.patterns === "on" ? register.incidents : [],
  };
  originsOf(chain, asked, part);
  stopsOf(chain, asked);
  return part;
}

export type RequestOptions = {
  readonly part: RegisterPart;
  /** Services that the ledger's tags name. What the request names is decided before them. */
  readonly tagged: StopRule | undefined;
  /** Called for every receipt that is looked at; what it throws ends the trace. */
  readonly look: () => void;
  /** Called now and then with the transactions that a walk has visited; a policy's walk counts anew. */
  readonly visited: (transactions: number) => void;
};

/** What a trace is run by. */
export function requestOf(
  chain: ChainReader,
  asked: TraceAsked,
  { part, tagged, look, visited }: RequestOptions,
): TraceRequest {
  const stops = firstOf([stopsOf(chain, asked), tagged].filter((rule) => rule !== undefined));
  const swaps = asked.swaps ?? "on";
  return {
    ...originsOf(chain, asked, part),
    policy: asked.policy ?? "fifo",
    stops: (address) => {
      look();
      return stops?.(address);
    },
    limits: {
      until: asked.until,
      hopsMax: asked.hopsMax,
      amountMin: BigInt(asked.amountMin ?? "0"),
      budget: asked.budget,
    },
    swaps,
    price: chain.model === "account" && swaps === "on" ? priceRule(part.prices) : () => undefined,
    hubTransfers: asked.hub,
    onProgress: visited,
  };
}

function originsOf(
  chain: ChainReader,
  { origins = [] }: TraceAsked,
  { incident }: RegisterPart,
): Pick<TraceRequest, "origins" | "notes"> {
  return incident === undefined ? { origins: findReferences(chain, origins) } : incidentOrigins(chain, incident);
}

/** @throws {Failure} `REQUEST_INVALID` for an address that is none on the chain. */
function stopsOf(chain: ChainReader, { stops }: TraceAsked): StopRule | undefined {
  if (stops === undefined) return undefined;
  const rows = stops.map((stop, index) => ({ ...stop, line: index }));
  try {
    return stopTable(chain, "body/stops", rows);
  } catch (thrown) {
    if (!isFailure(thrown, "SOURCE_INVALID")) throw thrown;
    const { where, why, mend } = thrown.data as { readonly where: string; readonly why: string; readonly mend: string };
    const number = /line (?<number>[0-9]+)/u.exec(where)?.groups?.["number"] ?? "";
    throw new Failure("REQUEST_INVALID", { where: `body/stops/${number}/address`, why, mend }, thrown);
  }
}

import { Failure } from "../base/failure.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { traceAccounts } from "./account/account-trace.ts";
import { sourcesOfTransfers } from "./backward/account-sources.ts";
import type { Backward } from "./backward/sources.ts";
import { sourcesOfOutputs } from "./backward/utxo-sources.ts";
import type { PriceRule } from "./account/swap.ts";
import { accountPolicies, policies, type Policy } from "./policy.ts";
import type { StopRule } from "./stops.ts";
import type { Limits, Trace } from "./trace.ts";
import { traceUtxo } from "./utxo/utxo-trace.ts";

/** What a trace is asked. */
export type TraceRequest = {
  /** Numbers of outputs or transfers, as `findReferences` gives them. */
  readonly origins: readonly number[];
  readonly policy: Policy;
  readonly stops: StopRule | undefined;
  readonly limits: Limits;
  /** On a chain of accounts: whether value that changes its form is followed into the new one. */
  readonly swaps: "on" | "off";
  readonly price: PriceRule;
  /** On a chain of accounts: an account with more transfers is a stop named `hub`; undefined: none is. */
  readonly hubTransfers: number | undefined;
};

/** The policies that are defined for a chain. */
export function policiesOf({ model }: ChainReader): readonly Policy[] {
  return model === "utxo" ? policies : accountPolicies;
}

/**
 * Where the stolen value is now: follows it forward from its origins in chain order.
 *
 * Exact to the base unit, and the same on every store. Cost: proportional to what is tainted, not to the chain; accounts
 * that are tainted are read from their first transfer on.
 *
 * @throws {Failure} `USAGE` for a policy that is not defined for the chain.
 */
export function runTrace(reader: ChainReader, request: TraceRequest): Trace {
  requirePolicy(reader, request.policy);
  return reader.model === "utxo" ? traceUtxo(reader, request) : traceAccounts(reader, request);
}

function requirePolicy(reader: ChainReader, policy: Policy): void {
  const defined = policiesOf(reader);
  if (defined.includes(policy)) return;
  throw new Failure("USAGE", {
    what: `${policy} is not defined for ${reader.chain.name}, a chain of accounts: it orders a transaction's outputs`,
    mend: `use ${defined.join(", ")}`,
  });
}

/**
 * Where the value of deposits came from: back to services, to what the chain created, and to the ledger's beginning.
 *
 * `fifo` is exact on both kinds of chain, since it loses nothing; `haircut` (outputs only) gives pro rata shares. By the other
 * rules what a payment is made of depends on which part of it is tainted, and there is no way back without an origin.
 *
 * @param request - `origins` are the deposits.
 * @throws {Failure} `USAGE` for a policy without a way back.
 */
export function runBackward(reader: ChainReader, request: TraceRequest): Backward {
  const { origins: deposits, policy, stops, swaps, hubTransfers } = request;
  const hopsMax = request.limits.hopsMax ?? Infinity;
  if (reader.model === "utxo" && (policy === "fifo" || policy === "haircut")) {
    return sourcesOfOutputs(reader, { deposits, policy, stops, hopsMax });
  }
  if (reader.model === "account" && policy === "fifo") {
    return sourcesOfTransfers(reader, { deposits, stops, hopsMax, swaps, hubTransfers });
  }
  throw new Failure("USAGE", {
    what: `there is no way back by ${policy} on ${reader.chain.name}`,
    mend: `use --policy ${reader.model === "utxo" ? "fifo or haircut" : "fifo"}, or trace forward from an origin`,
  });
}

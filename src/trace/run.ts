import { Failure } from "../base/failure.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { traceAccounts } from "./account/account-trace.ts";
import { sourcesOf, type BackwardRequest } from "./backward/backward.ts";
import type { Backward } from "./backward/sources.ts";
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
  /** What else the answer rests on, a sentence each: how the origins were found. */
  readonly notes?: readonly string[];
  /** Called now and then with the number of transactions visited so far. */
  readonly onProgress?: (transactions: number) => void;
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
 * Where the value of deposits came from, by the same request as a trace forward.
 *
 * @param request - `origins` are the deposits.
 * @throws {Failure} `USAGE` for a policy that is not defined for the chain, and for a limit that means nothing here.
 */
export function runBackward(reader: ChainReader, { origins: deposits, ...request }: BackwardQuestion): Backward {
  requirePolicy(reader, request.policy);
  return sourcesOf(reader, { ...request, deposits });
}

/** A trace's request, of which a way back needs no prices; and how many entities it may ask about. */
export type BackwardQuestion = Omit<TraceRequest, "price" | "notes"> & Pick<BackwardRequest, "sourcesMax">;

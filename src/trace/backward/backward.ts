import { Failure } from "../../base/failure.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { AccountView } from "../account/account-view.ts";
import type { Policy } from "../policy.ts";
import type { StopRule } from "../stops.ts";
import type { Limits } from "../trace.ts";
import { UtxoView } from "../utxo/utxo-view.ts";
import { AccountAncestry } from "./account-ancestry.ts";
import { AccountEnds } from "./account-ends.ts";
import { AccountShares } from "./account-shares.ts";
import { AccountSources } from "./account-sources.ts";
import {
  isByOrigin,
  sharesByOrigin,
  usualSourcesMax,
  type Arrived,
  type Origin,
  type OriginPolicy,
} from "./by-origin.ts";
import { sourceOfFunds, type Backward, type Source } from "./sources.ts";
import { UtxoAncestry } from "./utxo-ancestry.ts";
import { UtxoEnds } from "./utxo-ends.ts";
import { UtxoSources } from "./utxo-sources.ts";

/** What a trace back is asked. */
export type BackwardRequest = {
  /** Numbers of outputs or transfers. */
  readonly deposits: readonly number[];
  readonly policy: Policy;
  /** Where it ends: services, and entities that are to be named as sources. */
  readonly stops: StopRule | undefined;
  readonly limits: Limits;
  /** On a chain of accounts: whether value that came by a change of form ends there. */
  readonly swaps: "on" | "off";
  /** On a chain of accounts: an account with more transfers is a service named `hub`; undefined: none is. */
  readonly hubTransfers: number | undefined;
  /** By origin: how many entities are asked about at most; undefined: {@link usualSourcesMax}. */
  readonly sourcesMax?: number | undefined;
  readonly onProgress?: (transactions: number) => void;
};

/**
 * Where the value of deposits came from: back to services, to what the chain created, and to the ledger's beginning.
 *
 * `fifo` and `lifo` are exact, since they lose nothing; `haircut` gives pro rata shares. By the other rules what a payment is
 * made of depends on which part of it is called tainted: each entity that is found is then, for itself, the origin of a trace
 * forward. The rules stand in `docs/methods/tracing.md`.
 *
 * Cost: proportional to what lies on the way back; by origin, for each entity.
 *
 * @throws {Failure} `USAGE` for a limit that means nothing here, and for a transfer from an account to itself.
 */
export function sourcesOf(reader: ChainReader, request: BackwardRequest): Backward {
  requireLimits(request);
  return reader.model === "utxo" ? ofOutputs(reader, request) : ofTransfers(reader, request);
}

function requireLimits({ policy, limits }: BackwardRequest): void {
  if (limits.until !== undefined) {
    throw new Failure("USAGE", {
      what: "--until means nothing on a way back, which ends at the deposit",
      mend: "leave --until out",
    });
  }
  if (limits.amountMin > 0n && isByOrigin(policy)) {
    throw new Failure("USAGE", {
      what: `by ${policy} a way back has no amounts that --amount-min could be held against`,
      mend: "leave --amount-min out, or use --policy fifo, lifo or haircut",
    });
  }
}

/** An answer but for what is asked about. */
type Found = Omit<Backward, "chain" | "model" | "policy" | "deposits">;

function ofOutputs(reader: ChainReader, request: BackwardRequest): Backward {
  const { deposits, policy, limits, onProgress = () => undefined } = request;
  const view = new UtxoView(reader);
  const ends = new UtxoEnds(reader, view, request.stops);
  const { chain, model } = reader;
  const head = { chain, model, policy, deposits: deposits.map((output) => ends.deposit(output)) };
  if (isByOrigin(policy)) {
    const ancestry = new UtxoAncestry(view, ends, { deposits, limits, onProgress });
    return { ...head, ...byOrigin(ancestry, ancestry.transactions, { ...request, policy }) };
  }
  const walk = new UtxoSources(view, ends, { policy, limits });
  walk.run(deposits, onProgress);
  return { ...head, ...byAmount(walk.sources, policy, walk.transactions) };
}

function ofTransfers(reader: ChainReader, request: BackwardRequest): Backward {
  const { deposits, policy, limits, onProgress = () => undefined } = request;
  const view = new AccountView(reader);
  const idle = deposits.find((row) => view.from(row) === view.to(row));
  if (idle !== undefined) {
    const what = `${view.ref(idle)} goes from an account to itself: it came from nowhere else`;
    throw new Failure("USAGE", {
      what,
      mend: "leave it out, or give a transfer by which the account received something",
    });
  }
  const ends = new AccountEnds(view, request);
  const { chain, model } = reader;
  const head = { chain, model, policy, deposits: deposits.map((row) => ends.deposit(row)) };
  if (isByOrigin(policy)) {
    const ancestry = new AccountAncestry(view, ends, { deposits, limits, onProgress });
    return { ...head, ...byOrigin(ancestry, ancestry.transfers, { ...request, policy }) };
  }
  const walk =
    policy === "haircut"
      ? new AccountShares(view, ends, limits)
      : new AccountSources(view, ends, { order: policy, limits });
  walk.run(deposits, onProgress);
  return { ...head, ...byAmount(walk.sources, policy, walk.transfers) };
}

function byAmount(sources: readonly Source[], policy: "fifo" | "lifo" | "haircut", transactions: number): Found {
  const basis = policy === "haircut" ? "pro rata" : "exact";
  return { basis, funds: sourceOfFunds(sources), sources, leftOut: undefined, cost: { transactions } };
}

/** Ways back without amounts, and a trace forward within them. */
type Ancestry = {
  readonly origins: readonly Origin[];
  forward(policy: OriginPolicy, keys: ReadonlySet<number>): Arrived | undefined;
};

function byOrigin(
  ancestry: Ancestry,
  transactions: number,
  { policy, sourcesMax = usualSourcesMax }: { readonly policy: OriginPolicy; readonly sourcesMax?: number | undefined },
): Found {
  const forward = (keys: ReadonlySet<number>): Arrived | undefined => ancestry.forward(policy, keys);
  const sources = ancestry.origins.map(({ source }) => source);
  return {
    basis: "by origin",
    ...sharesByOrigin(ancestry.origins, forward, sourcesMax),
    sources,
    cost: { transactions },
  };
}

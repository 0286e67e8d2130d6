import type { KnownChain } from "../../base/chains.ts";
import type { Policy } from "../policy.ts";
import type { Moment } from "../trace.ts";

/** How a way back ends. */
export const sourceKinds = {
  /** A service paid it out, or an illicit entity. */
  service: "service",
  /** It was created by the chain: a coinbase, a mint, a reward. */
  created: "created",
  /** It is from before the ledger begins. */
  before: "before-ledger",
  /** It came out of a change of form, behind which another asset lies. */
  swap: "swap",
  /** It was mixed with an amount that is not known. */
  unknown: "unknown-value",
  /** A limit kept the trace from going further back. */
  limit: "limit",
} as const;
export type SourceKind = (typeof sourceKinds)[keyof typeof sourceKinds];

/** A place at which a way back ends, and the transaction by which value came from there; of a limit, by which it came there. */
export type Source = Moment & {
  readonly kind: SourceKind;
  /** Of a service; of a limit its name; else the kind. */
  readonly entity: string;
  readonly category: string;
  /** The output or transfer at which the way back ends. */
  readonly ref: string;
  readonly address: string | null;
  readonly asset: string;
  /** Of what is asked about, so much came from there; undefined where that is told by {@link SourceOfFunds} alone. */
  readonly amount: bigint | undefined;
  /** How many transactions lie between: 1 is direct. */
  readonly hops: number;
};

/** The sources of one entity together. */
export type SourceOfFunds = {
  readonly kind: SourceKind;
  readonly entity: string;
  readonly category: string;
  readonly asset: string;
  /** Undefined where it reaches what is asked about and has no amount: by `poison` on accounts, or of unknown value. */
  readonly amount: bigint | undefined;
  /** What came in one transaction, and what by others in between. */
  readonly direct: bigint | undefined;
  readonly indirect: bigint | undefined;
  /** Whether it is more than that, since amounts that are not known lie on the way. */
  readonly isLeast: boolean;
  readonly hopsLeast: number;
  readonly hopsMost: number;
  readonly count: number;
};

/** How the amounts of an answer came about. */
export type Basis =
  /** Each unit is one unit of a source: `fifo` and `lifo` lose nothing. */
  | "exact"
  /** Each payment is made of all that was there, pro rata. */
  | "pro rata"
  /** Each entity for itself as the origin of a trace forward: amounts need not add up. */
  | "by origin";

/** What is asked about. */
export type Deposit = Moment & {
  readonly ref: string;
  readonly address: string | null;
  readonly asset: string;
  readonly amount: bigint;
};

/** The answer of a trace back. But for `by origin`, `deposits = Σ funds = Σ sources`, by asset, always. */
export type Backward = {
  readonly chain: KnownChain;
  readonly model: "utxo" | "account";
  readonly policy: Policy;
  readonly basis: Basis;
  readonly deposits: readonly Deposit[];
  /** By entity, the largest first. */
  readonly funds: readonly SourceOfFunds[];
  readonly sources: readonly Source[];
  /** Entities that were found and not traced forward, since there were too many; undefined: none. */
  readonly leftOut: { readonly entities: number; readonly sources: number; readonly limit: number } | undefined;
  readonly cost: { readonly transactions: number };
};

/** A place at which a way back ends; how far away, and how much, is the walk's to say. */
export type Ended = Omit<Source, "amount" | "hops">;

type EntityOf = Pick<Ended, "kind" | "entity" | "category" | "asset">;

/** What tells entities apart. */
export function fundsKey({ kind, entity, category, asset }: EntityOf): string {
  return JSON.stringify([kind, entity, category, asset]);
}

/** Sources by kind, entity, category and asset. */
export function byEntity<One extends EntityOf>(sources: readonly One[]): readonly (readonly [One, ...One[]])[] {
  const groups = Map.groupBy(sources, fundsKey);
  return [...groups.values()] as unknown as readonly (readonly [One, ...One[]])[];
}

/** Source of funds by entity and category, the largest first. */
export function sourceOfFunds(sources: readonly Source[]): readonly SourceOfFunds[] {
  const rows = byEntity(sources).map((group): SourceOfFunds => {
    const sum = (list: readonly Source[]): bigint => list.reduce((all, { amount }) => all + (amount ?? 0n), 0n);
    return {
      ...headOf(group),
      amount: sum(group),
      direct: sum(group.filter((one) => one.hops <= 1)),
      indirect: sum(group.filter((one) => one.hops > 1)),
      isLeast: false,
    };
  });
  return largestFirst(rows);
}

/** What the sources of one entity have in common. */
export function headOf(
  group: readonly [Source, ...Source[]],
): Pick<SourceOfFunds, "kind" | "entity" | "category" | "asset" | "hopsLeast" | "hopsMost" | "count"> {
  const [{ kind, entity, category, asset }] = group;
  const hops = group.map((one) => one.hops);
  return {
    kind,
    entity,
    category,
    asset,
    hopsLeast: hops.reduce((least, hop) => (hop < least ? hop : least)),
    hopsMost: hops.reduce((most, hop) => (hop > most ? hop : most)),
    count: group.length,
  };
}

/** By falling amount, those without one last; equal ones by name. */
export function largestFirst(rows: readonly SourceOfFunds[]): readonly SourceOfFunds[] {
  return rows.toSorted((left, right) => {
    const [first, second] = [left.amount ?? -1n, right.amount ?? -1n];
    if (first !== second) return first > second ? -1 : 1;
    if (left.entity !== right.entity) return left.entity < right.entity ? -1 : 1;
    return fundsKey(left) < fundsKey(right) ? -1 : 1;
  });
}

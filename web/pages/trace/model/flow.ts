/** The flow of a trace as the pages have it: who is there, what moved, and where it ended. */

/** What a node is, before anything is said of who owns it. `swap`: where an account's value changed its form. */
export type NodeKind = "address" | "transaction" | "output" | "mint" | "fee" | "group" | "swap";

/** A sum of tainted amounts of one asset. */
export type AssetSum = {
  readonly asset: string;
  /** Tainted base units. */
  readonly amount: bigint;
  /** Of all that moved with them, tainted or not; undefined where that is not known. */
  readonly value: bigint | undefined;
  /** US cents; undefined where a price is not known. */
  readonly usd: bigint | undefined;
};

/** A service at which the trace ends. */
export type Exit = { readonly entity: string; readonly category: string };

/** Who an address is by the ledger's tags: the word of others. */
export type Tag = {
  readonly entity: string;
  readonly category: string | undefined;
  readonly confidence: string;
  /** Others contradict it. */
  readonly isDisputed: boolean;
};

export type FlowNode = {
  readonly id: string;
  readonly kind: NodeKind;
  /** The address, the transaction's id or the output's reference, whole. */
  readonly label: string;
  readonly isOrigin: boolean;
  readonly exit: Exit | undefined;
  /** Who is there by tags, whether or not the trace ends there. */
  readonly entity: string | undefined;
  readonly category: string | undefined;
  readonly tags: readonly Tag[];
  readonly isSanctioned: boolean;
  /** An address with so many transfers that it was taken as a service. */
  readonly isHub: boolean;
  /** Transactions between it and an origin, by the shortest way. */
  readonly hop: number;
  /** Unix seconds of the first and the last tainted movement. */
  readonly first: number;
  readonly last: number;
  readonly received: readonly AssetSum[];
  readonly paid: readonly AssetSum[];
  readonly rests: readonly AssetSum[];
  /** How many holdings rest here, also those that have no amount. */
  readonly resting: number;
  /** Tainted part of what it received, 0 to 1; undefined where it has no meaning or is not known. */
  readonly share: number | undefined;
  /** How many nodes it stands for: 1 but for what the server has gathered. */
  readonly members: number;
};

export type FlowEdge = {
  readonly id: string;
  /** Places in {@link Flow.nodes}. */
  readonly source: number;
  readonly target: number;
  readonly what: "origin" | "payment" | "swap";
  /** The step of the trace; undefined of several that were gathered. */
  readonly step: number | undefined;
  readonly asset: string;
  readonly amount: bigint;
  readonly value: bigint | undefined;
  readonly usd: bigint | undefined;
  readonly time: number;
  readonly block: number | undefined;
  /** Undefined of several that were gathered. */
  readonly txid: string | undefined;
  readonly ref: string | undefined;
  /** How many movements it stands for. */
  readonly count: number;
};

export type Flow = {
  readonly nodes: readonly FlowNode[];
  /** In chain order. */
  readonly edges: readonly FlowEdge[];
};

/** Adds sums up by asset, in the order in which assets come first. Unknown stays unknown. */
export function addSums(lists: readonly (readonly AssetSum[])[]): readonly AssetSum[] {
  // Most nodes and edges have one sum.
  if (lists.length === 1 && lists[0]?.length === 1) return lists[0].map(plain);
  const found = new Map<string, AssetSum>();
  for (const list of lists) {
    for (const one of list) {
      const before = found.get(one.asset);
      found.set(one.asset, before === undefined ? plain(one) : joinSums(before, one));
    }
  }
  return [...found.values()];
}

/** Only what a sum has, whatever else it came with. */
function plain({ asset, amount, value, usd }: AssetSum): AssetSum {
  return { asset, amount, value, usd };
}

function joinSums(left: AssetSum, right: AssetSum): AssetSum {
  return {
    asset: left.asset,
    amount: left.amount + right.amount,
    value: addKnown(left.value, right.value),
    usd: addKnown(left.usd, right.usd),
  };
}

function addKnown(left: bigint | undefined, right: bigint | undefined): bigint | undefined {
  return left === undefined || right === undefined ? undefined : left + right;
}

/** Dollars of sums. What has no price is left out, and said to be. */
export type Dollars = { readonly cents: bigint; readonly isPartial: boolean; readonly isUnknown: boolean };

export function dollarsOf(sums: readonly Pick<AssetSum, "usd">[]): Dollars {
  let cents = 0n;
  let unknown = 0;
  for (const { usd } of sums) {
    if (usd === undefined) unknown += 1;
    else cents += usd;
  }
  return { cents, isPartial: unknown > 0, isUnknown: unknown > 0 && unknown === sums.length };
}

/** Clusters by the most obvious means: a list of links, a graph, a search; everything anew each time. */
import { ownerKinds } from "../../src/chains/block.ts";
import { changeRuleOf } from "../../src/clusters/change/change-rules.ts";
import { uniqueChange } from "../../src/clusters/change/change-rule.ts";
import { coinjoinDetectors, coinjoinNames } from "../../src/clusters/coinjoin/detectors.ts";
import { changeOf, isChangeRule } from "../../src/clusters/rules.ts";
import type { TransactionFacts } from "../../src/clusters/transaction-facts.ts";
import { identityOf, type PlainBlock, type PlainTransaction } from "../clusters/random-blocks.ts";

/** An owner by name: its kind and identity. */
export type OwnerName = string;
export type ReferenceLink = {
  readonly rule: string;
  readonly txid: string;
  readonly left: OwnerName;
  readonly right: OwnerName;
};
export type ReferenceStrike = {
  readonly rule: string;
  readonly txid: string | undefined;
  readonly between: readonly [OwnerName, OwnerName] | undefined;
};
export type ReferenceClusters = {
  /** Owners in the order in which they first appear. */
  readonly owners: readonly OwnerName[];
  readonly links: readonly ReferenceLink[];
  readonly coinjoins: ReadonlyMap<string, string>;
  /** By owner: the members of its cluster, the oldest first. */
  readonly clusters: ReadonlyMap<OwnerName, readonly OwnerName[]>;
  readonly held: readonly { readonly link: ReferenceLink; readonly services: readonly string[] }[];
  /** Links that stand, for searching. */
  readonly standing: readonly ReferenceLink[];
};

const printed = (id: Uint8Array): string => Buffer.from(id.toReversed()).toString("hex");

type Prevout = { readonly owner: OwnerName | undefined; readonly value: number; readonly creator: PlainTransaction };

export function referenceClusters(
  blocks: readonly PlainBlock[],
  rules: readonly string[],
  {
    strikes,
    services,
  }: { readonly strikes: readonly ReferenceStrike[]; readonly services: ReadonlyMap<OwnerName, string> },
): ReferenceClusters {
  const owners: OwnerName[] = [];
  const prevouts = new Map<string, Prevout>();
  const links: ReferenceLink[] = [];
  const coinjoins = new Map<string, string>();
  const isCleared = (txid: string, detector: string): boolean =>
    strikes.some((strike) => strike.rule === detector && (strike.txid === undefined || strike.txid === txid));
  for (const transaction of blocks.flatMap(({ transactions }) => transactions)) {
    const txid = printed(transaction.id);
    const spent = transaction.inputs.map(({ id, index }) => prevouts.get(`${printed(id)}:${index}`));
    const facts = factsOf(transaction, spent, owners);
    const inputOwners = [...new Set(spent.map((one) => one?.owner).filter((owner) => owner !== undefined))];
    const detector = coinjoinNames.find(
      (name) =>
        inputOwners.length > 1 && rules.includes(name) && coinjoinDetectors[name](facts) && !isCleared(txid, name),
    );
    const appear = transaction.outputs.map(nameOf);
    if (detector !== undefined) coinjoins.set(txid, detector);
    else if (inputOwners.length > 0) {
      const hub = inputOwners.toSorted((left, right) => owners.indexOf(left) - owners.indexOf(right))[0] as OwnerName;
      const others = rules.includes("multi-input") ? inputOwners.filter((owner) => owner !== hub) : [];
      links.push(...others.map((right) => ({ rule: "multi-input", txid, left: hub, right })));
      for (const rule of rules.filter(isChangeRule)) {
        const owner = appear[uniqueChange(changeRuleOf(changeOf(rule)), facts)];
        if (owner === undefined || inputOwners.includes(owner)) continue;
        const isOlder = owners.includes(owner) && owners.indexOf(owner) < owners.indexOf(hub);
        links.push({ rule, txid, left: isOlder ? owner : hub, right: isOlder ? hub : owner });
      }
    }
    for (const [index, output] of transaction.outputs.entries()) {
      const owner = appear[index];
      if (owner !== undefined && !owners.includes(owner)) owners.push(owner);
      prevouts.set(`${txid}:${index}`, { owner, value: Number(output.value), creator: transaction });
    }
  }
  return { owners, links, coinjoins, ...joined(owners, links, { strikes, services }) };
}

/** Goes through the links in order; before each the clusters are found by searching all that were joined so far. */
function joined(
  owners: readonly OwnerName[],
  links: readonly ReferenceLink[],
  {
    strikes,
    services,
  }: { readonly strikes: readonly ReferenceStrike[]; readonly services: ReadonlyMap<OwnerName, string> },
): Pick<ReferenceClusters, "clusters" | "held" | "standing"> {
  const graph = new Map<OwnerName, Set<OwnerName>>(owners.map((owner) => [owner, new Set()]));
  const held: { link: ReferenceLink; services: readonly string[] }[] = [];
  const standing: ReferenceLink[] = [];
  const serviceOf = (owner: OwnerName): string | undefined =>
    reached(graph, owner)
      .map((member) => services.get(member))
      .find((service) => service !== undefined);
  for (const link of links) {
    if (strikes.some((strike) => strikesOut(strike, link))) continue;
    const [left, right] = [serviceOf(link.left), serviceOf(link.right)];
    const isOne = reached(graph, link.left).includes(link.right);
    if (!isOne && left !== undefined && right !== undefined && left !== right) {
      held.push({ link, services: [left, right].toSorted() });
      continue;
    }
    standing.push(link);
    graph.get(link.left)?.add(link.right);
    graph.get(link.right)?.add(link.left);
  }
  const rank = new Map(owners.map((owner, index) => [owner, index]));
  const clusters = new Map(
    owners.map((owner) => [
      owner,
      reached(graph, owner).toSorted((left, right) => (rank.get(left) ?? 0) - (rank.get(right) ?? 0)),
    ]),
  );
  return { clusters, held, standing };
}

function strikesOut({ rule, txid, between }: ReferenceStrike, link: ReferenceLink): boolean {
  if (rule !== link.rule) return false;
  if (txid === undefined) return true;
  return txid === link.txid && (between === undefined || (between.includes(link.left) && between.includes(link.right)));
}

function reached(graph: ReadonlyMap<OwnerName, ReadonlySet<OwnerName>>, from: OwnerName): OwnerName[] {
  const seen = new Set([from]);
  for (const owner of seen) for (const next of graph.get(owner) ?? []) seen.add(next);
  return [...seen];
}

/** How many steps lead from one owner to another, where a rule's links of one transaction are one step; -1: none do. */
export function referenceDistance({ standing }: ReferenceClusters, from: OwnerName, to: OwnerName): number {
  const groups = new Map<string, Set<OwnerName>>();
  for (const { rule, txid, left, right } of standing) {
    const group = groups.get(`${rule} ${txid}`) ?? new Set();
    groups.set(`${rule} ${txid}`, group.add(left).add(right));
  }
  let edge = new Set([from]);
  const seen = new Set(edge);
  for (let steps = 0; edge.size > 0; steps += 1) {
    if (edge.has(to)) return steps;
    const met = [...groups.values()].filter((group) => [...edge].some((owner) => group.has(owner)));
    const next = new Set(met.flatMap((group) => [...group]).filter((owner) => !seen.has(owner)));
    for (const owner of next) seen.add(owner);
    edge = next;
  }
  return -1;
}

export function nameOf(output: PlainTransaction["outputs"][number]): OwnerName | undefined {
  if (output.kind === ownerKinds.none) return undefined;
  return `${output.kind}:${Buffer.from(identityOf(output)).toString("hex")}`;
}

/** The facts of a transaction from plain records. Owners seen before are those in the list. */
function factsOf(
  transaction: PlainTransaction,
  spent: readonly (Prevout | undefined)[],
  owners: readonly OwnerName[],
): TransactionFacts {
  // Owners that appear with this transaction get their places after all others.
  const order = [...new Set([...owners, ...transaction.outputs.map(nameOf).filter((name) => name !== undefined)])];
  const place = (name: OwnerName | undefined): number => (name === undefined ? 0 : order.indexOf(name) + 1);
  const outputOwners = transaction.outputs.map(nameOf);
  return {
    inputs: transaction.inputs.length,
    outputs: transaction.outputs.length,
    distinctInputOwners: new Set(spent.map((one) => one?.owner).filter((owner) => owner !== undefined)).size,
    inputOwner: (input) => place(spent[input]?.owner),
    inputValue: (input) => spent[input]?.value ?? Number.NaN,
    outputOwner: (output) => place(outputOwners[output]),
    outputValue: (output) => Number(transaction.outputs[output]?.value),
    kindOf: (owner) => Number((order[owner - 1] ?? "0").split(":")[0]),
    isFirstPayment: (output) => {
      const owner = outputOwners[output];
      return owner !== undefined && !owners.includes(owner) && outputOwners.indexOf(owner) === output;
    },
    shapeBefore: (input) => {
      const creator = spent[input]?.creator;
      return creator === undefined ? undefined : { inputs: creator.inputs.length, outputs: creator.outputs.length };
    },
  };
}

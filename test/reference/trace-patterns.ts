/**
 * Patterns on a chain of outputs by their definitions, slowly: everything is looked for among all transactions. It knows
 * which outputs are tainted, and with how much, and nothing of how a trace keeps that.
 */
import type { PatternRules } from "../../src/trace/patterns/pattern.ts";
import type { ModelTransaction } from "./trace-utxo.ts";

export type ModelPattern = {
  readonly pattern: string;
  readonly address: string | null;
  readonly amount: bigint;
  readonly count: number;
  readonly seconds: number | undefined;
  readonly to: string | null;
  readonly evidence: readonly string[];
};

export type ModelMeeting = {
  readonly kind: string;
  readonly place: string;
  readonly amounts: readonly [bigint, bigint];
  readonly counts: readonly [number, number];
};

type Transaction = ModelTransaction & { readonly time: number };
/** Tainted amounts by output, those of origins and stops included. */
export type Taint = {
  readonly amounts: ReadonlyMap<string, bigint>;
  readonly origins: ReadonlySet<string>;
  readonly exits: ReadonlySet<string>;
};

type Output = { readonly ref: string; readonly value: bigint; readonly address: string | null; readonly time: number };

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, amount) => all + amount, 0n);
const txidOf = (ref: string): string => ref.slice(0, ref.indexOf(":"));

class Chain {
  readonly transactions: readonly Transaction[];
  readonly outputs = new Map<string, Output>();
  readonly order: readonly string[];
  readonly taint: Taint;

  constructor(transactions: readonly Transaction[], taint: Taint) {
    this.transactions = transactions;
    this.taint = taint;
    for (const { txid, time, outputs } of transactions) {
      for (const [index, { value, address }] of outputs.entries()) {
        const ref = `${txid}:${index}`;
        this.outputs.set(ref, { ref, value, address, time });
      }
    }
    this.order = [...this.outputs.keys()];
  }

  inOrder(refs: readonly string[]): readonly string[] {
    return refs.toSorted((left, right) => this.order.indexOf(left) - this.order.indexOf(right));
  }

  amount(ref: string): bigint {
    return this.taint.amounts.get(ref) ?? 0n;
  }

  isTainted(ref: string): boolean {
    return this.amount(ref) > 0n;
  }

  output(ref: string): Output {
    return this.outputs.get(ref) as Output;
  }

  address(ref: string): string | null {
    return this.output(ref).address;
  }

  /** The tainted outputs that a transaction spends, in the order in which they were made. */
  ins({ inputs }: Transaction): readonly string[] {
    return this.inOrder(
      inputs.map(({ ref }) => ref).filter((ref) => this.isTainted(ref) && !this.taint.exits.has(ref)),
    );
  }

  outs({ txid, outputs }: Transaction): readonly string[] {
    return outputs.map((_, index) => `${txid}:${index}`).filter((ref) => this.isTainted(ref));
  }

  paid({ txid, outputs }: Transaction): readonly Output[] {
    return outputs.map((_, index) => this.output(`${txid}:${index}`)).filter(({ value }) => value > 0n);
  }

  payers(transaction: Transaction): readonly (string | null)[] {
    return this.ins(transaction).map((ref) => this.address(ref));
  }

  evidence(refs: readonly string[]): readonly string[] {
    return [...new Set(this.inOrder(refs).map(txidOf))];
  }
}

export function modelPatterns(
  transactions: readonly Transaction[],
  taint: Taint,
  rules: PatternRules,
  victims: ReadonlySet<string>,
): readonly ModelPattern[] {
  const chain = new Chain(transactions, taint);
  return [
    ...peels(chain, rules),
    ...transactions.flatMap((one) => fanOut(chain, one, rules)),
    ...transactions.flatMap((one) => fanIn(chain, one, rules)),
    ...transactions.flatMap((one) => round(chain, one, rules)),
    ...dormant(chain, rules),
    ...returns(chain, victims),
  ];
}

/** The output that is peeled off and the one that is the rest; undefined where a transaction is no hop. */
function hop(chain: Chain, one: Transaction, { peelPercent }: PatternRules): readonly [Output, Output] | undefined {
  const paid = chain.paid(one).toSorted((left, right) => Number(left.value - right.value));
  const [peeled, rest] = paid;
  if (chain.ins(one).length === 0 || paid.length !== 2 || peeled === undefined || rest === undefined) return undefined;
  if (peeled.value === rest.value || peeled.address === rest.address || !chain.isTainted(rest.ref)) return undefined;
  return peeled.value * 100n <= (peeled.value + rest.value) * BigInt(peelPercent) ? [peeled, rest] : undefined;
}

function peels(chain: Chain, rules: PatternRules): readonly ModelPattern[] {
  const next = (one: Transaction): Transaction | undefined => {
    const rest = hop(chain, one, rules)?.[1].ref ?? "";
    if (chain.taint.exits.has(rest)) return undefined;
    return chain.transactions.find(
      (other) => other.inputs.length === 1 && other.inputs[0]?.ref === rest && hop(chain, other, rules) !== undefined,
    );
  };
  return chain.transactions.flatMap((head): ModelPattern[] => {
    if (hop(chain, head, rules) === undefined || chain.transactions.some((one) => next(one) === head)) return [];
    const steps: Transaction[] = [];
    for (let at: Transaction | undefined = head; at !== undefined; at = next(at)) steps.push(at);
    if (steps.length < rules.peelHops) return [];
    const hops = steps.map((one) => hop(chain, one, rules) as readonly [Output, Output]);
    const rest = (hops.at(-1) as readonly [Output, Output])[1];
    return [
      {
        pattern: "peel-chain",
        address: chain.payers(head)[0] ?? null,
        amount: sum([...hops.map(([peeled]) => chain.amount(peeled.ref)), chain.amount(rest.ref)]),
        count: steps.length,
        seconds: undefined,
        to: rest.address,
        evidence: steps.map(({ txid }) => txid),
      },
    ];
  });
}

function fanOut(chain: Chain, one: Transaction, rules: PatternRules): readonly ModelPattern[] {
  const payers = chain.payers(one);
  const refs = chain.outs(one).filter((ref) => chain.address(ref) !== null && !payers.includes(chain.address(ref)));
  const count = new Set(refs.map((ref) => chain.address(ref))).size;
  if (payers.length === 0 || count < rules.fanOut) return [];
  const amount = sum(refs.map((ref) => chain.amount(ref)));
  const address = payers[0] ?? null;
  return [{ pattern: "fan-out", address, amount, count, seconds: undefined, to: null, evidence: [one.txid] }];
}

function fanIn(chain: Chain, one: Transaction, rules: PatternRules): readonly ModelPattern[] {
  const ins = chain.ins(one).filter((ref) => chain.address(ref) !== null);
  const count = new Set(ins.map((ref) => chain.address(ref))).size;
  const paid = chain.paid(one);
  if (count < rules.fanIn || paid.length > 2 || chain.outs(one).length === 0) return [];
  const largest = paid.toSorted((left, right) => Number(right.value - left.value))[0];
  const address = largest?.address ?? null;
  const amount = sum(ins.map((ref) => chain.amount(ref)));
  return [{ pattern: "fan-in", address, amount, count, seconds: undefined, to: address, evidence: [one.txid] }];
}

function round(chain: Chain, one: Transaction, rules: PatternRules): readonly ModelPattern[] {
  const isRound = (value: bigint): boolean => {
    const unit = 10n ** BigInt(rules.roundZeros);
    if (value % unit !== 0n) return false;
    let digits = value / unit;
    while (digits % 10n === 0n) digits /= 10n;
    return digits < 10n ** BigInt(rules.roundDigits);
  };
  const paid = chain.paid(one);
  const rounds = paid.filter(({ value }) => isRound(value));
  const refs = rounds.map(({ ref }) => ref).filter((ref) => chain.isTainted(ref));
  if (chain.ins(one).length === 0 || refs.length === 0 || rounds.length === paid.length) return [];
  return [
    {
      pattern: "round-amounts",
      address: chain.payers(one)[0] ?? null,
      amount: sum(refs.map((ref) => chain.amount(ref))),
      count: refs.length,
      seconds: undefined,
      to: refs.length === 1 ? chain.address(refs[0] ?? "") : null,
      evidence: [one.txid],
    },
  ];
}

function dormant(chain: Chain, rules: PatternRules): readonly ModelPattern[] {
  const found: ModelPattern[] = [];
  const add = (refs: readonly string[], until: number, woken: string | undefined): void => {
    const seconds = until - Math.max(...refs.map((ref) => chain.output(ref).time));
    if (seconds < rules.dormantSeconds) return;
    found.push({
      pattern: "dormancy",
      address: chain.address(refs[0] ?? ""),
      amount: sum(refs.map((ref) => chain.amount(ref))),
      count: refs.length,
      seconds,
      to: woken === undefined ? null : chain.address(woken),
      evidence: chain.evidence([...refs, ...(woken === undefined ? [] : [woken])]),
    });
  };
  for (const one of chain.transactions) {
    const [woken] = chain.outs(one);
    if (woken === undefined) continue;
    const ins = chain.ins(one);
    for (const address of new Set(ins.map((ref) => chain.address(ref)))) {
      add(
        ins.filter((ref) => chain.address(ref) === address),
        one.time,
        woken,
      );
    }
  }
  const spent = new Set(chain.transactions.flatMap(({ inputs }) => inputs.map(({ ref }) => ref)));
  for (const ref of chain.order) {
    if (!chain.isTainted(ref) || spent.has(ref) || chain.taint.exits.has(ref)) continue;
    add([ref], chain.transactions.at(-1)?.time ?? 0, undefined);
  }
  return found;
}

function returns(chain: Chain, victims: ReadonlySet<string>): readonly ModelPattern[] {
  const robbed = new Set(victims);
  for (const { txid, inputs, outputs } of chain.transactions) {
    if (!outputs.some((_, index) => chain.taint.origins.has(`${txid}:${index}`))) continue;
    for (const { ref } of inputs) {
      const address = chain.outputs.get(ref)?.address;
      if (address !== undefined && address !== null) robbed.add(address);
    }
  }
  return [...robbed].flatMap((to): ModelPattern[] => {
    const from: (string | null)[] = [];
    const refs = chain.transactions.flatMap((one) => {
      const payers = chain.payers(one);
      if (payers.every((payer) => payer !== null && robbed.has(payer))) return [];
      const own = chain.outs(one).filter((ref) => chain.address(ref) === to && !chain.taint.origins.has(ref));
      if (own.length > 0) from.push(payers[0] ?? null);
      return own;
    });
    if (refs.length === 0) return [];
    const amount = sum(refs.map((ref) => chain.amount(ref)));
    const evidence = chain.evidence(refs);
    const address = from[0] ?? null;
    return [{ pattern: "victim-return", address, amount, count: refs.length, seconds: undefined, to, evidence }];
  });
}

/** Where two taints met: every transaction and every address is looked at. */
export function modelMeetings(
  transactions: readonly Transaction[],
  first: Taint,
  second: Taint,
): readonly ModelMeeting[] {
  const chains = [new Chain(transactions, first), new Chain(transactions, second)] as const;
  const found: ModelMeeting[] = [];
  const add = (kind: string, place: string, [one, other]: readonly [readonly string[], readonly string[]]): void => {
    if (one.length === 0 || other.length === 0 || one.toSorted().join(" ") === other.toSorted().join(" ")) return;
    const amounts = [
      sum(one.map((ref) => chains[0].amount(ref))),
      sum(other.map((ref) => chains[1].amount(ref))),
    ] as const;
    found.push({ kind, place, amounts, counts: [one.length, other.length] });
  };
  for (const one of transactions) {
    // Where all that comes in becomes a fee there is nothing to show.
    if (chains.every((chain) => chain.outs(one).length === 0)) continue;
    add("transaction", one.txid, [chains[0].ins(one), chains[1].ins(one)]);
  }
  const addresses = new Set(transactions.flatMap(({ outputs }) => outputs.map(({ address }) => address)));
  for (const address of addresses) {
    if (address === null) continue;
    const received = (chain: Chain): readonly string[] =>
      chain.order.filter(
        (ref) => chain.address(ref) === address && chain.isTainted(ref) && !chain.taint.exits.has(ref),
      );
    add("address", address, [received(chains[0]), received(chains[1])]);
  }
  return found;
}

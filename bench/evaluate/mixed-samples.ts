import { party, type Plan, type PlannedOutput, type PlannedTransaction } from "../chain/planned.ts";
import type { Random } from "../chain/random.ts";

/** What a sample truly is: a CoinJoin of a kind, or an ordinary transaction that looks like one. */
export const sampleKinds = {
  "wasabi-1": "coinjoin",
  "wasabi-2": "coinjoin",
  whirlpool: "coinjoin",
  joinmarket: "coinjoin",
  "equal-outputs": "coinjoin",
  payjoin: "coinjoin",
  "batch of equal payments": "ordinary",
  "two equal payments": "ordinary",
  "wallet split into equal coins": "ordinary",
  "batch of payments": "ordinary",
  consolidation: "ordinary",
  payment: "ordinary",
} as const;
export type SampleKind = keyof typeof sampleKinds;

/** Inputs with their amount and the participant whom each belongs to; outputs by amount. In order. */
export type Sample = {
  readonly kind: SampleKind;
  readonly inputs: readonly { readonly value: number; readonly participant: number }[];
  readonly outputs: readonly number[];
};

const BTC = 100_000_000;
const DUST = 1_000;

/** Amounts that Wasabi 2's clients decompose into, from 5,000 satoshi up. Written anew from the description. */
const denominations: readonly number[] = [
  ...new Set([...powers(2, [1]), ...powers(3, [1, 2]), ...powers(10, [1, 2, 5])].filter((amount) => amount >= 5_000)),
].toSorted((left, right) => right - left);

function powers(base: number, factors: readonly number[]): readonly number[] {
  return Array.from({ length: 40 }, (_, exponent) => factors.map((factor) => factor * base ** exponent))
    .flat()
    .filter((amount) => amount < 20 * BTC);
}

/** A sample of a kind, drawn at random. */
export function drawSample(kind: SampleKind, random: Random): Sample {
  return { kind, ...drawers[kind](random) };
}

type Drawn = Omit<Sample, "kind">;

const drawers: Readonly<Record<SampleKind, (random: Random) => Drawn>> = {
  "wasabi-1": (random) => {
    const base = 9_000_000 + random.below(2_900_000);
    // One round in twenty has fewer participants than the published definition asks for.
    const members = random.chance(0.05) ? 5 + random.below(5) : 10 + random.geometric(25);
    const mixed = rounds(random, members, () => base);
    // Some have enough for twice the amount as well.
    const doubled = random.below(Math.floor(members / 3) + 1);
    return {
      inputs: mixed.inputs.map((input, at) => (at < doubled ? { ...input, value: input.value + 2 * base } : input)),
      outputs: shuffled(random, [
        ...mixed.outputs,
        ...(doubled > 1 ? Array.from({ length: doubled }, () => 2 * base) : []),
      ]),
    };
  },
  "wasabi-2": (random) => {
    // Later coordinators began rounds with fewer inputs than the definition's fifty.
    const size = random.chance(0.15) ? 20 + random.below(30) : 50 + random.below(150);
    const inputs = Array.from({ length: size }, (_, at) => ({
      value: Math.floor(random.logNormal(0.02 * BTC, 1.2)) + 20_000,
      participant: random.chance(0.4) ? Math.max(0, at - 1 - random.below(3)) : at,
    }));
    const outputs: number[] = [];
    for (const participant of new Set(inputs.map((input) => input.participant))) {
      const own = inputs.filter((input) => input.participant === participant);
      outputs.push(...decomposed(random, own.reduce((sum, { value }) => sum + value, 0) - own.length * 500));
    }
    return { inputs: falling(inputs, ({ value }) => value), outputs: falling(outputs, (value) => value) };
  },
  whirlpool: (random) => {
    const pool = [100_000, 1_000_000, 5_000_000, 50_000_000][random.below(4)] ?? 1_000_000;
    const members = random.chance(0.9) ? 5 : 6 + random.below(3);
    const entrants = 1 + random.below(3);
    const surplus = 200 + random.below(20_000);
    return {
      inputs: shuffled(
        random,
        Array.from({ length: members }, (_, at) => ({ value: at < entrants ? pool + surplus : pool, participant: at })),
      ),
      outputs: Array.from({ length: members }, () => pool),
    };
  },
  joinmarket: (random) => {
    const amount = Math.floor(random.logNormal(0.3 * BTC, 1)) + 50_000;
    const { inputs, outputs } = rounds(random, 3 + random.below(8), () => amount);
    // A taker that sweeps keeps no change, one in four; now and then a maker's change is dust and goes to the fee.
    const kept = outputs.filter((value, at) => value === amount || !random.chance(at === 1 ? 0.25 : 0.02));
    return { inputs, outputs: shuffled(random, kept) };
  },
  "equal-outputs": (random) => {
    // One round in which some participants get their amount in one output and have no change.
    const members = 6 + random.below(20);
    const amount = Math.floor(random.logNormal(0.2 * BTC, 0.8)) + 100_000;
    const exact = Math.floor(members / 3);
    const inputs = Array.from({ length: members }, (_, participant) => ({
      value: amount + (participant < exact ? 300 : 20_000 + Math.floor(random.logNormal(2_000_000, 1))),
      participant,
    }));
    const changes = inputs.slice(exact).map(({ value }) => value - amount - 300);
    return { inputs, outputs: shuffled(random, [...inputs.map(() => amount), ...changes]) };
  },
  payjoin: (random) => {
    const [payer, payee] = [amountOf(random) * 3, amountOf(random)];
    const paid = Math.floor(payer * (0.2 + 0.5 * random.unit()));
    return {
      inputs: shuffled(random, [
        { value: payer, participant: 0 },
        { value: payee, participant: 1 },
      ]),
      outputs: shuffled(random, [payee + paid, payer - paid - 500]),
    };
  },
  "batch of equal payments": (random) => {
    const [count, each] = [3 + random.below(30), roundAmount(random)];
    return oneWallet(
      random,
      1 + random.below(12),
      Array.from({ length: count }, () => each),
    );
  },
  "two equal payments": (random) => {
    const each = roundAmount(random);
    return oneWallet(random, 2 + random.below(3), [each, each]);
  },
  "wallet split into equal coins": (random) => {
    const [count, each] = [3 + random.below(10), roundAmount(random)];
    return oneWallet(
      random,
      1 + random.below(6),
      Array.from({ length: count }, () => each),
    );
  },
  "batch of payments": (random) =>
    oneWallet(
      random,
      1 + random.below(20),
      Array.from({ length: 3 + random.below(60) }, () => amountOf(random)),
    ),
  consolidation: (random) => {
    const inputs = Array.from({ length: 5 + random.below(100) }, () => ({ value: amountOf(random), participant: 0 }));
    return { inputs, outputs: [inputs.reduce((sum, { value }) => sum + value, 0) - 10_000] };
  },
  payment: (random) =>
    oneWallet(random, 2 + random.below(3), [random.chance(0.3) ? roundAmount(random) : amountOf(random)]),
};

/** A round of equal amounts: each participant brings one to three coins and gets the amount and what is left over. */
function rounds(
  random: Random,
  members: number,
  amount: () => number,
): { inputs: Sample["inputs"]; outputs: number[] } {
  const inputs: { value: number; participant: number }[] = [];
  const outputs: number[] = [];
  for (let participant = 0; participant < members; participant += 1) {
    const equal = amount();
    const change = DUST + Math.floor(random.logNormal(0.03 * BTC, 1.2));
    const coins = 1 + (random.chance(0.35) ? 1 + random.below(2) : 0);
    const total = equal + change + 2_000;
    const parts = Array.from({ length: coins }, (_, at) => Math.floor(total / coins) + (at === 0 ? total % coins : 0));
    for (const value of parts) inputs.push({ value, participant });
    outputs.push(equal, change);
  }
  return { inputs: shuffled(random, inputs), outputs };
}

/** What one wallet pays from coins of its own at different addresses, with change. */
function oneWallet(random: Random, coins: number, payments: readonly number[]): Drawn {
  const total = payments.reduce((sum, value) => sum + value, 0);
  const change = amountOf(random);
  const needed = total + change + 5_000;
  const inputs = Array.from({ length: coins }, (_, at) => ({
    value: Math.floor(needed / coins) + (at === 0 ? needed % coins : 0) + 1,
    participant: 0,
  }));
  return { inputs, outputs: shuffled(random, [...payments, change]) };
}

function decomposed(random: Random, total: number): readonly number[] {
  const outputs: number[] = [];
  let left = total;
  while (left > 6_000 && outputs.length < 8) {
    const fitting = denominations.filter((amount) => amount <= left).slice(0, 3);
    const chosen = fitting[random.below(fitting.length)];
    if (chosen === undefined) break;
    outputs.push(chosen);
    left -= chosen;
  }
  // One in eight keeps an odd rest as change.
  if (left > 6_000 && random.chance(0.125)) outputs.push(left);
  return outputs;
}

function amountOf(random: Random): number {
  return Math.floor(random.logNormal(1_000_000, 1.3)) + 5_000;
}

function roundAmount(random: Random): number {
  return (1 + random.below(20)) * (random.chance(0.5) ? 100_000 : 1_000_000);
}

function falling<Item>(items: readonly Item[], valueOf: (item: Item) => number): readonly Item[] {
  return items.toSorted((left, right) => valueOf(right) - valueOf(left));
}

function shuffled<Item>(random: Random, items: readonly Item[]): readonly Item[] {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other] as Item, order[at] as Item];
  }
  return order;
}

/** What a chain can give in its first block. */
export const grantsMax = 49 * BTC;

export function totalOf({ inputs }: Sample): number {
  return inputs.reduce((sum, { value }) => sum + value, 0);
}

/** A plan of samples: what they spend is granted, each coin and each output to an address of its own. */
export function planOf(samples: readonly Sample[], seed: string, height: number): Plan {
  const grants: PlannedOutput[] = [];
  const transactions: PlannedTransaction[] = samples.map((sample, number) => ({
    name: `sample-${number}`,
    inputs: sample.inputs.map(({ value }, at) => {
      grants.push({ to: party(seed, `in-${number}-${at}`), value });
      return `grant:${grants.length - 1}`;
    }),
    outputs: sample.outputs.map((value, at) => ({ to: party(seed, `out-${number}-${at}`), value })),
  }));
  return { grants, blocks: new Map([[height, transactions]]) };
}

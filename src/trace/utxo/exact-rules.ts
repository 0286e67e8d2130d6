import { isOrdered, type Policy } from "../policy.ts";
import { byFallingValue } from "./attribution.ts";

/** An incoming segment; `amount` undefined: clean, of unknown length. `record`: what brought it; -1 clean. */
export type Segment = { readonly amount: bigint | undefined; readonly record: number };
/** What an output holds. Its segments are told by the policies in which their order counts. */
export type Holder = { readonly taint: bigint; readonly parent: number; readonly segments: readonly Segment[] };

/** What a transaction makes of its incoming segments. */
export type Attributed = {
  /** By output; none behind the last one is tainted. */
  readonly places: readonly Holder[];
  /** Tainted. */
  readonly fee: bigint;
  /** Under `poison` it is not where an input's value is not. */
  readonly isFeeKnown: boolean;
  /** Tainted segments of which cannot be said where they went: they met an amount that is not known. */
  readonly undetermined: readonly Segment[];
};

export const nothingHeld: Holder = { taint: 0n, parent: -1, segments: [] };

/**
 * A policy's rule for one transaction, with amounts of any size. The rules stand in `docs/methods/tracing.md`.
 *
 * @param incoming - All segments in the order of the inputs, one of them tainted.
 * @param values - Of the outputs, in their order.
 */
export function attributed(policy: Policy, incoming: readonly Segment[], values: readonly bigint[]): Attributed {
  if (policy === "haircut") return cut(incoming, values);
  if (policy === "poison") return poisoned(incoming, values);
  return distributed(policy, incoming, values);
}

function distributed(
  policy: Exclude<Policy, "haircut" | "poison">,
  incoming: readonly Segment[],
  values: readonly bigint[],
): Attributed {
  const order = policy === "tiho" ? byFallingValue(values, values.length) : values.keys();
  const places: Holder[] = values.map(() => nothingHeld);
  let undetermined: readonly Segment[] = [];
  const left = [...inOrder(policy, incoming)];
  for (const place of order) {
    let need = values[place] ?? 0n;
    const taken: Segment[] = [];
    while (need > 0n && left[0] !== undefined) {
      const [{ amount, record }] = left as [Segment];
      if (amount === undefined) {
        undetermined = left.filter((one) => one.record >= 0);
        left.length = 0;
        break;
      }
      const part = amount < need ? amount : need;
      need -= part;
      taken.push({ amount: part, record });
      if (part === amount) left.shift();
      else left[0] = { amount: amount - part, record };
    }
    if (need > 0n) taken.push({ amount: need, record: -1 });
    places[place] = holderOf(taken, isOrdered(policy));
  }
  return { places, fee: taintOf(left), isFeeKnown: true, undetermined };
}

function cut(incoming: readonly Segment[], values: readonly bigint[]): Attributed {
  if (incoming.some(({ amount }) => amount === undefined) && values.some((value) => value > 0n)) {
    return { places: [], fee: 0n, isFeeKnown: true, undetermined: incoming.filter(({ record }) => record >= 0) };
  }
  const taint = taintOf(incoming);
  const whole = incoming.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n);
  const parent = largestOf(incoming);
  let [sum, given] = [0n, 0n];
  const places = values.map((value): Holder => {
    // Where value comes out of a part of the chain that is not public, outputs can pass the known inputs.
    sum = sum + value < whole ? sum + value : whole;
    const upTo = (taint * sum) / whole;
    const part = upTo - given;
    given = upTo;
    return { taint: part, parent, segments: [] };
  });
  return { places, fee: taint - given, isFeeKnown: true, undetermined: [] };
}

function poisoned(incoming: readonly Segment[], values: readonly bigint[]): Attributed {
  const parent = largestOf(incoming);
  const places = values.map((value): Holder => ({ taint: value, parent, segments: [] }));
  if (incoming.some(({ amount }) => amount === undefined)) {
    return { places, fee: 0n, isFeeKnown: false, undetermined: [] };
  }
  const paid = values.reduce((sum, value) => sum + value, 0n);
  const fee = incoming.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n) - paid;
  return { places, fee: fee > 0n ? fee : 0n, isFeeKnown: true, undetermined: [] };
}

function inOrder(policy: Exclude<Policy, "haircut" | "poison">, incoming: readonly Segment[]): readonly Segment[] {
  const [tainted, clean] = [incoming.filter(({ record }) => record >= 0), incoming.filter(({ record }) => record < 0)];
  switch (policy) {
    case "fifo":
      return incoming;
    case "lifo":
      return incoming.toReversed();
    case "taint-first":
    case "tiho":
      return [...tainted, ...clean];
    case "taint-last":
      // Clean segments are alike: those of unknown length come last, where they hide least.
      return [
        ...clean.filter(({ amount }) => amount !== undefined),
        ...clean.filter(({ amount }) => amount === undefined),
        ...tainted,
      ];
    default:
      return policy satisfies never;
  }
}

function holderOf(taken: readonly Segment[], isKept: boolean): Holder {
  return {
    taint: taintOf(taken),
    parent: taken.find(({ record }) => record >= 0)?.record ?? -1,
    segments: isKept ? taken : [],
  };
}

function taintOf(segments: readonly Segment[]): bigint {
  return segments.reduce((sum, { amount, record }) => (record < 0 ? sum : sum + (amount ?? 0n)), 0n);
}

function largestOf(incoming: readonly Segment[]): number {
  let largest: Segment = { amount: 0n, record: -1 };
  for (const one of incoming) if (one.record >= 0 && (one.amount ?? 0n) > (largest.amount ?? 0n)) largest = one;
  return largest.record;
}

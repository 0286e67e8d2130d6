/**
 * Tracing on a chain of outputs as the specification says it, over the whole chain in order, with every output a list of
 * segments: slow and obvious, and without a line of the engine.
 */
import type { Policy } from "../../src/trace/policy.ts";

/** A transaction as the model reads it. An input without a known value has `value` undefined. */
export type ModelTransaction = {
  readonly txid: string;
  readonly isCoinbase: boolean;
  readonly inputs: readonly { readonly ref: string; readonly unseenValue: bigint | undefined }[];
  readonly outputs: readonly { readonly value: bigint; readonly address: string | null }[];
};

type Segment = { readonly tainted: boolean; readonly amount: bigint };
/** An incoming segment; `amount` undefined: clean, of unknown length; `of`: the output it lies in. */
type Incoming = { readonly tainted: boolean; readonly amount: bigint | undefined; readonly of: string };

export type ModelTrace = {
  readonly origin: bigint;
  readonly fees: bigint;
  /** By reference of the output. */
  readonly holdings: ReadonlyMap<string, bigint>;
  readonly exits: ReadonlyMap<string, bigint>;
};

/** What each output held that was tainted when it was made, whatever became of it, by reference. */
export type ModelReceived = { readonly received: ReadonlyMap<string, bigint> };

export function modelUtxoTrace(
  chain: readonly ModelTransaction[],
  { origins, policy, stops }: { origins: ReadonlySet<string>; policy: Policy; stops: ReadonlySet<string> },
): ModelTrace & ModelReceived {
  const unspent = new Map<string, readonly Segment[]>();
  const exits = new Map<string, bigint>();
  const received = new Map<string, bigint>();
  /** Tainted amounts that met an unknown one, by the output that held them. */
  const stuck = new Map<string, bigint>();
  let [origin, fees] = [0n, 0n];
  for (const { txid, isCoinbase, inputs, outputs } of chain) {
    const incoming = inputs.flatMap(({ ref, unseenValue }): Incoming[] => {
      const segments = unspent.get(ref);
      unspent.delete(ref);
      if (segments !== undefined) return segments.map((one) => ({ ...one, of: ref }));
      return [{ tainted: false, amount: unseenValue, of: ref }];
    });
    const values = outputs.map(({ value }) => value);
    const paid = isCoinbase ? cleanOutputs(values) : attribute(policy, incoming, values);
    fees += paid.fee;
    for (const { tainted, amount, of } of paid.stuck) {
      if (tainted && amount !== undefined) stuck.set(of, (stuck.get(of) ?? 0n) + amount);
    }
    for (const [index, { value, address }] of outputs.entries()) {
      const ref = `${txid}:${index}`;
      let segments = paid.outputs[index] ?? [];
      const taint = taintOf(segments);
      if (taint > 0n || origins.has(ref)) received.set(ref, origins.has(ref) ? value : taint);
      if (origins.has(ref)) {
        origin += value - taint;
        segments = [{ tainted: true, amount: value }];
      } else if (address !== null && stops.has(address) && taint > 0n) {
        exits.set(ref, taint);
        segments = [{ tainted: false, amount: value }];
      }
      unspent.set(
        ref,
        segments.filter(({ amount }) => amount > 0n),
      );
    }
  }
  const holdings = new Map(stuck);
  for (const [ref, segments] of unspent) {
    const taint = taintOf(segments);
    if (taint > 0n) holdings.set(ref, taint);
  }
  return { origin, fees, holdings, exits, received };
}

type Paid = {
  readonly outputs: readonly (readonly Segment[])[];
  readonly fee: bigint;
  readonly stuck: readonly Incoming[];
};

function cleanOutputs(values: readonly bigint[]): Paid {
  return { outputs: values.map((amount) => [{ tainted: false, amount }]), fee: 0n, stuck: [] };
}

function attribute(policy: Policy, incoming: readonly Incoming[], values: readonly bigint[]): Paid {
  if (policy === "poison") return poison(incoming, values);
  if (policy === "haircut") return haircut(incoming, values);
  const tainted = incoming.filter((one) => one.tainted);
  const known = incoming.filter((one) => !one.tainted && one.amount !== undefined);
  const unknown = incoming.filter((one) => one.amount === undefined);
  if (policy === "fifo") return fill(incoming, values);
  if (policy === "lifo") return fill(incoming.toReversed(), values);
  // Of clean segments one is like the other: what is known of them is used up first.
  if (policy === "taint-last") return fill([...known, ...unknown, ...tainted], values);
  if (policy === "taint-first") return fill([...tainted, ...known, ...unknown], values);
  const order = values.map((_, index) => index);
  order.sort((a, b) =>
    (values[a] ?? 0n) === (values[b] ?? 0n) ? a - b : (values[a] ?? 0n) > (values[b] ?? 0n) ? -1 : 1,
  );
  const sorted = fill(
    [...tainted, ...known, ...unknown],
    order.map((index) => values[index] ?? 0n),
  );
  const outputs: (readonly Segment[])[] = values.map(() => []);
  for (const [place, index] of order.entries()) outputs[index] = sorted.outputs[place] ?? [];
  return { ...sorted, outputs };
}

/** The outputs, in the order given, each take their value from the front. What lies behind an unknown length is stuck. */
function fill(incoming: readonly Incoming[], values: readonly bigint[]): Paid {
  let queue = [...incoming];
  let stuck: Incoming[] = [];
  const outputs = values.map((value) => {
    const own: Segment[] = [];
    let need = value;
    while (need > 0n) {
      const [first, ...others] = queue;
      if (first === undefined) {
        own.push({ tainted: false, amount: need });
        break;
      }
      if (first.amount === undefined) {
        stuck = others;
        queue = [];
        continue;
      }
      const part = first.amount < need ? first.amount : need;
      own.push({ tainted: first.tainted, amount: part });
      need -= part;
      queue = first.amount > part ? [{ ...first, amount: first.amount - part }, ...others] : others;
    }
    return merged(own);
  });
  return { outputs, fee: taintOf(queue), stuck };
}

function haircut(incoming: readonly Incoming[], values: readonly bigint[]): Paid {
  const taint = taintOf(incoming);
  if (taint === 0n) return cleanOutputs(values);
  const all = values.reduce((sum, value) => sum + value, 0n);
  if (incoming.some(({ amount }) => amount === undefined) && all > 0n) {
    return { ...cleanOutputs(values), stuck: incoming.filter(({ tainted }) => tainted) };
  }
  const total = incoming.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n);
  const shares = values.map((_, index) => {
    const upTo = values.slice(0, index + 1).reduce((sum, value) => sum + value, 0n);
    return (taint * upTo) / total;
  });
  const parts = shares.map((share, index) => share - (shares[index - 1] ?? 0n));
  const outputs = parts.map((part, index) =>
    merged([
      { tainted: true, amount: part },
      { tainted: false, amount: (values[index] ?? 0n) - part },
    ]),
  );
  return { outputs, fee: taint - (shares.at(-1) ?? 0n), stuck: [] };
}

function poison(incoming: readonly Incoming[], values: readonly bigint[]): Paid {
  if (taintOf(incoming) === 0n) return cleanOutputs(values);
  const isKnown = incoming.every(({ amount }) => amount !== undefined);
  const paid = values.reduce((sum, value) => sum + value, 0n);
  const fee = incoming.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n) - paid;
  return { outputs: values.map((amount) => [{ tainted: true, amount }]), fee: isKnown ? fee : 0n, stuck: [] };
}

function merged(segments: readonly Segment[]): readonly Segment[] {
  const result: Segment[] = [];
  for (const { tainted, amount } of segments) {
    const last = result.at(-1);
    if (amount === 0n) continue;
    if (last?.tainted === tainted) result[result.length - 1] = { tainted, amount: last.amount + amount };
    else result.push({ tainted, amount });
  }
  return result;
}

function taintOf(segments: readonly { readonly tainted: boolean; readonly amount: bigint | undefined }[]): bigint {
  return segments.reduce((sum, { tainted, amount }) => (tainted ? sum + (amount ?? 0n) : sum), 0n);
}

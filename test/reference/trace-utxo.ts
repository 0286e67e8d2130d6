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

/** Of the holdings, those behind a limit: what is spent all the same, or met an unknown value. By `LIMIT REF`. */
export type ModelBeyond = { readonly beyond: ReadonlyMap<string, bigint> };

/** Where following ends; what is not followed rests where it is, and what spends it spends clean value. */
export type ModelLimits = {
  /** How many transactions of the chain are looked at: those up to a block. */
  readonly transactions?: number | undefined;
  readonly hopsMax?: number | undefined;
  readonly amountMin?: bigint | undefined;
  readonly budget?: number | undefined;
};

/** What each output held that was tainted when it was made, whatever became of it, by reference. */
export type ModelReceived = { readonly received: ReadonlyMap<string, bigint> };

export function modelUtxoTrace(
  chain: readonly ModelTransaction[],
  {
    origins,
    policy,
    stops,
    limits = {},
  }: { origins: ReadonlySet<string>; policy: Policy; stops: ReadonlySet<string>; limits?: ModelLimits },
): ModelTrace & ModelReceived & ModelBeyond {
  const unspent = new Map<string, readonly Segment[]>();
  const spent = new Set(chain.flatMap(({ inputs }) => inputs.map(({ ref }) => ref)));
  const followed = new Followed(unspent, limits, spent);
  const exits = new Map<string, bigint>();
  const received = new Map<string, bigint>();
  /** Tainted amounts that met an unknown one, by the output that held them. */
  const stuck = new Map<string, bigint>();
  let [origin, fees] = [0n, 0n];
  for (const { txid, isCoinbase, inputs, outputs } of chain.slice(0, limits.transactions)) {
    const isTheft = outputs.some((_, index) => origins.has(`${txid}:${index}`));
    const hops = followed.enter(
      inputs.map(({ ref }) => ref),
      isTheft,
    );
    const incoming = inputs.flatMap(({ ref, unseenValue }): Incoming[] => {
      const segments = unspent.get(ref);
      unspent.delete(ref);
      if (segments !== undefined) return segments.map((one) => ({ ...one, of: ref }));
      return [{ tainted: unseenValue !== undefined && origins.has(ref), amount: unseenValue, of: ref }];
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
      followed.keep(ref, { hops, isOrigin: origins.has(ref) });
    }
  }
  const holdings = new Map([...stuck, ...followed.resting]);
  const beyond = new Map([...followed.beyond, ...[...stuck].map(([ref, at]) => [`unknown-value ${ref}`, at] as const)]);
  for (const [ref, segments] of unspent) {
    const taint = taintOf(segments);
    if (taint > 0n) holdings.set(ref, taint);
    // What is spent, and was not yet where the chain was left.
    if (taint > 0n && spent.has(ref)) beyond.set(`until ${ref}`, taint);
  }
  return { origin, fees, holdings, exits, received, beyond };
}

/** Which tainted outputs are followed, and what rests in those that are not. */
class Followed {
  readonly resting = new Map<string, bigint>();
  /** What of it is spent all the same, by limit. */
  readonly beyond = new Map<string, bigint>();
  readonly #hops = new Map<string, number>();
  readonly #unspent: Map<string, readonly Segment[]>;
  readonly #limits: ModelLimits;
  readonly #spent: ReadonlySet<string>;
  #visited = 0;

  constructor(unspent: Map<string, readonly Segment[]>, limits: ModelLimits, spent: ReadonlySet<string>) {
    this.#unspent = unspent;
    this.#limits = limits;
    this.#spent = spent;
  }

  /** Begins a transaction; how far away its outputs are. Beyond the budget only what creates an origin is visited. */
  enter(spent: readonly string[], isTheft: boolean): number {
    const isOver = this.#visited >= (this.#limits.budget ?? Infinity);
    if (isOver && !isTheft && spent.some((ref) => this.#hops.has(ref))) {
      for (const [ref] of this.#hops) this.#leave(ref, "budget");
    }
    const hops = spent.reduce((least, ref) => Math.min(least, this.#hops.get(ref) ?? Infinity), Infinity) + 1;
    if (hops < Infinity || isTheft) this.#visited += 1;
    for (const ref of spent) this.#hops.delete(ref);
    return hops;
  }

  keep(ref: string, { hops, isOrigin }: { readonly hops: number; readonly isOrigin: boolean }): void {
    const taint = taintOf(this.#unspent.get(ref) ?? []);
    if (taint === 0n) return;
    const { hopsMax, amountMin = 0n } = this.#limits;
    const away = isOrigin ? 0 : hops;
    this.#hops.set(ref, away);
    if (hopsMax !== undefined && away >= hopsMax) this.#leave(ref, "hops-max");
    else if (taint < amountMin && !isOrigin) this.#leave(ref, "amount-min");
  }

  #leave(ref: string, limit: string): void {
    const segments = this.#unspent.get(ref) ?? [];
    this.resting.set(ref, taintOf(segments));
    if (this.#spent.has(ref)) this.beyond.set(`${limit} ${ref}`, taintOf(segments));
    this.#hops.delete(ref);
    this.#unspent.set(ref, merged(segments.map((one) => ({ ...one, tainted: false }))));
  }
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

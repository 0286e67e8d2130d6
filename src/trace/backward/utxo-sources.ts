import type { Limits } from "../trace.ts";
import type { UtxoView } from "../utxo/utxo-view.ts";
import { FallingQueue } from "./falling-queue.ts";
import { progressEvery } from "./progress.ts";
import type { Ended, Source } from "./sources.ts";
import { inputsOf, isCoinbase, type Input, type UtxoEnds } from "./utxo-ends.ts";

/** A part of an output: by order the units from `from` up to `to`, by share so many of them. */
type Part = { readonly output: number; readonly from: bigint; readonly to: bigint; readonly hops: number };

type Rules = { readonly policy: "fifo" | "lifo" | "haircut"; readonly limits: Limits };

/**
 * Where the value of outputs came from, back to services, coinbases and the ledger's beginning.
 *
 * `fifo` and `lifo` lose nothing: each unit of an output is one unit of an input, so the answer is exact. `haircut` divides
 * pro rata, each part rounded so that the sum is kept. Cost: proportional to the transactions on the way.
 */
export class UtxoSources {
  readonly sources: Source[] = [];
  transactions = 0;
  readonly #view: UtxoView;
  readonly #ends: UtxoEnds;
  readonly #rules: Rules;
  readonly #queue = new FallingQueue();
  /** By transaction: the parts of its outputs that are sought. */
  readonly #parts = new Map<number, Part[]>();

  constructor(view: UtxoView, ends: UtxoEnds, rules: Rules) {
    this.#view = view;
    this.#ends = ends;
    this.#rules = rules;
  }

  run(deposits: readonly number[], onProgress: (transactions: number) => void): void {
    const { policy, limits } = this.#rules;
    for (const output of new Set(deposits)) {
      this.#seek({ output, from: 0n, to: this.#view.exactValue(output), hops: 0 });
    }
    for (let next = this.#queue.take(); next !== undefined; next = this.#queue.take()) {
      const parts = this.#parts.get(next) ?? [];
      this.#parts.delete(next);
      if (this.transactions >= (limits.budget ?? Infinity)) {
        for (const part of parts) this.#end(part, this.#ends.limit(part.output, "budget"));
        continue;
      }
      this.transactions += 1;
      if (policy === "haircut") this.#backByShare(next, parts);
      else this.#backByOrder(next, parts);
      if (this.transactions % progressEvery === 0) onProgress(this.transactions);
    }
  }

  #seek(part: Part): void {
    if (part.from === part.to) return;
    const transaction = this.#view.transactionOfOutput(part.output);
    const known = this.#parts.get(transaction);
    if (known === undefined) this.#parts.set(transaction, [part]);
    else known.push(part);
    this.#queue.add(transaction);
  }

  /** The outputs lie on the inputs end to end: on the inputs in their order, or from the last unit of the last one on. */
  #backByOrder(transaction: number, parts: readonly Part[]): void {
    const inputs = inputsOf(this.#view, transaction);
    const first = this.#view.firstOutput(transaction);
    const starts = new Map<number, bigint>();
    let sum = 0n;
    const last = parts.reduce((most, { output }) => (output > most ? output : most), first);
    for (let output = first; output <= last; output += 1) {
      starts.set(output, sum);
      sum += this.#view.exactValue(output);
    }
    const inOrder = this.#rules.policy === "lifo" ? inputs.toReversed() : inputs;
    for (const part of parts) {
      if (isCoinbase(inputs)) {
        this.#end(part, this.#ends.created(part.output));
        continue;
      }
      const start = (starts.get(part.output) ?? 0n) + part.from;
      this.#backRange(transaction, { inputs: inOrder, from: start, to: start + part.to - part.from, part });
    }
  }

  #backRange(
    transaction: number,
    range: { readonly inputs: readonly Input[]; readonly from: bigint; readonly to: bigint; readonly part: Part },
  ): void {
    const { inputs, from, to, part } = range;
    const isReversed = this.#rules.policy === "lifo";
    let [at, begun] = [0n, from];
    for (const { spent, value } of inputs) {
      if (begun === to) return;
      if (value === undefined) break;
      const end = at + value < to ? at + value : to;
      if (end > begun) {
        const units = isReversed
          ? { from: at + value - end, to: at + value - begun }
          : { from: begun - at, to: end - at };
        this.#into(transaction, spent, { ...part, ...units });
        begun = end;
      }
      at += value;
    }
    if (begun === to) return;
    // Behind an input whose value is not known, or out of a part of the chain that is not public.
    this.#end({ ...part, from: 0n, to: to - begun }, this.#ends.unknown(part.output));
  }

  #backByShare(transaction: number, sought: readonly Part[]): void {
    const inputs = inputsOf(this.#view, transaction);
    const isUnknown = inputs.some(({ value }) => value === undefined);
    const total = inputs.reduce((sum, { value }) => sum + (value ?? 0n), 0n);
    if (isCoinbase(inputs)) {
      for (const part of sought) this.#end(part, this.#ends.created(part.output));
      return;
    }
    const parts = isUnknown ? this.#unknownOf(sought, 0n) : this.#unknownOf(sought, total);
    const amount = parts.reduce((sum, { from, to }) => sum + to - from, 0n);
    if (amount === 0n) return;
    const hops = parts.reduce((least, part) => (part.hops < least ? part.hops : least), Infinity);
    const [{ output }] = parts as [Part];
    let [upTo, given] = [0n, 0n];
    for (const { spent, value } of inputs) {
      upTo += value ?? 0n;
      const share = (amount * upTo) / total;
      this.#into(transaction, spent, { output, from: 0n, to: share - given, hops });
      given = share;
    }
  }

  /** Ends what of the parts does not come out of the inputs' `known` value, which fills the outputs in their order. */
  #unknownOf(parts: readonly Part[], known: bigint): readonly Part[] {
    const view = this.#view;
    const [{ output: any }] = parts as [Part];
    let [output, left] = [view.firstOutput(view.transactionOfOutput(any)), known];
    const found: Part[] = [];
    for (const part of parts.toSorted((one, other) => one.output - other.output)) {
      for (; output < part.output; output += 1) left -= lesser(left, view.exactValue(output));
      const value = view.exactValue(output);
      const size = part.to - part.from;
      const covered = (size * lesser(left, value)) / value;
      if (covered > 0n) found.push({ ...part, from: 0n, to: covered });
      if (covered < size) this.#end({ ...part, from: 0n, to: size - covered }, this.#ends.unknown(part.output));
    }
    return found;
  }

  /** Goes on with a part of what an input spends, or ends there. */
  #into(transaction: number, spent: number, part: Part): void {
    const amount = part.to - part.from;
    if (amount === 0n) return;
    const hops = part.hops + 1;
    const ended = this.#ends.at(spent, transaction);
    if (ended !== undefined) {
      this.#end({ ...part, hops }, ended);
      return;
    }
    const output = (spent - 1) / 2;
    const { hopsMax, amountMin } = this.#rules.limits;
    if (hops >= (hopsMax ?? Infinity)) this.#end({ ...part, hops }, this.#ends.limit(output, "hops-max"));
    else if (amount < amountMin) this.#end({ ...part, hops }, this.#ends.limit(output, "amount-min"));
    else this.#seek({ output, from: part.from, to: part.to, hops });
  }

  #end({ from, to, hops }: Part, ended: Ended): void {
    this.sources.push({ ...ended, amount: to - from, hops });
  }
}

function lesser(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

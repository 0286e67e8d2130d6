import type { ChainReader } from "../../ledger/reader.ts";
import { unseenShape, utxoIdsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import type { StopRule } from "../stops.ts";
import { OwnerNames } from "../utxo/owner-names.ts";
import { UtxoView } from "../utxo/utxo-view.ts";
import { FallingQueue, sourceKinds, type Backward, type Source } from "./sources.ts";

export type BackwardRequest = {
  /** Numbers of outputs or transfers. */
  readonly deposits: readonly number[];
  readonly policy: "fifo" | "haircut";
  readonly stops: StopRule | undefined;
  readonly hopsMax: number;
};

/** A part of an output: under `fifo` the units from `from` up to `to`, under `haircut` so many of them. */
type Part = { readonly output: number; readonly from: bigint; readonly to: bigint; readonly hops: number };
/** An input of a transaction: a part of what it brings is sought. */
type Input = { readonly spent: number; readonly value: bigint | undefined };

/**
 * Where the value of outputs came from, back to services, coinbases and the ledger's beginning.
 *
 * `fifo` loses nothing: each unit of an output is one unit of an input, so the answer is exact. `haircut` divides pro rata,
 * each part rounded so that the sum is kept. Cost: proportional to the transactions on the way.
 */
export function sourcesOfOutputs(reader: ChainReader, request: BackwardRequest): Backward {
  const walk = new UtxoSources(reader, request);
  walk.run();
  return {
    policy: request.policy,
    deposits: request.deposits.map((output) => walk.deposit(output)),
    sources: walk.sources,
    cost: { transactions: walk.transactions },
  };
}

class UtxoSources {
  readonly sources: Source[] = [];
  transactions = 0;
  readonly #reader: ChainReader;
  readonly #request: BackwardRequest;
  readonly #view: UtxoView;
  readonly #names: OwnerNames;
  readonly #unseen: TableReader<typeof unseenShape>;
  readonly #ids: TableReader<typeof utxoIdsShape>;
  readonly #queue = new FallingQueue();
  /** By transaction: the parts of its outputs that are sought. */
  readonly #parts = new Map<number, Part[]>();

  constructor(reader: ChainReader, request: BackwardRequest) {
    this.#reader = reader;
    this.#request = request;
    this.#view = new UtxoView(reader);
    this.#names = new OwnerNames(reader, request.stops);
    this.#unseen = reader.table(unseenShape);
    this.#ids = reader.table(utxoIdsShape);
  }

  deposit(output: number): { readonly ref: string; readonly asset: string; readonly amount: bigint } {
    return { ref: this.#ref(output), asset: this.#reader.chain.native, amount: this.#view.exactValue(output) };
  }

  run(): void {
    for (const output of new Set(this.#request.deposits)) {
      this.#seek({ output, from: 0n, to: this.#view.exactValue(output), hops: 0 });
    }
    for (let next = this.#queue.take(); next !== undefined; next = this.#queue.take()) {
      const parts = this.#parts.get(next) ?? [];
      this.#parts.delete(next);
      this.transactions += 1;
      if (this.#request.policy === "fifo") this.#backByOrder(next, parts);
      else this.#backByShare(next, parts);
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

  #inputsOf(transaction: number): readonly Input[] {
    const view = this.#view;
    const inputs: Input[] = [];
    for (let input = view.firstInput(transaction); input < view.firstInput(transaction + 1); input += 1) {
      const spent = view.spent(input);
      if (spent === 0) inputs.push({ spent, value: 0n });
      else if (spent % 2 === 1) inputs.push({ spent, value: view.exactValue((spent - 1) / 2) });
      else inputs.push({ spent, value: view.unseenValue((spent - 2) / 2) });
    }
    return inputs;
  }

  #isCoinbase(inputs: readonly Input[]): boolean {
    return inputs.every(({ spent }) => spent === 0);
  }

  /** The outputs lie on the inputs end to end. */
  #backByOrder(transaction: number, parts: readonly Part[]): void {
    const inputs = this.#inputsOf(transaction);
    const first = this.#view.firstOutput(transaction);
    const starts = new Map<number, bigint>();
    let sum = 0n;
    const last = parts.reduce((most, { output }) => (output > most ? output : most), first);
    for (let output = first; output <= last; output += 1) {
      starts.set(output, sum);
      sum += this.#view.exactValue(output);
    }
    for (const part of parts) {
      if (this.#isCoinbase(inputs)) {
        this.#end(part, { kind: sourceKinds.created, ref: this.#ref(part.output), owner: 0 });
        continue;
      }
      const start = (starts.get(part.output) ?? 0n) + part.from;
      this.#backRange(inputs, start, start + part.to - part.from, part);
    }
  }

  #backRange(inputs: readonly Input[], from: bigint, to: bigint, part: Part): void {
    let [at, begun] = [0n, from];
    for (const { spent, value } of inputs) {
      if (begun === to) return;
      if (value === undefined) break;
      const end = at + value < to ? at + value : to;
      if (end > begun) {
        this.#into(spent, { ...part, from: begun - at, to: end - at });
        begun = end;
      }
      at += value;
    }
    if (begun === to) return;
    // Behind an input whose value is not known, or out of a part of the chain that is not public.
    const rest = { ...part, from: 0n, to: to - begun };
    this.#end(rest, { kind: sourceKinds.unknown, ref: this.#ref(part.output), owner: 0 });
  }

  #backByShare(transaction: number, parts: readonly Part[]): void {
    const inputs = this.#inputsOf(transaction);
    const amount = parts.reduce((sum, { from, to }) => sum + to - from, 0n);
    const hops = parts.reduce((least, part) => (part.hops < least ? part.hops : least), Infinity);
    const [{ output }] = parts as [Part];
    const whole: Part = { output, from: 0n, to: amount, hops };
    if (this.#isCoinbase(inputs)) {
      this.#end(whole, { kind: sourceKinds.created, ref: this.#ref(output), owner: 0 });
      return;
    }
    const total = inputs.reduce((sum, { value }) => sum + (value ?? 0n), 0n);
    if (total === 0n || inputs.some(({ value }) => value === undefined)) {
      this.#end(whole, { kind: sourceKinds.unknown, ref: this.#ref(output), owner: 0 });
      return;
    }
    let [upTo, given] = [0n, 0n];
    for (const { spent, value } of inputs) {
      upTo += value ?? 0n;
      const share = (amount * upTo) / total;
      this.#into(spent, { ...whole, to: share - given });
      given = share;
    }
  }

  /** Goes on with a part of what an input spends, or ends there. */
  #into(spent: number, part: Part): void {
    const amount = part.to - part.from;
    if (amount === 0n) return;
    const hops = part.hops + 1;
    if (spent % 2 === 0) {
      const unseen = this.#unseen;
      const number = (spent - 2) / 2;
      const id = Buffer.from(unseen.value("id", number).toReversed()).toString("hex");
      const ref = `${id}:${unseen.value("index", number)}`;
      this.#end({ ...part, hops }, { kind: sourceKinds.before, ref, owner: unseen.value("owner", number) });
      return;
    }
    const output = (spent - 1) / 2;
    const owner = this.#view.owner(output);
    const ended = { ref: this.#ref(output), owner };
    if (this.#names.stop(owner) !== undefined) this.#end({ ...part, hops }, { kind: sourceKinds.service, ...ended });
    else if (hops >= this.#request.hopsMax) this.#end({ ...part, hops }, { kind: sourceKinds.limit, ...ended });
    else this.#seek({ output, from: part.from, to: part.to, hops });
  }

  #end(
    { from, to, hops }: Part,
    { kind, ref, owner }: { readonly kind: Source["kind"]; readonly ref: string; readonly owner: number },
  ): void {
    const stop = this.#names.stop(owner);
    const [entity, category] = [stop?.entity ?? kind, stop?.category ?? ""];
    const address = this.#names.text(owner);
    const asset = this.#reader.chain.native;
    const isService = stop !== undefined && kind === sourceKinds.before;
    const of = isService ? sourceKinds.service : kind;
    this.sources.push({ kind: of, entity, category, ref, address, asset, amount: to - from, hops });
  }

  #ref(output: number): string {
    const transaction = this.#view.transactionOfOutput(output);
    const id = this.#ids.value("id", transaction);
    return `${Buffer.from(id.toReversed()).toString("hex")}:${output - this.#view.firstOutput(transaction)}`;
  }
}

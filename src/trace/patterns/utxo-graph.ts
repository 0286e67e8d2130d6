import type { ChainReader } from "../../ledger/reader.ts";
import { blocksShape, utxoIdsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { tooLarge } from "../../ledger/safe-number.ts";
import { fates } from "../utxo/trail.ts";
import type { UtxoParts, UtxoTrace } from "../utxo/utxo-trace.ts";
import { NumberLists, type EdgeFate, type Payment, type TaintGraph } from "./taint-graph.ts";

/** The graph of a trace on a chain of outputs: its records are the edges, the transactions it visited the nodes. */
export class UtxoGraph implements TaintGraph {
  readonly model = "utxo";
  readonly edges: number;
  readonly nodes: number;
  readonly end: number;
  readonly robbed: ReadonlySet<number>;
  readonly #parts: UtxoParts;
  readonly #asset: string;
  readonly #ids: TableReader<typeof utxoIdsShape>;
  readonly #targets: Int32Array;
  readonly #ins: NumberLists;
  readonly #outs: NumberLists;
  /** By node, as they are asked for; -1: not yet. */
  readonly #times: Float64Array;

  /** Cost: linear in the trace; 12 bytes a record and 16 a transaction. */
  constructor(reader: ChainReader, trace: UtxoTrace) {
    const parts = trace.parts;
    const { trail } = parts;
    this.#parts = parts;
    this.#asset = reader.chain.native;
    this.#ids = reader.table(utxoIdsShape);
    this.edges = trail.records;
    this.nodes = trail.steps;
    const blocks = reader.table(blocksShape);
    this.end = blocks.count === 0 ? 0 : blocks.value("time", blocks.count - 1);
    this.#targets = Int32Array.from({ length: trail.records }, (_, record) => this.#targetOf(record));
    this.#ins = new NumberLists(trail.steps, trail.records, (record) => this.#targets[record] as number);
    this.#outs = new NumberLists(trail.steps, trail.records, (record) => trail.madeBy[record] as number);
    this.#times = new Float64Array(trail.steps).fill(-1);
    this.robbed = new Set(parts.origins.flatMap(({ transaction }) => this.#ownersSpent(transaction)));
  }

  source(edge: number): number {
    const { trail } = this.#parts;
    return (trail.parents[edge] as number) < 0 ? -1 : (trail.madeBy[edge] as number);
  }

  target(edge: number): number {
    return this.#targets[edge] as number;
  }

  ins(node: number): Int32Array {
    return this.#ins.of(node);
  }

  outs(node: number): Int32Array {
    return this.#outs.of(node);
  }

  inputs(node: number): number {
    const transaction = this.nodeTransaction(node);
    return this.#parts.view.firstInput(transaction + 1) - this.#parts.view.firstInput(transaction);
  }

  payments(node: number): readonly Payment[] {
    const { view, trail } = this.#parts;
    const transaction = this.nodeTransaction(node);
    const outs = this.outs(node);
    const found: Payment[] = [];
    let next = 0;
    for (let output = view.firstOutput(transaction); output < view.firstOutput(transaction + 1); output += 1) {
      const edge = outs[next] ?? -1;
      const isTainted = edge >= 0 && trail.outputs[edge] === output;
      if (isTainted) next += 1;
      const number = view.value(output);
      const value = number === tooLarge ? view.exactValue(output) : BigInt(number);
      if (value > 0n) found.push({ receiver: view.owner(output) - 1, value, edge: isTainted ? edge : -1 });
    }
    return found;
  }

  receiver(edge: number): number {
    return this.#parts.view.owner(this.row(edge)) - 1;
  }

  payers(node: number): readonly number[] {
    return [...new Set(Array.from(this.ins(node), (edge) => this.receiver(edge)))];
  }

  holder(edge: number): number {
    return this.receiver(edge);
  }

  held(): undefined {
    return undefined;
  }

  amount(edge: number): bigint {
    return this.#parts.attribution.amountOf(edge);
  }

  value(edge: number): bigint {
    return this.#parts.view.exactValue(this.row(edge));
  }

  asset(): string {
    return this.#asset;
  }

  fate(edge: number): EdgeFate {
    switch (this.#parts.trail.fates[edge]) {
      case fates.unspent:
        return "rests";
      case fates.spent:
        return "moved";
      case fates.exit:
        return "exit";
      default:
        return "beyond-limit";
    }
  }

  isSwap(): boolean {
    return false;
  }

  row(edge: number): number {
    return this.#parts.trail.outputs[edge] as number;
  }

  ref(edge: number): string {
    return `${this.txid(edge)}:${this.row(edge) - this.#parts.view.firstOutput(this.transaction(edge))}`;
  }

  transaction(edge: number): number {
    return this.nodeTransaction(this.#parts.trail.madeBy[edge] as number);
  }

  txid(edge: number): string {
    return Buffer.from(this.#ids.value("id", this.transaction(edge)).toReversed()).toString("hex");
  }

  time(edge: number): number {
    const node = this.#parts.trail.madeBy[edge] as number;
    const known = this.#times[node] as number;
    if (known >= 0) return known;
    const { time } = this.#parts.moments.of(this.nodeTransaction(node));
    this.#times[node] = time;
    return time;
  }

  height(edge: number): number {
    return this.#parts.moments.of(this.transaction(edge)).height;
  }

  nodeTransaction(node: number): number {
    return this.#parts.trail.transactions[node] as number;
  }

  address(party: number): string | null {
    return this.#parts.names.text(party + 1);
  }

  isStop(party: number): boolean {
    return this.#parts.names.stop(party + 1) !== undefined;
  }

  /** The step that spends a record. Steps come in chain order. */
  #targetOf(record: number): number {
    const { trail, view } = this.#parts;
    if (trail.fates[record] !== fates.spent) return -1;
    const input = trail.spenders[record] as number;
    let [low, high] = [trail.madeBy[record] as number, trail.steps - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (view.firstInput(trail.transactions[middle] as number) <= input) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #ownersSpent(transaction: number): readonly number[] {
    const { view } = this.#parts;
    const found: number[] = [];
    for (let input = view.firstInput(transaction); input < view.firstInput(transaction + 1); input += 1) {
      const owner = view.ownerOfSpent(view.spent(input));
      if (owner > 0) found.push(owner - 1);
    }
    return found;
  }
}

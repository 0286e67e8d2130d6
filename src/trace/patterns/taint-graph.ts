import type { Trace } from "../trace.ts";

/** What became of the value on an edge. */
export type EdgeFate = "moved" | "rests" | "exit" | "fee" | "beyond-limit";

/** Somebody whom a node pays; -1: nobody. `edge` -1: with nothing tainted in it. */
export type Payment = { readonly receiver: number; readonly value: bigint; readonly edge: number };

/**
 * A trace as a graph in which patterns are found, the same for both kinds of chain.
 *
 * An edge is a tainted amount on its way: an output, a transfer, a change of form. A node is where tainted value comes
 * together and is paid on: on a chain of outputs a transaction, on one of accounts an account with one asset. Everything is
 * named by numbers; edges come in chain order, and so do those of a node.
 */
export type TaintGraph = {
  readonly model: Trace["model"];
  readonly edges: number;
  readonly nodes: number;
  /** The node that pays an edge; -1 where it is an origin. */
  source(edge: number): number;
  /** The node that pays an edge's value on; -1 where it does not move on, or reached a stop. */
  target(edge: number): number;
  /** The edges that come into a node. */
  ins(node: number): ArrayLike<number>;
  outs(node: number): ArrayLike<number>;
  /** How many inputs a transaction has, tainted or not; of an account, its tainted receipts. */
  inputs(node: number): number;
  /** What a node pays others or itself, fees left out: of a transaction every output, of an account its tainted payments. */
  payments(node: number): readonly Payment[];
  /** An owner or account; -1 nobody. Numbers are the ledger's, so that they are the same in every trace on it. */
  receiver(edge: number): number;
  /** Who pays at a node: the owners of the tainted outputs that its transaction spends, or the account. */
  payers(node: number): readonly number[];
  /** Whose value an edge brings into its node: the owner of the output that is spent, or the account that pays it. */
  holder(edge: number): number;
  /** What an account still holds at a node at the trace's end (0 under `poison`); undefined where it holds nothing, or is no account. */
  held(node: number): bigint | undefined;
  /** The tainted part, in base units. */
  amount(edge: number): bigint;
  /** The whole output or transfer. */
  value(edge: number): bigint;
  asset(edge: number): string;
  fate(edge: number): EdgeFate;
  isSwap(edge: number): boolean;
  /** The number of the output or transfer, the same in every trace on the ledger. */
  row(edge: number): number;
  ref(edge: number): string;
  /** Of the transaction that made an edge: its number in the ledger, -1 where it has none; id; unix seconds. */
  transaction(edge: number): number;
  txid(edge: number): string;
  time(edge: number): number;
  height(edge: number): number;
  /** Of a node on a chain of outputs, its transaction; of an account, -1. */
  nodeTransaction(node: number): number;
  address(party: number): string | null;
  /** Whether tracing ends at somebody, by name or as a hub. */
  isStop(party: number): boolean;
  /** From whom the origins took: the owners of what their transactions spend, or the accounts that pay them. */
  readonly robbed: ReadonlySet<number>;
  /** Unix seconds of the ledger's last block. */
  readonly end: number;
};

/** Lists of numbers by a key, one behind the other in one array: each key's numbers keep their order. */
export class NumberLists {
  readonly #starts: Int32Array;
  readonly #items: Int32Array;

  /** @param keyOf - The key of an item; below 0: it is in no list. */
  constructor(keys: number, items: number, keyOf: (item: number) => number) {
    const starts = new Int32Array(keys + 1);
    for (let item = 0; item < items; item += 1) {
      const key = keyOf(item);
      if (key >= 0) starts[key + 1] = (starts[key + 1] as number) + 1;
    }
    for (let key = 0; key < keys; key += 1) starts[key + 1] = (starts[key + 1] as number) + (starts[key] as number);
    const places = starts.slice();
    this.#items = new Int32Array(starts[keys] as number);
    for (let item = 0; item < items; item += 1) {
      const key = keyOf(item);
      if (key < 0) continue;
      const place = places[key] as number;
      this.#items[place] = item;
      places[key] = place + 1;
    }
    this.#starts = starts;
  }

  of(key: number): Int32Array {
    return this.#items.subarray(this.#starts[key], this.#starts[key + 1]);
  }
}

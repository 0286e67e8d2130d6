import type { ChainReader } from "../../ledger/reader.ts";
import { blocksShape } from "../../ledger/shapes.ts";
import type { AccountParts, AccountTrace } from "../account/account-trace.ts";
import type { TransferRecord } from "../account/transfer-trail.ts";
import { NumberLists, type EdgeFate, type Payment, type TaintGraph } from "./taint-graph.ts";

/** Which account with which asset a node is. */
type Place = { readonly account: number; readonly asset: number };

/**
 * The graph of a trace on a chain of accounts: its records are the edges, an account with one asset is a node. A change of
 * form leads from the account's node for the one asset to that for the other.
 */
export class AccountGraph implements TaintGraph {
  readonly model = "account";
  readonly edges: number;
  readonly end: number;
  readonly robbed: ReadonlySet<number>;
  readonly #parts: AccountParts;
  readonly #records: readonly TransferRecord[];
  readonly #places: Place[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #sources: Int32Array;
  /** Where an edge leads, whether or not it is paid on from there. */
  readonly #into: Int32Array;
  readonly #ins: NumberLists;
  readonly #outs: NumberLists;

  /** Cost: linear in the trace. */
  constructor(reader: ChainReader, trace: AccountTrace) {
    this.#parts = trace.parts;
    const { records } = trace.parts.walk;
    this.#records = records;
    this.edges = records.length;
    const blocks = reader.table(blocksShape);
    this.end = blocks.count === 0 ? 0 : blocks.value("time", blocks.count - 1);
    this.#sources = Int32Array.from(records, ({ what, parent, from, asset }) => {
      if (what === "origin") return -1;
      // What changed its form was paid in the asset that it had before.
      return this.#node(from, what === "swap" ? (records[parent] as TransferRecord).asset : asset);
    });
    this.#into = Int32Array.from(records, ({ to, asset, fate }) => (fate === "held" ? this.#node(to, asset) : -1));
    this.#ins = new NumberLists(this.#places.length, records.length, (edge) => this.#into[edge] as number);
    this.#outs = new NumberLists(this.#places.length, records.length, (edge) => this.#sources[edge] as number);
    this.robbed = new Set(records.flatMap(({ what, from }) => (what === "origin" && from >= 0 ? [from] : [])));
  }

  get nodes(): number {
    return this.#places.length;
  }

  source(edge: number): number {
    return this.#sources[edge] as number;
  }

  target(edge: number): number {
    const node = this.#into[edge] as number;
    return node >= 0 && this.outs(node).length > 0 ? node : -1;
  }

  ins(node: number): Int32Array {
    return this.#ins.of(node);
  }

  outs(node: number): Int32Array {
    return this.#outs.of(node);
  }

  inputs(node: number): number {
    return this.ins(node).length;
  }

  payments(node: number): readonly Payment[] {
    return Array.from(this.outs(node))
      .filter((edge) => this.fate(edge) !== "fee" && !this.isSwap(edge))
      .map((edge) => ({ receiver: this.receiver(edge), value: this.value(edge), edge }));
  }

  receiver(edge: number): number {
    return this.#record(edge).to;
  }

  payers(node: number): readonly number[] {
    return [(this.#places[node] as Place).account];
  }

  holder(edge: number): number {
    return this.#record(edge).from;
  }

  held(node: number): bigint | undefined {
    const { walk } = this.#parts;
    const { account, asset } = this.#places[node] as Place;
    const lots = walk.states.get(account)?.lots.get(asset);
    // Behind a limit it is not known what an account still holds.
    return walk.end === "all" && lots?.isTainted === true ? lots.taint : undefined;
  }

  amount(edge: number): bigint {
    return this.#record(edge).amount;
  }

  value(edge: number): bigint {
    const { what, row, amount } = this.#record(edge);
    return what === "swap" ? amount : this.#parts.view.amount(row);
  }

  asset(edge: number): string {
    return this.#parts.view.assetText(this.#record(edge).asset);
  }

  fate(edge: number): EdgeFate {
    const { fate } = this.#record(edge);
    if (fate === "hops-max" || fate === "amount-min") return "beyond-limit";
    if (fate !== "held") return fate;
    return this.target(edge) < 0 ? "rests" : "moved";
  }

  isSwap(edge: number): boolean {
    return this.#record(edge).what === "swap";
  }

  row(edge: number): number {
    return this.#record(edge).row;
  }

  ref(edge: number): string {
    return this.#parts.view.ref(this.row(edge));
  }

  transaction(edge: number): number {
    return this.#parts.view.transaction(this.row(edge));
  }

  txid(edge: number): string {
    return this.#parts.view.txid(this.row(edge));
  }

  time(edge: number): number {
    return this.#parts.view.moments.ofRow(this.row(edge)).time;
  }

  height(edge: number): number {
    return this.#parts.view.moments.ofRow(this.row(edge)).height;
  }

  nodeTransaction(): number {
    return -1;
  }

  address(party: number): string | null {
    return this.#parts.view.address(party);
  }

  isStop(party: number): boolean {
    return this.#parts.stops.of(party) !== undefined || this.#parts.walk.hubs.has(party);
  }

  #record(edge: number): TransferRecord {
    return this.#records[edge] as TransferRecord;
  }

  #node(account: number, asset: number): number {
    const key = `${account} ${asset}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#places.length);
    this.#places.push({ account, asset });
    return this.#places.length - 1;
  }
}

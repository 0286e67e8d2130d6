import { Block, type Transaction } from "bitcoinjs-lib";
import type { RawBlock } from "../../bench/chain/assemble.ts";

/** An output as the validator keeps it. */
type Unspent = { readonly value: bigint; readonly height: number; readonly coinbase: boolean };

/** What the validator counted. */
export type ChainShape = {
  blocks: number;
  transactions: number;
  /** Of transactions that are no coinbase. */
  inputs: number;
  outputs: number;
  batches: number;
  consolidations: number;
  witnessed: number;
  /** By script in hexadecimal, how many outputs it has. */
  readonly scripts: Map<string, number>;
  /** Blocks between an output and its spend. */
  readonly ages: number[];
};

const SUBSIDY = 5_000_000_000n;

/**
 * Holds a chain against the rules, by other code than made it: bitcoinjs-lib decodes and hashes; values and unspent outputs
 * are kept here. Throws on the first violation. Blocks come in the chain's order.
 */
export class ChainValidator {
  readonly unspent = new Map<string, Unspent>();
  readonly shape: ChainShape = {
    blocks: 0,
    transactions: 0,
    inputs: 0,
    outputs: 0,
    batches: 0,
    consolidations: 0,
    witnessed: 0,
    scripts: new Map(),
    ages: [],
  };
  #parent = "00".repeat(32);
  #times: number[] = [];

  take(raw: RawBlock): readonly Transaction[] {
    const block = Block.fromBuffer(Buffer.from(raw.bytes));
    const transactions = block.transactions ?? [];
    const must = (condition: boolean, what: string): void => {
      if (!condition) throw new Error(`block ${raw.height}: ${what}`);
    };
    must(raw.height === this.shape.blocks, "its height follows");
    must(hex(block.prevHash ?? new Uint8Array()) === this.#parent, "its parent is the block before");
    must(hex(block.getHash()) === hex(raw.hash), "its hash");
    must(block.checkTxRoots(), "its Merkle root and witness commitment");
    must(transactions.length === raw.transactions, "its number of transactions");
    must(block.toBuffer().length === raw.bytes.length && block.weight() <= 4_000_000, "its size");
    must(transactions.reduce((count, one) => count + one.ins.length, 0) > 0, "its inputs");
    this.#time(block.timestamp, must);
    this.#parent = hex(raw.hash);
    const fees = transactions.slice(1).reduce((sum, one) => sum + this.#spend(one, raw.height, must), 0n);
    const [coinbase] = transactions;
    if (coinbase === undefined) throw new Error("a block without a coinbase");
    this.#coinbase(coinbase, raw.height, fees);
    this.shape.blocks += 1;
    this.shape.transactions += transactions.length;
    return transactions;
  }

  #time(time: number, must: (condition: boolean, what: string) => void): void {
    const median = this.#times.toSorted((left, right) => left - right)[this.#times.length >> 1] ?? 0;
    must(time > median, "its time is above the median of eleven");
    this.#times = [...this.#times, time].slice(-11);
  }

  #spend(one: Transaction, height: number, must: (condition: boolean, what: string) => void): bigint {
    let sum = 0n;
    for (const input of one.ins) {
      const place = `${hex(input.hash)}:${input.index}`;
      const spent = this.unspent.get(place);
      if (spent === undefined) throw new Error(`block ${height}: ${place} is not there to be spent`);
      must(!spent.coinbase || height - spent.height >= 100, "a coinbase is mature");
      this.unspent.delete(place);
      this.shape.ages.push(height - spent.height);
      sum += spent.value;
    }
    const paid = one.outs.reduce((total, { value }) => total + value, 0n);
    must(sum >= paid, "outputs are covered");
    must(one.locktime <= height, "its lock time has come");
    this.#add(one, height, false);
    const { shape } = this;
    shape.inputs += one.ins.length;
    shape.outputs += one.outs.length;
    if (one.outs.length >= 50) shape.batches += 1;
    if (one.ins.length >= 100) shape.consolidations += 1;
    if (one.hasWitnesses()) shape.witnessed += 1;
    return sum - paid;
  }

  #coinbase(one: Transaction, height: number, fees: bigint): void {
    const [input] = one.ins;
    if (input === undefined || hex(input.hash) !== "00".repeat(32)) throw new Error(`block ${height}: no coinbase`);
    const paid = one.outs.reduce((total, { value }) => total + value, 0n);
    if (paid !== SUBSIDY + fees) throw new Error(`block ${height}: its coinbase pays ${paid}`);
    if (statedHeight(input.script) !== height) throw new Error(`block ${height}: BIP-34`);
    this.#add(one, height, true);
  }

  #add(one: Transaction, height: number, coinbase: boolean): void {
    const txid = hex(one.getHash());
    for (const [index, { value, script }] of one.outs.entries()) {
      if (script[0] === 0x6a) continue;
      if (this.unspent.has(`${txid}:${index}`)) throw new Error(`block ${height}: ${txid} exists already`);
      this.unspent.set(`${txid}:${index}`, { value, height, coinbase });
      const text = hex(script);
      this.shape.scripts.set(text, (this.shape.scripts.get(text) ?? 0) + 1);
    }
  }
}

/** Source: BIP-34. */
function statedHeight(script: Uint8Array): number {
  const size = script[0] ?? 0;
  if (size === 0) return 0;
  if (size > 0x50) return size - 0x50;
  let height = 0;
  for (let at = size; at > 0; at -= 1) height = height * 256 + (script[at] ?? 0);
  return height;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

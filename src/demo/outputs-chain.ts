import { assert } from "../base/assert.ts";
import { encodeWitness } from "../chains/bitcoin/address.ts";
import { doubleSha256, merkleTree } from "../chains/bitcoin/hash.ts";
import { timeOf } from "./clock.ts";
import { hashOf } from "./dice.ts";

/** An output that can be spent. Values are in satoshi. */
export type Coin = { readonly txid: string; readonly index: number; readonly value: bigint; readonly owner: string };
/** Who is paid, by name, and how much. */
export type Payment = readonly [owner: string, value: bigint];

/** Bitcoin's own, by which readers know which chain a file is of; all that follows is made up. */
const firstHash = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
/** What a transaction leaves to the miner. */
export const minerFee = 12_000n;

/** A chain of outputs that is being made, written as bitcoin-etl writes blocks. Owners are names, which have addresses. */
export class OutputsChain {
  readonly #lines: string[] = [];
  #pending: { readonly txid: string; readonly line: Readonly<Record<string, unknown>> }[] = [];
  readonly #spent = new Set<string>();
  #made = 0;
  height = 0;
  transactions = 0;

  /** The address of a name. */
  address(owner: string): string {
    const address = encodeWitness("bitcoin", 0, programOf(owner));
    assert(address !== undefined, "demo: a key's hash makes an address");
    return address;
  }

  /** New coins for somebody. */
  mint(...payments: readonly Payment[]): readonly Coin[] {
    return this.#add([], payments);
  }

  /** Spends coins, whole; what they have beyond the payments is the fee. */
  pay(coins: readonly Coin[], ...payments: readonly Payment[]): readonly Coin[] {
    const [held, paid] = [coins, payments.map(([, value]) => ({ value }))].map((list) =>
      list.reduce((sum, { value }) => sum + value, 0n),
    ) as [bigint, bigint];
    assert(held >= paid, "demo: a transaction pays what it has");
    for (const { txid, index } of coins) {
      assert(!this.#spent.has(`${txid}:${index}`), "demo: a coin is spent once");
      this.#spent.add(`${txid}:${index}`);
    }
    return this.#add(coins, payments);
  }

  /** Spends coins: one payment, and the rest back to somebody. */
  change(coins: readonly Coin[], payment: Payment, rest: string): readonly [Coin, Coin] {
    const held = coins.reduce((sum, { value }) => sum + value, 0n);
    return this.pay(coins, payment, [rest, held - payment[1] - minerFee]) as [Coin, Coin];
  }

  /** Ends the block at hand. */
  endBlock(): void {
    const number = this.height;
    if (this.#pending.length === 0) this.mint(["miner", 312_500_000n]);
    const ids = Buffer.concat(this.#pending.map(({ txid }) => Buffer.from(txid, "hex").toReversed()));
    const root = Buffer.from(merkleTree(ids).root.toReversed()).toString("hex");
    const hash = number === 0 ? firstHash : hashOf(`block ${number} ${root}`).toString("hex");
    const [timestamp, count] = [timeOf(number), this.#pending.length];
    const block = { hash, number, merkle_root: root, timestamp, transaction_count: count };
    this.#lines.push(JSON.stringify(block));
    for (const [index, { line }] of this.#pending.entries()) {
      const written = JSON.stringify({ ...line, block_hash: hash, block_number: number, index });
      // The form has amounts as JSON's numbers; here they are never a float.
      this.#lines.push(written.replaceAll(/"value":"(?<digits>[0-9]+)"/gu, '"value":$<digits>'));
    }
    this.#pending = [];
    this.height += 1;
  }

  /** The file: JSON lines, blocks and transactions mixed. */
  text(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  #add(coins: readonly Coin[], payments: readonly Payment[]): readonly Coin[] {
    this.#made += 1;
    this.transactions += 1;
    const txid = Buffer.from(doubleSha256(hashOf(`outputs ${this.#made}`))).toString("hex");
    const inputs = coins.map((coin, index) => ({
      index,
      spent_transaction_hash: coin.txid,
      spent_output_index: coin.index,
      type: "witness_v0_keyhash",
      addresses: [this.address(coin.owner)],
      value: String(coin.value),
    }));
    const outputs = payments.map(([owner, value], index) => ({
      index,
      script_hex: Buffer.concat([Uint8Array.of(0, 20), programOf(owner)]).toString("hex"),
      type: "witness_v0_keyhash",
      addresses: [this.address(owner)],
      value: String(value),
    }));
    this.#pending.push({ txid, line: { hash: txid, is_coinbase: coins.length === 0, inputs, outputs } });
    return payments.map(([owner, value], index) => ({ txid, index, value, owner }));
  }
}

function programOf(owner: string): Buffer {
  return hashOf(`owner ${owner}`).subarray(0, 20);
}

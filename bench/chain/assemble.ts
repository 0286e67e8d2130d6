import type { Random } from "./random.ts";
import { doubleHashInto, merkleRoot, Sink } from "./sink.ts";

/** A block as a node has it. */
export type RawBlock = {
  readonly height: number;
  /** Internal byte order. */
  readonly hash: Uint8Array;
  readonly parent: Uint8Array;
  /** Unix seconds. */
  readonly time: number;
  readonly transactions: number;
  readonly bytes: Uint8Array;
};

/** An output of a coinbase: its value and its script with the script's length in front. */
export type CoinbaseOutput = { readonly value: number; readonly script: Uint8Array };

/** What a block's first transaction and its header need. */
export type BlockEnd = {
  readonly height: number;
  readonly parent: Uint8Array;
  readonly time: number;
  readonly outputs: readonly CoinbaseOutput[];
  readonly random: Random;
};

/** Regtest's target: every second hash meets it. */
const BITS = 0x207fffff;
const HEADER_BYTES = 80;
/** BIP-141, "Commitment structure": OP_RETURN, 36 bytes, the mark. */
const COMMITMENT = Uint8Array.of(38, 0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed);

/**
 * Puts a block together: transactions one by one, then the coinbase, whose fees are known only at the end.
 *
 * `body` takes a transaction's version, inputs, outputs and lock time, `witness` its witnesses; the parts are written to by
 * whoever makes the transaction.
 */
export class BlockAssembler {
  readonly body = new Sink(1 << 18);
  readonly witness = new Sink(1 << 18);
  /** Of the block so far, the coinbase's in front; 32 bytes each. */
  txids = new Uint8Array(32 * 4_096);
  /** The same memory by words. */
  txidWords = new Int32Array(this.txids.buffer);
  count = 1;
  readonly #block = new Sink(1 << 22);
  #witnessIds = new Uint8Array(32 * 4_096);

  /** Bytes of the block so far, without header and coinbase. */
  get size(): number {
    return this.#block.at;
  }

  begin(): void {
    this.#block.at = 0;
    this.count = 1;
  }

  /** Begins a transaction. */
  open(): void {
    this.body.at = 0;
    this.witness.at = 0;
  }

  /** Ends a transaction; returns where in `txids` its id is. */
  close(hasWitness: boolean): number {
    const { body, witness } = this;
    const at = this.count * 32;
    this.count += 1;
    if (at + 32 > this.txids.length) {
      this.txids = grown(this.txids);
      this.txidWords = new Int32Array(this.txids.buffer);
      this.#witnessIds = grown(this.#witnessIds);
    }
    const block = this.#block;
    block.reserve(body.at + witness.at + 2);
    doubleHashInto(body.bytes.subarray(0, body.at), this.txids, at);
    const start = block.at;
    if (hasWitness) {
      appendExtended(block, body, witness);
      doubleHashInto(block.bytes.subarray(start, block.at), this.#witnessIds, at);
    } else {
      block.copy(body.bytes, 0, body.at);
      this.#witnessIds.set(this.txids.subarray(at, at + 32), at);
    }
    return at;
  }

  /** Ends the block. The coinbase's id is then the first of `txids`. */
  finish(end: BlockEnd): RawBlock {
    const commitment = this.#commitment();
    this.open();
    this.#coinbase(end, commitment);
    doubleHashInto(this.body.bytes.subarray(0, this.body.at), this.txids, 0);
    const root = merkleRoot(this.txids.slice(0, this.count * 32), this.count);
    const head = new Sink(HEADER_BYTES + this.body.at + this.witness.at + 16);
    const hash = header(head, end, root);
    head.count(this.count);
    appendExtended(head, this.body, this.witness);
    const bytes = new Uint8Array(head.at + this.#block.at);
    bytes.set(head.bytes.subarray(0, head.at));
    bytes.set(this.#block.bytes.subarray(0, this.#block.at), head.at);
    const { height, parent, time } = end;
    return { height, hash, parent, time, transactions: this.count, bytes };
  }

  /** Source: BIP-141: the hash of the witness root and the reserved value, which is zeros. */
  #commitment(): Uint8Array {
    this.#witnessIds.fill(0, 0, 32);
    const pair = new Uint8Array(64);
    pair.set(merkleRoot(this.#witnessIds.slice(0, this.count * 32), this.count));
    doubleHashInto(pair, pair, 0);
    return pair.subarray(0, 32);
  }

  #coinbase({ height, outputs, random }: BlockEnd, commitment: Uint8Array): void {
    const { body, witness } = this;
    body.reserve(256 + outputs.length * 160);
    body.u32(2);
    body.u8(1);
    for (let word = 0; word < 8; word += 1) body.u32(0);
    body.u32(0xffff_ffff);
    const push = heightPush(height);
    body.u8(push.length + 9);
    body.copy(push, 0, push.length);
    body.u8(8);
    body.u32(random.u32());
    body.u32(random.u32());
    body.u32(0xffff_ffff);
    body.count(outputs.length + 1);
    for (const { value, script } of outputs) {
      body.u64(value);
      body.copy(script, 0, script.length);
    }
    body.u64(0);
    body.copy(COMMITMENT, 0, COMMITMENT.length);
    body.copy(commitment, 0, 32);
    body.u32(0);
    witness.u16(0x2001);
    for (let word = 0; word < 8; word += 1) witness.u32(0);
  }
}

/** A block without transactions but its own coinbase beside another of the same parent: an orphan, as nodes keep them. */
export function staleSibling(block: RawBlock, random: Random): RawBlock {
  const assembler = new BlockAssembler();
  assembler.begin();
  const outputs = [{ value: 5_000_000_000, script: Uint8Array.of(1, 0x51) }];
  return assembler.finish({ height: block.height, parent: block.parent, time: block.time + 7, outputs, random });
}

/** BIP-34 as Bitcoin Core writes it: the number as a script pushes it, 1 to 16 as an opcode. */
function heightPush(height: number): Uint8Array {
  if (height === 0) return Uint8Array.of(0);
  if (height <= 16) return Uint8Array.of(0x50 + height);
  const bytes: number[] = [];
  for (let rest = height; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  if ((bytes.at(-1) as number) >= 0x80) bytes.push(0);
  return Uint8Array.of(bytes.length, ...bytes);
}

/** BIP-144: the mark and the flag after the version, the witnesses before the lock time. */
function appendExtended(target: Sink, body: Sink, witness: Sink): void {
  target.copy(body.bytes, 0, 4);
  target.u16(0x0100);
  target.copy(body.bytes, 4, body.at - 4);
  target.copy(witness.bytes, 0, witness.at);
  target.copy(body.bytes, body.at - 4, body.at);
}

/** Writes the header, its nonce the first by which the hash meets regtest's target; returns the hash. */
function header(sink: Sink, { parent, time }: BlockEnd, root: Uint8Array): Uint8Array {
  sink.u32(0x2000_0000);
  sink.copy(parent, 0, 32);
  sink.copy(root, 0, 32);
  sink.u32(time);
  sink.u32(BITS);
  const hash = new Uint8Array(32);
  for (let nonce = 0; ; nonce += 1) {
    sink.at = HEADER_BYTES - 4;
    sink.u32(nonce);
    doubleHashInto(sink.bytes.subarray(0, HEADER_BYTES), hash, 0);
    if ((hash[31] as number) < 0x80) return hash;
  }
}

function grown(list: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(list.length * 2);
  bytes.set(list);
  return bytes;
}

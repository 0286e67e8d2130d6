import { BlockAssembler, type CoinbaseOutput, type RawBlock } from "./assemble.ts";
import { PlanWriter, type Plan } from "./planned.ts";
import { OutputPool } from "./pool.ts";
import { Population, type Habits } from "./population.ts";
import { Random } from "./random.ts";
import {
  INPUT_BYTES_MAX,
  OUTPUT_BYTES_MAX,
  scriptKinds,
  writeScript,
  writeScriptSig,
  writeWitness,
} from "./scripts.ts";
import { printedHash, Sink } from "./sink.ts";
import { Draft, Spender } from "./spending.ts";

/** How a chain of outputs and spends is made. The same options give the same bytes. */
export type UtxoOptions = {
  readonly seed: string | number;
  /** Of the whole chain, coinbases included: exactly so many, or with `blocks` at most. */
  readonly transactions: number;
  /** The mean of a block; without it a five-hundredth of all, from 20 to 2,000. 0: coinbases and the plan only. */
  readonly transactionsPerBlock?: number;
  /** Ends the chain at so many blocks. */
  readonly blocks?: number;
  /** Unspent outputs and wallets that are kept in mind, at most: 80 and 17 bytes each. 2^20 where not given. */
  readonly liveMax?: number;
  /** Of the first block, unix seconds. */
  readonly startTime?: number;
  readonly plan?: Plan;
  /** How much wallets use addresses again; about as on Bitcoin where not given. */
  readonly habits?: Habits;
  /** Gets the wallet behind each output of a block, in order; -1 where it is the plan's or nobody's. */
  readonly onWallets?: (wallets: readonly number[]) => void;
  /** From this height on everything is drawn anew: the other branch of a chain that is the same below it. */
  readonly fork?: { readonly height: number; readonly salt: string };
};

/** Blocks before a coinbase can be spent. Source: Bitcoin Core, `src/consensus/consensus.h`, `COINBASE_MATURITY`. */
export const COINBASE_MATURITY = 100;
const SUBSIDY = 5_000_000_000;
const HALVING_BLOCKS = 210_000;
const FOUNDERS_MAX = 2_000;
const BLOCK_TIME = 600;
const WEIGHT_MAX = 3_600_000;

/**
 * Makes a chain of Bitcoin's shape, block by block.
 *
 * The first 100 blocks hold a coinbase alone, which pays up to 2,000 founders each, so that the chain is busy from height
 * 100 on. After them outputs are spent when their owner's time comes (see `Spender`). True on every block: ids, Merkle
 * roots, the witness commitment, the parent's hash, BIP-34, every input an unspent output that is mature, coinbases of
 * subsidy and fees to the satoshi, times above the median of the last eleven. Not true: signatures are noise, and keys and
 * redeem scripts do not hash to what they satisfy.
 *
 * Cost: about 4 µs a transaction, most of it SHA-256; memory by `liveMax`, whatever the chain's length.
 */
export class UtxoChain {
  readonly #options: UtxoOptions;
  readonly #pool: OutputPool;
  readonly #people: Population;
  readonly #draft = new Draft();
  readonly #assembler = new BlockAssembler();
  readonly #scripts = new Sink(1 << 16);
  readonly #plan: PlanWriter;
  readonly #mean: number;
  #random: Random;
  #spender: Spender;
  #parent: Uint8Array = new Uint8Array(32);
  #clock: number;
  #times: readonly number[] = [];
  /** Of the block at hand: who is behind the outputs of its coinbase, and of the others. */
  #wallets: { coinbase: number[]; others: number[] } = { coinbase: [], others: [] };

  constructor(options: UtxoOptions) {
    this.#options = options;
    const capacity = options.liveMax ?? Math.min(1 << 20, Math.max(4_096, options.transactions * 4));
    const random = new Random(`utxo/${options.seed}`);
    this.#random = random;
    this.#people = new Population(random, Math.max(1_024, capacity), options.habits);
    this.#pool = new OutputPool(capacity, Math.max(1_024, capacity));
    this.#spender = new Spender(random, this.#people, this.#pool);
    this.#plan = new PlanWriter(options.plan ?? { grants: [], blocks: new Map() }, new Random(`plan/${options.seed}`));
    const usual = Math.min(2_000, Math.max(20, Math.ceil(options.transactions / 500)));
    this.#mean = options.transactionsPerBlock ?? usual;
    this.#clock = options.startTime ?? 1_600_000_000;
  }

  /** The blocks from the first on; to be gone through once. */
  *blocks(): Generator<RawBlock, void, undefined> {
    const { transactions, blocks = Number.POSITIVE_INFINITY } = this.#options;
    let left = transactions;
    for (let height = 0; left > 0 && height < blocks; height += 1) {
      if (height === this.#options.fork?.height) this.#turnOff(this.#options.fork.salt);
      const block = this.#block(height, left);
      left -= block.transactions;
      yield block;
    }
  }

  /** The ids of the plan's transactions so far, by name. */
  plannedTxids(): ReadonlyMap<string, string> {
    return this.#plan.txids();
  }

  #turnOff(salt: string): void {
    const random = new Random(`utxo/${this.#options.seed}/${salt}`);
    this.#random = random;
    this.#people.random = random;
    this.#spender = new Spender(random, this.#people, this.#pool);
  }

  #block(height: number, left: number): RawBlock {
    const assembler = this.#assembler;
    assembler.begin();
    this.#wallets = { coinbase: [], others: [] };
    let fees = this.#plan.write(height, assembler);
    if (fees > 0 && this.#options.onWallets !== undefined) throw new Error("utxo: wallets of a plan are not told");
    if (height >= COINBASE_MATURITY && this.#mean > 0) fees += this.#fill(height, left);
    const { outputs, slots } = this.#coinbase(height, fees);
    const time = this.#time();
    const block = assembler.finish({ height, parent: this.#parent, time, outputs, random: this.#random });
    if (height === 1) this.#plan.granted(assembler.txids);
    // The last output of a coinbase is the witness commitment.
    this.#options.onWallets?.([...this.#wallets.coinbase, -1, ...this.#wallets.others]);
    for (const [index, slot] of slots) this.#pool.name(slot, assembler.txidWords, 0, index);
    this.#parent = block.hash;
    return block;
  }

  /** Adds random transactions; returns their fees. */
  #fill(height: number, left: number): number {
    const random = this.#random;
    const wanted = random.chance(0.01) ? 0 : random.logNormal(this.#mean * 0.95, 0.35);
    const limit = Math.min(left - this.#assembler.count, Math.round(Math.min(wanted, this.#mean * 3)));
    this.#pool.begin(height);
    this.#spender.begin();
    let fees = 0;
    for (let made = 0; made < limit && this.#assembler.size < WEIGHT_MAX / 2; made += 1) {
      const slot = this.#pool.next(height);
      if (slot < 0) break;
      this.#spender.decide(slot, height, this.#draft);
      this.#transaction(height);
      fees += this.#draft.fee;
    }
    return fees;
  }

  #transaction(height: number): void {
    const assembler = this.#assembler;
    const random = this.#random;
    const draft = this.#draft;
    const { body, witness } = assembler;
    assembler.open();
    body.reserve(32 + draft.inputs * INPUT_BYTES_MAX + draft.outputs * OUTPUT_BYTES_MAX);
    witness.reserve(draft.inputs * INPUT_BYTES_MAX);
    body.u32(random.below(4) === 0 ? 1 : 2);
    body.count(draft.inputs);
    const sequence = 0xffff_ffff - random.below(3);
    let hasWitness = false;
    for (let input = 0; input < draft.inputs; input += 1) {
      hasWitness = this.#input(draft.slots[input] as number, sequence) || hasWitness;
    }
    body.count(draft.outputs);
    const { salt } = this.#people;
    for (let output = 0; output < draft.outputs; output += 1) {
      body.u64(draft.values[output] as number);
      const wallet = draft.wallets[output] as number;
      writeScript(body, { salt, wallet, index: draft.indexes[output] as number, kind: draft.kinds[output] as number });
    }
    if (this.#options.onWallets !== undefined) this.#wallets.others.push(...draft.wallets.subarray(0, draft.outputs));
    body.u32(random.below(3) === 0 ? height - 1 : 0);
    this.#keep(height, assembler.close(hasWitness));
  }

  #input(slot: number, sequence: number): boolean {
    const pool = this.#pool;
    const { body, witness } = this.#assembler;
    const wallet = pool.wallet(slot);
    const kind = this.#people.kinds[wallet] as number;
    const owner = { salt: this.#people.salt, wallet, index: pool.index(slot), kind };
    pool.writeOutpoint(slot, body);
    writeScriptSig(body, owner, this.#random);
    body.u32(sequence);
    return writeWitness(witness, owner, this.#random);
  }

  /** Takes the draft's inputs out of the pool and puts its outputs in. */
  #keep(height: number, txid: number): void {
    const draft = this.#draft;
    const pool = this.#pool;
    for (let input = 0; input < draft.inputs; input += 1) pool.remove(draft.slots[input] as number);
    for (let output = 0; output < draft.outputs; output += 1) {
      const lifetime = draft.lifetimes[output] as number;
      if (lifetime < 0) continue;
      const value = draft.values[output] as number;
      const wallet = draft.wallets[output] as number;
      const index = draft.indexes[output] as number;
      const slot = pool.add({ value, wallet, index, matureAt: height, dueAt: height + lifetime }, height);
      if (slot >= 0) pool.name(slot, this.#assembler.txidWords, txid >> 2, output);
    }
  }

  /** The coinbase's outputs, and which of them are kept where: subsidy and fees, split among founders or miners. */
  #coinbase(height: number, fees: number): { outputs: readonly CoinbaseOutput[]; slots: readonly [number, number][] } {
    const grants = this.#plan.grants(height);
    const granted = grants.reduce((sum, { value }) => sum + value, 0);
    const reward = Math.floor(SUBSIDY / 2 ** Math.floor(height / HALVING_BLOCKS)) + fees - granted;
    if (reward < 0) throw new Error("utxo: the plan's grants are more than a block's subsidy");
    const founding = height < COINBASE_MATURITY;
    const parts = founding ? Math.max(1, Math.min(FOUNDERS_MAX, this.#mean)) : 1 + this.#random.geometric(0.3);
    const outputs: CoinbaseOutput[] = [...grants];
    const slots: [number, number][] = [];
    const share = Math.floor(reward / parts);
    for (let part = 0; part < parts; part += 1) {
      const value = part === 0 ? reward - share * (parts - 1) : share;
      slots.push(...this.#reward(height, value, outputs));
    }
    return { outputs, slots };
  }

  #reward(height: number, value: number, outputs: CoinbaseOutput[]): readonly [number, number][] {
    const wallet = this.#people.anyone();
    const index = this.#people.address(wallet);
    const kind = this.#people.kinds[wallet] ?? scriptKinds.keyHash;
    this.#scripts.at = 0;
    writeScript(this.#scripts, { salt: this.#people.salt, wallet, index, kind });
    const output = outputs.push({ value, script: this.#scripts.slice() }) - 1;
    this.#wallets.coinbase.push(wallet);
    const lifetime = this.#spender.lifetime(wallet, value);
    if (lifetime < 0 || this.#mean === 0) return [];
    const matureAt = height + COINBASE_MATURITY;
    const slot = this.#pool.add({ value, wallet, index, matureAt, dueAt: matureAt + lifetime }, height);
    return slot < 0 ? [] : [[output, slot]];
  }

  /** Source: BIP-113's median of eleven, which a header's time must exceed. */
  #time(): number {
    this.#clock += 1 + Math.floor(this.#random.exponential(BLOCK_TIME - 1));
    const median = this.#times.toSorted((left, right) => left - right)[this.#times.length >> 1] ?? 0;
    const time = Math.max(median + 1, this.#clock + this.#random.below(240) - 120);
    this.#times = [...this.#times, time].slice(-11);
    return time;
  }
}

/** A whole chain; see {@link UtxoChain}. */
export function utxoBlocks(options: UtxoOptions): Generator<RawBlock, void, undefined> {
  return new UtxoChain(options).blocks();
}

/** A block's hash as explorers print it. */
export const printedBlockHash = (block: RawBlock): string => printedHash(block.hash);

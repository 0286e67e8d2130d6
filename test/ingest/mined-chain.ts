/** Blocks that a real node takes: mined for regtest, with as many kinds of outputs and inputs as need no signature. */
import {
  blockOf,
  coinbase,
  fromHex,
  fullKey,
  hash160,
  hash256,
  merkleRoot,
  scripts,
  sha256,
  shortKey,
  txid,
  uint32,
  whole,
  type TestInput,
  type TestOutput,
  type TestTransaction,
} from "../chains/bitcoin/serialize.ts";
import { randomOf } from "../ledger/random-chain.ts";

export type MinedBlock = {
  readonly height: number;
  /** As printed. */
  readonly hash: string;
  readonly bytes: Buffer;
  /** What its inputs but the coinbase's spend, in their order. */
  readonly spent: readonly TestOutput[];
};

/** How an output is spent without a key. */
type Spend = Pick<TestInput, "script" | "witness">;
type Coin = {
  readonly txid: Buffer;
  readonly index: number;
  readonly output: TestOutput;
  readonly spend: Spend;
  readonly height: number;
};

const display = (hash: Uint8Array): string => Buffer.from(hash.toReversed()).toString("hex");
const opTrue = Buffer.of(0x51);
const none = Buffer.alloc(0);
const push = (bytes: Buffer): Buffer => Buffer.concat([Buffer.of(bytes.length), bytes]);
const nested = scripts.witness(0, sha256(opTrue));

/** Outputs that anyone can spend, and how. */
const open: readonly { readonly script: Buffer; readonly spend: Spend }[] = [
  { script: opTrue, spend: { script: none } },
  { script: scripts.p2sh(hash160(opTrue)), spend: { script: push(opTrue) } },
  { script: nested, spend: { script: none, witness: [opTrue] } },
  { script: scripts.p2sh(hash160(nested)), spend: { script: push(nested), witness: [opTrue] } },
  // Later versions of witness programs are free to spend until they are given a meaning; so is pay-to-anchor.
  { script: scripts.witness(3, sha256(opTrue)), spend: { script: none } },
  { script: fromHex("51024e73"), spend: { script: none } },
];

/** Outputs that stay. */
const closed: readonly { readonly script: Buffer }[] = [
  { script: scripts.p2pk(fullKey) },
  { script: scripts.p2pk(shortKey) },
  { script: scripts.p2pkh(hash160(shortKey)) },
  { script: scripts.multisig(1, [shortKey, fullKey]) },
  { script: scripts.data(Buffer.from("of no owner")) },
  { script: fromHex("7551") },
  { script: none },
  { script: scripts.witness(0, hash160(shortKey)) },
  { script: scripts.witness(1, shortKey.subarray(1)) },
];

/** Regtest's first block. Source: Bitcoin Core, `src/kernel/chainparams.cpp`. */
const first = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206";

/** Regtest's block reward halves every 150 blocks. Source: Bitcoin Core, `src/kernel/chainparams.cpp`. */
const rewardOf = (height: number): bigint => 5_000_000_000n >> BigInt(Math.floor(height / 150));
const matureAfter = 100;

/** Grows a chain of valid blocks; a fork begins with a copy of the state at its place. */
export class Miner {
  readonly #random: (below: number) => number;
  readonly #seed: number;
  readonly #coins: Coin[];
  #parent: Buffer;
  #height: number;

  /** @param after - What to go on from; undefined: regtest's first block. */
  constructor(seed: number, after?: Miner) {
    this.#seed = seed;
    this.#random = randomOf(seed);
    this.#coins = after === undefined ? [] : [...after.#coins];
    this.#height = after === undefined ? 0 : after.#height;
    this.#parent = after === undefined ? Buffer.from(fromHex(first).toReversed()) : after.#parent;
  }

  /** The next block, with some transactions once there are coins that may be spent. */
  mine(): MinedBlock {
    this.#height += 1;
    const height = this.#height;
    const fresh: Coin[] = [];
    const spent: TestOutput[] = [];
    const ripe = this.#coins.filter((coin) => coin.height + matureAfter <= height);
    const transactions: TestTransaction[] = [];
    for (let left = ripe.length === 0 ? 0 : 1 + this.#random(4); left > 0 && ripe.length > 0; left -= 1) {
      const taken = Array.from({ length: 1 + this.#random(3) }, () => ripe.splice(this.#random(ripe.length), 1)).flat();
      const transaction = this.#spend(taken);
      for (const coin of taken) this.#coins.splice(this.#coins.indexOf(coin), 1);
      transactions.push(transaction);
      spent.push(...taken.map(({ output }) => output));
      // What is made here is old enough at once: only a block's reward has to ripen.
      fresh.push(...this.#coinsOf(transaction, -matureAfter));
      if (this.#random(2) === 0) ripe.push(...fresh.splice(0, 1).map((coin) => (this.#coins.push(coin), coin)));
    }
    const reward = this.#reward(height, transactions);
    this.#coins.push(...fresh, ...this.#coinsOf(reward, height));
    const bytes = this.#seal([reward, ...transactions], height);
    this.#parent = hash256(bytes.subarray(0, 80));
    return { height, hash: display(this.#parent), bytes, spent };
  }

  #spend(coins: readonly Coin[]): TestTransaction {
    const total = coins.reduce((sum, { output }) => sum + output.value, 0n);
    const count = 1 + this.#random(4);
    const part = total / BigInt(count + 1);
    const pick = <Kind>(kinds: readonly Kind[]): Kind => kinds[this.#random(kinds.length)] as Kind;
    const outputs = Array.from({ length: count }, (_, index) => ({
      // The last part is the fee; some outputs are worth nothing.
      value: this.#random(10) === 0 ? 0n : part,
      script: pick<{ readonly script: Buffer }>(index === 0 || this.#random(2) === 0 ? open : closed).script,
    }));
    const hasWitness = coins.some(({ spend }) => spend.witness !== undefined);
    const inputs = coins.map((coin) => ({
      txid: coin.txid,
      index: coin.index,
      ...coin.spend,
      ...(hasWitness ? { witness: coin.spend.witness ?? [] } : {}),
    }));
    return { version: 1 + this.#random(2), inputs, outputs };
  }

  #coinsOf(transaction: TestTransaction, height: number): readonly Coin[] {
    const id = txid(transaction);
    return transaction.outputs.flatMap((output, index) => {
      const way = open.find(({ script }) => script.equals(output.script));
      return way === undefined ? [] : [{ txid: id, index, output, spend: way.spend, height }];
    });
  }

  #reward(height: number, transactions: readonly TestTransaction[]): TestTransaction {
    const reward = coinbase([{ value: rewardOf(height), script: opTrue }], heightScript(height, this.#seed));
    // BIP-141: the commitment to all witnesses.
    const root = merkleRoot([Buffer.alloc(32), ...transactions.map((one) => hash256(whole(one).bytes))]);
    const commitment = hash256(Buffer.concat([root, Buffer.alloc(32)]));
    const marker = Buffer.concat([fromHex("6a24aa21a9ed"), commitment]);
    return {
      inputs: reward.inputs.map((input) => ({ ...input, witness: [Buffer.alloc(32)] })),
      outputs: [...reward.outputs, { value: 0n, script: marker }],
    };
  }

  /** Finds a header whose hash is low enough: every second one is. */
  #seal(transactions: readonly TestTransaction[], height: number): Buffer {
    const header = { version: 0x2000_0000, time: 1_700_000_000 + height * 600, parent: this.#parent };
    const bytes = blockOf(transactions.map(whole), { header });
    uint32(0x207f_ffff).copy(bytes, 72);
    for (let nonce = 0; ; nonce += 1) {
      bytes.writeUInt32LE(nonce, 76);
      if ((hash256(bytes.subarray(0, 80))[31] ?? 0xff) < 0x7f) return bytes;
    }
  }
}

/** BIP-34's height, and what makes the coinbase one of its own. */
function heightScript(height: number, seed: number): Buffer {
  if (height <= 16) return Buffer.of(0x50 + height, 1, seed);
  return height < 0x80 ? Buffer.of(1, height, 1, seed) : Buffer.of(2, height & 0xff, height >> 8, 1, seed);
}

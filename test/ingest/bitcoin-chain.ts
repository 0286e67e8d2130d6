/** A regtest chain with payments in it, in the forms that sources read: raw, bitcoin-etl's lines, a node's answers. */
import { ingest, type Ingested } from "../../src/ingest/ingest.ts";
import type { Source } from "../../src/ingest/source.ts";
import { chain } from "../../src/base/chains.ts";
import { checkChain } from "../../src/ledger/check.ts";
import type { Contradiction } from "../../src/ledger/check-windows.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { dumpChain } from "../../src/ledger/dump.ts";
import { LedgerReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import {
  blockOf,
  coinbase,
  fromHex,
  full,
  hash160,
  hash256,
  merkleRoot,
  scripts,
  txid,
  uint32,
  whole,
  type TestOutput,
  type TestTransaction,
} from "../chains/bitcoin/serialize.ts";
import { randomOf } from "../ledger/random-chain.ts";

export const regtest = chain("regtest");

export type ChainBlock = {
  readonly height: number;
  /** As printed. */
  readonly hash: string;
  readonly parent: string;
  readonly bytes: Buffer;
  readonly transactions: readonly TestTransaction[];
  /** Of the transactions, in internal order. */
  readonly ids: readonly Buffer[];
  /** What its inputs but the coinbase's spend, in their order. */
  readonly spent: readonly TestOutput[];
};

type Coin = { readonly txid: Buffer; readonly index: number; readonly output: TestOutput };

const display = (hash: Uint8Array): string => Buffer.from(hash.toReversed()).toString("hex");
const scriptOf = (random: (below: number) => number): Buffer => {
  const owner = hash160(Buffer.of(random(40)));
  return random(3) === 0 ? scripts.witness(0, owner) : scripts.p2pkh(owner);
};

/** Regtest's first block, whose output nobody can spend. Source: Bitcoin Core, `src/kernel/chainparams.cpp`. */
function genesis(): ChainBlock {
  const script = fromHex(
    "04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f" +
      "6e64206261696c6f757420666f722062616e6b73",
  );
  const key = fromHex(
    "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6" +
      "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f",
  );
  const output = { value: 5_000_000_000n, script: scripts.p2pk(key) };
  const transaction = { ...coinbase([output], script), version: 1 };
  const transactionBytes = full(transaction);
  // Its sequence number is the highest.
  transactionBytes[4 + 1 + 36 + 1 + script.length] = 0xff;
  const id = hash256(transactionBytes);
  const numbers = [1_296_688_602, 0x207f_ffff, 2].map(uint32);
  const header = Buffer.concat([uint32(1), Buffer.alloc(32), id, ...numbers]);
  return {
    height: 0,
    hash: display(hash256(header)),
    parent: "0".repeat(64),
    bytes: Buffer.concat([header, Buffer.of(1), transactionBytes]),
    transactions: [transaction],
    ids: [id],
    spent: [],
  };
}

/** BIP-34's height in its shortest form, up to 32,767; and what makes the coinbase one of its own. */
function heightScript(height: number, seed: number): Buffer {
  const low = height & 0xff;
  if (height <= 16) return Buffer.of(height === 0 ? 0 : 0x50 + height, 1, seed);
  return height < 0x80 ? Buffer.of(1, low, 1, seed) : Buffer.of(2, low, height >> 8, 1, seed);
}

/** So many blocks after regtest's first one, or after those that are given, which are included; `seed` tells branches apart. */
export function chainOf(
  count: number,
  seed: number,
  after: readonly ChainBlock[] = [genesis()],
): readonly ChainBlock[] {
  const random = randomOf(seed);
  const blocks = [...after];
  const coins = coinsOf(after);
  for (let height = after.length; height < after.length + count; height += 1) {
    const transactions: TestTransaction[] = [];
    const spent: TestOutput[] = [];
    const fresh: Coin[] = [];
    for (let payment = random(4); payment > 0 && coins.length > 0; payment -= 1) {
      const taken = Array.from({ length: 1 + random(3) }, () => coins.splice(random(coins.length), 1)).flat();
      const total = taken.reduce((sum, { output }) => sum + output.value, 0n);
      const parts = 1 + random(2);
      const outputs = Array.from({ length: parts }, () => ({
        value: total / BigInt(parts),
        script: scriptOf(random),
      }));
      const transaction = {
        inputs: taken.map((coin) => ({ txid: coin.txid, index: coin.index, script: Buffer.alloc(0) })),
        outputs,
      };
      transactions.push(transaction);
      spent.push(...taken.map(({ output }) => output));
      const id = txid(transaction);
      fresh.push(...outputs.map((output, index) => ({ txid: id, index, output })));
    }
    const first = coinbase([{ value: 5_000_000_000n, script: scriptOf(random) }], heightScript(height, seed));
    const [firstOutput] = first.outputs;
    if (firstOutput !== undefined) fresh.push({ txid: txid(first), index: 0, output: firstOutput });
    coins.push(...fresh);
    const parent = blocks.at(-1)?.hash ?? "0".repeat(64);
    const header = { time: 1_700_000_000 + height * 600, parent: Buffer.from(Buffer.from(parent, "hex").toReversed()) };
    const bytes = blockOf([first, ...transactions].map(whole), { header });
    const hash = display(hash256(bytes.subarray(0, 80)));
    const all = [first, ...transactions];
    blocks.push({ height, hash, parent, bytes, transactions: all, ids: all.map(txid), spent });
  }
  return blocks;
}

function coinsOf(blocks: readonly ChainBlock[]): Coin[] {
  const coins = new Map<string, Coin>();
  for (const transaction of blocks.slice(1).flatMap((block) => block.transactions)) {
    for (const input of transaction.inputs) coins.delete(`${input.txid.toString("hex")}:${input.index}`);
    const id = txid(transaction);
    for (const [index, output] of transaction.outputs.entries()) {
      coins.set(`${id.toString("hex")}:${index}`, { txid: id, index, output });
    }
  }
  return [...coins.values()];
}

const isCoinbase = ({ inputs }: TestTransaction): boolean => inputs[0]?.index === 0xffff_ffff;
const rootOf = ({ ids }: ChainBlock): string => display(merkleRoot(ids));
const timeOf = ({ bytes }: ChainBlock): number => bytes.readUInt32LE(68);

/** Base units as the coins that a node prints, digit by digit. */
const coinsText = (value: bigint): string =>
  `${value / 100_000_000n}.${(value % 100_000_000n).toString().padStart(8, "0")}`;

/** A node's answer to `getblock HASH 2`, or with `prevouts` to `getblock HASH 3`. */
export function rpcAnswer(block: ChainBlock, prevouts: "with-prevouts" | "without"): string {
  const spent = [...block.spent];
  const output = ({ value, script }: TestOutput): object => ({
    value: `@${coinsText(value)}@`,
    scriptPubKey: { hex: script.toString("hex") },
  });
  const tx = block.transactions.map((transaction, index) => ({
    txid: display(block.ids[index] ?? Buffer.alloc(0)),
    vin: transaction.inputs.map((input) => {
      if (isCoinbase(transaction)) return { coinbase: input.script.toString("hex") };
      const prevout = spent.shift();
      return {
        txid: display(input.txid),
        vout: input.index,
        ...(prevouts === "without" || prevout === undefined ? {} : { prevout: output(prevout) }),
      };
    }),
    vout: transaction.outputs.map(output),
  }));
  const text = JSON.stringify({
    hash: block.hash,
    height: block.height,
    time: timeOf(block),
    merkleroot: rootOf(block),
    ...(block.height === 0 ? {} : { previousblockhash: block.parent }),
    tx,
  });
  return text.replaceAll('"@', "").replaceAll('@"', "");
}

/** A block's lines in bitcoin-etl's export. */
export function etlLines(block: ChainBlock): { readonly block: string; readonly transactions: readonly string[] } {
  const head = { type: "block", hash: block.hash, number: block.height, timestamp: timeOf(block) };
  return {
    block: JSON.stringify({ ...head, merkle_root: rootOf(block), transaction_count: block.transactions.length }),
    transactions: block.transactions.map((transaction, index) =>
      JSON.stringify({
        type: "transaction",
        hash: display(block.ids[index] ?? Buffer.alloc(0)),
        block_number: block.height,
        block_hash: block.hash,
        is_coinbase: isCoinbase(transaction),
        index,
        inputs: isCoinbase(transaction)
          ? []
          : transaction.inputs.map((input) => ({
              spent_transaction_hash: display(input.txid),
              spent_output_index: input.index,
              value: null,
            })),
        outputs: transaction.outputs.map(({ value, script }, place) => ({
          index: place,
          script_hex: script.toString("hex"),
          value: Number(value),
        })),
      }),
    ),
  };
}

/** A ledger in memory. */
export class TestLedger {
  readonly #store: PageStore = openMemoryStore();
  readonly #alias: string;

  constructor(alias = "regtest") {
    this.#alias = alias;
  }

  /** Ingests with a commit every few transactions, so that reorganisations find states to go back to. */
  async take(
    source: Source,
    options: { readonly commit?: number; readonly onBlock?: () => void } = {},
  ): Promise<Ingested> {
    const { id } = chain(this.#alias);
    const writer = await ChainWriter.open(this.#store, { folder: "memory", chain: id, model: "utxo", finality: 100 });
    try {
      return await ingest(writer, source, {
        commitTransactions: options.commit ?? 5,
        onProgress: () => options.onBlock?.(),
      });
    } finally {
      writer.close();
    }
  }

  dump(): string {
    return this.#read((reader) => [...dumpChain(reader)].join(""));
  }

  contradictions(): readonly Contradiction[] {
    return this.#read((reader) => [...checkChain(reader)]);
  }

  #read<Result>(use: (reader: LedgerReader["chains"][number]) => Result): Result {
    const ledger = new LedgerReader(this.#store, "memory");
    try {
      const [first] = ledger.chains;
      if (first === undefined) throw new Error("the ledger has no chain");
      return use(first);
    } finally {
      ledger.close();
    }
  }
}

/** A node made up in memory: its chain, what it offers, and what it is asked. */
import { describe, expect, it } from "vitest";
import { chain as knownChain } from "../../src/base/chains.ts";
import { Failure } from "../../src/base/failure.ts";
import { evmRpcSource, type EvmRpcOptions } from "../../src/ingest/evm-rpc.ts";
import { ingest, type Ingested } from "../../src/ingest/ingest.ts";
import type { RpcClient, RpcRequest } from "../../src/ingest/rpc.ts";
import type { SourceFinding } from "../../src/ingest/source.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { checkChain } from "../../src/ledger/check.ts";
import { dumpChain } from "../../src/ledger/dump.ts";
import { LedgerReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";

type Json = Readonly<Record<string, unknown>>;
type NodeBlock = Json & { readonly hash: string; readonly transactions: readonly Json[] };

const ethereum = knownChain("ethereum");
const hex = (value: number): string => `0x${value.toString(16)}`;
const account = (digit: string): string => `0x${digit.repeat(40)}`;
const [a, b, c, d] = ["a", "b", "c", "d"].map(account) as [string, string, string, string];
const defaults: EvmRpcOptions = { from: 17_000_000, until: "latest", traces: "auto", receipts: "auto" };
const firstHeight = 17_000_000; // After the merge: no rewards.

/** A hash by branch, height and index. */
const hashOf = (branch: string, height: number, index = 0): string =>
  `0x${Buffer.from(branch).toString("hex").padEnd(8, "0").slice(0, 8)}${index.toString(16).padStart(8, "0")}${height.toString(16).padStart(48, "0")}`;

/** Blocks of two transactions each, every fifth empty; a branch begins after a block of another. */
function blocksOf(branch: string, count: number, after: readonly NodeBlock[] = []): readonly NodeBlock[] {
  const blocks = [...after];
  while (blocks.length < after.length + count) {
    const height = firstHeight + blocks.length;
    const transactions = (height % 5 === 0 ? [] : [0, 1]).map((index) => ({
      hash: hashOf(branch, height, index + 1),
      transactionIndex: hex(index),
      from: a,
      to: b,
      nonce: hex(height),
      gas: hex(50_000),
      value: hex(1_000 + index),
      type: "0x2",
    }));
    blocks.push({
      number: hex(height),
      hash: hashOf(branch, height),
      parentHash: blocks.at(-1)?.hash ?? hashOf("none", height - 1),
      timestamp: hex(1_700_000_000 + height),
      miner: d,
      uncles: [],
      transactions,
    });
  }
  return blocks;
}

const receiptOf = (block: NodeBlock, index: number): Json => ({
  blockHash: block.hash,
  transactionHash: block.transactions[index]?.["hash"],
  transactionIndex: hex(index),
  from: a,
  gasUsed: hex(21_000),
  effectiveGasPrice: hex(3),
  contractAddress: null,
  status: "0x1",
  logs: [],
});
const callOf = (transaction: Json): Json => ({
  type: "CALL",
  from: a,
  to: b,
  value: transaction["value"],
  calls: [{ type: "CALL", from: b, to: c, value: hex(7) }],
});
const flatOf = (block: NodeBlock): readonly Json[] =>
  block.transactions.flatMap((transaction, index) => {
    const of = {
      blockHash: block.hash,
      transactionHash: transaction["hash"],
      transactionPosition: index,
      type: "call",
    };
    const [outer, inner] = [
      { callType: "call", from: a, to: b, value: transaction["value"] },
      { callType: "call", from: b, to: c, value: hex(7) },
    ];
    return [
      { ...of, action: outer, traceAddress: [] },
      { ...of, action: inner, traceAddress: [0] },
    ];
  });

type Answer = (params: readonly unknown[], node: Node) => unknown;
type Node = {
  blocks: readonly NodeBlock[];
  /** Methods that answer otherwise than usual. */
  readonly changed: Map<string, Answer>;
  readonly asked: string[];
  readonly client: RpcClient;
};

const refuse = (why: string): Answer => {
  return () => {
    throw new Error(why);
  };
};
const missing = refuse("the method does not exist/is not available (-32601)");

function nodeOf(blocks: readonly NodeBlock[], changed: Readonly<Record<string, Answer>> = {}): Node {
  const node: Node = {
    blocks,
    changed: new Map(Object.entries(changed)),
    asked: [],
    client: {
      name: "http://node",
      received: () => 0,
      send: async (requests) => {
        await new Promise((resolve) => setImmediate(resolve));
        return requests.map(({ method, params }) => {
          node.asked.push(method);
          try {
            return JSON.stringify((node.changed.get(method) ?? usual[method] ?? missing)(params, node) ?? null);
          } catch (thrown) {
            const why = (thrown as Error).message;
            throw new Failure("SOURCE_REFUSED", { source: "http://node", method, why, mend: "" });
          }
        });
      },
    },
  };
  return node;
}

const at = (node: Node, height: unknown): NodeBlock | undefined =>
  node.blocks.find(({ number }) => number === height) ??
  (["safe", "finalized"].includes(String(height)) ? node.blocks.at(-3) : undefined);
const usual: Readonly<Record<string, Answer>> = {
  eth_chainId: () => "0x1",
  eth_blockNumber: (_, node) => node.blocks.at(-1)?.["number"],
  eth_getBlockByNumber: ([height], node) => at(node, height),
  eth_getBlockReceipts: ([height], node) => {
    const block = at(node, height);
    return block?.transactions.map((_, index) => receiptOf(block, index));
  },
  eth_getTransactionReceipt: ([hash], node) => {
    const block = node.blocks.find(({ transactions }) => transactions.some((one) => one["hash"] === hash));
    return (
      block &&
      receiptOf(
        block,
        block.transactions.findIndex((one) => one["hash"] === hash),
      )
    );
  },
  debug_traceBlockByNumber: ([height], node) =>
    at(node, height)?.transactions.map((one) => ({ txHash: one["hash"], result: callOf(one) })),
  trace_block: ([height], node) => {
    const block = at(node, height);
    return block && flatOf(block);
  },
};

type Taken = { readonly done: Ingested; readonly findings: readonly SourceFinding[] };
async function take(store: PageStore, node: Node, options: Partial<EvmRpcOptions> = {}, commit = 5): Promise<Taken> {
  const source = evmRpcSource(node.client, ethereum, { ...defaults, ...options });
  const writer = await ChainWriter.open(store, {
    folder: "memory",
    chain: ethereum.id,
    model: "account",
    finality: 64,
  });
  try {
    const done = await ingest(writer, source, { commitTransactions: commit, onProgress: () => undefined });
    return { done, findings: source.findings() };
  } finally {
    writer.close();
  }
}
function dump(store: PageStore): string {
  const reader = new LedgerReader(store, "memory");
  const [chain] = reader.chains;
  if (chain === undefined) throw new Error("an empty ledger");
  expect([...checkChain(chain)]).toEqual([]);
  const text = [...dumpChain(chain)].join("");
  reader.close();
  return text;
}
async function dumpOf(node: Node, options: Partial<EvmRpcOptions> = {}): Promise<string> {
  const store = openMemoryStore();
  await take(store, node, options);
  return dump(store);
}
const count = (node: Node, method: string): number => node.asked.filter((one) => one === method).length;

describe("a chain from a node", () => {
  const blocks = blocksOf("main", 57);

  it("is the same by whichever of its methods, in order and sound; again adds nothing", async () => {
    const store = openMemoryStore();
    const { done, findings } = await take(store, nodeOf(blocks));
    expect(done).toEqual({ blocks: 57, transactions: 90, rollbacks: 0 });
    expect(findings).toEqual([]);
    const text = dump(store);
    expect(text.match(/"kind":"internal"/gu)).toHaveLength(90);
    expect(text).not.toContain('"internal":"unknown"');
    const again = await take(store, nodeOf(blocks));
    expect(again.done).toEqual({ blocks: 0, transactions: 0, rollbacks: 0 });
    const others = [
      nodeOf(blocks, { eth_getBlockReceipts: missing }),
      nodeOf(blocks, { debug_traceBlockByNumber: missing }),
    ];
    expect(await Promise.all(others.map(async (node) => dumpOf(node)))).toEqual([text, text]);
    for (const options of [{ traces: "trace" }, { receipts: "transaction" }, { traces: "debug" }] as const) {
      // eslint-disable-next-line no-await-in-loop
      expect(await dumpOf(nodeOf(blocks), options)).toBe(text);
    }
  });

  it("resumes after its tip as it grows, and begins and ends where told", async () => {
    const store = openMemoryStore();
    const node = nodeOf(blocks.slice(0, 23));
    await take(store, node);
    node.blocks = blocks;
    node.asked.length = 0;
    expect((await take(store, node)).done.blocks).toBe(34);
    expect(count(node, "eth_getBlockByNumber")).toBe(35);
    expect(dump(store)).toBe(await dumpOf(nodeOf(blocks)));
    const part = openMemoryStore();
    expect((await take(part, nodeOf(blocks), { from: firstHeight + 50, until: "finalized" })).done.blocks).toBe(5);
    await expect(take(part, nodeOf(blocks), { from: firstHeight + 56 })).rejects.toThrow(/would leave a gap/u);
  });

  it("asks little of empty blocks, and not again for what the node does not offer", async () => {
    const node = nodeOf(blocks, { debug_traceBlockByNumber: missing, eth_getBlockReceipts: missing });
    await dumpOf(node);
    expect(count(node, "eth_getTransactionReceipt")).toBe(90);
    expect(count(node, "eth_getBlockReceipts")).toBeLessThanOrEqual(4);
    expect(count(node, "debug_traceBlockByNumber")).toBeLessThan(41);
    const plain = nodeOf(blocks);
    await dumpOf(plain);
    expect(count(plain, "debug_traceBlockByNumber")).toBe(45);
    expect(count(plain, "eth_getBlockReceipts")).toBe(45);
  });

  it("is fetched ahead, but not far", async () => {
    const node = nodeOf(blocksOf("main", 300));
    const source = evmRpcSource(node.client, ethereum, defaults);
    for await (const { height } of source.open({ cursor: "", tip: undefined })) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(count(node, "eth_getBlockByNumber")).toBeLessThanOrEqual(height - firstHeight + 51);
      expect(source.progress().lastHeight).toBe(firstHeight + 299);
    }
  });
});

describe("internal transfers", () => {
  const blocks = blocksOf("main", 20);
  it("are unknown where the node tells no traces, which is recorded and said once with its words", async () => {
    const missingState = refuse("required historical state unavailable, block 17000003");
    const store = openMemoryStore();
    const { findings } = await take(
      store,
      nodeOf(blocks, { debug_traceBlockByNumber: missingState, trace_block: missing }),
    );
    expect(dump(store).match(/"internal":"unknown"/gu)).toHaveLength(16);
    const whats = findings.map(({ where, what }) => `${where}: ${what}`).join("\n");
    expect(whats).toMatch(/internal transfers are unknown: debug_traceBlockByNumber: required historical state/u);
    expect(findings.length).toBeLessThanOrEqual(2);
  });

  it("are unknown only in the blocks that the node cannot trace", async () => {
    const bad = hex(firstHeight + 7);
    const usually = usual["debug_traceBlockByNumber"] ?? missing;
    const store = openMemoryStore();
    const { findings } = await take(
      store,
      nodeOf(blocks, {
        debug_traceBlockByNumber: (params, node) =>
          params[0] === bad ? [{ error: "execution timeout" }, { error: "x" }] : usually(params, node),
        trace_block: missing,
      }),
    );
    expect(dump(store).match(/"internal":"unknown"/gu)).toHaveLength(1);
    expect(findings[0]?.where).toBe(`http://node, block ${firstHeight + 7}`);
  });

  it("are asked for as told, or the node's refusal is a failure", async () => {
    const node = nodeOf(blocks, { debug_traceBlockByNumber: missing, trace_block: missing });
    await expect(dumpOf(node, { traces: "debug" })).rejects.toThrow(/refuses debug_traceBlockByNumber/u);
    await expect(dumpOf(node, { traces: "trace" })).rejects.toThrow(/refuses trace_block/u);
    const none = nodeOf(blocks);
    expect((await dumpOf(none, { traces: "none" })).match(/"internal":"unknown"/gu)).toHaveLength(16);
    expect(count(none, "debug_traceBlockByNumber") + count(none, "trace_block")).toBe(0);
    const receipts = nodeOf(blocks, { eth_getBlockReceipts: missing });
    await expect(dumpOf(receipts, { receipts: "block" })).rejects.toThrow(/refuses eth_getBlockReceipts/u);
  });
});

describe("reorganisations", () => {
  const main = blocksOf("main", 40);
  it.each([1, 2, 9, 22])("%i blocks deep between two runs are followed", async (depth) => {
    const store = openMemoryStore();
    await take(store, nodeOf(main));
    const other = blocksOf("other", depth + 3, main.slice(0, 40 - depth));
    const { done } = await take(store, nodeOf(other));
    expect(done.rollbacks).toBeGreaterThan(0);
    expect(dump(store)).toBe(await dumpOf(nodeOf(other)));
  });

  it("to a chain of the same length are followed", async () => {
    const store = openMemoryStore();
    await take(store, nodeOf(main));
    const other = blocksOf("other", 4, main.slice(0, 36));
    await take(store, nodeOf(other));
    expect(dump(store)).toBe(await dumpOf(nodeOf(other)));
  });

  it("a node that is behind gives nothing, and a finding", async () => {
    const store = openMemoryStore();
    await take(store, nodeOf(main));
    const { done, findings } = await take(store, nodeOf(main.slice(0, 30)));
    expect(done).toEqual({ blocks: 0, transactions: 0, rollbacks: 0 });
    expect(findings[0]?.what).toMatch(/its chain ends at block 17000029, before block 17000039: nothing was taken/u);
  });

  it.each(["eth_getBlockByNumber", "eth_getBlockReceipts", "debug_traceBlockByNumber"])(
    "in the midst of a run, at any request of %s, give the new chain",
    async (method) => {
      const other = blocksOf("other", 14, main.slice(0, 31));
      const wanted = await dumpOf(nodeOf(other));
      for (let moment = 1; moment <= count40(method); moment += 3) {
        const node = nodeOf(main);
        let calls = 0;
        node.changed.set(method, (params) => {
          calls += 1;
          if (calls === moment) node.blocks = other;
          return (usual[method] ?? missing)(params, node);
        });
        const store = openMemoryStore();
        // eslint-disable-next-line no-await-in-loop
        await take(store, node);
        // What came after the head that the run began with comes with the next.
        // eslint-disable-next-line no-await-in-loop
        await take(store, node);
        expect(dump(store)).toBe(wanted);
      }
    },
  );
});

const count40 = (method: string): number => (method === "eth_getBlockByNumber" ? 40 : 32);

describe("a wrong node", () => {
  const blocks = blocksOf("main", 12);
  const [, , other] = blocksOf("else", 3) as [NodeBlock, NodeBlock, NodeBlock];
  const usualBlock = usual["eth_getBlockByNumber"] ?? missing;
  it.each<readonly [string, Readonly<Record<string, Answer>>, RegExp]>([
    ["of another chain", { eth_chainId: () => "0x38" }, /a node of the chain eip155:56, not of Ethereum \(eip155:1\)/u],
    ["without a chain", { eth_chainId: () => null }, /eth_chainId is missing/u],
    ["without a head", { eth_blockNumber: () => "x" }, /eth_blockNumber is "x"/u],
    [
      "that lacks a block",
      {
        eth_getBlockByNumber: (params, node) => (params[0] === blocks[4]?.["number"] ? null : usualBlock(params, node)),
      },
      /block 17000004: the node does not have it/u,
    ],
    [
      "that gives another block",
      { eth_getBlockByNumber: ([, full], node) => usualBlock([blocks[0]?.["number"], full], node) },
      /the node gave block 17000000 for it/u,
    ],
    [
      "whose receipts are another block's",
      {
        eth_getBlockReceipts: () => [0, 1].map((index) => receiptOf(other, index)),
      },
      /a receipt is of another block/u,
    ],
    ["without receipts", { eth_getBlockReceipts: () => null }, /receipts is missing/u],
    ["whose traces are null", { debug_traceBlockByNumber: () => null }, /traces is missing/u],
    ["whose block is no object", { eth_getBlockByNumber: () => 5 }, /the block is missing or no object/u],
  ])("%s is refused", async (_, changed, message) => {
    const store = openMemoryStore();
    const thrown: unknown = await take(store, nodeOf(blocks, changed)).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Failure);
    expect((thrown as Failure).code).toBe("SOURCE_INVALID");
    expect((thrown as Failure).message).toMatch(message);
    await take(store, nodeOf(blocks));
    expect(dump(store)).toBe(await dumpOf(nodeOf(blocks)));
  });

  it("keeps what was committed before a failure", async () => {
    const store = openMemoryStore();
    const node = nodeOf(blocksOf("main", 80));
    node.changed.set("eth_getBlockByNumber", (params) => {
      if (params[0] === hex(firstHeight + 70)) throw new Error("gone");
      return usualBlock(params, node);
    });
    await expect(take(store, node)).rejects.toThrow(/refuses eth_getBlockByNumber: gone/u);
    expect(dump(store).match(/"block":/gu)?.length).toBeGreaterThan(60);
  });
});

describe("uncles", () => {
  it("are asked for where Ethereum rewards them", async () => {
    const height = 5_000_000;
    const uncle = hashOf("uncle", 1);
    const block: NodeBlock = {
      number: hex(height),
      hash: hashOf("main", height),
      parentHash: hashOf("main", height - 1),
      timestamp: hex(1_500_000_000),
      miner: d,
      uncles: [uncle],
      transactions: [],
    };
    const asked: RpcRequest["params"][] = [];
    const node = nodeOf([block], {
      eth_getUncleByBlockNumberAndIndex: (params) => {
        asked.push(params);
        return { hash: uncle, number: hex(height - 1), miner: c };
      },
    });
    const text = await dumpOf(node, { from: height });
    expect(asked).toEqual([[hex(height), "0x0"]]);
    expect(text).toContain(`"to":"${c}","amount":"2625000000000000000"`);
  });
});

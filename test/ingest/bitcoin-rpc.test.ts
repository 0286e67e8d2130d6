/** A node's JSON-RPC as a source, by a node that is played here: its answers, its reorganisations, its faults. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { Failure } from "../../src/base/failure.ts";
import { bitcoinBlkSource } from "../../src/ingest/bitcoin-blk.ts";
import { bitcoinRpcSource } from "../../src/ingest/bitcoin-rpc.ts";
import type { RpcClient, RpcRequest } from "../../src/ingest/rpc.ts";
import { diskFiles } from "../../src/io/disk-files.ts";
import { httpRpc } from "../../src/io/http-rpc.ts";
import { chainOf, regtest, rpcAnswer, TestLedger, type ChainBlock } from "./bitcoin-chain.ts";
import { writeBlkFolder } from "./blk-folder.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-rpc-"));
const files = diskFiles();
afterAll(async () => {
  await files.close();
  rmSync(scratch, { recursive: true, force: true });
});

type Kind = "with-prevouts" | "without" | "raw-only";

/** A node with a chain; it remembers blocks that it left. */
class PlayedNode implements RpcClient {
  readonly name = "http://node";
  readonly received = (): number => 0;
  readonly known = new Map<string, ChainBlock>();
  blocks: readonly ChainBlock[] = [];
  kind: Kind = "with-prevouts";
  pruneHeight: number | undefined;
  /** Stands in for an answer where it gives one. */
  alter: (request: RpcRequest) => string | undefined = () => undefined;
  inFlight = 0;
  mostInFlight = 0;
  asked = 0;

  constructor(blocks: readonly ChainBlock[]) {
    this.follow(blocks);
  }

  follow(blocks: readonly ChainBlock[]): void {
    this.blocks = blocks;
    for (const block of blocks) this.known.set(block.hash, block);
  }

  async send(requests: readonly RpcRequest[]): Promise<readonly string[]> {
    const heavy = requests.filter(({ method }) => method === "getblock").length;
    this.inFlight += heavy;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    this.asked += requests.length;
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.inFlight -= heavy;
    return requests.map((request) => this.alter(request) ?? this.#answer(request));
  }

  #answer({ method, params }: RpcRequest): string {
    const [first, second] = params;
    switch (method) {
      case "getblockcount":
        return String(this.blocks.length - 1);
      case "getblockchaininfo":
        return JSON.stringify(
          this.pruneHeight === undefined ? { pruned: false } : { pruned: true, pruneheight: this.pruneHeight },
        );
      case "getblockhash": {
        const hash = this.blocks[first as number]?.hash;
        if (hash === undefined) throw refusal(method, "Block height out of range");
        return JSON.stringify(hash);
      }
      case "getblockheader": {
        const { height, hash, parent } = this.#block(method, first);
        const onChain = this.blocks[height]?.hash === hash;
        return JSON.stringify({
          hash,
          height,
          confirmations: onChain ? this.blocks.length - height : -1,
          previousblockhash: parent,
        });
      }
      case "getblock": {
        const block = this.#block(method, first);
        if (block.height < (this.pruneHeight ?? 0)) throw refusal(method, "Block not available (pruned data)");
        if (second === false) return JSON.stringify(block.bytes.toString("hex"));
        if (this.kind === "raw-only") throw refusal(method, "JSON value is not a boolean as expected");
        if (second === 3 && this.kind === "without") throw refusal(method, "Verbosity must be in range from 0 to 2");
        return rpcAnswer(block, second === 3 ? "with-prevouts" : "without");
      }
      default:
        throw refusal(method, "Method not found");
    }
  }

  #block(method: string, hash: unknown): ChainBlock {
    const block = this.known.get(hash as string);
    if (block === undefined) throw refusal(method, "Block not found");
    return block;
  }
}

function refusal(method: string, why: string): Failure {
  return new Failure("SOURCE_REFUSED", { source: "http://node", method, why, mend: "look at the node" });
}

const main = chainOf(120, 1);
const take = async (ledger: TestLedger, node: PlayedNode): Promise<object> =>
  ledger.take(bitcoinRpcSource(node, regtest));
let folders = 0;
async function direct(blocks: readonly ChainBlock[]): Promise<string> {
  folders += 1;
  const folder = path.join(scratch, String(folders));
  writeBlkFolder(folder, blocks);
  const ledger = new TestLedger();
  await ledger.take(bitcoinBlkSource(files, regtest, folder));
  return ledger.dump();
}

describe("a node", () => {
  it.each(["with-prevouts", "without", "raw-only"] as const)("%s: gives what the raw blocks give", async (kind) => {
    const node = new PlayedNode(main);
    node.kind = kind;
    const ledger = new TestLedger();
    expect(await take(ledger, node)).toMatchObject({ blocks: 121, rollbacks: 0 });
    expect(ledger.dump()).toBe(await direct(main));
    expect(ledger.contradictions()).toEqual([]);
    const before = node.asked;
    expect(await take(ledger, node)).toEqual({ blocks: 0, transactions: 0, rollbacks: 0 });
    expect(node.asked - before).toBeLessThan(5);
  });

  it("is asked some blocks ahead, and not more", async () => {
    const node = new PlayedNode(main);
    await take(new TestLedger(), node);
    expect(node.mostInFlight).toBeGreaterThan(8);
    expect(node.mostInFlight).toBeLessThanOrEqual(64);
  });

  it("that is pruned gives the blocks that it has, and what they spend from before", async () => {
    const node = new PlayedNode(main);
    node.pruneHeight = 70;
    const ledger = new TestLedger();
    expect(await take(ledger, node)).toMatchObject({ blocks: 51 });
    const amounts = ledger
      .dump()
      .trim()
      .split("\n")
      .flatMap((line) => (JSON.parse(line) as { inputs?: { ref?: string; amount?: string | null }[] }).inputs ?? [])
      .filter(({ ref }) => ref !== undefined)
      .map(({ amount }) => amount);
    expect(amounts).toEqual(main.slice(70).flatMap(({ spent }) => spent.map(({ value }) => String(value))));
    expect(ledger.contradictions()).toEqual([]);
  });

  it("grown since, and while it is read, is read to its end", async () => {
    const node = new PlayedNode(main.slice(0, 50));
    const ledger = new TestLedger();
    await take(ledger, node);
    node.follow(main.slice(0, 80));
    let blocks = 0;
    const grow = (): void => {
      blocks += 1;
      if (blocks === 10) node.follow(main);
    };
    expect(await ledger.take(bitcoinRpcSource(node, regtest), { onBlock: grow })).toMatchObject({ blocks: 71 });
    expect(ledger.dump()).toBe(await direct(main));
  });

  it("behind the ledger changes nothing", async () => {
    const ledger = new TestLedger();
    await take(ledger, new PlayedNode(main));
    expect(await take(ledger, new PlayedNode(main.slice(0, 100)))).toEqual({
      blocks: 0,
      transactions: 0,
      rollbacks: 0,
    });
    expect(ledger.dump()).toBe(await direct(main));
  });

  it.each(["remembers", "has forgotten"])("reorganised since, that %s the old branch, is followed", async (memory) => {
    const other = chainOf(40, 2, main.slice(0, 95));
    const node = new PlayedNode(main);
    const ledger = new TestLedger();
    await take(ledger, node);
    if (memory === "has forgotten") node.known.clear();
    node.follow(other);
    expect(await take(ledger, node)).not.toMatchObject({ rollbacks: 0 });
    expect(ledger.dump()).toBe(await direct(other));
    expect(ledger.contradictions()).toEqual([]);
  });

  it.each([
    [30, 40, 25],
    [60, 60, 58],
    // To a chain of the same length, and to a shorter one, at the very end.
    [121, 20, 101],
    [121, 5, 110],
  ])("reorganised at its block %i, to %i blocks after block %i, is followed", async (when, count, after) => {
    const other = chainOf(count, 3, main.slice(0, after));
    const node = new PlayedNode(main);
    const ledger = new TestLedger();
    let blocks = 0;
    const turn = (): void => {
      blocks += 1;
      if (blocks === when) node.follow(other);
    };
    expect(await ledger.take(bitcoinRpcSource(node, regtest), { onBlock: turn })).not.toMatchObject({ rollbacks: 0 });
    expect(ledger.dump()).toBe(await direct(other));
    expect(ledger.contradictions()).toEqual([]);
  });
});

/** Plays the node over HTTP, its numbers as it writes them. */
async function served(node: PlayedNode): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  type Call = RpcRequest & { readonly id: number };
  const answer = async (call: Call): Promise<string> => {
    try {
      const [result = ""] = await node.send([call]);
      return `{"result":${result},"error":null,"id":${call.id}}`;
    } catch (error) {
      return JSON.stringify({ result: null, error: { code: -8, message: (error as Error).message }, id: call.id });
    }
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const calls = JSON.parse(Buffer.concat(pieces).toString()) as Call | readonly Call[];
    if ("id" in calls) {
      const text = await answer(calls);
      // Bitcoin Core answers an error with status 500.
      response.writeHead(text.includes('"error":null') ? 200 : 500).end(text);
    } else {
      response.end(`[${(await Promise.all(calls.map(answer))).join(",")}]`);
    }
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

describe("a node over HTTP", () => {
  it.each(["with-prevouts", "raw-only"] as const)(
    "%s: gives what the raw blocks give, and is followed",
    async (kind) => {
      const node = new PlayedNode(main);
      node.kind = kind;
      const { url, close } = await served(node);
      try {
        const ledger = new TestLedger();
        const source = bitcoinRpcSource(httpRpc(url), regtest);
        expect(await ledger.take(source)).toMatchObject({ blocks: 121 });
        expect(ledger.dump()).toBe(await direct(main));
        const other = chainOf(10, 2, main.slice(0, 105));
        node.follow(other);
        expect(await ledger.take(source)).not.toMatchObject({ rollbacks: 0 });
        expect(ledger.dump()).toBe(await direct(other));
      } finally {
        await close();
      }
    },
  );
});

describe("a node's fault is a clear failure, after which the ledger goes on", () => {
  const victim = main[60];
  const isVictim = ({ method, params }: RpcRequest): boolean => method === "getblock" && params[0] === victim?.hash;
  it.each<readonly [string, (request: RpcRequest) => string | undefined, RegExp]>([
    [
      "stops answering",
      (request) => {
        if (!isVictim(request)) return undefined;
        throw new Failure("SOURCE_UNAVAILABLE", { source: "http://node", why: "connection refused", attempts: 5 });
      },
      /node does not answer: connection refused/u,
    ],
    [
      "refuses a block",
      (request) => {
        if (!isVictim(request)) return undefined;
        throw refusal("getblock", "Block not available (pruned data)");
      },
      /refuses getblock: Block not available/u,
    ],
    ["cuts an answer", (request) => (isVictim(request) ? '{"hash":"' : undefined), /^http:\/\/node, block .*not JSON/u],
    [
      "gives another block",
      (request) => (isVictim(request) && main[61] !== undefined ? rpcAnswer(main[61], "without") : undefined),
      /^http:\/\/node, block [0-9a-f]{64}: the answer is block/u,
    ],
    [
      "leaves out a transaction",
      (request) =>
        isVictim(request) && victim !== undefined
          ? rpcAnswer({ ...victim, transactions: victim.transactions.slice(1) }, "without")
          : undefined,
      /Merkle root/u,
    ],
    [
      "gives no hash",
      ({ method, params }) => (method === "getblockhash" && params[0] === 60 ? '"abc"' : undefined),
      /getblockhash 60: the answer is no hash/u,
    ],
    [
      "gives no height",
      ({ method }) => (method === "getblockcount" ? '"many"' : undefined),
      /getblockcount: the answer is no number/u,
    ],
  ])("%s", async (_name, alter, message) => {
    const node = new PlayedNode(main);
    node.alter = alter;
    const ledger = new TestLedger();
    await expect(take(ledger, node)).rejects.toThrow(message);
    node.alter = () => undefined;
    await take(ledger, node);
    expect(ledger.dump()).toBe(await direct(main));
  });

  it("of another chain is refused before anything is written", async () => {
    const ledger = new TestLedger("bitcoin");
    const source = bitcoinRpcSource(new PlayedNode(main), chain("bitcoin"));
    await expect(ledger.take(source)).rejects.toThrow(
      /its first block is 0f9188f13cb7b2c7.* which is not that of Bitcoin;/u,
    );
    expect(ledger.dump()).toBe("");
  });
});

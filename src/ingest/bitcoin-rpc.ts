import type { KnownChain } from "../base/chains.ts";
import { Failure, isFailure } from "../base/failure.ts";
import type { UtxoBlock } from "../chains/block.ts";
import { decodeBlock } from "../chains/bitcoin/block.ts";
import { decodeRpcBlock } from "../chains/bitcoin/rpc.ts";
import type { Tip } from "../ledger/manifest.ts";
import { hexOf } from "./blk-index.ts";
import { isFirstBlock } from "./first-block.ts";
import type { RpcClient, RpcRequest } from "./rpc.ts";
import type { Source, SourceBlock } from "./source.ts";

/**
 * What `getblock` is asked for, the best first: with prevouts, without, the raw bytes. Old nodes of Bitcoin Core know the last
 * alone; btcd has the transactions of 2 and 3 in a form of its own, and knows no boolean.
 */
const verbosities = [3, 2, 0, false] as const;
/** The transactions of a verbose answer, whole. */
const verboseForm = /"tx":\s*\[\s*\{/u;
type Verbosity = (typeof verbosities)[number];

/** How many blocks are asked for at once, and how many characters they may have together, by the blocks before. */
const groupBlocks = 32;
const groupCharacters = 32 * 1024 * 1024;
/** Groups that are asked for while one is read. */
const groupsAhead = 2;

/**
 * A Bitcoin node's JSON-RPC as a source: from the first block that the node still has to its tip.
 *
 * Blocks are asked for with what they spend where the node offers that (`getblock HASH 3`, Bitcoin Core 23). Where the
 * ledger's tip is not on the node's chain, the blocks begin after the last one that both have.
 * @param chain - One of the family `bitcoin`; the node's first block must be the chain's.
 * @throws {Failure} when opened: `SOURCE_UNAVAILABLE`, `SOURCE_REFUSED`, and `SOURCE_INVALID` for a node of another chain
 *   and an answer that is not as it should be.
 * Cost: memory of three groups of answers, each of at most 32 blocks and about 32 MB.
 */
export function bitcoinRpcSource(rpc: RpcClient, chain: KnownChain): Source {
  let lastHeight: number | undefined;
  return {
    name: rpc.name,
    model: "utxo",
    async *open({ tip }) {
      const node = new Node(rpc, chain);
      await node.requireChain();
      let last = tip;
      for (;;) {
        const end = await node.height();
        lastHeight = end;
        const from = await node.nextAfter(last, end);
        if (from > end) return;
        for await (const block of blocksOf(node, from, end)) {
          yield block;
          const hash = block.block.hash;
          last = {
            height: block.height,
            time: block.block.time,
            hash: hash instanceof Uint8Array ? hexOf(hash) : hash,
          };
        }
        // Meanwhile the chain has perhaps grown, or was reorganised at its end.
      }
    },
    progress: () => ({ bytes: rpc.received(), bytesTotal: undefined, lastHeight }),
    findings: () => [],
  };
}

/** Blocks in order, some of them asked for ahead. */
async function* blocksOf(node: Node, from: number, end: number): AsyncIterable<SourceBlock> {
  const groups: Promise<readonly Answer[]>[] = [];
  let next = from;
  let [size, largest] = [1, 0];
  const ask = (): boolean => {
    if (next > end) return false;
    const heights = Array.from({ length: Math.min(size, end - next + 1) }, (_, index) => next + index);
    const group = node.blocks(heights);
    // Nobody may look at it any more where the reader has stopped.
    group.catch(() => undefined);
    groups.push(group);
    next += heights.length;
    return true;
  };
  await node.chooseVerbosity(from);
  ask();
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    const answers = await group;
    if (answers.length === 0) return;
    largest = Math.max(largest >> 1, ...answers.map(({ text }) => text.length), 1);
    size = Math.max(
      1,
      Math.min(groupBlocks, size * 2, largest > groupCharacters ? 1 : (groupCharacters / largest) | 0),
    );
    while (groups.length < groupsAhead) if (!ask()) break;
    for (const answer of answers) {
      const block = node.decode(answer);
      yield { block, height: answer.height, cursor: String(answer.height) };
    }
  }
}

type Answer = { readonly height: number; readonly hash: string; readonly text: string };

/** What is asked of a node. */
class Node {
  readonly #rpc: RpcClient;
  readonly #chain: KnownChain;
  #verbosity: Verbosity | undefined;

  constructor(rpc: RpcClient, chain: KnownChain) {
    this.#rpc = rpc;
    this.#chain = chain;
  }

  async height(): Promise<number> {
    const count = await this.#ask({ method: "getblockcount", params: [] });
    if (typeof count === "number" && Number.isSafeInteger(count) && count >= 0) return count;
    throw this.#invalid("getblockcount", "the answer is no number");
  }

  /** @throws {Failure} `SOURCE_INVALID` where the node follows another chain. */
  async requireChain(): Promise<void> {
    const { name } = this.#chain;
    const hash = await this.#hashAt(0);
    if (isFirstBlock(this.#chain, hash)) return;
    const mend = "name the node's own chain in --chain";
    const why = `its first block is ${hash}, which is not that of ${name}`;
    throw new Failure("SOURCE_INVALID", { source: this.#rpc.name, where: "", why, mend });
  }

  /**
   * The height after the last block that a ledger's tip and the node's chain have in common.
   *
   * Where the node is behind the ledger, that is after its end. Where it does not know the tip's block, it is the tip's
   * own height, and the ledger goes back from there.
   */
  async nextAfter(tip: Tip | undefined, end: number): Promise<number> {
    if (tip?.hash === undefined) return this.#firstKept();
    if (tip.height <= end && (await this.#hashAt(tip.height)) === tip.hash) return tip.height + 1;
    let hash = tip.hash;
    for (let height = tip.height; height >= 0; height -= 1) {
      const header = await this.#header(hash);
      if (header === undefined) return height;
      if (header.height !== height) throw this.#invalid(`block header ${hash}`, `its height is not ${height}`);
      if (header.confirmations >= 0) return height + 1;
      hash = header.previousblockhash ?? "";
    }
    return 0;
  }

  /** Takes the best form that the node offers; a pruned or broken block is refused in every form. */
  async chooseVerbosity(height: number): Promise<void> {
    if (this.#verbosity !== undefined) return;
    const hash = await this.#hashAt(height);
    for (const verbosity of verbosities) {
      try {
        const [text = ""] = await this.#rpc.send([{ method: "getblock", params: [hash, verbosity] }]);
        if (isVerbose(verbosity) && !verboseForm.test(text)) continue;
        this.#verbosity = verbosity;
        return;
      } catch (thrown) {
        if (verbosity === false || !isFailure(thrown, "SOURCE_REFUSED")) throw thrown;
      }
    }
  }

  /** The blocks at these heights; none where the chain has become shorter than that. */
  async blocks(heights: readonly number[]): Promise<readonly Answer[]> {
    const hashes = await this.#hashesAt(heights);
    if (hashes === undefined) return [];
    const verbosity = this.#verbosity ?? false;
    const texts = await this.#rpc.send(hashes.map((hash) => ({ method: "getblock", params: [hash, verbosity] })));
    return heights.map((height, index) => ({ height, hash: hashes[index] ?? "", text: texts[index] ?? "" }));
  }

  /** @throws {Failure} `SOURCE_INVALID`, with the node's name, for a block that is not as it should be. */
  decode({ height, hash, text }: Answer): UtxoBlock {
    const block = this.#decode(text, hash);
    const given = hexOf(block.hash);
    if (given !== hash) throw this.#invalid(`block ${hash}`, `the answer is block ${given}`);
    if (block.height === undefined || block.height === height) return block;
    throw this.#invalid(
      `block ${hash}`,
      `the answer says height ${block.height}, and the node's chain has it at ${height}`,
    );
  }

  #decode(text: string, hash: string): UtxoBlock {
    try {
      if (isVerbose(this.#verbosity ?? false)) return decodeRpcBlock(this.#chain, { block: text, transactions: [] });
      const digits = /^"(?<digits>(?:[0-9a-fA-F]{2})+)"$/u.exec(text)?.groups?.["digits"];
      if (digits === undefined) throw this.#invalid(`block ${hash}`, "the answer is not hexadecimal");
      return decodeBlock(this.#chain, new Uint8Array(Buffer.from(digits, "hex")));
    } catch (thrown) {
      if (!isFailure(thrown, "SOURCE_INVALID")) throw thrown;
      const { where, why, mend } = (thrown as Failure<"SOURCE_INVALID">).data;
      const of = where.includes(hash) ? where : `block ${hash}, ${where}`;
      throw new Failure("SOURCE_INVALID", { source: this.#rpc.name, where: of, why, mend }, thrown);
    }
  }

  /** The first block that a pruned node still has; 0 for others. */
  async #firstKept(): Promise<number> {
    try {
      const info = await this.#ask({ method: "getblockchaininfo", params: [] });
      const { pruned, pruneheight } = (info ?? {}) as { readonly pruned?: unknown; readonly pruneheight?: unknown };
      return pruned === true && Number.isSafeInteger(pruneheight) ? (pruneheight as number) : 0;
    } catch (thrown) {
      // Nodes from before 2015 have no such method.
      if (isFailure(thrown, "SOURCE_REFUSED")) return 0;
      throw thrown;
    }
  }

  /** Undefined where the node does not know the block. */
  async #header(hash: string): Promise<Header | undefined> {
    try {
      const header = (await this.#ask({ method: "getblockheader", params: [hash] })) as Partial<Header> | null;
      const isWhole = Number.isSafeInteger(header?.height) && Number.isSafeInteger(header?.confirmations);
      if (isWhole) return header as Header;
    } catch (thrown) {
      if (isFailure(thrown, "SOURCE_REFUSED")) return undefined;
      throw thrown;
    }
    throw this.#invalid(`block header ${hash}`, "the answer lacks height or confirmations");
  }

  /** Undefined where a reorganisation has left the chain without one of them. */
  async #hashesAt(heights: readonly number[]): Promise<readonly string[] | undefined> {
    try {
      const texts = await this.#rpc.send(heights.map((height) => ({ method: "getblockhash", params: [height] })));
      return texts.map((text, index) => this.#hash(text, heights[index] ?? 0));
    } catch (thrown) {
      const isShorter = isFailure(thrown, "SOURCE_REFUSED") && (await this.height()) < (heights.at(-1) ?? 0);
      if (isShorter) return undefined;
      throw thrown;
    }
  }

  async #hashAt(height: number): Promise<string> {
    const [text = ""] = await this.#rpc.send([{ method: "getblockhash", params: [height] }]);
    return this.#hash(text, height);
  }

  #hash(text: string, height: number): string {
    const hash = /^"(?<hash>[0-9a-f]{64})"$/u.exec(text)?.groups?.["hash"];
    if (hash !== undefined) return hash;
    throw this.#invalid(`getblockhash ${height}`, "the answer is no hash");
  }

  /** A small answer, in which no number is an amount. */
  async #ask(request: RpcRequest): Promise<unknown> {
    const [text = ""] = await this.#rpc.send([request]);
    try {
      return JSON.parse(text);
    } catch {
      throw this.#invalid(request.method, "the answer is no JSON");
    }
  }

  #invalid(where: string, why: string): Failure {
    const mend = "check that this is a Bitcoin node's JSON-RPC, then run this again";
    return new Failure("SOURCE_INVALID", { source: this.#rpc.name, where, why, mend });
  }
}

function isVerbose(verbosity: Verbosity): boolean {
  return verbosity === 3 || verbosity === 2;
}

/** A header's place; confirmations below 0: not on the best chain. */
type Header = { readonly height: number; readonly confirmations: number; readonly previousblockhash?: string };

import type { KnownChain } from "../base/chains.ts";
import { Failure, isFailure } from "../base/failure.ts";
import type { EvmDecoded } from "../chains/evm/assemble.ts";
import { decodeBlock } from "../chains/evm/block.ts";
import { invalid, isAbsent, readFields, readList, textOf, type Fields } from "../chains/evm/read.ts";
import type { RpcClient, RpcRequest } from "./rpc.ts";
import type { SourceFinding } from "./source.ts";

/** By which of a node's methods blocks are read. */
export type EvmReading = {
  /**
   * Where value moved inside transactions is read: `debug_traceBlockByNumber`, `trace_block`, or nowhere. `auto`: for each
   * block the first of them that the node answers, and else the ledger has it as unknown.
   */
  readonly traces: "auto" | "debug" | "trace" | "none";
  /** `eth_getBlockReceipts`, or one by one; `auto`: the latter where the node refuses the former. */
  readonly receipts: "auto" | "block" | "transaction";
};

/** How often a block is fetched whose answers contradict each other: a reorganisation came between them. */
const fetchesMax = 3;

type TraceKind = "debug" | "trace";
type Traced = { readonly kind: TraceKind | "none"; readonly answer: unknown };
const untraced: Traced = { kind: "none", answer: undefined };

/** Fetches a node's blocks with their receipts, traces and uncles, and decodes them. */
export class EvmBlocks {
  readonly #rpc: RpcClient;
  readonly #chain: KnownChain;
  readonly #options: EvmReading;
  /** Blocks of which the node told no traces, by its words. */
  readonly #untraced = new Map<string, { readonly first: number; readonly last: number; readonly count: number }>();
  #traceKinds: readonly TraceKind[];
  #receipts: "block" | "transaction";

  constructor(rpc: RpcClient, chain: KnownChain, options: EvmReading) {
    this.#rpc = rpc;
    this.#chain = chain;
    this.#options = options;
    this.#traceKinds =
      options.traces === "auto" ? ["debug", "trace"] : options.traces === "none" ? [] : [options.traces];
    this.#receipts = options.receipts === "transaction" ? "transaction" : "block";
  }

  /** The ranges whose internal transfers stay unknown, and why. */
  findings(): readonly SourceFinding[] {
    return [...this.#untraced].map(([why, { first, last, count }]) => ({
      where: `${this.#rpc.name}, ${first === last ? `block ${first}` : `${count} blocks from ${first} to ${last}`}`,
      what: `internal transfers are unknown: ${why}`,
    }));
  }

  /**
   * Blocks of a range of heights, in order.
   *
   * @throws {Failure} `SOURCE_INVALID` where a block's answers contradict each other each time; and what the client throws.
   */
  async read(first: number, count: number): Promise<readonly EvmDecoded[]> {
    const heights = Array.from({ length: count }, (_, index) => first + index);
    const answers = await this.#ask(heights.map((height) => blockRequest(height)));
    const blocks = heights.map((height, index) => this.#fieldsOf(answers[index], height));
    const receipts = await this.#receiptsOf(blocks, heights);
    return Promise.all(
      heights.map(async (height, index) => this.#decode(height, { block: blocks[index], receipts: receipts[index] })),
    );
  }

  async #decode(
    height: number,
    known: { readonly block: Fields | undefined; readonly receipts: unknown },
  ): Promise<EvmDecoded> {
    let { block, receipts } = known;
    for (let fetches = 1; ; fetches += 1) {
      try {
        if (block === undefined) throw invalid(this.#place(height), "the node does not have it", "run this again");
        return await this.#complete(height, block, receipts);
      } catch (thrown) {
        if (fetches === fetchesMax || !isFailure(thrown, "SOURCE_INVALID")) throw thrown;
      }
      block = this.#fieldsOf((await this.#ask([blockRequest(height)]))[0], height);
      receipts = (await this.#receiptsOf([block], [height]))[0];
    }
  }

  async #complete(height: number, block: Fields, receipts: unknown): Promise<EvmDecoded> {
    const traces = await this.#tracesOf(height, block);
    const uncles = traces.kind === "trace" ? undefined : await this.#unclesOf(height, block);
    const decoded = decodeBlock(this.#chain, { block, receipts, traces: traces.answer, uncles });
    if (decoded.block.height === height) return decoded;
    throw invalid(this.#place(height), `the node gave block ${decoded.block.height} for it`);
  }

  #fieldsOf(answer: unknown, height: number): Fields | undefined {
    return isAbsent(answer) ? undefined : readFields(answer, "the block", this.#place(height));
  }

  /** The receipts of each block, or an answer that the decoder refuses. Empty blocks are not asked for. */
  async #receiptsOf(blocks: readonly (Fields | undefined)[], heights: readonly number[]): Promise<readonly unknown[]> {
    const hashes = blocks.map((block, index) => this.#transactionHashes(block, heights[index] ?? 0));
    if (this.#receipts === "block") {
      const full = heights.filter((_, index) => (hashes[index] ?? []).length > 0);
      const requests = full.map((height) => ({ method: "eth_getBlockReceipts", params: [quantity(height)] }));
      try {
        const answers = new Map((await this.#ask(requests)).map((answer, index) => [full[index], answer]));
        return heights.map((height) => (answers.has(height) ? answers.get(height) : []));
      } catch (thrown) {
        if (this.#options.receipts !== "auto" || !isFailure(thrown, "SOURCE_REFUSED")) throw thrown;
        this.#receipts = "transaction";
      }
    }
    const requests = hashes.flat().map((hash) => ({ method: "eth_getTransactionReceipt", params: [hash] }));
    const answers = await this.#ask(requests);
    let at = 0;
    return hashes.map((ofBlock) => {
      at += ofBlock.length;
      return answers.slice(at - ofBlock.length, at);
    });
  }

  #transactionHashes(block: Fields | undefined, height: number): readonly string[] {
    if (block === undefined) return [];
    const place = this.#place(height);
    return readList(block["transactions"], "transactions", place).map((one) =>
      textOf(readFields(one, "a transaction", place)["hash"]),
    );
  }

  async #tracesOf(height: number, block: Fields): Promise<Traced> {
    const isEmpty = this.#transactionHashes(block, height).length === 0;
    const refusals: string[] = [];
    for (const kind of this.#traceKinds) {
      // Only `trace_block` says something about a block without transactions (its rewards); the first block has none.
      if (height === 0 || (isEmpty && kind === "debug")) return untraced;
      try {
        return { kind, answer: await this.#trace(kind, height) };
      } catch (thrown) {
        if (this.#options.traces !== "auto" || !isFailure(thrown, "SOURCE_REFUSED")) throw thrown;
        const { method, why } = thrown.data as { readonly method: string; readonly why: string };
        refusals.push(`${method}: ${why}`);
        if (notOfferedWords.test(why)) this.#traceKinds = this.#traceKinds.filter((other) => other !== kind);
      }
    }
    if (!isEmpty) this.#noteUntraced(height, refusals);
    return untraced;
  }

  async #trace(kind: TraceKind, height: number): Promise<unknown> {
    if (kind === "trace") return (await this.#ask([{ method: "trace_block", params: [quantity(height)] }]))[0];
    const method = "debug_traceBlockByNumber";
    const [answer] = await this.#ask([{ method, params: [quantity(height), { tracer: "callTracer" }] }]);
    // Geth tells the failure of one transaction's tracing in its place.
    for (const entry of Array.isArray(answer) ? (answer as readonly unknown[]) : []) {
      const { error, result } = (entry ?? {}) as { readonly error?: unknown; readonly result?: unknown };
      if (typeof error === "string" && isAbsent(result) && !("type" in (entry as object))) {
        const mend = "use --traces trace or none, or a node that can";
        throw new Failure("SOURCE_REFUSED", { source: this.#rpc.name, method, why: error.slice(0, 300), mend });
      }
    }
    return answer;
  }

  #noteUntraced(height: number, refusals: readonly string[]): void {
    const why = refusals.length > 0 ? refusals.join("; ") : "no traces were read";
    // A node's words can hold a block's number: the same reason is one finding.
    const key = why.replaceAll(/0x[0-9a-f]+|[0-9]{3,}/giu, "…");
    const { first, last, count } = this.#untraced.get(key) ?? { first: height, last: height, count: 0 };
    this.#untraced.set(key, { first: Math.min(first, height), last: Math.max(last, height), count: count + 1 });
  }

  /** Uncles have rewards that Fundtrail reckons itself on Ethereum's main network only. */
  async #unclesOf(height: number, { uncles }: Fields): Promise<unknown> {
    if (this.#chain.id !== "eip155:1" || !Array.isArray(uncles) || uncles.length === 0) return undefined;
    const requests = uncles.map((_, index) => ({
      method: "eth_getUncleByBlockNumberAndIndex",
      params: [quantity(height), quantity(index)],
    }));
    return this.#ask(requests);
  }

  async #ask(requests: readonly RpcRequest[]): Promise<readonly unknown[]> {
    if (requests.length === 0) return [];
    return (await this.#rpc.send(requests)).map((answer): unknown => JSON.parse(answer));
  }

  #place(height: number): { readonly source: string; readonly where: string } {
    return { source: this.#rpc.name, where: `block ${height}` };
  }
}

/** Words of nodes and providers for a method that they do not offer at all. */
const notOfferedWords =
  /-32601|method.{0,60}(?:not (?:found|supported|available|allowed|enabled|exist)|does not exist|is not|disabled|unknown)|(?:unknown|unsupported|no such) method/iu;

function blockRequest(height: number): RpcRequest {
  return { method: "eth_getBlockByNumber", params: [quantity(height), true] };
}

function quantity(height: number): string {
  return `0x${height.toString(16)}`;
}

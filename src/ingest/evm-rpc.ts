import type { KnownChain } from "../base/chains.ts";
import { Failure } from "../base/failure.ts";
import type { EvmDecoded } from "../chains/evm/assemble.ts";
import { isAbsent, readCount, readFields, readHash } from "../chains/evm/read.ts";
import type { Tip } from "../ledger/manifest.ts";
import { EvmBlocks, type EvmReading } from "./evm-blocks.ts";
import type { RpcClient } from "./rpc.ts";
import type { Source, SourceFinding } from "./source.ts";

export type EvmRpcOptions = EvmReading & {
  /** Where an empty ledger begins; undefined: at block 0. */
  readonly from: number | undefined;
  /** The block to end with, by its tag. The ledger follows reorganisations, so that `latest` is safe too. */
  readonly until: "latest" | "safe" | "finalized";
};

/** How many blocks are asked for together, and how many such groups are under way: this bounds the memory. */
const groupBlocks = 10;
const groupsAhead = 4;
/** How many findings are kept: a whole chain can have millions. */
const findingsMax = 1_000;

/**
 * A node of an EVM chain as a source, from the ledger's tip to the chain's end as it is when the source is opened.
 *
 * Where the node has another block at the height of the ledger's tip, it is given first, so that the ledger sees the fork
 * and asks again from further back. A reorganisation during a run is seen by the ledger, for the next block has another
 * parent. A node whose chain ends before the ledger's gives nothing, and a finding: it may be syncing.
 *
 * `open` throws {Failure} `SOURCE_INVALID` where the node is of another chain or contradicts itself, `USAGE` where `from`
 * would leave a gap, and what the node's client throws.
 * Cost: two rounds of requests for each ten blocks, four such groups at once; at most 40 decoded blocks in memory.
 */
export function evmRpcSource(rpc: RpcClient, chain: KnownChain, options: EvmRpcOptions): Source {
  const findings = new Map<string, SourceFinding>();
  const find = (where: string, what: string): void => {
    if (findings.size < findingsMax) findings.set(`${where} ${what}`, { where, what });
  };
  const blocks = new EvmBlocks(rpc, chain, options);
  let lastHeight: number | undefined;
  return {
    name: rpc.name,
    model: "account",
    async *open({ tip }) {
      await requireChain(rpc, chain);
      const head = await headHeight(rpc, options.until);
      const first = await firstHeight(rpc, options.from, tip);
      lastHeight = head;
      if (head < first - 1)
        find(rpc.name, `its chain ends at block ${head}, before block ${first - 1}: nothing was taken`);
      for await (const { block, findings: ofBlock } of ahead(blocks, first, head)) {
        for (const { what, transaction } of ofBlock) {
          const of = transaction < 0 ? "" : `, transaction ${transaction}`;
          find(`${rpc.name}, block ${block.height}${of}`, what);
        }
        yield { block, height: block.height, cursor: block.hash ?? "" };
      }
    },
    progress: () => ({ bytes: rpc.received(), bytesTotal: undefined, lastHeight }),
    findings: () => [...findings.values(), ...blocks.findings()],
  };
}

async function requireChain(rpc: RpcClient, chain: KnownChain): Promise<void> {
  const answer = await ask(rpc, "eth_chainId", []);
  const found = `eip155:${readCount(answer, "eth_chainId", { source: rpc.name, where: "" })}`;
  if (found === chain.id) return;
  const why = `it is a node of the chain ${found}, not of ${chain.name} (${chain.id})`;
  throw new Failure("SOURCE_INVALID", { source: rpc.name, where: "", why, mend: "name a node of this chain" });
}

async function headHeight(rpc: RpcClient, until: EvmRpcOptions["until"]): Promise<number> {
  const place = { source: rpc.name, where: `the ${until} block` };
  if (until === "latest") return readCount(await ask(rpc, "eth_blockNumber", []), "eth_blockNumber", place);
  const block = readFields(await ask(rpc, "eth_getBlockByNumber", [until, false]), "it", place);
  return readCount(block["number"], "number", place);
}

/** The block after the ledger's tip, or the node's at the tip's height where that is another one. */
async function firstHeight(rpc: RpcClient, from: number | undefined, tip: Tip | undefined): Promise<number> {
  if (tip === undefined) return from ?? 0;
  if (from !== undefined && from > tip.height + 1) {
    const what = `the ledger ends at block ${tip.height}, and beginning at block ${from} would leave a gap`;
    throw new Failure("USAGE", { what, mend: "leave --start out, or ingest into another ledger" });
  }
  if (tip.hash === undefined) return tip.height + 1;
  const answer = await ask(rpc, "eth_getBlockByNumber", [`0x${tip.height.toString(16)}`, false]);
  // A node that does not have this height is behind: that is seen by where its chain ends.
  if (isAbsent(answer)) return tip.height + 1;
  const place = { source: rpc.name, where: `block ${tip.height}` };
  const { hash } = readFields(answer, "the block", place);
  return readHash(hash, "hash", place) === tip.hash ? tip.height + 1 : tip.height;
}

/** Blocks in order, with the groups after them already under way. */
async function* ahead(blocks: EvmBlocks, first: number, last: number): AsyncIterable<EvmDecoded> {
  const pending: Promise<readonly EvmDecoded[]>[] = [];
  for (let next = first; next <= last || pending.length > 0;) {
    while (next <= last && pending.length < groupsAhead) {
      const group = blocks.read(next, Math.min(groupBlocks, last - next + 1));
      // Its failure is thrown when its turn comes.
      group.catch(() => undefined);
      pending.push(group);
      next += groupBlocks;
    }
    yield* (await pending.shift()) ?? [];
  }
}

async function ask(rpc: RpcClient, method: string, params: readonly unknown[]): Promise<unknown> {
  const [answer = "null"] = await rpc.send([{ method, params }]);
  return JSON.parse(answer);
}

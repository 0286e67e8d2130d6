/** How far each source says it is, and what the user sees of it. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { bytesText, progressLine } from "../../src/cli/progress.ts";
import { bitcoinBlkSource } from "../../src/ingest/bitcoin-blk.ts";
import { bitcoinEtlSource } from "../../src/ingest/bitcoin-etl.ts";
import { bitcoinRpcSource } from "../../src/ingest/bitcoin-rpc.ts";
import { ethereumEtlSource } from "../../src/ingest/ethereum-etl.ts";
import { etherscanSource } from "../../src/ingest/etherscan.ts";
import type { Source, SourceProgress } from "../../src/ingest/source.ts";
import { transfersSource } from "../../src/ingest/transfers.ts";
import { diskFiles } from "../../src/io/disk-files.ts";
import { httpRpc } from "../../src/io/http-rpc.ts";
import { fundtrail } from "../cli/terminal.ts";
import { chainOf, etlLines, regtest, rpcAnswer } from "./bitcoin-chain.ts";
import { rawChain, writeBlkFolder } from "./blk-folder.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-progress-"));
const files = diskFiles();
afterAll(async () => {
  await files.close();
  rmSync(scratch, { recursive: true, force: true });
});
const at = (name: string): string => path.join(scratch, name);
const ethereum = chain("ethereum");

/** What a source says after each block, and the cursor of the last. */
async function observe(
  source: Source,
  from: Parameters<Source["open"]>[0] = { cursor: "", tip: undefined },
): Promise<{ readonly seen: readonly SourceProgress[]; readonly cursors: readonly string[] }> {
  const seen: SourceProgress[] = [];
  const cursors: string[] = [];
  for await (const { cursor } of source.open(from)) {
    seen.push(source.progress());
    cursors.push(cursor);
  }
  return { seen: [...seen, source.progress()], cursors };
}

/** What a source of files reads in all; a text where it went back, or did not know the whole from the first block. */
function wholeOf(seen: readonly SourceProgress[]): number | string {
  const [first, last] = [seen[0], seen.at(-1)];
  if (seen.some(({ bytesTotal }) => bytesTotal !== first?.bytesTotal)) return "the whole changes";
  if (seen.some(({ bytes }, index) => bytes > (seen[index + 1]?.bytes ?? bytes))) return "it goes back";
  return last?.bytes === last?.bytesTotal ? (last?.bytes ?? "nothing") : "it ends before the whole";
}

const sizeOf = (...names: readonly string[]): number => names.reduce((sum, name) => sum + statSync(at(name)).size, 0);

const transferRows = (blocks: number): string =>
  Array.from({ length: blocks }, (_, row) => {
    // Digits that do not pack well, so that packed files have several pieces.
    const noise = (row * 2_654_435_761).toString(16).padStart(40, "0").slice(0, 40);
    return `ethereum,${row},${row},0x${noise.padStart(64, "a")},0,0x${noise},0x${noise},ETH,1\n`;
  }).join("");
const header = "chain,block,time,tx,index,from,to,asset,amount\n";

describe("sources of files count their bytes", () => {
  it("transfers, plain and packed; gone on with, from where they were left", async () => {
    const text = Buffer.from(header + transferRows(20_000));
    writeFileSync(at("t.csv"), text);
    writeFileSync(at("t.csv.gz"), gzipSync(text));
    const plain = await observe(transfersSource(files, ethereum, at("t.csv"), "checked"));
    expect(wholeOf(plain.seen)).toBe(text.length);
    expect(plain.seen[0]?.bytes).toBeLessThan(text.length);
    expect(wholeOf((await observe(transfersSource(files, ethereum, at("t.csv.gz"), "checked"))).seen)).toBe(
      sizeOf("t.csv.gz"),
    );
    const cursor = plain.cursors[19_900] ?? "";
    const { seen } = await observe(transfersSource(files, ethereum, at("t.csv"), "checked"), {
      cursor,
      tip: undefined,
    });
    expect(wholeOf(seen)).toBe(text.length);
    expect(seen[0]?.bytes).toBeGreaterThan(text.length * 0.99);
  });

  it("a node's blocks, on from where the ledger stands", async () => {
    const blocks = rawChain({ count: 40, name: "progress" });
    writeBlkFolder(at("blocks"), blocks);
    const whole = blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const { seen } = await observe(bitcoinBlkSource(files, regtest, at("blocks")));
    expect(wholeOf(seen)).toBe(whole);
    expect(seen.at(-1)?.lastHeight).toBe(39);
    const tip = { height: 29, hash: blocks[29]?.hash, time: 0 };
    const rest = await observe(bitcoinBlkSource(files, regtest, at("blocks")), { cursor: tip.hash ?? "", tip });
    expect(rest.seen.at(-1)).toEqual({ bytes: whole, bytesTotal: whole, lastHeight: 39 });
    expect(rest.seen[0]?.bytes).toBeGreaterThan(whole / 2);
    await expect(observe(bitcoinBlkSource(files, regtest, at("blocks/blk00000.dat")))).rejects.toThrow(
      /name the folder/u,
    );
  });

  it("an explorer's export", async () => {
    const hash = `0x${"1".repeat(64)}`;
    const account = `0x${"2".repeat(40)}`;
    const titles = "hash,blockNumber,timeStamp,from,to,value,contractAddress,tokenSymbol,isError,gasUsed,gasPrice";
    writeFileSync(at("e.csv"), `${titles}\n${hash},1,2,${account},${account},5,,,0,1,1\n`);
    expect(wholeOf((await observe(etherscanSource(files, ethereum, at("e.csv")))).seen)).toBe(sizeOf("e.csv"));
  });

  it("bitcoin-etl's tables, one of them packed", async () => {
    mkdirSync(at("etl"));
    const lines = chainOf(30, 1).map(etlLines);
    writeFileSync(at("etl/blocks.json"), lines.map(({ block }) => `${block}\n`).join(""));
    const transactions = lines.flatMap((one) => one.transactions).join("\n");
    writeFileSync(at("etl/transactions.json.gz"), gzipSync(transactions));
    const { seen } = await observe(bitcoinEtlSource(files, regtest, at("etl")));
    expect(wholeOf(seen)).toBe(sizeOf("etl/blocks.json", "etl/transactions.json.gz"));
  });

  it("ethereum-etl's tables, of which those that are not needed do not count", async () => {
    mkdirSync(at("evm"));
    const tables = {
      blocks: "number,hash,parent_hash,timestamp,miner,sha3_uncles,transaction_count\n".concat(
        ...[1, 2, 3].map((n) => `${n},0x${"0".repeat(63)}${n},0x${"0".repeat(64)},${n},0x${"3".repeat(40)},0x,0\n`),
      ),
      transactions:
        "hash,nonce,block_number,block_hash,transaction_index,from_address,to_address,value,gas,gas_price\n",
      receipts: "transaction_hash,block_number,transaction_index,gas_used,contract_address,status\n",
      logs: "log_index,transaction_hash,block_number,address,data,topics\n",
      token_transfers: "of no use beside the logs",
    };
    for (const [name, text] of Object.entries(tables)) writeFileSync(at(`evm/${name}.csv`), text);
    const read = ["blocks", "transactions", "receipts", "logs"].map((name) => `evm/${name}.csv`);
    expect(wholeOf((await observe(ethereumEtlSource(files, ethereum, at("evm")))).seen)).toBe(sizeOf(...read));
  });
});

describe("sources of nodes count what they received, and know the last block", () => {
  const blocks = chainOf(12, 3);
  const answers = (method: string, [first]: readonly unknown[]): string => {
    if (method === "getblockcount") return "12";
    if (method === "getblockchaininfo") return '{"pruned":false}';
    if (method === "getblockhash") return JSON.stringify(blocks[first as number]?.hash);
    const block = blocks.find(({ hash }) => hash === first);
    return block === undefined ? "null" : rpcAnswer(block, "without");
  };
  let sent = 0;
  let pauseMs = 0;
  type Call = { readonly id: number; readonly method: string; readonly params: readonly unknown[] };
  const server = createServer((request, response) => {
    void (async (): Promise<void> => {
      const body = Buffer.concat(await request.toArray()).toString("utf8");
      const asked = JSON.parse(body) as Call | readonly Call[];
      const answer = ({ id, method, params }: Call): string =>
        `{"jsonrpc":"2.0","id":${id},"result":${answers(method, params)}}`;
      const text = Array.isArray(asked) ? `[${asked.map(answer).join(",")}]` : answer(asked as Call);
      await delay(pauseMs);
      sent += Buffer.byteLength(text);
      response.end(text);
    })();
  });
  const listening = new Promise<string>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  afterAll(() => server.close());

  it("by HTTP", async () => {
    const { seen } = await observe(bitcoinRpcSource(httpRpc(await listening), regtest));
    expect(seen.at(-1)).toEqual({ bytes: sent, bytesTotal: undefined, lastHeight: 12 });
    expect(sent).toBeGreaterThan(5_000);
  });

  it("and the user sees it on the error stream, --json alone on the other", async () => {
    pauseMs = 350;
    const place = [await listening, "--ledger", at("ledger"), "--chain", "regtest", "--from", "bitcoin-rpc"];
    const { status, out, error } = await fundtrail("ingest", ...place, "--json");
    expect([status, JSON.parse(out)]).toMatchObject([0, { blocks: 13, tip: { height: 12 } }]);
    const told =
      /^(?:block \d+ of 12, )?[\d,]+ blocks, [\d,]+ transactions \([\d,]+\/s\), [\d.]+ (?:bytes|kB) read.*$/gmu;
    expect(error.match(told)?.length).toBeGreaterThan(1);
    expect(error.replaceAll(told, "").trim()).toBe("");
  }, 30_000);
});

describe("the line of progress", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());
  const shown = (parts: readonly (number | undefined)[]): readonly string[] => {
    const lines: string[] = [];
    const terminal = {
      out: () => undefined,
      error: (text: string) => void lines.push(text),
      drained: async () => Promise.resolve(),
      isTerminal: false,
    };
    const line = progressLine(terminal);
    for (const [tick, part] of parts.entries()) {
      line.show(tick * 500, part, (rate, left) => `${rate}${left}`);
      vi.advanceTimersByTime(1_000);
    }
    return lines.map((text) => text.trim());
  };

  it("reckons the time left by what was done since it began, also in the middle of a file", () => {
    expect(shown([0, 0.1, 0.2])).toEqual(["500/s, about 9 s left", "500/s, about 8 s left"]);
    expect(shown([0.5, 0.6, 0.7])).toEqual(["500/s, about 4 s left", "500/s, about 3 s left"]);
    expect(shown([0, 0.0001])).toEqual(["500/s, about 3 h left"]);
  });

  it("says nothing of time where it cannot know", () => {
    expect(shown([undefined, undefined])).toEqual(["500/s"]);
    expect(shown([0.5, 0.5, 1])).toEqual(["500/s", "500/s"]);
  });

  it("writes bytes in three digits", () => {
    const texts = [0, 999, 1_000, 9_940, 12_345, 999_499, 999_600, 3_400_000_000, 2e15].map(bytesText);
    expect(texts).toEqual([
      "0 bytes",
      "999 bytes",
      "1.0 kB",
      "9.9 kB",
      "12 kB",
      "999 kB",
      "1.0 MB",
      "3.4 GB",
      "2000 TB",
    ]);
  });
});

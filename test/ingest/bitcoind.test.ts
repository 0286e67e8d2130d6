/** A real Bitcoin node where one is on the machine: its JSON-RPC and its blocks folder give the same ledger. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Failure } from "../../src/base/failure.ts";
import { bitcoinBlkSource } from "../../src/ingest/bitcoin-blk.ts";
import { bitcoinRpcSource } from "../../src/ingest/bitcoin-rpc.ts";
import type { RpcClient, RpcRequest } from "../../src/ingest/rpc.ts";
import { diskFiles } from "../../src/io/disk-files.ts";
import { regtest, TestLedger } from "./bitcoin-chain.ts";

const found = spawnSync("bitcoind", ["--version"], { encoding: "utf8" });
const isThere = found.status === 0;
if (!isThere) process.stderr.write("skipped: no bitcoind is on the PATH, so that no real Bitcoin node is read\n");

const folder = mkdtempSync(path.join(tmpdir(), "fundtrail-bitcoind-"));
const files = diskFiles();
let port = 0;
let child: ChildProcess | undefined;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function start(): Promise<void> {
  mkdirSync(path.join(folder, "data"), { recursive: true });
  const options = [`-datadir=${path.join(folder, "data")}`, `-rpcport=${port}`, "-fallbackfee=0.0001"];
  child = spawn("bitcoind", ["-regtest", "-server", "-listen=0", ...options], { stdio: "ignore" });
  for (let tries = 0; ; tries += 1) {
    try {
      await rpc("getblockcount");
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function stop(): Promise<void> {
  const running = child;
  child = undefined;
  if (running === undefined || running.exitCode !== null) return;
  const ended = new Promise((resolve) => running.on("exit", resolve));
  running.kill("SIGTERM");
  await ended;
}

/** One request; the JSON text of its result. */
async function rpc(method: string, ...params: readonly unknown[]): Promise<string> {
  const cookie = readFileSync(path.join(folder, "data/regtest/.cookie"), "utf8");
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(cookie).toString("base64")}` },
    body: JSON.stringify({ jsonrpc: "1.0", id: 1, method, params }),
  });
  const text = await response.text();
  const result = /^\{"result":(?<result>.*),"error":null,"id":1\}\s*$/su.exec(text)?.groups?.["result"];
  if (result !== undefined) return result;
  throw new Failure("SOURCE_REFUSED", {
    source: "bitcoind",
    method,
    why: text.slice(0, 200),
    mend: "look at the node",
  });
}

const client: RpcClient = {
  name: "bitcoind",
  received: () => 0,
  send: async (requests: readonly RpcRequest[]) =>
    Promise.all(requests.map(async ({ method, params }) => rpc(method, ...params))),
};

beforeAll(async () => {
  if (!isThere) return;
  port = await freePort();
  await start();
}, 60_000);
afterAll(async () => {
  await stop();
  await files.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!isThere)("a real node on regtest", () => {
  it("by RPC, and by its files once it has stopped, gives the same ledger; a reorganisation is followed", async () => {
    await rpc("createwallet", "test");
    const address = JSON.parse(await rpc("getnewaddress")) as string;
    await rpc("generatetoaddress", 110, address);
    for (let payment = 0; payment < 20; payment += 1) {
      await rpc("sendtoaddress", JSON.parse(await rpc("getnewaddress")), 0.5);
      if (payment % 4 === 0) await rpc("generatetoaddress", 1, address);
    }
    await rpc("generatetoaddress", 3, address);
    const ledger = new TestLedger();
    expect(await ledger.take(bitcoinRpcSource(client, regtest))).toMatchObject({ rollbacks: 0 });

    const height = JSON.parse(await rpc("getblockcount")) as number;
    await rpc("invalidateblock", JSON.parse(await rpc("getblockhash", height - 4)));
    await rpc("generatetoaddress", 7, JSON.parse(await rpc("getnewaddress")));
    expect(await ledger.take(bitcoinRpcSource(client, regtest))).not.toMatchObject({ rollbacks: 0 });
    expect(ledger.contradictions()).toEqual([]);

    await stop();
    const byFiles = new TestLedger();
    await byFiles.take(bitcoinBlkSource(files, regtest, path.join(folder, "data/regtest/blocks")));
    expect(byFiles.dump()).toBe(ledger.dump());
  }, 120_000);
});

/** Real Bitcoin nodes, where they are on the machine: Bitcoin Core's `bitcoind`, and `btcd`. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RpcClient } from "../../src/ingest/rpc.ts";
import { httpRpc } from "../../src/io/http-rpc.ts";

type NodeKind = {
  /** Its binary is this one in the PATH, or what the variable of this name in capitals says. */
  readonly program: "bitcoind" | "btcd";
  readonly args: (folder: string, port: number) => readonly string[];
  /** Whether a regtest chain begins anew with each start. */
  readonly forgets: boolean;
  /** Whether `invalidateblock` can be asked of it. */
  readonly invalidates: boolean;
  /** Its blocks folder, where it is one of `blk*.dat`. */
  readonly blocks: string | undefined;
};

const user = "fundtrail";
const password = "only-for-tests";

const kinds: readonly NodeKind[] = [
  {
    program: "bitcoind",
    args: (folder, port) => [
      "-regtest",
      "-server",
      "-listen=0",
      `-datadir=${folder}`,
      `-rpcport=${port}`,
      `-rpcuser=${user}`,
      `-rpcpassword=${password}`,
    ],
    forgets: false,
    invalidates: true,
    blocks: "regtest/blocks",
  },
  {
    program: "btcd",
    args: (folder, port) => [
      "--regtest",
      "--nolisten",
      "--notls",
      `--datadir=${folder}`,
      `--logdir=${folder}`,
      `--configfile=${folder}/none.conf`,
      `--rpclisten=127.0.0.1:${port}`,
      `--rpcuser=${user}`,
      `--rpcpass=${password}`,
    ],
    forgets: true,
    invalidates: false,
    blocks: undefined,
  },
];

export type FoundNode = {
  readonly kind: NodeKind;
  readonly binary: string;
  /** What it calls itself. */
  readonly name: string;
};

/** The nodes on this machine. */
export function findNodes(): readonly FoundNode[] {
  return kinds.flatMap((kind) => {
    const binary = process.env[kind.program.toUpperCase()] ?? kind.program;
    const { status, stdout } = spawnSync(binary, ["--version"], { encoding: "utf8" });
    return status === 0 ? [{ kind, binary, name: stdout.split("\n", 1)[0] ?? kind.program }] : [];
  });
}

/** A node in a folder of its own; it can be stopped and started again. */
export class BitcoinNode {
  readonly folder: string;
  readonly #found: FoundNode;
  #child: ChildProcess | undefined;
  #rpc: RpcClient | undefined;

  constructor(found: FoundNode, folder: string) {
    this.#found = found;
    this.folder = folder;
  }

  /** Its JSON-RPC as the program reads it, with batches. */
  get rpc(): RpcClient {
    if (this.#rpc === undefined) throw new Error("the node was not started");
    return this.#rpc;
  }

  /** Its folder of `blk*.dat`; undefined where it keeps blocks otherwise. */
  get blocks(): string | undefined {
    const { blocks } = this.#found.kind;
    return blocks === undefined ? undefined : path.join(this.folder, blocks);
  }

  async ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const [text = ""] = await this.rpc.send([{ method, params }]);
    return JSON.parse(text) as unknown;
  }

  async start(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const port = await freePort();
    const child = spawn(this.#found.binary, this.#found.kind.args(this.folder, port), { stdio: "ignore" });
    this.#child = child;
    this.#rpc = httpRpc(`http://${user}:${password}@127.0.0.1:${port}`, { batch: 8, attempts: 2 });
    for (let tries = 0; ; tries += 1) {
      try {
        await this.ask("getblockcount");
        return;
      } catch (error) {
        if (tries > 60 || child.exitCode !== null) throw error;
        await delay(250);
      }
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/**
 * Before all tests of the pages: one browser and one server on the demonstration's ledger, which every file of tests uses.
 * `inject("web")` says where they are.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { makeDemo, type Demo } from "../../src/cli/demo/make-demo.ts";
import { launchBrowser, noBrowserReason } from "./browser/launch.ts";

export type Web = {
  /** Where the browser listens for those who use it. */
  readonly browser: string;
  /** Where the server is: pages and API on the demonstration's ledger. */
  readonly url: string;
  readonly demo: Demo;
};

declare module "vitest" {
  export interface ProvidedContext {
    /** The reason where this machine can have no browser. */
    readonly web: Web | string;
  }
}

const root = path.resolve(import.meta.dirname, "../..");

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (noBrowserReason !== undefined) {
    process.stderr.write(`skipped: tests of the pages: ${noBrowserReason}\n`);
    project.provide("web", noBrowserReason);
    return undefined;
  }
  const builder = path.join(root, "tools/build-web.ts");
  if (existsSync(builder)) execFileSync(process.execPath, [builder, "--if-older"], { cwd: root, stdio: "inherit" });
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-web-"));
  const remove = (): void => rmSync(scratch, { recursive: true, force: true });
  try {
    const silent = {
      out: () => undefined,
      error: () => undefined,
      isTerminal: false,
      drained: async () => Promise.resolve(),
    };
    const demo = await makeDemo(path.join(scratch, "demo"), silent);
    const [server, browser] = await Promise.all([startServer(demo), launchBrowser()]);
    project.provide("web", { browser: browser.wsEndpoint(), url: server.url, demo });
    return async () => {
      server.child.kill("SIGTERM");
      await browser.close();
      remove();
    };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}

/** Starts the program as users do; `log` tells what goes wrong within it. */
async function startServer(demo: Demo): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const program = path.join(root, "src/cli/run.ts");
  const register = ["--register", "bundled", "--register", demo.register];
  const args = [program, "serve", "--ledger", demo.ledger, ...register, "--port", "0", "--log", "error"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (bytes: Buffer) => {
      const found = /http:\S+(?=;)/u.exec(String(bytes))?.[0];
      if (found !== undefined) resolve(found);
    });
    child.on("exit", (status) => reject(new Error(`the server ended with ${status} before it listened`)));
  });
  return { url, child };
}

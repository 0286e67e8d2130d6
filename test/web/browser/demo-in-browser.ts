import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BrowserServer } from "playwright-core";
import { makeDemo, type Demo } from "../../../src/cli/demo/make-demo.ts";
import { launchBrowser } from "./launch.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** A browser, and the program on the simulated ledger. */
export type DemoInBrowser = {
  readonly browser: BrowserServer;
  readonly url: string;
  readonly demo: Demo;
  readonly close: () => Promise<void>;
};

/** Builds the pages where they are older than their sources, makes the simulated ledger in a new folder, and starts both. */
export async function startDemoInBrowser(): Promise<DemoInBrowser> {
  const builder = path.join(root, "tools/build-web.ts");
  execFileSync(process.execPath, [builder, "--if-older"], { cwd: root, stdio: "inherit" });
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-web-"));
  const remove = (): void => rmSync(scratch, { recursive: true, force: true });
  try {
    const [out, drained] = [() => undefined, async () => Promise.resolve()];
    const demo = await makeDemo(path.join(scratch, "demo"), { out, error: out, isTerminal: false, drained });
    const [server, browser] = await Promise.all([startServer(demo), launchBrowser()]);
    return {
      browser,
      url: server.url,
      demo,
      close: async () => {
        server.child.kill("SIGTERM");
        await browser.close();
        remove();
      },
    };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}

/** Starts the program as users do, on a free port; what goes wrong within it is printed. */
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

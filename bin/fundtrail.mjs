#!/usr/bin/env node
// Starts Fundtrail under a Node that can run it: this one where it is new enough, else the one that npm installed
// beside the project. Plain JavaScript that old versions of Node understand, so that they can say what is wrong.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const least = [24, 12];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isNewEnough = major > least[0] || (major === least[0] && minor >= least[1]);

// A checkout runs its sources, an installed package what was built from them.
const source = new URL("../src/cli/run.ts", import.meta.url);
const program = existsSync(source) ? source : new URL("../dist/src/cli/run.js", import.meta.url);

if (isNewEnough) {
  // Later starts find the modules compiled: a third of the time of a short command.
  module.enableCompileCache();
  await import(program.href);
} else {
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(
      `fundtrail: needs Node ${least.join(".")} or newer, and this is ${process.versions.node}; ` +
        "run `npm ci` in Fundtrail's folder, which brings one, or install a newer Node\n",
    );
    process.exitCode = 1;
  } else {
    const { status, signal } = spawnSync(node, [fileURLToPath(program), ...process.argv.slice(2)], {
      stdio: "inherit",
    });
    process.exitCode = signal === null ? (status ?? 1) : 1;
  }
}

function bundledNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node/package.json");
    const node = path.join(path.dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

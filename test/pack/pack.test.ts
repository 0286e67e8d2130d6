import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fundtrail } from "../cli/terminal.ts";

const root = path.resolve(import.meta.dirname, "../..");
const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-pack-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the package as others install it", () => {
  it("runs from node_modules and gives the same figures", async () => {
    const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", scratch], {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    const file = /"filename": "(?<file>[^"]+)"/u.exec(packed)?.groups?.["file"] ?? "";
    const modules = path.join(scratch, "node_modules");
    mkdirSync(modules);
    execFileSync("tar", ["-xzf", path.join(scratch, file), "-C", modules]);
    const installed = path.join(modules, "package");
    // The dependencies of this checkout stand in for those that an install would bring.
    symlinkSync(path.join(root, "node_modules"), path.join(installed, "node_modules"), "junction");
    const run = (...args: readonly string[]): string =>
      execFileSync(process.execPath, [path.join(installed, "bin/fundtrail.mjs"), ...args], {
        cwd: scratch,
        encoding: "utf8",
      });
    expect(run("losses", "--json")).toBe((await fundtrail("losses", "--json")).out);
    expect(run("losses", "--format", "html")).toBe((await fundtrail("losses", "--format", "html")).out);
    const library = `import { parseUsd } from ${JSON.stringify(path.join(installed, "dist/src/index.js"))}; console.log(parseUsd("1.5"));`;
    expect(execFileSync(process.execPath, ["--input-type=module", "-e", library], { encoding: "utf8" })).toBe("150n\n");
  }, 120_000);
});

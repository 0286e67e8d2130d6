import path from "node:path";
import { describe, expect, it } from "vitest";
import { importOrder, knownFolders, lengths, noCycles, noDeadFiles, noFloatMoney, webImports } from "./rules.ts";
import { readSource, readTree } from "./source-tree.ts";

const root = path.resolve(import.meta.dirname, "../..");
const files = readTree(root, ["src", "web", "test", "tools", "bench"]);
const entries = [
  "src/index.ts",
  "src/cli/run.ts",
  "src/io/decoding-worker.ts",
  "src/io/scanning-worker.ts",
  "src/http/client.ts",
  "src/http/traces/trace-worker.ts",
  "web/main.tsx",
  "web/pages/trace/state/trace-worker.ts",
  ...files.map(({ path: file }) => file).filter((file) => file.startsWith("tools/")),
];

describe("the source tree", () => {
  it("is read", () => expect(files.length).toBeGreaterThan(40));
  it("has known folders", () => expect(knownFolders(files)).toEqual([]));
  it("imports in the tree's order", () => expect(importOrder(files)).toEqual([]));
  it("keeps the pages apart from the program", () => expect(webImports(files)).toEqual([]));
  it("has no cycles", () => expect(noCycles(files)).toEqual([]));
  it("keeps files and functions short", () => expect(lengths(files)).toEqual([]));
  it("keeps floats away from money", () => expect(noFloatMoney(files)).toEqual([]));
  it("has no dead files", () => expect(noDeadFiles(files, entries)).toEqual([]));
});

describe("the rules find what they forbid", () => {
  const source = (file: string, text: string): ReturnType<typeof readSource> => readSource(file, text);
  const long = (lines: number): string => `export function long(): void {\n${"  work();\n".repeat(lines - 2)}}\n`;

  it("an import upwards", () => {
    const file = source("src/prices/a.ts", `import { b } from "../losses/b.ts";\nb();\n`);
    expect(importOrder([file])).toEqual(["src/prices/a.ts imports src/losses/b.ts, which is below it in the tree"]);
  });
  it("an import by type, by export and at run time", () => {
    const text = `import type { A } from "../cli/a.ts";\nexport { b } from "../cli/b.ts";\nexport const c = async (): Promise<A> => import("../cli/c.ts");\n`;
    expect(importOrder([source("src/base/a.ts", text)])).toHaveLength(3);
  });
  it("a chain that imports another", () => {
    const file = source("src/chains/evm/a.ts", `import { b } from "../bitcoin/b.ts";\nb();\n`);
    expect(importOrder([file])).toHaveLength(1);
  });
  it("a page that imports another, what is below it, or the server", () => {
    const text = `import "../incident/a.ts";\nimport "../../shell/b.ts";\nimport "../../../src/io/c.ts";\nimport "../../../tools/d.ts";\nimport "../../../src/base/usd.ts";\n`;
    expect(webImports([source("web/pages/losses/a.tsx", text)])).toHaveLength(4);
    expect(knownFolders([source("web/utils/a.ts", "")])).toHaveLength(1);
  });
  it("a folder without a place", () => expect(knownFolders([source("src/utils/a.ts", "")])).toHaveLength(1));
  it("a cycle", () => {
    const first = source("src/base/a.ts", `import "./b.ts";\n`);
    const second = source("src/base/b.ts", `import "./a.ts";\n`);
    expect(noCycles([first, second])).toEqual(["src/base/a.ts → src/base/b.ts → src/base/a.ts"]);
  });
  it("a long function, at its limit exactly", () => {
    expect(lengths([source("src/base/a.ts", long(70))])).toEqual([]);
    expect(lengths([source("src/base/a.ts", long(71))])).toEqual(["src/base/a.ts:1 long has 71 lines, over 70"]);
  });
  it("a long file, at its limit exactly", () => {
    expect(lengths([source("src/base/a.ts", "work();\n".repeat(400))])).toEqual([]);
    expect(lengths([source("src/base/a.ts", "work();\n".repeat(401))])).toHaveLength(1);
  });
  it("a float near money", () => {
    const text = `export const a = 0.5;\nexport const b = 1e3;\nexport const c = Number("1");\nexport const d = (1).toFixed(2);\nexport const e = Math.round(1);\n`;
    expect(noFloatMoney([source("src/losses/a.ts", text)])).toHaveLength(5);
    expect(noFloatMoney([source("src/losses/a.ts", `export const a = 1_000;\nexport const b = "0.5";\n`)])).toEqual([]);
  });
  it("money that becomes a float in a drawing, but at its border", () => {
    const text = `export const a = Number(row.usd) / 3;\n`;
    expect(noFloatMoney([source("src/losses/report/a.ts", text)])).toHaveLength(1);
    expect(noFloatMoney([source("src/losses/report/pixels.ts", text)])).toEqual([]);
    expect(noFloatMoney([source("src/losses/report/a.ts", `export const a = Number(year) + 0.5;\n`)])).toEqual([]);
  });
  it("money made outside its file", () => {
    expect(noFloatMoney([source("src/losses/a.ts", `export const a = (b - c) as Usd;\n`)])).toHaveLength(1);
    expect(noFloatMoney([source("src/base/usd.ts", `export const a = (b - c) as Usd;\n`)])).toEqual([]);
  });
  it("a dead file", () => {
    expect(noDeadFiles([source("src/base/a.ts", "")], ["src/index.ts"])).toEqual(["src/base/a.ts is not used"]);
  });
});

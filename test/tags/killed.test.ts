import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { checkTags } from "../../src/tags/check-tags.ts";
import { contentOf, folder as named, readerOf } from "./fixtures.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-killed-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const count = 4_000;

/** Runs the child, and kills it when it has printed this many lines. */
async function importing(folder: string, lines: number): Promise<string> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "child.ts"), folder, String(count)]);
  let out = "";
  child.stdout.on("data", (data: Buffer) => {
    out += data.toString();
    if (out.split("\n").length > lines) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  return out;
}

async function read(folder: string): Promise<{ readonly tags: number; readonly content: readonly string[] }> {
  const store = openLmdbStore(folder, { mode: "read" });
  const reader = readerOf(store);
  const snapshot = store.snapshot();
  expect(checkTags(snapshot, reader, named).contradictions).toEqual([]);
  const tags = [...reader.tags()].length;
  const content = contentOf(store);
  await store.close();
  return { tags, content };
}

describe("an import whose process is killed", () => {
  it("leaves nothing that is seen; the next one is whole, though others died before it", async () => {
    const folder = path.join(scratch, "ledger");
    let parts = 0;
    for (const lines of [2, 3]) {
      expect(await importing(folder, lines)).not.toContain("done");
      const { tags, content } = await read(folder);
      expect(tags).toBe(0);
      parts = Math.max(parts, content.length);
    }
    // Parts had been committed, and are not seen.
    expect(parts).toBeGreaterThan(100);
    expect(await importing(folder, Infinity)).toContain("done");
    const whole = await read(folder);
    expect(whole.tags).toBe(count);
    // And again, without a change.
    expect(await importing(folder, Infinity)).toContain("done");
    expect((await read(folder)).content).toEqual(whole.content);
  });
});

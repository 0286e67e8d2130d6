import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { knownTags, type KnownTags } from "../../src/screen/basis.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { fundtrail } from "../cli/terminal.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-known-tags-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);
const first = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
const second = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT";

async function known(ledger: string, ...files: readonly string[]): Promise<KnownTags> {
  for (const file of files) await fundtrail("tags", "import", at(file), "--ledger", at(ledger), "--chain", "bitcoin");
  const store = openLmdbStore(at(ledger), { mode: "read" });
  const snapshot = store.snapshot();
  try {
    return knownTags(snapshot, ledger);
  } finally {
    snapshot.release();
    await store.close();
  }
}

describe("the lists of tags that a ledger has", () => {
  it("are the same whatever the order in which they came, and others once one says something else or is disputed", async () => {
    const list = (address: string, category: string): string =>
      `address,label,category,source,confidence\n${address},A,${category},L,high\n`;
    writeFileSync(at("a.csv"), list(first, "sanction"));
    writeFileSync(at("b.csv"), list(second, "exchange"));
    const one = await known("one", "a.csv", "b.csv");
    expect(one.lists.map(({ name, tags }) => [name, tags])).toEqual([
      ["a.csv", 1],
      ["b.csv", 1],
    ]);
    expect(await known("other", "b.csv", "a.csv")).toEqual(one);
    const shown = await fundtrail("tags", "show", first, "--ledger", at("one"));
    const id = /^(?<id>[0-9a-f]{16})  A$/mu.exec(shown.out)?.groups?.["id"] ?? "";
    const by = ["--tag", id, "--by", "me", "--why", "wrong"];
    const said = await fundtrail("tags", "dispute", first, "--ledger", at("one"), ...by);
    expect([said.status, said.error]).toEqual([0, ""]);
    expect((await known("one")).digest).not.toBe(one.digest);
    writeFileSync(at("a.csv"), list(first, "scam"));
    expect((await known("other", "a.csv")).digest).not.toBe(one.digest);
  });
});

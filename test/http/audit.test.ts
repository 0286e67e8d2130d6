import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ChainedLog, verifyChain } from "../../src/io/chained-log.ts";
import { fundtrail } from "../cli/terminal.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-audit-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const lines = 5;
let made = 0;
async function makeLog(): Promise<{ readonly state: string; readonly folder: string; readonly file: string }> {
  made += 1;
  const state = path.join(scratch, String(made));
  const folder = path.join(state, "audit");
  const log = await ChainedLog.open(folder);
  await Promise.all(Array.from({ length: lines }, async (_, number) => log.append({ event: "test", number })));
  await log.close();
  return { state, folder, file: path.join(folder, "audit.jsonl") };
}
const edit = (file: string, change: (all: string[]) => readonly string[]): void => {
  writeFileSync(file, `${change(readFileSync(file, "utf8").trimEnd().split("\n")).join("\n")}\n`);
};

describe("an audit log", () => {
  it("is whole as it was written, and goes on after it was closed", async () => {
    const { state, folder } = await makeLog();
    const again = await ChainedLog.open(folder);
    await again.append({ event: "more" });
    const { seq, hash } = again.head;
    await again.close();
    const { status, out } = await fundtrail("audit", "verify", "--state", state, "--head", `${seq}:${hash}`);
    expect([status, out]).toEqual([0, expect.stringMatching(/^6 lines, whole\. Keep 6:[0-9a-f]{64} /u)]);
  });

  it("names the line of every change of a byte", async () => {
    const { state, file } = await makeLog();
    const text = readFileSync(file);
    for (let at = 0; at < text.length; at += 7) {
      const line = text.subarray(0, at).toString("latin1").split("\n").length;
      const changed = Buffer.from(text);
      changed[at] = changed[at] === 0x30 ? 0x31 : 0x30;
      writeFileSync(file, changed);
      const { status, out } = await fundtrail("audit", "verify", "--state", state);
      expect([at, status, out.includes(`audit.jsonl:${line}: `)]).toEqual([at, 1, true]);
    }
  });

  it.each([
    ["a line removed", 3, (all: string[]) => all.toSpliced(2, 1)],
    ["the first removed", 1, (all: string[]) => all.slice(1)],
    ["two exchanged", 2, (all: string[]) => all.with(1, all[2] ?? "").with(2, all[1] ?? "")],
    ["one twice", 4, (all: string[]) => all.toSpliced(3, 0, all[2] ?? "")],
    ["the end cut off", 4, (all: string[]) => all.slice(0, 3)],
    ["spaces put in", 2, (all: string[]) => all.with(1, (all[1] ?? "").replace(",", ", "))],
  ] as const)("%s", async (_, line, change) => {
    const { state, folder, file } = await makeLog();
    edit(file, change);
    const { status, out } = await fundtrail("audit", "verify", "--state", state);
    expect([status, out.split("\n", 1)[0]]).toEqual([1, expect.stringContaining(`audit.jsonl:${line}: `)]);
    const isAtEnd = line === 4 && readFileSync(file, "utf8").split("\n").length === 4;
    if (isAtEnd) await expect(ChainedLog.open(folder)).rejects.toMatchObject({ code: "AUDIT_DAMAGED" });
  });

  it("cut and closed again, it is found by a line that was kept elsewhere", async () => {
    const { state, folder, file } = await makeLog();
    const { head } = await verifyChain(folder, undefined);
    edit(file, (all) => all.slice(0, 3));
    const third = JSON.parse(readFileSync(file, "utf8").trimEnd().split("\n")[2] ?? "") as {
      seq: number;
      hash: string;
    };
    writeFileSync(path.join(folder, "audit.head.json"), JSON.stringify({ seq: third.seq, hash: third.hash }));
    expect((await fundtrail("audit", "verify", "--state", state)).status).toBe(0);
    expect((await fundtrail("audit", "verify", "--state", state, "--head", `${head.seq}:${head.hash}`)).status).toBe(1);
  });

  it("a crash within a line loses that line only, whatever was written of it", async () => {
    const { folder, file, state } = await makeLog();
    const whole = readFileSync(file);
    for (const part of ["{", '{"seq":6,"previous":"', "\u0000".repeat(20)]) {
      writeFileSync(file, Buffer.concat([whole, Buffer.from(part)]));
      expect((await fundtrail("audit", "verify", "--state", state)).out).toContain("unfinished");
      const log = await ChainedLog.open(folder);
      expect(readFileSync(file).equals(whole)).toBe(true);
      await log.close();
    }
  });

  it("has one writer", async () => {
    const { folder } = await makeLog();
    const log = await ChainedLog.open(folder);
    await expect(ChainedLog.open(folder)).rejects.toMatchObject({ code: "LEDGER_BUSY" });
    await log.close();
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isFailure } from "../../src/base/failure.ts";
import { whyUnsound } from "../../src/store/lmdb-file.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { batchOf, holdsBatches } from "./batches.ts";
import { bytes, describeStore, put } from "./store.suite.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-store-"));
chmodSync(scratch, 0o755);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let made = 0;
const folders = new Map<PageStore, string>();
const opened = (folder: string): PageStore => {
  const store = openLmdbStore(folder, { mode: "write" });
  folders.set(store, folder);
  return store;
};
const fresh = (): string => path.join(scratch, `store.${(made += 1)}`);
const child = (task: string, folder: string, argument = "0"): ChildProcess =>
  spawn(process.execPath, [path.join(import.meta.dirname, "child.ts"), task, folder, argument]);

/** Everything that a process prints, and the signal that ended it. */
async function output(process: ChildProcess): Promise<{ readonly text: string; readonly signal: string | null }> {
  let text = "";
  process.stdout?.on("data", (piece: Buffer) => (text += piece.toString()));
  process.stderr?.on("data", (piece: Buffer) => (text += piece.toString()));
  return new Promise((resolve) => {
    process.on("close", (_code, signal) => resolve({ text: text.trim(), signal }));
  });
}

/** What opening a folder says, as its code and its line. */
async function refusal(folder: string, mode: "read" | "write"): Promise<string> {
  try {
    const store = openLmdbStore(folder, { mode });
    try {
      Array.from(store.snapshot().range({ from: bytes(""), to: bytes("z"), order: "ascending" }));
      if (mode === "write") await store.commit([put("a", "1")]);
    } finally {
      await store.close();
    }
    return "opened";
  } catch (error) {
    if (!isFailure(error)) throw error;
    return `${error.code} ${error.message.replace(folder, "FOLDER")}`;
  }
}

describeStore("the store of LMDB", {
  make: () => opened(fresh()),
  reopened: async (store) => {
    await store.close();
    return opened(folders.get(store) ?? "");
  },
});

describe("a folder of LMDB", () => {
  it("is refused where it holds no store", async () => {
    const folder = fresh();
    expect(await refusal(folder, "read")).toMatch(/^STORE_UNREADABLE FOLDER: does not exist; /u);
    mkdirSync(folder);
    expect(await refusal(folder, "read")).toMatch(/^STORE_UNREADABLE FOLDER: is empty; /u);
    writeFileSync(path.join(folder, "notes.txt"), "mine");
    expect(await refusal(folder, "read")).toMatch(/^STORE_UNREADABLE FOLDER: holds no ledger; /u);
    expect(await refusal(folder, "write")).toMatch(/^STORE_UNREADABLE FOLDER: holds other files \(notes\.txt\); /u);
    expect(await refusal(path.join(folder, "notes.txt"), "write")).toMatch(/^STORE_UNREADABLE .* is not a folder; /u);
    expect(await refusal(path.join(folder, "notes.txt", "x"), "write")).toMatch(
      /^STORE_UNREADABLE .* is not a folder; /u,
    );
  });

  it("is refused where the user may not use it", async () => {
    const folder = fresh();
    await opened(folder).close();
    chmodSync(path.join(folder, "data.mdb"), 0);
    const root = process.getuid?.() === 0;
    const one = spawn(
      process.execPath,
      [path.join(import.meta.dirname, "child.ts"), "readPairs", folder],
      root ? { uid: 65_534, gid: 65_534 } : {},
    );
    expect((await output(one)).text).toMatch(/^STORE_UNREADABLE .*: access is not allowed; /u);
  });

  it("takes no changes when it was opened for reading", async () => {
    const folder = fresh();
    const writer = opened(folder);
    await writer.commit([put("a", "1")]);
    const reader = openLmdbStore(folder, { mode: "read" });
    await expect(reader.commit([put("a", "2")])).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
    await writer.commit([put("a", "3")]);
    expect(Buffer.from(reader.snapshot().get(bytes("a")) ?? []).toString()).toBe("3");
    await writer.close();
    await reader.close();
    const first = openLmdbStore(folder, { mode: "read" });
    expect(() => opened(folder)).toThrow("open for reading in this process");
    await first.close();
    await opened(folder).close();
  });
});

describe("a damaged data.mdb", () => {
  const original = fresh();
  const damaged = async (change: (file: string, content: Buffer) => void): Promise<string> => {
    const folder = fresh();
    mkdirSync(folder);
    const file = path.join(folder, "data.mdb");
    copyFileSync(path.join(original, "data.mdb"), file);
    change(file, readFileSync(file));
    const reading = await refusal(folder, "read");
    if (reading !== "opened") expect(await refusal(folder, "write")).toBe(reading);
    rmSync(folder, { recursive: true });
    return reading;
  };
  const overwritten =
    (at: number, length: number, byte = 0xa5) =>
    async (): Promise<string> =>
      damaged((file, content) => writeFileSync(file, content.fill(byte, at, at + length)));

  it("is refused with the reason", async () => {
    const store = opened(original);
    for (let number = 0; number < 3; number += 1) await store.commit(batchOf(number));
    await store.close();
    expect(whyUnsound(path.join(original, "data.mdb"), "every page")).toBeUndefined();
    expect(await damaged(() => undefined)).toBe("opened");
    const size = readFileSync(path.join(original, "data.mdb")).length;
    for (const kept of [1, 100, 4096, 4200, 8191, 8192, 12_288, size >> 1, size - 40_960]) {
      expect(await damaged((file) => truncateSync(file, kept))).toMatch(
        /^STORE_UNREADABLE FOLDER: data\.mdb is cut short: .*; restore/u,
      );
    }
    expect(await overwritten(0, 4096)()).toMatch(/is not a file of LMDB/u);
    expect(await overwritten(0, 8192, 0)()).toMatch(/is not a file of LMDB/u);
    expect(await overwritten(28, 1, 1)()).toMatch(/has version 1 of LMDB's format, not 2/u);
    expect(await overwritten(4096, 4096)()).toMatch(/damaged: its second header is none/u);
    expect(await overwritten(48, 4)()).toMatch(/its page size is none/u);
    expect(await overwritten(8192, size - 8192)()).toMatch(/damaged at page \d+/u);
    expect(await damaged((file) => writeFileSync(file, "PK\u0003\u0004".repeat(5_000)))).toMatch(
      /is not a file of LMDB/u,
    );
  });

  it("never ends the process, whatever byte of its headers is changed", async () => {
    for (let at = 0; at < 2 * 168; at += 1) {
      for (const change of [at % 2 === 0 ? 1 : 0x80]) {
        const place = at < 168 ? at : at - 168 + 4096;
        const answer = await damaged((file, content) => {
          content.writeUInt8(content.readUInt8(place) ^ change, place);
          writeFileSync(file, content);
        });
        expect(`byte ${place}: ${answer}`).toMatch(/: opened$|: STORE_UNREADABLE /u);
      }
    }
  });

  it("has no overwritten page that a look at every page does not find", () => {
    const content = readFileSync(path.join(original, "data.mdb"));
    const file = `${fresh()}.mdb`;
    let found = 0;
    const pageCount = content.length / 4096;
    for (let page = 2; page < pageCount; page += 1) {
      writeFileSync(file, Buffer.from(content).fill(0xa5, page * 4096, page * 4096 + 64));
      if (whyUnsound(file, "every page") !== undefined) found += 1;
    }
    // Pages that are free, and the later pages of long values, have no header that could be looked at.
    expect(found).toBeGreaterThan(pageCount >> 2);
  });
});

describe("processes beside each other", () => {
  it("readers see whole commits only, while one writes", async () => {
    const folder = fresh();
    await opened(folder).close();
    const rounds = 150;
    const writer = child("writePairs", folder, `${rounds}`);
    const readers = [1, 2, 3].map(() => child("readPairs", folder, `${rounds}`));
    const [wrote, ...saw] = await Promise.all([writer, ...readers].map(output));
    expect(wrote).toEqual({ text: "done", signal: null });
    for (const { text } of saw) expect(text).toMatch(/^\d+$/u);
    expect(Math.max(...saw.map(({ text }) => Number(text)))).toBeGreaterThan(3);
  });

  it("two that write lose nothing", async () => {
    const folder = fresh();
    await opened(folder).close();
    const ended = await Promise.all([child("count", folder, "200"), child("count", folder, "200")].map(output));
    expect(ended.map(({ text }) => text)).toEqual(["done", "done"]);
    const store = opened(folder);
    expect([...store.snapshot().range({ from: bytes(""), to: bytes("z"), order: "ascending" })]).toHaveLength(400);
    await store.close();
    expect(whyUnsound(path.join(folder, "data.mdb"), "every page")).toBeUndefined();
  });

  it("a writer that is killed at any instant keeps what it acknowledged, and no half", async () => {
    const folder = fresh();
    let next = 0;
    for (let run = 0; run < Number(process.env["KILL_RUNS"] ?? 20); run += 1) {
      const writer = child("writeBatches", folder, `${next}`);
      const ended = output(writer);
      await new Promise<void>((resolve) => {
        writer.stdout?.once("data", () => setTimeout(resolve, Math.random() * 60));
        writer.once("close", () => resolve());
      });
      writer.kill("SIGKILL");
      const { text, signal } = await ended;
      expect({ signal, text }).toMatchObject({ signal: "SIGKILL" });
      const acknowledged = Number(text.split("\n").at(-1)) + 1;
      const store = openLmdbStore(folder, { mode: "read" });
      const snapshot = store.snapshot();
      // The commit that the kill interrupted may be there, whole.
      const counts = [acknowledged, acknowledged + 1].filter((count) => holdsBatches(snapshot, count));
      expect({ run, acknowledged, whole: counts.length }).toMatchObject({ whole: 1 });
      await store.close();
      next = counts[0] ?? 0;
    }
    expect(whyUnsound(path.join(folder, "data.mdb"), "every page")).toBeUndefined();
    rmSync(folder, { recursive: true });
  });
});

describe("a full disk", () => {
  const script = `"$1" "$2" fill "$3"`;
  const run = async (setup: string, folder: string): Promise<string> => {
    const argument = [process.execPath, path.join(import.meta.dirname, "child.ts"), folder];
    return (await output(spawn("sh", ["-c", `${setup} ${script}`, "sh", ...argument]))).text;
  };

  it("is STORE_FULL and leaves nothing of the commit: a limit on the file", async ({ skip }) => {
    if (process.platform === "win32") skip("no limits on files");
    // Without the trap the system would end the process instead of refusing the write.
    const folder = fresh();
    const text = await run(`trap "" XFSZ; ulimit -f 6000;`, folder);
    expect(JSON.parse(text.split("\n").at(-1) ?? "")).toEqual({
      codes: ["STORE_FULL", "STORE_FULL", "STORE_FULL"],
      batches: expect.any(Number) as number,
      whole: true,
    });
    const store = opened(folder);
    await store.commit([put("more room", "now")]);
    await store.close();
    expect(whyUnsound(path.join(folder, "data.mdb"), "every page")).toBeUndefined();
  });

  it("is STORE_FULL and leaves nothing of the commit: a small disk", async ({ skip }) => {
    const folder = fresh();
    mkdirSync(folder);
    const own = `unshare -rm sh -c 'mount -t tmpfs -o size=4m tmpfs "$3" &&`;
    const probe = await output(spawn("sh", ["-c", `${own} echo yes' sh 1 2 "$1"`, "sh", folder]));
    if (probe.text !== "yes") skip(`no file system can be mounted here: ${probe.text}`);
    const argument = [process.execPath, path.join(import.meta.dirname, "child.ts"), folder];
    const { text } = await output(spawn("sh", ["-c", `${own} ${script}' sh "$@"`, "sh", ...argument]));
    expect(JSON.parse(text.split("\n").at(-1) ?? "")).toMatchObject({
      codes: ["STORE_FULL", "STORE_FULL", "STORE_FULL"],
      whole: true,
    });
  });
});

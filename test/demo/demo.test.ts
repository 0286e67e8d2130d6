import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoDigest, demoFiles } from "../../src/demo/demo-files.ts";
import { connect } from "../../src/http/client.ts";
import { readRegister, requireValid } from "../../src/incidents/register.ts";
import { bundledRegister, readRegisterFolder } from "../../src/io/register-folder.ts";
import { computeLosses } from "../../src/losses/losses.ts";
import { groupings } from "../../src/losses/grouping.ts";
import { selectionOf } from "../../src/losses/asked-selection.ts";
import { makeDemo, type Demo } from "../../src/cli/demo/make-demo.ts";
import { samples } from "../../web/pages/screen/samples.ts";
import { fundtrail } from "../cli/terminal.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-demo-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const silent = {
  out: () => undefined,
  error: () => undefined,
  isTerminal: false,
  drained: async () => Promise.resolve(),
};
let demo: Demo;
beforeAll(async () => void (demo = await makeDemo(path.join(scratch, "demo"), silent)));

const bundled = await readRegisterFolder(bundledRegister);

describe("the simulated world", () => {
  it("is the same each time", () => expect(demoFiles()).toEqual(demoFiles()));

  it("is a sound ledger of both kinds, a few thousand transactions each", async () => {
    expect((await fundtrail("ledger", "check", "--ledger", demo.ledger)).out).toBe("ethereum: sound\nbitcoin: sound\n");
    const { chains } = JSON.parse((await fundtrail("ledger", "info", "--ledger", demo.ledger, "--json")).out) as {
      readonly chains: readonly { readonly model: string; readonly transactions: number }[];
    };
    expect(chains.map(({ model }) => model)).toEqual(["account", "utxo"]);
    for (const { transactions } of chains) expect(transactions).toBeGreaterThan(2_000);
  });

  it("has a theft that is in the chains as its register says, and that is traced to services and rests", async () => {
    const register = ["--register", "bundled", "--register", demo.register];
    const id = "2024-06-10-simulated-northwind";
    const verified = await fundtrail("incident", "verify", id, "--ledger", demo.ledger, ...register);
    expect(verified.out).toContain("3 of 3 theft transactions found");
    for (const chain of ["ethereum", "bitcoin"]) {
      const asked = ["--ledger", demo.ledger, "--chain", chain, "--incident", id, ...register, "--json"];
      const trace = JSON.parse((await fundtrail("trace", ...asked)).out) as {
        readonly exits: readonly { readonly category: string }[];
        readonly holdings: readonly unknown[];
      };
      expect(new Set(trace.exits.map(({ category }) => category)).size).toBeGreaterThan(1);
      expect(trace.holdings.length).toBeGreaterThan(10);
    }
  });

  it("counts in no total, whatever is asked", async () => {
    const [without, together] = [
      requireValid(readRegister([bundled])),
      requireValid(readRegister([bundled, await readRegisterFolder(demo.register)])),
    ];
    expect(together.incidents.length).toBe(without.incidents.length + 1);
    for (const value of ["theft", "disclosed", "now"] as const) {
      for (const actor of ["all", undefined]) {
        const asked = { actor, value, confidence: undefined, countryRule: undefined, technique: undefined };
        const [from, to] = [undefined, undefined];
        const [before, after] = [without, together].map((register) => {
          const selection = selectionOf(register.actors, { ...asked, from, to }, "--");
          return groupings.map((by) => ({ ...computeLosses(register, selection, by), registerDigest: "" }));
        });
        expect(after).toEqual(before);
      }
    }
  });

  it("has no price on a day and of an asset that has a real one", () => {
    const days = (folders: Parameters<typeof readRegister>[0]): readonly string[] =>
      [...readRegister(folders).prices.values()].flat().map(({ asset, day }) => `${asset.id} ${day}`);
    const simulated = demoFiles().register.filter(({ name }) => name.startsWith("prices/"));
    const prices = simulated.map(({ name, text }) => ({ path: name, text }));
    const own = days([{ incidents: [], actors: [], published: [], prices }]);
    expect(own.length).toBeGreaterThan(50);
    const real = new Set(days([bundled]));
    expect(own.filter((day) => real.has(day))).toEqual([]);
  });

  it("has samples for screening, each with the verdict that its name promises", async () => {
    for (const { subject, chain, text } of samples) {
      const expected = text === "sampleAbsent" ? "unknown" : text === "sampleClear" ? "clear" : "flagged";
      const asked = ["--ledger", demo.ledger, "--chain", chain, "--register", "bundled", "--register", demo.register];
      const verdict = JSON.parse((await fundtrail("screen", subject, ...asked, "--json")).out) as { verdict: string };
      expect([subject, verdict.verdict]).toEqual([subject, expected]);
    }
  });

  it("is kept where nothing that it rests on has changed", async () => {
    const made = statSync(path.join(demo.ledger, "data.mdb")).mtimeMs;
    await makeDemo(demo.folder, silent);
    expect(statSync(path.join(demo.ledger, "data.mdb")).mtimeMs).toBe(made);
    expect(readdirSync(scratch)).toEqual(["demo"]);
  });

  it("is known by the digest of its files", () => {
    expect(createHash("sha256").update(JSON.stringify(demoFiles())).digest("hex")).toBe(demoDigest);
  });

  it("is made anew where a format, the register or its own files are others, so that nothing of it is outdated", async () => {
    const other = path.join(scratch, "other");
    await makeDemo(other, silent);
    const file = path.join(other, "demo.json");
    const stamp = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>;
    expect(Object.keys(stamp)).toEqual(["simulated", "demo", "ledger", "tags", "clusters", "taint", "register"]);
    // Each part by itself; the last one as an earlier version wrote it.
    const outdated = [
      { ...stamp, taint: 0 },
      { ...stamp, register: "" },
      { demo: 2, ledger: 3 },
    ];
    for (const one of outdated) {
      writeFileSync(file, JSON.stringify(one));
      writeFileSync(path.join(other, "left-over"), "");
      await makeDemo(other, silent);
      expect(readdirSync(other)).not.toContain("left-over");
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(stamp);
    }
    rmSync(other, { recursive: true });
  });

  it("never takes the place of a folder that is not its own", async () => {
    const foreign = path.join(scratch, "foreign");
    mkdirSync(foreign);
    for (const name of ["mine.txt", "demo.json"]) {
      writeFileSync(path.join(foreign, name), "[1, 2]");
      await expect(makeDemo(foreign, silent)).rejects.toThrow(/holds something else than a simulated ledger/u);
      expect(readFileSync(path.join(foreign, name), "utf8")).toBe("[1, 2]");
    }
    rmSync(foreign, { recursive: true });
    expect(readdirSync(scratch)).toEqual(["demo"]);
  });
});

describe("fundtrail start", () => {
  const program = new URL("../../src/cli/run.ts", import.meta.url).pathname;
  const started = async (
    ...args: readonly string[]
  ): Promise<{ readonly url: string; readonly text: () => string; readonly stop: () => Promise<number | null> }> => {
    const child = spawn(process.execPath, [program, "start", "--demo", demo.folder, ...args]);
    let text = "";
    const ended = new Promise<number | null>((resolve) => void child.on("exit", resolve));
    const url = await new Promise<string>((resolve, reject) => {
      const take = (bytes: Buffer): void => {
        text += String(bytes);
        const found = /http:\/\/127\.0\.0\.1:\d+/u.exec(text)?.[0];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      void ended.then(() => reject(new Error(text)));
    });
    return {
      url,
      text: () => text,
      stop: async () => {
        child.kill("SIGINT");
        return ended;
      },
    };
  };

  it("prints the losses, serves the register and the simulated ledger, and ends on Ctrl-C", async () => {
    const { url, text, stop } = await started("--port", "0");
    expect(text()).toMatch(/Japan +691\.0/u);
    const client = connect({ url });
    const { chains } = await client.get("/v1/ledger");
    expect(chains.map(({ alias }) => alias)).toEqual(["ethereum", "bitcoin"]);
    const incident = await client.get("/v1/incidents/{id}", { params: { id: "2024-06-10-simulated-northwind" } });
    expect(incident["simulated"]).toBe(true);
    const again = await fundtrail("start", "--demo", demo.folder, "--port", "0");
    expect([again.status, again.error]).toEqual([
      2,
      expect.stringMatching(/^fundtrail: [^\n]*already serves[^\n]*\n$/u),
    ]);
    expect(await stop()).toBe(0);
  });

  it("says in one line that a port that was asked for is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const { status, error } = await fundtrail("start", "--demo", demo.folder, "--port", String(port));
    expect([status, error]).toEqual([
      1,
      expect.stringMatching(/^fundtrail: [^\n]*another program listens there[^\n]*\n$/u),
    ]);
    other.close();
  });
});

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { demoFiles, demoVersion } from "../../demo/demo-files.ts";
import { writeWhole } from "../../io/write-file.ts";
import { ledgerFormat } from "../../ledger/manifest.ts";
import { clusters } from "../commands/clusters.ts";
import { ingest } from "../commands/ingest.ts";
import { tags } from "../commands/tags.ts";
import { taint } from "../commands/taint.ts";
import type { Command, Terminal } from "../terminal.ts";

/** The demonstration as it lies on the disk. */
export type Demo = { readonly folder: string; readonly ledger: string; readonly register: string };

/** What was made, by which version: written last, so that a demonstration that was cut off is made anew. */
const stampName = "demo.json";
const stamp = `${JSON.stringify({ demo: demoVersion, ledger: ledgerFormat })}\n`;

/**
 * Where the demonstration is kept: in a checkout's ignored folder `out`; of an installed package in the user's folder for
 * data.
 */
export function demoFolder(): string {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith(".ts")) return path.resolve(path.dirname(here), "../../../out/demo");
  const data = process.env["XDG_DATA_HOME"];
  return path.join(data === undefined || data === "" ? path.join(homedir(), ".local/share") : data, "fundtrail/demo");
}

/**
 * The demonstration's ledger: made in a few seconds where it is not there or another version made it.
 *
 * Everything is written beside it first and then moved to its place, so that what is there is whole.
 * @throws {Failure} what the commands throw by which it is made; `STORE_UNREADABLE` where the folder cannot be written.
 */
export async function makeDemo(folder: string, terminal: Terminal): Promise<Demo> {
  const demo = placesIn(folder);
  if (await isWhole(folder)) return demo;
  terminal.error("Making a simulated ledger to try tracing and screening with …\n");
  await mkdir(path.dirname(folder), { recursive: true });
  const staged = await mkdtemp(`${folder}.new-`);
  try {
    await fill(placesIn(staged), terminal);
    await writeWhole(path.join(staged, stampName), stamp);
    if (existsSync(folder)) await rm(folder, { recursive: true });
    await rename(staged, folder);
  } catch (thrown) {
    await rm(staged, { recursive: true, force: true });
    // Another start may have made it meanwhile.
    if (!(await isWhole(folder))) throw thrown;
  }
  return demo;
}

function placesIn(folder: string): Demo {
  return { folder, ledger: path.join(folder, "ledger"), register: path.join(folder, "register") };
}

async function isWhole(folder: string): Promise<boolean> {
  try {
    return (await readFile(path.join(folder, stampName), "utf8")) === stamp;
  } catch {
    return false;
  }
}

/** By the commands that users have, so that what they get is what they could make. */
async function fill({ folder, ledger, register }: Demo, terminal: Terminal): Promise<void> {
  const files = demoFiles();
  const write = async (name: string, text: string): Promise<string> => {
    const file = path.join(folder, "sources", name);
    await writeWhole(file, text);
    return file;
  };
  const { accounts, outputs } = files;
  const accountsFile = await write(accounts.name, accounts.text);
  const outputsFile = await write(outputs.name, outputs.text);
  const tagFiles = await Promise.all(files.tags.map(async ({ name, text }) => write(name, text)));
  for (const { name, text } of files.register) await writeWhole(path.join(register, name), text);
  const quiet: Terminal = { ...terminal, out: () => undefined };
  const steps: readonly (readonly [string, Command, readonly string[]])[] = [
    ["Ethereum, simulated", ingest, ["--chain", accounts.chain, "--from", "transfers", accountsFile, "--simulated"]],
    ["Bitcoin, simulated", ingest, ["--chain", outputs.chain, "--from", "bitcoin-etl", outputsFile, "--simulated"]],
    ["tags", tags, ["import", ...tagFiles]],
    ["clusters of Ethereum", clusters, ["build", "--chain", accounts.chain]],
    ["clusters of Bitcoin", clusters, ["build", "--chain", outputs.chain]],
    ["taint of thefts and tags", taint, ["build", "--register", "bundled", "--register", register]],
  ];
  for (const [number, [what, command, args]] of steps.entries()) {
    terminal.error(`  ${number + 1}/${steps.length} ${what}\n`);
    await command([...args, "--ledger", ledger], quiet);
  }
}

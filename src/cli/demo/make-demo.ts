import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { demoDigest, demoFiles } from "../../demo/demo-files.ts";
import { Failure } from "../../base/failure.ts";
import { clustersFormat } from "../../clusters/shapes.ts";
import { writeWhole } from "../../io/write-file.ts";
import { ledgerFormat } from "../../ledger/manifest.ts";
import { tagsFormat } from "../../tags/manifest.ts";
import { taintFormat } from "../../trace/taint/state.ts";
import { clusters } from "../commands/clusters.ts";
import { ingest } from "../commands/ingest.ts";
import { tags } from "../commands/tags.ts";
import { taint } from "../commands/taint.ts";
import { loadValidRegister } from "../register.ts";
import type { Command, Terminal } from "../terminal.ts";

/** The demonstration as it lies on the disk. */
export type Demo = { readonly folder: string; readonly ledger: string; readonly register: string };

/** What was made, by which version: written last, so that a demonstration that was cut off is made anew. */
const stampName = "demo.json";

/** What a demonstration rests on: with anything of it another, what lies there is outdated. */
function stampOf(registerDigest: string): string {
  const formats = { ledger: ledgerFormat, tags: tagsFormat, clusters: clustersFormat, taint: taintFormat };
  return `${JSON.stringify({ simulated: true, demo: demoDigest, ...formats, register: registerDigest })}\n`;
}

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
 * The demonstration's ledger: made in a few seconds where it is not there, or was made from other files, in other formats or
 * with another register.
 *
 * Everything is written beside it first and then moved to its place, so that what is there is whole. What it replaces is a
 * demonstration by its own stamp, and never anything else.
 * @param registers - As `--register` names them; the simulated one comes to these.
 * @throws {Failure} `USAGE` where the folder holds something else; what the commands throw by which it is made.
 */
export async function makeDemo(folder: string, terminal: Terminal, registers: readonly string[] = []): Promise<Demo> {
  const demo = placesIn(folder);
  const stamp = stampOf((await loadValidRegister(registers)).digest);
  const before = await stampIn(folder);
  if (before === stamp) return demo;
  if (before === undefined && existsSync(folder) && (await readdir(folder)).length > 0) throw notOurs(folder);
  const why = before === undefined ? "Making" : "The simulated ledger is of another version: making anew";
  terminal.error(`${why} a simulated ledger to try tracing and screening with …\n`);
  await mkdir(path.dirname(folder), { recursive: true });
  const staged = await mkdtemp(`${folder}.new-`);
  try {
    await fill(placesIn(staged), terminal, registers);
    await writeWhole(path.join(staged, stampName), stamp);
    if (existsSync(folder)) await rm(folder, { recursive: true });
    await rename(staged, folder);
  } catch (thrown) {
    await rm(staged, { recursive: true, force: true });
    // Another start may have made it meanwhile.
    if ((await stampIn(folder)) !== stamp) throw thrown;
  }
  return demo;
}

function notOurs(folder: string): Failure {
  const what = `${folder} holds something else than a simulated ledger of Fundtrail, and is left as it is`;
  return new Failure("USAGE", { what, mend: "name another folder with --demo DIR, or empty it" });
}

function placesIn(folder: string): Demo {
  return { folder, ledger: path.join(folder, "ledger"), register: path.join(folder, "register") };
}

/** The stamp of the demonstration in a folder, of whatever version; undefined: the folder is none, or not ours. */
async function stampIn(folder: string): Promise<string | undefined> {
  try {
    const text = await readFile(path.join(folder, stampName), "utf8");
    const stamp: unknown = JSON.parse(text);
    return typeof stamp === "object" && stamp !== null && "demo" in stamp ? text : undefined;
  } catch {
    return undefined;
  }
}

/** By the commands that users have, so that what they get is what they could make. */
async function fill(
  { folder, ledger, register }: Demo,
  terminal: Terminal,
  registers: readonly string[],
): Promise<void> {
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
  const named = [...(registers.length === 0 ? ["bundled"] : registers), register];
  const quiet: Terminal = { ...terminal, out: () => undefined };
  const steps: readonly (readonly [string, Command, readonly string[]])[] = [
    ["Ethereum, simulated", ingest, ["--chain", accounts.chain, "--from", "transfers", accountsFile, "--simulated"]],
    ["Bitcoin, simulated", ingest, ["--chain", outputs.chain, "--from", "bitcoin-etl", outputsFile, "--simulated"]],
    ["tags", tags, ["import", ...tagFiles]],
    ["clusters of Ethereum", clusters, ["build", "--chain", accounts.chain]],
    ["clusters of Bitcoin", clusters, ["build", "--chain", outputs.chain]],
    ["taint of thefts and tags", taint, ["build", ...named.flatMap((name) => ["--register", name])]],
  ];
  for (const [number, [what, command, args]] of steps.entries()) {
    terminal.error(`  ${number + 1}/${steps.length} ${what}\n`);
    await command([...args, "--ledger", ledger], quiet);
  }
}

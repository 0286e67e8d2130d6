import { Failure, isFailure } from "../base/failure.ts";
import { failureCodes } from "../base/failure-codes.ts";
import { nearest } from "../base/nearest.ts";
import { help } from "./commands/help.ts";
import { version } from "./commands/version.ts";
import type { Command, Terminal } from "./terminal.ts";

/** Each command is loaded when it is called: what the others need does not slow it. */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["losses", async () => (await import("./commands/losses.ts")).losses],
  ["reconcile", async () => (await import("./commands/reconcile.ts")).reconcile],
  ["incident", async () => (await import("./commands/incident.ts")).incident],
  ["ingest", async () => (await import("./commands/ingest.ts")).ingest],
  ["ledger", async () => (await import("./commands/ledger.ts")).ledger],
  ["tags", async () => (await import("./commands/tags.ts")).tags],
  ["clusters", async () => (await import("./commands/clusters.ts")).clusters],
  ["trace", async () => (await import("./commands/trace.ts")).trace],
  ["links", async () => (await import("./commands/links.ts")).links],
  ["screen", async () => (await import("./commands/screen.ts")).screen],
  ["rules", async () => (await import("./commands/rules.ts")).rules],
  ["retro", async () => (await import("./commands/retro.ts")).retro],
  ["taint", async () => (await import("./commands/taint.ts")).taint],
  ["serve", async () => (await import("./commands/serve.ts")).serve],
  ["token", async () => (await import("./commands/token.ts")).token],
  ["audit", async () => (await import("./commands/audit.ts")).audit],
  ["start", async () => (await import("./commands/start.ts")).start],
  ["help", async () => Promise.resolve(help)],
  ["--help", async () => Promise.resolve(help)],
  ["-h", async () => Promise.resolve(help)],
  ["version", async () => Promise.resolve(version)],
  ["--version", async () => Promise.resolve(version)],
]);

/**
 * Runs one command line.
 *
 * @returns The exit status: 0 done, 1 could not be done, 2 wrong usage. A failure prints one line to the error stream.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [name = "help", ...rest] = args;
    const load = commands.get(name);
    if (load === undefined) {
      const names = [...commands.keys()].filter((known) => !known.startsWith("-"));
      const mend = nearest(name, names, "see fundtrail help");
      throw new Failure("USAGE", { what: `unknown command "${name}"`, mend });
    }
    if (rest.includes("--help") || rest.includes("-h")) return await help([name], terminal);
    const command = await load();
    return await command(rest, terminal);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    terminal.error(`fundtrail: ${thrown.message}\n`);
    return failureCodes[thrown.code].exit;
  }
}

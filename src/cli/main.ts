import { Failure, isFailure } from "../base/failure.ts";
import { failureCodes } from "../base/failure-codes.ts";
import { nearest } from "../base/nearest.ts";
import { help, version } from "./commands/help.ts";
import { incident } from "./commands/incident.ts";
import { losses } from "./commands/losses.ts";
import { reconcile } from "./commands/reconcile.ts";
import { start } from "./commands/start.ts";
import type { Command, Terminal } from "./terminal.ts";

const commands: ReadonlyMap<string, Command> = new Map([
  ["losses", losses],
  ["reconcile", reconcile],
  ["incident", incident],
  ["start", start],
  ["help", help],
  ["--help", help],
  ["-h", help],
  ["version", version],
  ["--version", version],
]);

/**
 * Runs one command line.
 *
 * @returns The exit status: 0 done, 1 could not be done, 2 wrong usage. A failure prints one line to the error stream.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [name = "help", ...rest] = args;
    const command = commands.get(name);
    if (command === undefined) {
      const names = [...commands.keys()].filter((known) => !known.startsWith("-"));
      const mend = nearest(name, names, "see fundtrail help");
      throw new Failure("USAGE", { what: `unknown command "${name}"`, mend });
    }
    if (rest.includes("--help") || rest.includes("-h")) return await help([name], terminal);
    return await command(rest, terminal);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    terminal.error(`fundtrail: ${thrown.message}\n`);
    return failureCodes[thrown.code].exit;
  }
}

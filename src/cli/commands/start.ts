import { Failure, isFailure } from "../../base/failure.ts";
import { computeLosses } from "../../losses/losses.ts";
import { readArguments, readCount } from "../arguments.ts";
import { demoFolder, makeDemo } from "../demo/make-demo.ts";
import { readGrouping, readSelection, selectionOptions } from "../losses-options.ts";
import { loadValidRegister } from "../register.ts";
import { loadRules } from "../screen/opened.ts";
import { serveUntilStopped } from "../server/until-stopped.ts";
import { stateIn } from "../server/state.ts";
import type { Command, Terminal } from "../terminal.ts";
import { renderLosses } from "./losses.ts";

const usualPort = 8787;

/**
 * `fundtrail start` (`npm start`): the losses table, then the pages and the API with a simulated ledger beside the register,
 * until it is told to stop.
 */
export const start: Command = async (args, terminal) => {
  const options = readArguments(args, { ...selectionOptions, port: { type: "string" }, demo: { type: "string" } }, 0);
  const by = readGrouping(options);
  const named = options.texts("register");
  const register = await loadValidRegister(named);
  const result = computeLosses(register, readSelection(options, register), by);
  terminal.out(`${await renderLosses(register, result, "table", terminal)}\n`);
  const demo = await makeDemo(options.text("demo") ?? demoFolder(), terminal, named);
  const served = await loadValidRegister([...(named.length === 0 ? ["bundled"] : named), demo.register]);
  const rules = await loadRules(undefined);
  const serveAt = async (port: number): Promise<void> =>
    serveUntilStopped(
      {
        register: served,
        ledger: demo.ledger,
        rules,
        state: stateIn(demo.ledger),
        host: "127.0.0.1",
        port,
        tokens: undefined,
        log: { level: "error", write: terminal.error },
      },
      (url) => greet(url, terminal),
    );
  const port = readCount(options, "port", usualPort);
  try {
    await serveAt(port);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    if (thrown.code === "LEDGER_BUSY") throw alreadyServed(demo.folder, thrown);
    // A port that was asked for is not exchanged for another in silence.
    if (thrown.code !== "PORT_UNAVAILABLE" || options.text("port") !== undefined) throw thrown;
    terminal.error(`Port ${port} is taken: any that is free is used.\n`);
    await serveAt(0);
  }
  return 0;
};

function greet(url: string, terminal: Terminal): void {
  terminal.out(
    `Fundtrail is at ${url} (only this machine can reach it; Ctrl-C ends it).\n` +
      "Losses are the register's. Tracing and screening show a simulated ledger: none of it happened.\n",
  );
}

function alreadyServed(folder: string, cause: Failure): Failure {
  const what = `fundtrail start already serves the simulated ledger in ${folder}`;
  return new Failure(
    "USAGE",
    { what, mend: "open its pages, end it first, or keep another one with --demo DIR" },
    cause,
  );
}

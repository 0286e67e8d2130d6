import { Failure } from "../../base/failure.ts";
import { isLoopback } from "../../http/hosts.ts";
import { serve as startServer, type ServeOptions } from "../../http/serve.ts";
import { oneOf, readArguments, readCount } from "../arguments.ts";
import { loadValidRegister } from "../register.ts";
import { stateFolder, tokenSource, tokenStore } from "../server/state.ts";
import type { Command, Terminal } from "../terminal.ts";

const levels = ["info", "warn", "error", "silent"] as const;
/** What is not answered by then is given up. */
const stopMs = 20_000;

/** `fundtrail serve`: the pages and the HTTP API, until it is told to stop. */
export const serve: Command = async (args, terminal) =>
  serveWith(args, terminal, {
    log: "info",
    greeting: (url) => `Listening on ${url}; described at ${url}/docs\n`,
  });

/** What a command that serves says and logs where nothing else is asked for. */
export type ServeManner = {
  readonly log: (typeof levels)[number];
  readonly greeting: (url: string) => string;
};

/** Serves until it is told to stop. */
export async function serveWith(args: readonly string[], terminal: Terminal, manner: ServeManner): Promise<number> {
  const options = readArguments(
    args,
    {
      ledger: { type: "string" },
      host: { type: "string" },
      port: { type: "string" },
      state: { type: "string" },
      "require-token": { type: "boolean" },
      register: { type: "string", multiple: true },
      log: { type: "string" },
    },
    0,
  );
  const port = readCount(options, "port", 8787);
  if (port > 65_535) throw new Failure("USAGE", { what: `--port ${port} is no port`, mend: "give 0 to 65535" });
  const state = stateFolder(options);
  const store = state === undefined ? undefined : tokenStore(state);
  const hasTokens = store?.entries().some(({ revoked }) => revoked === null) === true;
  if (options.flag("require-token") && !hasTokens) {
    throw new Failure("USAGE", { what: "there is no token", mend: "create one with fundtrail token create" });
  }
  const host = options.text("host") ?? "127.0.0.1";
  const isAsked = options.flag("require-token") || !isLoopback(host);
  const settings: ServeOptions = {
    register: await loadValidRegister(options.texts("register")),
    ledger: options.text("ledger"),
    state,
    host,
    port,
    tokens: isAsked && hasTokens && store !== undefined ? tokenSource(store) : undefined,
    log: {
      level: oneOf(levels, options.text("log") ?? manner.log, "--log"),
      write: terminal.error,
    },
  };
  const asked = stopSignal();
  const server = await startServer(settings);
  terminal.out(manner.greeting(server.url));
  await asked;
  const late = setTimeout(() => process.exit(1), stopMs).unref();
  await server.stop();
  clearTimeout(late);
  return 0;
}

/** Settles at the first signal to stop; a second one ends the process as it would without us. */
async function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.removeListener("SIGTERM", stop);
      process.removeListener("SIGINT", stop);
      resolve();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
}

import { Failure } from "../../base/failure.ts";
import { isLoopback } from "../../http/hosts.ts";
import type { ServeOptions } from "../../http/serve.ts";
import { oneOf, readArguments, readCount } from "../arguments.ts";
import { loadValidRegister } from "../register.ts";
import { loadRules } from "../screen/opened.ts";
import { stateFolder, tokenSource, tokenStore } from "../server/state.ts";
import { serveUntilStopped } from "../server/until-stopped.ts";
import type { Command } from "../terminal.ts";

const levels = ["info", "warn", "error", "silent"] as const;

/** `fundtrail serve`: the pages and the HTTP API, until it is told to stop. */
export const serve: Command = async (args, terminal) => {
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
      rules: { type: "string" },
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
    rules: await loadRules(options.text("rules")),
    state,
    host,
    port,
    tokens: isAsked && hasTokens && store !== undefined ? tokenSource(store) : undefined,
    log: {
      level: oneOf(levels, options.text("log") ?? "info", "--log"),
      write: terminal.error,
    },
  };
  await serveUntilStopped(settings, (url) => terminal.out(`Listening on ${url}; described at ${url}/docs\n`));
  return 0;
};

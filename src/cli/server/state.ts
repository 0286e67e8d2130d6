import path from "node:path";
import { Failure } from "../../base/failure.ts";
import type { TokenSource } from "../../http/callers.ts";
import { readTokens, type TokenEntry } from "../../http/tokens.ts";
import { privateFile, type PrivateFile } from "../../io/private-file.ts";
import type { Arguments } from "../arguments.ts";

/** The folder of a server's tokens and audit log: `--state`, or `server` in the ledger's; undefined where neither is given. */
export function stateFolder(options: Arguments): string | undefined {
  const [state, ledger] = [options.text("state"), options.text("ledger")];
  return state ?? (ledger === undefined ? undefined : stateIn(ledger));
}

/** That folder where only the ledger is known. */
export function stateIn(ledger: string): string {
  return path.join(ledger, "server");
}

/** @throws {Failure} `USAGE` where neither is given. */
export function requiredState(options: Arguments): string {
  const folder = stateFolder(options);
  if (folder !== undefined) return folder;
  throw new Failure("USAGE", { what: "--ledger is missing", mend: "give --ledger DIR, or --state DIR" });
}

export type TokenStore = { readonly file: PrivateFile; readonly entries: () => readonly TokenEntry[] };

export function tokenStore(state: string): TokenStore {
  const name = path.join(state, "tokens.json");
  const file = privateFile(name);
  return {
    file,
    entries: () => {
      const text = file.text();
      return text === undefined ? [] : readTokens(text, name);
    },
  };
}

/** The tokens of a server, read again where their file changes. */
export function tokenSource({ file, entries }: TokenStore): TokenSource {
  let text: string | undefined;
  let known: ReadonlyMap<string, TokenEntry> = new Map();
  return () => {
    const now = file.text();
    if (now !== text) known = new Map(entries().map((entry) => [entry.id, entry]));
    text = now;
    return known;
  };
}

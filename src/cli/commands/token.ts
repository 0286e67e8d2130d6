import { Failure } from "../../base/failure.ts";
import { roles } from "../../http/contract/route.ts";
import { makeToken, writeTokens, type TokenEntry } from "../../http/tokens.ts";
import { lockForWriting } from "../../io/writer-lock.ts";
import { oneOf, readArguments, readCount, required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { requiredState, tokenStore, type TokenStore } from "../server/state.ts";
import { plainText, textTable, type Table } from "../table.ts";
import type { Command, Terminal } from "../terminal.ts";

const perMinuteUsual = 6_000;

/** `fundtrail token create | list | revoke ID`. */
export const token: Command = async (args, terminal) => {
  const options = readArguments(
    args,
    {
      ledger: { type: "string" },
      state: { type: "string" },
      name: { type: "string" },
      role: { type: "string" },
      "per-minute": { type: "string" },
      json: { type: "boolean" },
    },
    2,
  );
  const action = oneOf(["create", "list", "revoke"], options.words[0] ?? "", "fundtrail token");
  const state = requiredState(options);
  if (action === "list") {
    list(tokenStore(state).entries(), options, terminal);
    return 0;
  }
  const unlock = await lockForWriting(state);
  try {
    const store = tokenStore(state);
    if (action === "create") await create(store, options, terminal);
    else await revoke(store, options.words[1], terminal);
    return 0;
  } finally {
    await unlock();
  }
};

async function create({ file, entries }: TokenStore, options: Arguments, terminal: Terminal): Promise<void> {
  const name = required(options, "name", "WHO");
  const role = oneOf(roles, required(options, "role", "ROLE"), "--role");
  const perMinute = readCount(options, "per-minute", perMinuteUsual);
  if (perMinute < 1) throw new Failure("USAGE", { what: "--per-minute 0 allows nothing", mend: "give 1 or more" });
  const { text, entry } = makeToken({ name, role, perMinute, created: new Date().toISOString() });
  await file.write(writeTokens([...entries(), entry]));
  if (options.flag("json")) terminal.out(jsonText({ token: text, ...shown(entry) }));
  else terminal.out(`${text}\nKeep it: it is not shown again. Revoke it with fundtrail token revoke ${entry.id}.\n`);
}

async function revoke({ file, entries }: TokenStore, id: string | undefined, terminal: Terminal): Promise<void> {
  if (id === undefined)
    throw new Failure("USAGE", { what: "no token is named", mend: "give its id, as token list has it" });
  const known = entries();
  if (!known.some((one) => one.id === id)) {
    throw new Failure("UNKNOWN_NAME", {
      kind: "token",
      name: id,
      where: "token revoke",
      mend: "see fundtrail token list",
    });
  }
  const now = new Date().toISOString();
  await file.write(writeTokens(known.map((one) => (one.id === id ? { ...one, revoked: one.revoked ?? now } : one))));
  terminal.out(`${id} is revoked; servers refuse it within a second\n`);
}

function list(entries: readonly TokenEntry[], options: Arguments, terminal: Terminal): void {
  if (options.flag("json")) {
    terminal.out(jsonText({ tokens: entries.map(shown) }));
    return;
  }
  if (entries.length === 0) {
    terminal.out("There are no tokens: fundtrail help token\n");
    return;
  }
  const left = (title: string): Table["columns"][number] => ({ title, align: "left" });
  const columns = [left("Token"), left("Name"), left("Role"), left("A minute"), left("Created"), left("Revoked")];
  const rows = entries.map(({ id, name, role, perMinute, created, revoked }) =>
    [id, name, role, String(perMinute), created, revoked ?? ""].map(plainText),
  );
  terminal.out(textTable({ columns, rows, totals: 0 }, terminal));
}

function shown({ id, name, role, perMinute, created, revoked }: TokenEntry): object {
  return { id, name, role, perMinute, created, revoked };
}

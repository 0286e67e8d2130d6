import { setImmediate } from "node:timers/promises";
import { chain as knownChain } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import { groupDigits } from "../../base/usd.ts";
import { checkChain } from "../../ledger/check.ts";
import { dumpChain } from "../../ledger/dump.ts";
import { chainInfo, type ChainInfo } from "../../ledger/info.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import { whyUnsound } from "../../store/lmdb-file.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { checkTaint } from "../../trace/taint/check.ts";
import { oneOf, readArguments, required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { plainText, textTable } from "../table.ts";
import type { Command, Terminal } from "../terminal.ts";

/** How much of a dump is printed at a time. */
const piece = 1 << 20;

/** `fundtrail ledger info | check | dump`. */
export const ledger: Command = async (args, terminal) => {
  const options = readArguments(
    args,
    { ledger: { type: "string" }, chain: { type: "string" }, json: { type: "boolean" } },
    1,
  );
  const action = oneOf(["info", "check", "dump"], options.words[0] ?? "", "fundtrail ledger");
  const folder = required(options, "ledger", "DIR");
  const store = openLmdbStore(folder, { mode: "read" });
  try {
    const reader = new LedgerReader(store, folder);
    try {
      const chains = chosen(reader, options, folder);
      switch (action) {
        case "info":
          info(chains, options, terminal);
          return 0;
        case "check":
          return check(chains, whyUnsound(`${folder}/data.mdb`, "every page"), options.flag("json"), terminal);
        case "dump":
          await dump(chains, terminal);
          return 0;
        default:
          return action satisfies never;
      }
    } finally {
      reader.close();
    }
  } finally {
    await store.close();
  }
};

function chosen(reader: LedgerReader, options: Arguments, folder: string): readonly ChainReader[] {
  const text = options.text("chain");
  if (text === undefined) return reader.chains;
  const wanted = knownChain(text).id;
  const found = reader.chains.filter(({ chain }) => chain.id === wanted);
  if (found.length > 0) return found;
  const known = reader.chains.map(({ chain }) => chain.alias).join(", ");
  const mend = known === "" ? "it holds no chain yet" : `it holds ${known}`;
  throw new Failure("UNKNOWN_NAME", { kind: "chain of the ledger", name: text, where: folder, mend });
}

function info(chains: readonly ChainReader[], options: Arguments, terminal: Terminal): void {
  const all = chains.map(chainInfo);
  if (options.flag("json")) {
    terminal.out(jsonText({ chains: all }));
    return;
  }
  if (all.length === 0) {
    terminal.out("The ledger holds no chain yet: fundtrail help ingest\n");
    return;
  }
  const number = (value: number): string => groupDigits(String(value));
  const row = (one: ChainInfo): readonly string[] => [
    one.simulated ? `${one.alias} (simulated)` : one.alias,
    number(one.blocks),
    one.tip === null ? "" : String(one.tip.height),
    one.tip === null ? "" : new Date(one.tip.time * 1_000).toISOString().slice(0, 19).concat("Z"),
    number(one.transactions),
    number(one.rows),
    number(one.owners),
    number(one.gaps),
    one.internalUnknown === 0 ? "" : `unknown in ${number(one.internalUnknown)} blocks`,
  ];
  const left = (title: string): { title: string; align: "left" } => ({ title, align: "left" });
  const right = (title: string): { title: string; align: "right" } => ({ title, align: "right" });
  const columns = [left("Chain"), right("Blocks"), right("Tip"), left("Tip time"), right("Transactions")];
  const more = [right("Outputs, transfers"), right("Addresses"), right("Gaps"), left("Internal transfers")];
  terminal.out(textTable({ columns: [...columns, ...more], rows: all.map(row), totals: 0 }, terminal));
}

/**
 * Prints each contradiction; 1 where there is one.
 *
 * @param unsound - What is wrong with the store's own file.
 */
function check(
  chains: readonly ChainReader[],
  unsound: string | undefined,
  isJson: boolean,
  terminal: Terminal,
): number {
  const found = chains.map((reader) => ({
    chain: reader.chain.alias,
    contradictions: [...checkChain(reader), ...checkTaint(reader)],
  }));
  const count = found.reduce((sum, { contradictions }) => sum + contradictions.length, unsound === undefined ? 0 : 1);
  if (isJson) terminal.out(jsonText({ store: unsound ?? null, chains: found }));
  else {
    if (unsound !== undefined) terminal.out(plainText(`store: ${unsound}`).concat("\n"));
    for (const { chain, contradictions } of found) {
      for (const { where, what } of contradictions) terminal.out(plainText(`${chain}, ${where}: ${what}`).concat("\n"));
      terminal.out(`${chain}: ${contradictions.length === 0 ? "sound" : `${contradictions.length} contradictions`}\n`);
    }
  }
  return count === 0 ? 0 : 1;
}

async function dump(chains: readonly ChainReader[], terminal: Terminal): Promise<void> {
  let text = "";
  for (const reader of chains) {
    for (const line of dumpChain(reader)) {
      text += line;
      if (text.length < piece) continue;
      terminal.out(text);
      text = "";
      // Lets the process hear that nobody reads any more.
      await setImmediate();
    }
  }
  terminal.out(text);
}

import { Failure } from "../../base/failure.ts";
import { lockForWriting } from "../../io/writer-lock.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import type { PageStore } from "../../store/page-store.ts";
import { dropTaintOf } from "../../trace/taint/drop.ts";
import { TaintReader } from "../../trace/taint/taint-reader.ts";
import { oneOf, readArguments, required, type Arguments } from "../arguments.ts";
import { chosenChain, withLedger } from "../clusters/opened.ts";
import { jsonText } from "../json-text.ts";
import { loadValidRegister } from "../register.ts";
import { carryChain, taintBasis } from "../taint/carry-chain.ts";
import { carriedText, infoOf, infoText } from "../taint/info-text.ts";
import type { Command, Terminal } from "../terminal.ts";

const text = { type: "string" } as const;
const known = { ledger: text, chain: text, register: { ...text, multiple: true }, json: { type: "boolean" } } as const;

/** `fundtrail taint build|info|drop`: the taint index of a ledger. */
export const taint: Command = async (args, terminal) => {
  const [first = "", ...rest] = args;
  const word = oneOf(["build", "info", "drop"], first, "fundtrail taint");
  const options = readArguments(rest, known, 0);
  if (word === "build") await writing(options, async (store, folder) => build(store, { folder, options, terminal }));
  else if (word === "drop") await writing(options, async (store, folder) => drop(store, { folder, options, terminal }));
  else await info(options, terminal);
  return 0;
};

type Asked = { readonly folder: string; readonly options: Arguments; readonly terminal: Terminal };

async function writing(options: Arguments, use: (store: PageStore, folder: string) => Promise<void>): Promise<void> {
  const folder = required(options, "ledger", "DIR");
  // A ledger that is not there is not made.
  await openLmdbStore(folder, { mode: "read" }).close();
  const store = openLmdbStore(folder, { mode: "write" });
  let unlock = async (): Promise<void> => Promise.resolve();
  try {
    unlock = await lockForWriting(folder);
    await use(store, folder);
  } finally {
    await store.close();
    await unlock();
  }
}

/** The chain that was named, or all. */
function chainsOf(ledger: LedgerReader, options: Arguments, folder: string): readonly ChainReader[] {
  const chains = options.text("chain") === undefined ? ledger.chains : [chosenChain(ledger, options, folder)];
  if (chains.length > 0) return chains;
  throw new Failure("USAGE", { what: `${folder} holds no chain yet`, mend: "see fundtrail help ingest" });
}

function chainsIn(store: PageStore, options: Arguments, folder: string): readonly ChainReader["chain"][] {
  const ledger = new LedgerReader(store, folder);
  try {
    return chainsOf(ledger, options, folder).map(({ chain }) => chain);
  } finally {
    ledger.close();
  }
}

async function build(store: PageStore, { folder, options, terminal }: Asked): Promise<void> {
  const register = await loadValidRegister(options.texts("register"));
  const all: object[] = [];
  for (const chain of chainsIn(store, options, folder)) {
    const carried = await carryChain(store, chain, { folder, register, terminal });
    all.push({ chain: chain.id, ...carried });
    if (!options.flag("json")) terminal.out(carriedText(chain, carried));
  }
  if (options.flag("json")) terminal.out(jsonText({ chains: all }));
}

async function drop(store: PageStore, { folder, options, terminal }: Asked): Promise<void> {
  const dropped: string[] = [];
  for (const chain of chainsIn(store, options, folder)) {
    if (await dropTaintOf(store, chain.id, folder)) dropped.push(chain.id);
    else if (!options.flag("json")) terminal.out(`${chain.name}: there is no taint index\n`);
    if (dropped.includes(chain.id) && !options.flag("json"))
      terminal.out(`${chain.name}: the taint index is removed\n`);
  }
  if (options.flag("json")) terminal.out(jsonText({ dropped }));
}

async function info(options: Arguments, terminal: Terminal): Promise<void> {
  const register = await loadValidRegister(options.texts("register"));
  await withLedger(options, ({ ledger, folder }) => {
    const infos = chainsOf(ledger, options, folder).map((reader) =>
      infoOf(reader, TaintReader.open(reader, taintBasis(reader, register, folder))),
    );
    terminal.out(
      options.flag("json") ? jsonText({ chains: infos }) : infos.map((one) => infoText(one, terminal)).join("\n"),
    );
    return 0;
  });
}

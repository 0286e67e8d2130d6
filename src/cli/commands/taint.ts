import { Failure } from "../../base/failure.ts";
import { lockForWriting } from "../../io/writer-lock.ts";
import { LedgerReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { openTagReader } from "../../tags/open-tag-reader.ts";
import { priceRule } from "../../trace/price-rule.ts";
import { buildTaint } from "../../trace/taint/build.ts";
import { oneOf, readArguments, required, type Arguments } from "../arguments.ts";
import { chosenChain } from "../clusters/opened.ts";
import { jsonText } from "../json-text.ts";
import { progressLine } from "../progress.ts";
import { loadValidRegister } from "../register.ts";
import type { Command, Terminal } from "../terminal.ts";

const text = { type: "string" } as const;

/** `fundtrail taint build`: carries the taint of every origin to the ledger's tip. */
export const taint: Command = async (args, terminal) => {
  const [first = "", ...rest] = args;
  oneOf(["build"], first, "fundtrail taint");
  const options = readArguments(
    rest,
    { ledger: text, chain: text, register: { ...text, multiple: true }, json: { type: "boolean" } },
    0,
  );
  const folder = required(options, "ledger", "DIR");
  // A ledger that is not there is not made.
  await openLmdbStore(folder, { mode: "read" }).close();
  const store = openLmdbStore(folder, { mode: "write" });
  let unlock = async (): Promise<void> => Promise.resolve();
  try {
    unlock = await lockForWriting(folder);
    await build(store, { folder, options, terminal });
    return 0;
  } finally {
    await store.close();
    await unlock();
  }
};

async function build(
  store: ReturnType<typeof openLmdbStore>,
  { folder, options, terminal }: { readonly folder: string; readonly options: Arguments; readonly terminal: Terminal },
): Promise<void> {
  const register = await loadValidRegister(options.texts("register"));
  const ledger = new LedgerReader(store, folder);
  const chains = (options.text("chain") === undefined ? ledger.chains : [chosenChain(ledger, options, folder)]).map(
    ({ chain }) => chain,
  );
  ledger.close();
  if (chains.length === 0)
    throw new Failure("USAGE", { what: `${folder} holds no chain yet`, mend: "see fundtrail help ingest" });
  const all: object[] = [];
  for (const chain of chains) {
    const progress = progressLine(terminal);
    const built = await buildTaint(store, {
      folder,
      chain: chain.id,
      policies: ["fifo", "haircut"],
      incidents: register.incidents,
      tags: (reader) => openTagReader(reader.snapshot, register.actors, folder),
      price: priceRule(register.prices),
      priceBasis: register.digest,
      onProgress: (done, of) => {
        progress.show(done, undefined, (rate) => `taint on ${chain.alias}: ${done} of ${of} traces, ${rate}`);
      },
    });
    progress.end();
    all.push({ chain: chain.id, ...built });
    if (options.flag("json")) continue;
    const absent = built.absent.length === 0 ? "" : `; not in the ledger: ${built.absent.join(", ")}`;
    terminal.out(
      `${chain.name}: ${built.origins} origins to block ${built.height ?? "none"}, ${built.traced} traces run, ${built.kept} still true, ${built.records} tainted receipts${absent}\n`,
    );
  }
  if (options.flag("json")) terminal.out(jsonText({ chains: all }));
}

import { chain as knownChain } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import { groupDigits } from "../../base/usd.ts";
import { buildClusters, type Built } from "../../clusters/build.ts";
import { ownerOf, transactionOf } from "../../clusters/owners.ts";
import { isChangeRule, parseRules, ruleInfos } from "../../clusters/rules.ts";
import { servicesByTags } from "../../clusters/services.ts";
import { readStrikes, writeStrikes, type Strike } from "../../clusters/strikes.ts";
import { lockForWriting } from "../../io/writer-lock.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import type { PageStore } from "../../store/page-store.ts";
import { openTagReader } from "../../tags/open-tag-reader.ts";
import { required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { progressLine } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { loadRegister } from "../register.ts";
import { chosenChain } from "./opened.ts";

/** `fundtrail clusters build`. */
export async function build(options: Arguments, terminal: Terminal): Promise<void> {
  await withWriting(options, async (store, folder) => {
    const readers = await withReader(store, folder, (ledger) => {
      if (options.text("chain") !== undefined) return [chosenChain(ledger, options, folder)];
      if (ledger.chains.length === 0) chosenChain(ledger, options, folder);
      return ledger.chains;
    });
    const rules = options.text("rules");
    const models = new Set(readers.map(({ model }) => model));
    if (rules !== undefined && models.size > 1) {
      throw new Failure("USAGE", { what: "rules are for one kind of chain", mend: "give --chain with --rules" });
    }
    const built: object[] = [];
    for (const reader of readers) {
      const done = await buildChain(store, { folder, reader, rules, terminal });
      built.push({ chain: reader.chain.id, ...done, tip: done.tip ?? null });
      if (!options.flag("json")) terminal.out(summary(reader, done));
    }
    if (options.flag("json")) terminal.out(jsonText({ chains: built }));
  });
}

/** `fundtrail clusters strike`: records a decision, or takes one back, and computes the rest anew. */
export async function strike(options: Arguments, terminal: Terminal): Promise<void> {
  const [by, why] = [required(options, "by", "NAME"), required(options, "why", "TEXT")];
  await withWriting(options, async (store, folder) => {
    const reader = await withReader(store, folder, (ledger) => {
      const chosen = chosenChain(ledger, options, folder);
      const strikes = changedStrikes(chosen, options, { by, why });
      return { chosen, strikes };
    });
    await store.commit([writeStrikes(reader.chosen.number, reader.strikes)]);
    const done = await buildChain(store, { folder, reader: reader.chosen, rules: undefined, terminal });
    if (options.flag("json")) {
      terminal.out(
        jsonText({ chain: reader.chosen.chain.id, strikes: reader.strikes, ...done, tip: done.tip ?? null }),
      );
    } else terminal.out(`recorded; ${summary(reader.chosen, done)}`);
  });
}

function changedStrikes(
  reader: ChainReader,
  options: Arguments,
  { by, why }: { readonly by: string; readonly why: string },
): readonly Strike[] {
  const strikes = readStrikes(reader.snapshot, reader.number);
  const time = (Date.now() - (Date.now() % 1_000)) / 1_000;
  const withdraws = options.text("withdraw");
  if (withdraws !== undefined) {
    const found = strikes.find(({ number, withdrawn }) => String(number) === withdraws && withdrawn === undefined);
    if (found === undefined) {
      const mend = "see fundtrail clusters strikes";
      throw new Failure("UNKNOWN_NAME", { kind: "strike", name: withdraws, where: "--withdraw", mend });
    }
    return strikes.map((one) => (one === found ? { ...one, withdrawn: { by, why, time } } : one));
  }
  return [
    ...strikes,
    { ...readStrike(reader, options), number: strikes.length + 1, by, why, time, withdrawn: undefined },
  ];
}

/** What the options strike out; everything named must exist. */
function readStrike(reader: ChainReader, options: Arguments): Pick<Strike, "rule" | "transaction" | "between"> {
  const [rule = ""] = parseRules(required(options, "rule", "RULE"), reader.model);
  const transaction = options.text("tx");
  if (transaction !== undefined && transactionOf(reader, transaction) === undefined) {
    const where = reader.chain.alias;
    throw new Failure("UNKNOWN_NAME", { kind: "transaction", name: transaction, where, mend: "check its id" });
  }
  const pair = options.text("between")?.split(",");
  if (pair === undefined) return { rule, transaction, between: undefined };
  const [one, other] = pair;
  const exempts = ruleInfos.some(({ name, kind }) => name === rule && kind === "exempts");
  if (one === undefined || other === undefined || pair.length !== 2 || transaction === undefined || exempts) {
    const what = "--between takes two addresses that a rule links in the transaction of --tx";
    throw new Failure("USAGE", { what, mend: "for example --rule multi-input --tx TXID --between A,B" });
  }
  for (const address of [one, other]) {
    if (ownerOf(reader, address) !== undefined) continue;
    const where = reader.chain.alias;
    throw new Failure("UNKNOWN_NAME", { kind: "address", name: address, where, mend: "check it" });
  }
  return { rule, transaction, between: one < other ? [one, other] : [other, one] };
}

async function buildChain(
  store: PageStore,
  {
    folder,
    reader,
    rules,
    terminal,
  }: {
    readonly folder: string;
    readonly reader: ChainReader;
    readonly rules: string | undefined;
    readonly terminal: Terminal;
  },
): Promise<Built> {
  const progress = progressLine(terminal);
  const { actors } = await loadRegister([]);
  const built = await buildClusters(store, {
    folder,
    chain: knownChain(reader.chain.id).id,
    rules: rules === undefined ? undefined : parseRules(rules, reader.model),
    services: (of) => servicesByTags(openTagReader(of.snapshot, actors, folder))(of),
    onProgress: ({ height, rows, rowsTotal }) => {
      const part = rowsTotal === 0 ? undefined : (rows * 1_000) / rowsTotal;
      progress.show(
        rows,
        part,
        (rate, left) => `clusters of ${reader.chain.alias}: block ${height}, ${rate} rows${left}`,
      );
    },
  });
  progress.end();
  return built;
}

function summary({ chain }: ChainReader, done: Built): string {
  const number = (value: number): string => groupDigits(String(value));
  const ways = {
    on: "went on",
    reapplied: `applied all evidence again, since ${done.why}`,
    anew: `built anew, since ${done.why}`,
  };
  const undone = done.undone === 0 ? "" : `; ${number(done.undone)} blocks of a lost branch taken back`;
  const held = done.held === 0 ? "" : `, ${number(done.held)} held back`;
  const change = done.rules.some(isChangeRule) ? ", with change rules" : "";
  return (
    `${chain.name}: ${ways[done.way]}${undone}; up to block ${done.tip?.height ?? "none"} ${number(done.merges)} merges` +
    `${held} by ${number(done.evidence)} pieces of evidence${change}, ${number(done.coinjoins)} CoinJoins left out\n`
  );
}

async function withWriting(
  options: Arguments,
  use: (store: PageStore, folder: string) => Promise<void>,
): Promise<void> {
  const folder = required(options, "ledger", "DIR");
  // A ledger that is not there is not made: clusters are of something.
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

async function withReader<Result>(
  store: PageStore,
  folder: string,
  use: (ledger: LedgerReader) => Result | Promise<Result>,
): Promise<Result> {
  const ledger = new LedgerReader(store, folder);
  try {
    return await use(ledger);
  } finally {
    ledger.close();
  }
}

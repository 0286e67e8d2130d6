import { Failure } from "../../base/failure.ts";
import { groupDigits } from "../../base/usd.ts";
import type { Register } from "../../incidents/register.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { isoTime } from "../../trace/output/json.ts";
import { retroExposures, type RetroExposure } from "../../trace/taint/retro.ts";
import type { Strand } from "../../trace/taint/state.ts";
import { TaintReader } from "../../trace/taint/taint-reader.ts";
import { oneOf, readArguments, required } from "../arguments.ts";
import { chosenChain, withLedger } from "../clusters/opened.ts";
import { jsonText } from "../json-text.ts";
import { loadValidRegister } from "../register.ts";
import { csvTable, textTable, type Table } from "../table.ts";
import { readAddresses, type AddressList } from "../taint/address-list.ts";
import { taintBasis } from "../taint/carry-chain.ts";
import { infoOf, standingText } from "../taint/info-text.ts";
import type { Command, Terminal } from "../terminal.ts";
import { textOf } from "../trace-options.ts";
import { amountText } from "../trace-text.ts";

const text = { type: "string" } as const;
const known = {
  ledger: text,
  chain: text,
  addresses: text,
  policy: text,
  format: text,
  register: { ...text, multiple: true },
  json: { type: "boolean" },
} as const;
const formats = ["table", "json", "csv"] as const;

/** `fundtrail retro ID`: past transactions of given addresses that are exposed to an origin. */
export const retro: Command = async (args, terminal) => {
  const options = readArguments(args, known, 1);
  const [id] = options.words;
  if (id === undefined) {
    throw new Failure("USAGE", {
      what: "retro needs an incident's id or an origin's key",
      mend: "see fundtrail help retro",
    });
  }
  const policy = oneOf(["fifo", "haircut"], options.text("policy") ?? "fifo", "--policy");
  const format = options.flag("json") ? "json" : oneOf(formats, options.text("format") ?? "table", "--format");
  const file = required(options, "addresses", "FILE");
  const content = await textOf(file);
  const register = await loadValidRegister(options.texts("register"));
  return withLedger(options, ({ ledger, folder }) => {
    const reader = chosenChain(ledger, options, folder);
    const taint = currentTaint(reader, { register, folder });
    const strand = strandOf(taint, { id, policy, reader });
    const list = readAddresses(reader, file, content);
    const exposures = retroExposures(reader, taint, { strand: strand.number, owners: list.owners });
    terminal.out(told({ exposures, strand, list, block: taint.state.tip.height }, format, terminal));
    return 0;
  });
};

/** @throws {Failure} `TAINT_UNBUILT` unless the index is what it would be now: what it does not know of must not look unexposed. */
function currentTaint(
  reader: ChainReader,
  { register, folder }: { readonly register: Register; readonly folder: string },
): TaintReader {
  const taint = TaintReader.open(reader, taintBasis(reader, register, folder));
  if (taint instanceof TaintReader && taint.standing.kind === "current") return taint;
  const why = standingText(infoOf(reader, taint)).replace(": run fundtrail taint build", "");
  throw new Failure("TAINT_UNBUILT", { chain: reader.chain.alias, folder, why });
}

/** @throws {Failure} `UNKNOWN_NAME` for what is no origin on the chain. */
function strandOf(
  { state }: TaintReader,
  { id, policy, reader }: { readonly id: string; readonly policy: string; readonly reader: ChainReader },
): Strand {
  const found = state.strands.find(
    ({ origin, policy: by }) => by === policy && [id, `incident:${id}`].includes(origin.key),
  );
  if (found !== undefined) return found;
  const keys = [...new Set(state.strands.map(({ origin }) => origin.key))];
  const mend = state.absent.includes(id)
    ? "its theft's transactions are not in this ledger: ingest the blocks that they are in"
    : keys.length === 0
      ? "the ledger holds no theft of the register and no entity that tags call illicit"
      : `it has ${keys.slice(0, 8).join(", ")}${keys.length > 8 ? " and others: see fundtrail taint info" : ""}`;
  throw new Failure("UNKNOWN_NAME", {
    kind: "origin",
    name: id,
    where: `the taint index of ${reader.chain.alias}`,
    mend,
  });
}

type Told = {
  readonly exposures: readonly RetroExposure[];
  readonly strand: Strand;
  readonly list: AddressList;
  readonly block: number;
};

function told(found: Told, format: (typeof formats)[number], terminal: Terminal): string {
  const { exposures, strand, list, block } = found;
  if (format === "json") {
    const exposed = exposures.map(({ isFirst, time, amount, ...one }) => ({
      ...one,
      amount: amount.toString(),
      time: isoTime(time),
      first: isFirst,
    }));
    const { origin, policy } = strand;
    return jsonText({
      origin: origin.key,
      name: origin.name,
      policy,
      block,
      addresses: list.count,
      exposed,
      notInLedger: list.notInLedger,
    });
  }
  if (format === "csv") {
    const header = ["address", "txid", "block", "time", "asset", "amount", "hops", "first"];
    const rows = exposures.map((one) => [
      one.address,
      one.txid,
      String(one.height),
      isoTime(one.time),
      one.asset,
      one.amount.toString(),
      String(one.hops),
      one.isFirst ? "yes" : "no",
    ]);
    return csvTable(header, rows);
  }
  return proseOf(found, terminal);
}

function proseOf(
  { exposures, strand: { origin, policy, assumptions }, list, block }: Told,
  terminal: Terminal,
): string {
  const addresses = new Set(exposures.map(({ address }) => address)).size;
  const count = groupDigits(String(list.count));
  const head =
    exposures.length === 0
      ? `None of ${count} addresses received anything of ${origin.name} (${origin.key}) by ${policy}, to block ${block}.\n`
      : `${addresses} of ${count} addresses received value of ${origin.name} (${origin.key}) by ${policy}, to block ${block}:\n\n`;
  const table: Table = {
    columns: [
      { title: "Time", align: "left" },
      { title: "Block", align: "right" },
      { title: "Address", align: "left" },
      { title: "Transaction", align: "left" },
      { title: "Tainted", align: "right" },
      { title: "Hops", align: "right" },
      { title: "First", align: "left" },
    ],
    rows: exposures.map((one) => [
      isoTime(one.time),
      String(one.height),
      one.address,
      one.txid,
      amountText(one.amount, one.asset),
      String(one.hops),
      one.isFirst ? "first" : "",
    ]),
    totals: 0,
  };
  const unseen =
    list.notInLedger.length === 0
      ? ""
      : `Not in this ledger, which does not mean clean: ${list.notInLedger.join(", ")}\n`;
  return [
    head,
    exposures.length === 0 ? "" : textTable(table, terminal),
    unseen,
    ...assumptions.map((one) => `${one}\n`),
  ].join("");
}

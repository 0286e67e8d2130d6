import { Failure } from "../../base/failure.ts";
import { addressOf, ownerIfAny, txidOf } from "../../clusters/owners.ts";
import { Moments } from "../../trace/moments.ts";
import { TaintReader } from "../../trace/taint/taint-reader.ts";
import { oneOf, readArguments, required } from "../arguments.ts";
import { chosenChain, withLedger } from "../clusters/opened.ts";
import { jsonText } from "../json-text.ts";
import { textTable } from "../table.ts";
import { textOf } from "../trace-options.ts";
import type { Command } from "../terminal.ts";

const text = { type: "string" } as const;

/** `fundtrail retro ID`: past receipts of given addresses that an origin's money is in. */
export const retro: Command = async (args, terminal) => {
  const options = readArguments(
    args,
    { ledger: text, chain: text, addresses: text, policy: text, json: { type: "boolean" } },
    1,
  );
  const [id] = options.words;
  if (id === undefined)
    throw new Failure("USAGE", {
      what: "retro needs an incident's id or an origin's key",
      mend: "see fundtrail help retro",
    });
  const policy = oneOf(["fifo", "haircut"], options.text("policy") ?? "fifo", "--policy");
  const asked = (await textOf(required(options, "addresses", "FILE")))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return withLedger(options, ({ ledger, folder }) => {
    const reader = chosenChain(ledger, options, folder);
    const unbuilt = (why: string): Failure => new Failure("TAINT_UNBUILT", { chain: reader.chain.alias, folder, why });
    const taint = TaintReader.open(reader);
    if (!(taint instanceof TaintReader)) throw unbuilt(taint === "none" ? "none was built" : "its branch was replaced");
    if (taint.isBehind) throw unbuilt(`it ends at block ${taint.state.tip.height}, before the ledger`);
    const strand = taint.state.strands.find(
      ({ origin, policy: by }) => by === policy && [id, `incident:${id}`].includes(origin.key),
    );
    if (strand === undefined) throw unbuilt(`it has no origin ${id}`);
    const found = asked.map((address) => ({ address, owner: ownerIfAny(reader, address) }));
    const owners = new Set(found.map(({ owner }) => owner));
    const moments = new Moments(reader);
    const exposed = [...taint.records(strand.number)]
      .filter(({ owner, amount }) => owners.has(owner) && amount !== 0n)
      .map(({ owner, transaction, row, amount: units, hops }) => {
        const amount = units.toString();
        const txid = transaction < 0 ? "" : txidOf(reader, transaction);
        return { address: addressOf(reader, owner), txid, ...moments.ofRow(row), amount, hops };
      });
    const notInLedger = found.filter(({ owner }) => owner === undefined).map(({ address }) => address);
    if (options.flag("json"))
      terminal.out(
        jsonText({ origin: strand.origin.key, policy, block: taint.state.tip.height, exposed, notInLedger }),
      );
    else {
      const columns = ["Address", "Transaction", "Block", "Amount", "Hops"].map((title) => ({
        title,
        align: "left" as const,
      }));
      const rows = exposed.map((one) => [one.address, one.txid, String(one.height), one.amount, String(one.hops)]);
      terminal.out(
        rows.length === 0
          ? `none to block ${taint.state.tip.height}\n`
          : textTable({ columns, rows, totals: 0 }, terminal),
      );
      if (notInLedger.length > 0)
        terminal.out(`not in this ledger, which does not mean clean: ${notInLedger.join(", ")}\n`);
    }
    return 0;
  });
};

import { shownEvidence } from "../../clusters/describe.ts";
import { addressOf } from "../../clusters/owners.ts";
import { shortestChain } from "../../clusters/why.ts";
import { Failure } from "../../base/failure.ts";
import type { Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { textTable, type Table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { clustersOf, namedOwner, type OpenedLedger } from "./opened.ts";

/** `fundtrail clusters why A B`: the shortest chain of evidence; 1 where nothing links them. */
export function why(
  opened: OpenedLedger,
  options: Arguments,
  [from, to]: readonly [string, string],
  terminal: Terminal,
): number {
  const [one, other] = [namedOwner(opened, options, from), namedOwner(opened, options, to)];
  if (one.reader !== other.reader) {
    const what = `${from} and ${to} are on different chains`;
    throw new Failure("USAGE", {
      what,
      mend: "clusters are of one chain; see the same keys in fundtrail clusters show",
    });
  }
  const { reader } = one;
  const clusters = clustersOf(reader, opened.folder);
  const chain = shortestChain(clusters, one.owner, other.owner);
  const steps = chain?.map((step) => {
    const { rule, transaction, block } = shownEvidence(reader, step.evidence);
    return { from: addressOf(reader, step.from), to: addressOf(reader, step.to), rule, transaction, block };
  });
  if (options.flag("json")) {
    terminal.out(jsonText({ chain: reader.chain.id, linked: steps !== undefined, steps: steps ?? null }));
  } else if (steps === undefined) {
    terminal.out(`nothing links ${from} with ${to}: they are in different clusters\n`);
  } else if (steps.length === 0) {
    terminal.out("one and the same address\n");
  } else {
    const left = (title: string): Table["columns"][number] => ({ title, align: "left" });
    const columns = [left("Address"), left("is linked with"), left("by"), left("in transaction"), left("Block")];
    const rows = steps.map((step) => [step.from, step.to, step.rule, step.transaction, String(step.block)]);
    terminal.out(textTable({ columns, rows, totals: 0 }, terminal));
  }
  return steps === undefined ? 1 : 0;
}

import type { KnownChain } from "../../base/chains.ts";
import { groupDigits } from "../../base/usd.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { TaintCarried } from "../../trace/taint/carry.ts";
import type { TaintStanding } from "../../trace/taint/standing.ts";
import type { TaintReader } from "../../trace/taint/taint-reader.ts";
import { plainText, textTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** What there is of a chain's taint index. */
export type TaintInfo = {
  readonly chain: string;
  readonly name: string;
  readonly state: "none" | "lost" | TaintStanding["kind"];
  readonly standing: TaintStanding | null;
  /** The last block that it covers. */
  readonly block: number | null;
  readonly absent: readonly string[];
  readonly strands: readonly {
    readonly origin: string;
    readonly name: string;
    readonly category: string;
    /** Whether a theft begins with its transactions, or with what came to its thief's addresses. */
    readonly basis: "transactions" | "addresses";
    readonly policy: string;
    readonly receipts: number;
    readonly assumptions: readonly string[];
  }[];
};

export function infoOf({ chain }: ChainReader, taint: TaintReader | "none" | "lost"): TaintInfo {
  const common = { chain: chain.id, name: chain.name };
  if (typeof taint === "string") {
    return { ...common, state: taint, standing: null, block: null, absent: [], strands: [] };
  }
  const { state, standing } = taint;
  return {
    ...common,
    state: standing.kind,
    standing,
    block: state.tip.height < 0 ? null : state.tip.height,
    absent: state.absent,
    strands: state.strands.map(({ origin, policy, records, assumptions }) => ({
      origin: origin.key,
      name: origin.name,
      category: origin.category,
      basis: origin.basis,
      policy,
      receipts: records,
      assumptions,
    })),
  };
}

const changes = { tags: "tags", register: "thefts of the register", prices: "prices" } as const;

/** What a state means, and what to do. */
export function standingText({ state, standing, block }: TaintInfo): string {
  const mend = "run fundtrail taint build";
  if (state === "none" || standing === null) {
    return state === "lost"
      ? `it ends on a branch that a reorganisation has replaced: ${mend}`
      : `there is no taint index: ${mend}`;
  }
  if (state === "current") return `current to block ${block ?? "none"}`;
  const behind = standing.blocksBehind === 0 ? "" : `${standing.blocksBehind} blocks behind the ledger`;
  const other = standing.changed.flatMap((one) => (one === "unfinished" ? [] : [changes[one]]));
  const said = [
    standing.changed.includes("unfinished") ? "a build was not finished, so that origins are missing" : "",
    other.length === 0 ? "" : `${other.join(", ")} have changed since`,
    behind,
  ].filter((one) => one !== "");
  return `to block ${block ?? "none"}; ${said.join("; ")}: ${mend}`;
}

export function infoText(info: TaintInfo, terminal: Terminal): string {
  const head = `${info.name}: ${standingText(info)}\n`;
  const absent =
    info.absent.length === 0 ? "" : `not in the ledger, and therefore no origins: ${info.absent.join(", ")}\n`;
  if (info.strands.length === 0) return head + absent;
  const columns = [
    { title: "Origin", align: "left" },
    { title: "Name", align: "left" },
    { title: "Category", align: "left" },
    { title: "Policy", align: "left" },
    { title: "Receipts", align: "right" },
  ] as const;
  const rows = info.strands.map(({ origin, name, category, basis, policy, receipts }) => {
    const begins =
      origin.startsWith("incident:") && basis === "addresses" ? `${category}, by the thief's address` : category;
    return [origin, name, begins, policy, groupDigits(String(receipts))].map(plainText);
  });
  const assumed = info.strands.flatMap(({ name, policy, assumptions }) =>
    assumptions.map((one) => plainText(`${name} by ${policy}: ${one}`).concat("\n")),
  );
  return head + absent + textTable({ columns, rows, totals: 0 }, terminal) + assumed.join("");
}

/** What carrying the index forward did. */
export function carriedText(chain: KnownChain, done: TaintCarried): string {
  const { origins, height, walked, kept, undone, blocks, records, absent } = done;
  const back = undone === 0 ? "" : `, ${undone} blocks taken back`;
  const missing = absent.length === 0 ? "" : `; not in the ledger: ${absent.join(", ")}`;
  return (
    `${chain.name}: ${origins} origins to block ${height ?? "none"}: ${walked} traces walked, ${kept} went on${back}, ` +
    `${blocks} new blocks, ${groupDigits(String(records))} tainted receipts${missing}\n`
  );
}

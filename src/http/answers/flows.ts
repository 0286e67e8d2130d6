import { accountId } from "../../base/caip.ts";
import type { Day } from "../../base/day.ts";
import { multiplyDecimal } from "../../base/decimal.ts";
import { Failure } from "../../base/failure.ts";
import { formatUsd, usdFromDecimal, type Usd } from "../../base/usd.ts";
import { firstNotBelow } from "../../clusters/search.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { assetsShape, outputsShape, transfersShape, unseenShape } from "../../ledger/shapes.ts";
import { pricesOn, type PriceTable } from "../../prices/price-table.ts";
import { decimalsOf } from "../../trace/price-rule.ts";
import type { Contract } from "../contract/contract.ts";
import type { AnswerOf } from "../contract/route.ts";
import { cursorOf, pageOf, rowOf } from "../cursor.ts";
import { entriesFrom, type Named } from "./addresses.ts";
import { momentOf, outputAt, spenderOf, transactionWith, transferAt, unseenAt } from "./rows.ts";

/** So many of an address's latest rows are put in order by dollars. */
const sortedMax = 5_000;

type Asked = { readonly cursor?: string; readonly limit?: number; readonly sort?: "chain" | "usd" };
type Worth = (asset: string, amount: bigint, time: string) => Usd | undefined;
type Page = { readonly entries: readonly number[]; readonly next: string | null; readonly sorted: Sorted | null };
type Sorted = { readonly rows: number; readonly isAll: boolean };

/**
 * The outputs of an address, a page at a time.
 *
 * @throws {Failure} `USAGE` on a chain of accounts, `REQUEST_INVALID` for a cursor that no page gave.
 */
export function outputsAnswer(
  { reader, address, owner }: Named,
  asked: Asked,
  prices: PriceTable,
): AnswerOf<Contract["listOutputs"]> {
  requireModel(reader, "utxo");
  const worth = worthBy(prices);
  const { native } = reader.chain;
  const [outputs, unseen] = [reader.table(outputsShape), reader.table(unseenShape)];
  const { entries, next, sorted } = pageOfEntries(reader, owner, asked, (entry) => {
    // When an output from before the ledger was received is not known, so that its worth is not.
    if (entry % 2 === 1) return { usd: undefined, amount: unseen.record((entry - 1) / 2).value };
    const amount = outputs.value("value", entry / 2);
    const { time } = momentOf(reader, "firstTransaction", transactionWith(reader, "firstOutput", entry / 2));
    return { usd: worth(native, amount, time), amount };
  });
  const rows = entries.map((entry) => {
    if (entry % 2 === 1) return { ...unseenAt(reader, (entry - 1) / 2), block: null, time: null, usd: null };
    const { ref, amount, transaction } = outputAt(reader, entry / 2);
    const moment = momentOf(reader, "firstTransaction", transaction);
    const usd = usdText(worth(native, BigInt(amount), moment.time));
    return { ref, amount, ...moment, spentBy: spenderOf(reader, entry / 2), usd };
  });
  return { account: accountId(reader.chain.id, address), outputs: rows, next, sorted };
}

/**
 * The transfers of an address, a page at a time.
 *
 * @throws {Failure} `USAGE` on a chain of outputs, `REQUEST_INVALID` for a cursor that no page gave.
 */
export function transfersAnswer(
  { reader, address, owner }: Named,
  { direction, ...asked }: Asked & { readonly direction?: "in" | "out" },
  prices: PriceTable,
): AnswerOf<Contract["listTransfers"]> {
  requireModel(reader, "account");
  const worth = worthBy(prices);
  const transfers = reader.table(transfersShape);
  const assets = reader.table(assetsShape);
  const { entries, next, sorted } = pageOfEntries(reader, owner, asked, (row) => {
    const amount = transfers.value("amount", row);
    const asset = assets.value("text", transfers.value("asset", row));
    return { usd: worth(asset, amount, momentOf(reader, "firstRow", row).time), amount };
  });
  const side = direction === "in" ? "to" : "from";
  const wanted =
    direction === undefined ? entries : entries.filter((row) => transfers.value(side, row) === (owner ?? 0) + 1);
  const rows = wanted.map((row) => {
    const transfer = transferAt(reader, row);
    return { ...transfer, usd: usdText(worth(transfer.asset, BigInt(transfer.amount), transfer.time)) };
  });
  return { account: accountId(reader.chain.id, address), transfers: rows, next, sorted };
}

/** One page of an address's rows: in chain order from a row on, or of its latest rows the largest by dollars first. */
function pageOfEntries(
  reader: ChainReader,
  owner: number | undefined,
  { cursor, limit = 100, sort = "chain" }: Asked,
  worthOf: (entry: number) => { readonly usd: Usd | undefined; readonly amount: bigint },
): Page {
  if (owner === undefined) return { entries: [], next: null, sorted: null };
  if (sort === "chain") {
    const found = entriesFrom(reader, owner, rowOf(cursor), limit + 1);
    const next = found[limit];
    return { entries: found.slice(0, limit), next: next === undefined ? null : cursorOf(next), sorted: null };
  }
  const { entries, isAll } = latestEntries(reader, owner);
  const valued = entries.map((entry) => ({ entry, ...worthOf(entry) })).toSorted(byWorth);
  const { page, next } = pageOf(valued, { limit, ...(cursor === undefined ? {} : { cursor }) });
  return { entries: page.map(({ entry }) => entry), next, sorted: { rows: entries.length, isAll } };
}

type Valued = { readonly entry: number; readonly usd: Usd | undefined; readonly amount: bigint };

/** The largest first; those without a price after them, and of equals the latest first. */
function byWorth(left: Valued, right: Valued): number {
  if (left.usd !== right.usd) {
    if (left.usd === undefined || right.usd === undefined) return left.usd === undefined ? 1 : -1;
    return left.usd > right.usd ? -1 : 1;
  }
  return right.entry - left.entry;
}

/** The latest rows of an owner, up to {@link sortedMax}. Cost: those rows, a few times over where there are more. */
function latestEntries(
  reader: ChainReader,
  owner: number,
): { readonly entries: readonly number[]; readonly isAll: boolean } {
  const all = entriesFrom(reader, owner, 0, sortedMax + 1);
  if (all.length <= sortedMax) return { entries: all, isAll: true };
  // Rows are numbers in ascending order: the least from which there are no more than so many.
  const table = reader.model === "utxo" ? outputsShape : transfersShape;
  const left = (from: number): number => entriesFrom(reader, owner, from, sortedMax + 1).length;
  const first = firstNotBelow((from) => -left(from), 2 * reader.table(table).count + 2, -sortedMax);
  return { entries: entriesFrom(reader, owner, first, sortedMax), isAll: false };
}

/** Dollars at the first price known of the day on which it moved; undefined: none is. */
function worthBy(prices: PriceTable): Worth {
  return (asset, amount, time) => {
    const [price] = pricesOn(prices, asset, time.slice(0, 10) as Day);
    const decimals = price === undefined ? undefined : decimalsOf(asset);
    if (price === undefined || decimals === undefined) return undefined;
    return usdFromDecimal(multiplyDecimal({ digits: amount, scale: decimals }, price.usd));
  };
}

function usdText(usd: Usd | undefined): string | null {
  return usd === undefined ? null : formatUsd(usd);
}

function requireModel({ model, chain }: ChainReader, wanted: ChainReader["model"]): void {
  if (model === wanted) return;
  const [what, mend] =
    model === "utxo"
      ? [`${chain.name} is a chain of outputs and has no transfers`, "ask for /outputs"]
      : [`${chain.name} is a chain of accounts and has no outputs`, "ask for /transfers"];
  throw new Failure("USAGE", { what, mend });
}

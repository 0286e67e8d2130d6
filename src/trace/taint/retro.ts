import { addressOf, txidOf } from "../../clusters/owners.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { assetsShape } from "../../ledger/shapes.ts";
import { Moments } from "../moments.ts";
import type { TaintReader } from "./taint-reader.ts";

/** What an address received of an origin's value in one transaction and one asset. */
export type RetroExposure = {
  readonly address: string;
  /** Empty for a transfer of the block's own. */
  readonly txid: string;
  readonly height: number;
  /** Unix seconds. */
  readonly time: number;
  readonly asset: string;
  /** Base units. */
  readonly amount: bigint;
  /** The least number of transactions between a receipt and the origin's first output or transfer. */
  readonly hops: number;
  /** Whether it is the first of the address. */
  readonly isFirst: boolean;
};

/**
 * Every past transaction by which addresses received value of an origin, in ledger order.
 *
 * @param strand - The origin, by a policy.
 * @param owners - The addresses' numbers.
 * Cost: a page for each address, and a search for each of its receipts; nothing for the chain's length.
 */
export function retroExposures(
  reader: ChainReader,
  taint: TaintReader,
  { strand, owners }: { readonly strand: number; readonly owners: Iterable<number> },
): readonly RetroExposure[] {
  const moments = new Moments(reader);
  const found: { readonly row: number; readonly exposure: RetroExposure }[] = [];
  for (const owner of new Set(owners)) {
    const address = addressOf(reader, owner);
    const sums = new Map<string, { amount: bigint; hops: number; row: number; transaction: number; asset: number }>();
    for (const { row, transaction, asset, amount, hops } of taint.receiptsOf(strand, owner)) {
      // Transfers of the block's own belong to no transaction, and are told one by one.
      const key = `${transaction < 0 ? `row ${row}` : transaction} ${asset}`;
      const known = sums.get(key);
      if (known === undefined) sums.set(key, { amount, hops, row, transaction, asset });
      else sums.set(key, { ...known, amount: known.amount + amount, hops: Math.min(known.hops, hops) });
    }
    let isFirst = true;
    for (const { amount, hops, row, transaction, asset } of sums.values()) {
      const txid = transaction < 0 ? "" : txidOf(reader, transaction);
      const moment = reader.model === "utxo" ? moments.of(transaction) : moments.ofRow(row);
      const exposure = { address, txid, ...moment, asset: assetText(reader, asset), amount, hops, isFirst };
      found.push({ row, exposure });
      isFirst = false;
    }
  }
  return found.toSorted((left, right) => left.row - right.row).map(({ exposure }) => exposure);
}

function assetText(reader: ChainReader, asset: number): string {
  return reader.model === "utxo" ? reader.chain.native : reader.table(assetsShape).value("text", asset);
}

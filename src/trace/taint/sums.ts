import type { TaintRecord } from "./records.ts";

/** What one owner received, or one transaction moved, of a strand in one asset. */
export type TaintSum = {
  readonly asset: number;
  /** Decimal, in base units: the sum of all tainted receipts. */
  readonly amount: string;
  /** Of that, what came directly from the origin. */
  readonly direct: string;
  readonly count: number;
  /** The least number of transactions from the origin. */
  readonly hops: number;
  /** Rows of the first and the last receipt. */
  readonly first: number;
  readonly last: number;
  /** The record with the largest amount. */
  readonly largest: number;
};

/** Sums of records by owner or transaction, then by asset; those of nobody are left out. */
export function sumsBy(
  records: Iterable<TaintRecord>,
  by: "owner" | "transaction",
  /** Receipts of so many hops at most are direct. */
  directHops: number,
): ReadonlyMap<number, readonly TaintSum[]> {
  const found = new Map<number, Map<number, TaintSum & { readonly most: bigint }>>();
  let record = -1;
  for (const one of records) {
    record += 1;
    const key = one[by];
    const { amount } = one;
    if (key < 0 || amount === 0n) continue;
    const sums = found.get(key) ?? new Map<number, TaintSum & { readonly most: bigint }>();
    found.set(key, sums);
    const { asset, row, hops } = one;
    const known = sums.get(asset) ?? {
      asset,
      amount: "0",
      direct: "0",
      count: 0,
      hops,
      first: row,
      last: row,
      largest: record,
      most: 0n,
    };
    sums.set(asset, {
      asset,
      amount: (BigInt(known.amount) + amount).toString(),
      direct: (BigInt(known.direct) + (hops <= directHops ? amount : 0n)).toString(),
      count: known.count + 1,
      hops: Math.min(known.hops, hops),
      first: Math.min(known.first, row),
      last: Math.max(known.last, row),
      largest: amount > known.most ? record : known.largest,
      most: amount > known.most ? amount : known.most,
    });
  }
  return new Map([...found].map(([key, sums]) => [key, [...sums.values()].map(withoutMost)]));
}

function withoutMost({ asset, amount, direct, count, hops, first, last, largest }: TaintSum): TaintSum {
  return { asset, amount, direct, count, hops, first, last, largest };
}

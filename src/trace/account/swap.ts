import type { AccountView } from "./account-view.ts";

/** What one unit of an asset's base unit is worth in US dollars, as a fraction; undefined where that is not known. */
export type UnitPrice = { readonly numerator: bigint; readonly denominator: bigint };
/** @param time - Unix seconds. */
export type PriceRule = (asset: string, time: number) => UnitPrice | undefined;

/** What an account paid of an asset in a transaction, and how much of it was tainted. */
export type Side = {
  /** Paid in all, fees, thefts and payments to stops left out. */
  paid: bigint;
  /** Received of the same asset: given back. */
  received: bigint;
  tainted: bigint;
  /** The record by which the taint had come. */
  parent: number;
};

/** An account that changes value from one form into another in a transaction; with nothing `given` it does not. */
export type Swap = {
  readonly transaction: number;
  /** The account's last transfer in the transaction. */
  readonly lastRow: number;
  /** Assets of which it has less after the transaction. */
  readonly given: ReadonlyMap<number, Side>;
  /** Assets of which it has more, and how much more. */
  readonly gained: ReadonlyMap<number, bigint>;
};

/** A transfer of the account in the transaction. */
export type SwapRow = {
  readonly row: number;
  readonly asset: number;
  readonly amount: bigint;
  readonly isPaid: boolean;
  /** A theft: it counts for the account's net change, and what it carries is told by itself. */
  readonly isOrigin: boolean;
};

/**
 * The transfers of an account in a transaction that count for a change of form: not fees, not what moves nothing or goes to
 * oneself, not what comes from a stop or goes to one.
 */
export function countedRows(
  view: AccountView,
  account: number,
  rows: readonly number[],
  rules: { readonly isOrigin: (row: number) => boolean; readonly isStop: (account: number) => boolean },
): readonly SwapRow[] {
  return rows.flatMap((row): SwapRow[] => {
    const [from, to, amount] = [view.from(row), view.to(row), view.amount(row)];
    if (from === to || amount === 0n || view.isFee(row)) return [];
    const isOrigin = rules.isOrigin(row);
    const isPaid = from === account;
    const other = isPaid ? to : from;
    if (!isOrigin && other >= 0 && rules.isStop(other)) return [];
    return [{ row, asset: view.asset(row), amount, isPaid, isOrigin }];
  });
}

/**
 * What an account changes into what in a transaction: it has less of one asset and more of another.
 *
 * @param rows - Its transfers in the transaction, as {@link countedRows} gives them.
 */
export function findSwap(transaction: number, lastRow: number, rows: readonly SwapRow[]): Swap {
  const nets = new Map<number, bigint>();
  for (const { asset, amount, isPaid } of rows) {
    nets.set(asset, (nets.get(asset) ?? 0n) + (isPaid ? 0n - amount : amount));
  }
  const gained = new Map([...nets].filter(([, net]) => net > 0n));
  const given = new Map<number, Side>();
  for (const [asset, net] of nets) if (net < 0n) given.set(asset, { paid: 0n, received: 0n, tainted: 0n, parent: -1 });
  if (gained.size === 0) given.clear();
  if (given.size === 0) gained.clear();
  for (const { asset, amount, isPaid, isOrigin } of rows) {
    const side = given.get(asset);
    if (side === undefined || isOrigin) continue;
    if (isPaid) side.paid += amount;
    else side.received += amount;
  }
  return { transaction, lastRow, given, gained };
}

/**
 * What fraction of what was gained is tainted: the same as of what was given and not given back. Several assets are
 * weighted by their value.
 *
 * @param price - Of an asset's base unit at the transaction's time.
 * @returns Undefined where it depends on a price that is not known.
 */
export function taintedFraction(
  swap: Swap,
  price: (asset: number) => UnitPrice | undefined,
): { readonly numerator: bigint; readonly denominator: bigint } | undefined {
  const sides = [...swap.given].flatMap(([asset, { paid, received, tainted }]) => {
    const net = paid - received;
    return net > 0n ? [{ asset, net, tainted: tainted < net ? tainted : net }] : [];
  });
  if (sides.every(({ tainted }) => tainted === 0n)) return { numerator: 0n, denominator: 1n };
  if (sides.every(({ tainted, net }) => tainted === net)) return { numerator: 1n, denominator: 1n };
  const [only, ...others] = sides;
  if (only !== undefined && others.length === 0) return { numerator: only.tainted, denominator: only.net };
  let [numerator, denominator, scale] = [0n, 0n, 1n];
  for (const { asset, tainted, net } of sides) {
    const worth = price(asset);
    if (worth === undefined) return undefined;
    numerator = numerator * worth.denominator + tainted * worth.numerator * scale;
    denominator = denominator * worth.denominator + net * worth.numerator * scale;
    scale *= worth.denominator;
  }
  return denominator === 0n ? undefined : { numerator, denominator };
}

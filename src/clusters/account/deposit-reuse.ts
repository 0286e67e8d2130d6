import type { AccountHistory, Move } from "./history.ts";

/** How many blocks may lie between a deposit and its being passed on: half a day of Ethereum's. */
const blocksMax = 3_200;
/** Wei: how much less than the deposit may be passed on, since the deposit address pays the fee from it. */
const feeMax = 10_000_000_000_000_000n;
/** An account with more transfers is no deposit address. */
const historyMax = 1_000;

/** Who is an exchange's, or any service's; accounts are numbers + 1. */
export type Exchanges = {
  /** The exchange's name; undefined for an account that is none's. */
  readonly exchangeOf: (account: number) => string | undefined;
  readonly isService: (account: number) => boolean;
};

/**
 * Exchange deposit-address reuse: an exchange gives each customer an address, and passes on to its main account what comes
 * in there. Whoever pays into one deposit address is the customer.
 *
 * `move` pays an exchange's tagged account. Its sender is a deposit address where all that it ever sent went to that
 * exchange, and where something of that amount (of the chain's own asset up to 0.01 more) came in within 3,200 blocks before.
 * Each payer of such an amount is linked with the deposit address. Services and exchanges are left out on either side.
 *
 * Source: F. Victor, "Address clustering heuristics for Ethereum", FC 2020. Method: docs/methods/deposit-reuse.md
 */
export function depositors(
  move: Move,
  history: AccountHistory,
  { exchangeOf, isService }: Exchanges,
): readonly number[] {
  const exchange = exchangeOf(move.to);
  const deposit = move.from;
  if (exchange === undefined || isService(deposit)) return [];
  const before = history.before(deposit, move.number, historyMax);
  if (before === undefined) return [];
  const sent = before.filter(({ from }) => from === deposit);
  if (sent.some(({ to }) => exchangeOf(to) !== exchange)) return [];
  const start = history.windowStart(move.number, blocksMax);
  const tolerance = move.asset === history.native ? feeMax : 0n;
  const paid = before.filter(
    ({ number, from, to, asset, amount }) =>
      to === deposit &&
      number >= start &&
      asset === move.asset &&
      amount >= move.amount &&
      amount - move.amount <= tolerance &&
      !isService(from),
  );
  return [...new Set(paid.map(({ from }) => from))];
}

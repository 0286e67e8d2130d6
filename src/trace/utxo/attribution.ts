/** A transaction whose outputs are to be attributed: its rows, and the tainted records among its inputs in their order. */
export type Spending = {
  firstInput: number;
  endInput: number;
  firstOutput: number;
  endOutput: number;
  /** Records, in the order of the inputs that spend them; the first `hitCount` of them. */
  hits: Int32Array;
  hitCount: number;
};

/** A tainted amount of which cannot be said where it went: it was mixed with an amount that is not known. */
export type Undetermined = { readonly record: number; readonly amount: bigint };

/** The records that may still be spent. */
export type Waiting = { readonly count: number; forEach(use: (record: number) => void): void };

/**
 * A policy at work on a chain of outputs: says of one transaction after the other what each output holds, and remembers it
 * by record. There is one for amounts that doubles hold and one for any (`exact-attribution`); both give the same.
 */
export type Attribution = {
  /**
   * Attributes a transaction. Its outputs are then named by their place in it, `0` up to `settled`; those behind it are
   * clean.
   *
   * @throws {AmountTooLarge} where an amount passes 2^53 and the policy works in doubles.
   */
  settle(spending: Spending): void;
  readonly settled: number;
  hasTaint(place: number): boolean;
  isBelow(place: number, least: bigint): boolean;
  /** The record that an output's first tainted part (haircut, poison: the largest) came from; -1 where it is an origin. */
  parentOf(place: number): number;
  /** Makes an output of this transaction an origin: tainted in full. */
  makeOrigin(place: number, output: number): void;
  /** Remembers an output as a record. */
  keep(place: number, record: number): void;
  amountOf(record: number): bigint;
  /**
   * What an output is made of, in order, tainted parts above 0 and clean ones below; undefined where its amount says all, which
   * then lies at its front. Not to be asked after {@link Attribution.tidy} of records that did not wait.
   */
  segmentsOf(record: number): readonly bigint[] | undefined;
  /** Remembers a record that an earlier attribution had, by what that one said of it. Records are given in order. */
  restore(record: number, amount: bigint, segments: readonly bigint[] | undefined): void;
  /** The origins' value, less the taint that was already in it. */
  readonly origin: bigint;
  readonly fees: bigint;
  /** Transactions whose tainted fee is not known (poison, where an input's value is not). */
  readonly feesUnknown: number;
  readonly undetermined: readonly Undetermined[];
  /** Frees what is kept of records that nobody waits for any more. */
  tidy(waiting: Waiting): void;
};

/** Thrown where an amount does not fit into a double: the trace is then run anew with exact amounts of any size. */
export class AmountTooLarge extends Error {}

/** Outputs by falling value, ties by their order: the order in which `tiho` fills them. */
export function byFallingValue<Value extends number | bigint>(values: ArrayLike<Value>, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, place) => place);
  return order.toSorted((left, right) => {
    const [first, second] = [values[left] as Value, values[right] as Value];
    if (first === second) return left - right;
    return first > second ? -1 : 1;
  });
}

/**
 * What rules may know of a transaction of a chain of outputs: only what the chain says up to it, so that clusters built
 * block by block equal those built at once.
 *
 * An owner is a number + 1; 0 where there is none or it is not known. Amounts are base units; NaN where one is not known,
 * or is 2^53 or more, so that no comparison holds.
 */
export type TransactionFacts = {
  readonly inputs: number;
  readonly outputs: number;
  /** How many different known owners the inputs have. */
  readonly distinctInputOwners: number;
  inputOwner(input: number): number;
  inputValue(input: number): number;
  outputOwner(output: number): number;
  outputValue(output: number): number;
  /** A kind of `ownerKinds`; 0 for no owner. */
  kindOf(owner: number): number;
  /** Whether the output is the first to pay its owner on the chain, and its owner has spent nothing before. */
  isFirstPayment(output: number): boolean;
  /** How many inputs and outputs the transaction has that created what an input spends; undefined where it is not known. */
  shapeBefore(input: number): { readonly inputs: number; readonly outputs: number } | undefined;
};

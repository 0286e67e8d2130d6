import type { TransactionFacts } from "../transaction-facts.ts";

/**
 * Change goes to an address that the chain has not seen before, as most wallets do.
 *
 * Source: S. Meiklejohn et al., "A fistful of bitcoins", IMC 2013; BlockSci's `client_change_address_behavior`.
 * Method: docs/methods/change-fresh.md
 */
export function changeByFresh(facts: TransactionFacts, marks: Uint8Array): void {
  for (let output = 0; output < facts.outputs; output += 1) {
    if (facts.outputOwner(output) > 0 && facts.isFirstPayment(output)) marks[output] = 1;
  }
}

/**
 * The one fresh address of a transaction that pays nothing back to its own inputs.
 *
 * Source: S. Meiklejohn et al., IMC 2013, heuristic 2, without its exceptions that need the future (they waited a week to
 * see whether the address was paid again) or names of services. Method: docs/methods/change-one-time.md
 */
export function changeByOneTime(facts: TransactionFacts, marks: Uint8Array): void {
  const paidBack = new Uint8Array(facts.outputs);
  changeByAddressReuse(facts, paidBack);
  if (!paidBack.includes(1)) changeByFresh(facts, marks);
}

/**
 * Change goes back to an address of the inputs. It links nothing by itself: it serves in combinations, and tells which
 * output is change.
 *
 * Source: BlockSci's `address_reuse`. Method: docs/methods/change-address-reuse.md
 */
export function changeByAddressReuse(facts: TransactionFacts, marks: Uint8Array): void {
  const owners = new Set<number>();
  for (let input = 0; input < facts.inputs; input += 1) owners.add(facts.inputOwner(input));
  owners.delete(0);
  for (let output = 0; output < facts.outputs; output += 1)
    if (owners.has(facts.outputOwner(output))) marks[output] = 1;
}

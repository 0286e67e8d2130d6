/** An amount that does not fit into a double is read as this, and as bigint from the table. */
export const tooLarge = -1;

/** An amount as a double; {@link tooLarge} where that would not be exact. */
export function safeNumber(amount: bigint): number {
  return amount <= Number.MAX_SAFE_INTEGER ? Number(amount) : tooLarge;
}

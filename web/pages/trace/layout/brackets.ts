/** The range of a destination over all policies, as a mark: ├─●─┤. Geometry: floats. */
export type Bracket = {
  /** Parts of the whole width, 0 to 1. */
  readonly low: number;
  readonly at: number;
  readonly high: number;
  /** Only some policies reach it: drawn dashed, and said. */
  readonly isPartial: boolean;
};

export type Range = {
  readonly low: bigint;
  readonly high: bigint;
  readonly amount: bigint;
  readonly reachedBy: number;
  readonly policies: number;
};

/** @returns Undefined where there is nothing to compare. */
export function bracketOf({ low, high, amount, reachedBy, policies }: Range): Bracket | undefined {
  if (high <= 0n || policies < 2) return undefined;
  const part = (value: bigint): number => Number((value * 1_000n) / high) / 1_000;
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  return { low: clamp(part(low)), at: clamp(part(amount)), high: 1, isPartial: reachedBy < policies };
}

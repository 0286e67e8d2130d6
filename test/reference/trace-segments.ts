/** What an account has of an asset, as segments in the order in which they came, and what a policy takes of them. */
import type { Policy } from "../../src/trace/policy.ts";

/** `hops`: of a tainted one, the transactions between it and an origin. */
export type Segment = { readonly tainted: boolean; readonly amount: bigint; readonly hops?: number };

export const sum = (segments: readonly Segment[]): bigint => segments.reduce((all, { amount }) => all + amount, 0n);
/** The shortest way of what is tainted. */
export const hopsOf = (segments: readonly Segment[]): number =>
  Math.min(Infinity, ...segments.flatMap(({ tainted, hops = 0 }) => (tainted ? [hops] : [])));
export const taintOf = (segments: readonly Segment[]): bigint => sum(segments.filter(({ tainted }) => tainted));

export const isOrdered = (policy: Policy): boolean => policy === "fifo" || policy === "lifo";

export const pooled = (tainted: bigint, clean: bigint): readonly Segment[] =>
  merged([
    { tainted: true, amount: tainted },
    { tainted: false, amount: clean },
  ]);

/** What a payment takes of a list by a policy, and what it leaves. */
export function split(
  policy: Policy,
  list: readonly Segment[],
  amount: bigint,
): [taken: readonly Segment[], left: readonly Segment[]] {
  const tainted = list.filter((one) => one.tainted);
  const clean = list.filter((one) => !one.tainted);
  switch (policy) {
    case "fifo":
      return cut(list, amount);
    case "lifo": {
      const [taken, left] = cut(list.toReversed(), amount);
      return [taken, left.toReversed()];
    }
    case "taint-first":
      return cut([...tainted, ...clean], amount);
    case "taint-last":
      return cut([...clean, ...tainted], amount);
    default: {
      const balance = sum(list);
      const part = amount >= balance ? taintOf(list) : (taintOf(list) * amount) / balance;
      const rest = amount - part < sum(clean) ? amount - part : sum(clean);
      return [pooled(part, rest), pooled(taintOf(list) - part, sum(clean) - rest)];
    }
  }
}

export function cut(list: readonly Segment[], amount: bigint): [taken: readonly Segment[], left: readonly Segment[]] {
  const [taken, left]: [Segment[], Segment[]] = [[], []];
  let need = amount;
  for (const one of list) {
    const part = one.amount < need ? one.amount : need;
    need -= part;
    if (part > 0n) taken.push({ ...one, amount: part });
    if (one.amount > part) left.push({ ...one, amount: one.amount - part });
  }
  return [taken, left];
}

export function merged(segments: readonly Segment[]): readonly Segment[] {
  const result: Segment[] = [];
  for (const one of segments) {
    const last = result.at(-1);
    if (one.amount <= 0n) continue;
    const isSame = last?.tainted === one.tainted && (!one.tainted || last.hops === one.hops);
    if (isSame) result[result.length - 1] = { ...last, amount: last.amount + one.amount };
    else result.push(one);
  }
  return result;
}

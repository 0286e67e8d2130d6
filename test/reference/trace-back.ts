/**
 * Where value came from, as the rules say it, told forward over the whole ledger with every unit labelled by its source and in
 * exact fractions: slow and obvious, and without a line of the engine.
 */
import type { AccountBlock, Transfer } from "../../src/chains/block.ts";
import type { ModelTransaction } from "./trace-utxo.ts";

/** A fraction of base units. */
export type Fraction = { readonly numerator: bigint; readonly denominator: bigint };
/** By source: how much of what is asked about came from there. */
export type ModelSources = ReadonlyMap<string, Fraction>;
export type ModelBackPolicy = "fifo" | "lifo" | "haircut";

type Segment = { readonly source: string; readonly amount: Fraction };

const whole = (numerator: bigint): Fraction => ({ numerator, denominator: 1n });
const plus = (left: Fraction, right: Fraction): Fraction =>
  reduced(
    left.numerator * right.denominator + right.numerator * left.denominator,
    left.denominator * right.denominator,
  );
const minus = (left: Fraction, right: Fraction): Fraction =>
  plus(left, { numerator: -right.numerator, denominator: right.denominator });
const times = (left: Fraction, right: Fraction): Fraction =>
  reduced(left.numerator * right.numerator, left.denominator * right.denominator);
const over = (left: Fraction, right: Fraction): Fraction =>
  reduced(left.numerator * right.denominator, left.denominator * right.numerator);
const isLess = (left: Fraction, right: Fraction): boolean => minus(left, right).numerator < 0n;

function reduced(numerator: bigint, denominator: bigint): Fraction {
  let [high, low] = [numerator < 0n ? -numerator : numerator, denominator];
  while (low > 0n) [high, low] = [low, high % low];
  const divisor = high === 0n ? 1n : high;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

const sum = (segments: readonly Segment[]): Fraction =>
  segments.reduce((all, { amount }) => plus(all, amount), whole(0n));

/** Sources added up. */
function told(segments: readonly Segment[]): ModelSources {
  const found = new Map<string, Fraction>();
  for (const { source, amount } of segments) found.set(source, plus(found.get(source) ?? whole(0n), amount));
  return new Map([...found].filter(([, { numerator }]) => numerator > 0n));
}

/** The first units of a list, and the rest. */
function cut(list: readonly Segment[], amount: Fraction): [taken: readonly Segment[], left: readonly Segment[]] {
  const [taken, left]: [Segment[], Segment[]] = [[], []];
  let need = amount;
  for (const { source, amount: size } of list) {
    const part = isLess(size, need) ? size : need;
    need = minus(need, part);
    if (part.numerator > 0n) taken.push({ source, amount: part });
    if (isLess(part, size)) left.push({ source, amount: minus(size, part) });
  }
  return [taken, left];
}

/** What a payment takes: in order, or of everything the same part. */
function split(
  policy: ModelBackPolicy,
  list: readonly Segment[],
  amount: Fraction,
): [taken: readonly Segment[], left: readonly Segment[]] {
  if (policy === "fifo") return cut(list, amount);
  if (policy === "lifo") {
    const [taken, left] = cut(list.toReversed(), amount);
    return [taken, left.toReversed()];
  }
  const all = sum(list);
  if (!isLess(amount, all)) return [list, []];
  const part = over(amount, all);
  const taken = list.map((one) => ({ ...one, amount: times(one.amount, part) }));
  return [taken, list.map((one, at) => ({ ...one, amount: minus(one.amount, taken[at]?.amount ?? whole(0n)) }))];
}

/** Of a pro rata mix the order does not count: one segment a source, or their number would double with each payment. */
function mixed(policy: ModelBackPolicy, segments: readonly Segment[]): readonly Segment[] {
  return policy === "haircut" ? [...told(segments)].map(([source, amount]) => ({ source, amount })) : segments;
}

/** Of each transfer, what it was made of. Sources are `created REF`, `service REF`, `swap REF` and `before-ledger REF`. */
export function modelTransferSources(
  blocks: readonly AccountBlock[],
  rules: { readonly policy: ModelBackPolicy; readonly stops: ReadonlySet<string>; readonly swaps: boolean },
): ReadonlyMap<string, ModelSources> {
  const { policy, stops, swaps } = rules;
  const balances = new Map<string, readonly Segment[]>();
  const found = new Map<string, Segment[]>();
  for (const block of blocks) {
    for (const transfer of block.transfers) {
      const { from, to, asset, amount, transaction, position } = transfer;
      if (amount === 0n || from === to) continue;
      const ref = `${block.transactions[transaction]?.id ?? `block ${block.height}`}:${position}`;
      let pieces: readonly Segment[] = [];
      if (from !== undefined) {
        const [taken, left] = split(policy, balances.get(`${from} ${asset}`) ?? [], whole(amount));
        balances.set(`${from} ${asset}`, left);
        pieces = [...taken, { source: `before-ledger ${ref}`, amount: minus(whole(amount), sum(taken)) }];
      }
      const own = (kind: string): readonly Segment[] => [{ source: `${kind} ${ref}`, amount: whole(amount) }];
      if (from === undefined) pieces = own("created");
      else if (stops.has(from)) pieces = own("service");
      else if (swaps && isSwapped(block, transfer, stops)) pieces = own("swap");
      found.set(ref, [...(found.get(ref) ?? []), ...pieces]);
      if (to === undefined) continue;
      balances.set(`${to} ${asset}`, mixed(policy, [...(balances.get(`${to} ${asset}`) ?? []), ...pieces]));
    }
  }
  return new Map([...found].map(([ref, segments]) => [ref, told(segments)]));
}

/** Whether one end of a transfer gives one asset for another in its transaction, and the transfer is a leg of that. */
function isSwapped(block: AccountBlock, leg: Transfer, stops: ReadonlySet<string>): boolean {
  if (leg.transaction < 0) return false;
  const netsOf = (account: string): ReadonlyMap<string, bigint> | undefined => {
    const nets = new Map<string, bigint>();
    let isLeg = false;
    for (const one of block.transfers) {
      if (one.transaction !== leg.transaction || one.kind === "fee" || one.amount === 0n || one.from === one.to)
        continue;
      if (one.from !== account && one.to !== account) continue;
      const other = one.from === account ? one.to : one.from;
      if (other !== undefined && stops.has(other)) continue;
      if (one === leg) isLeg = true;
      nets.set(one.asset, (nets.get(one.asset) ?? 0n) + (one.from === account ? -one.amount : one.amount));
    }
    const all = [...nets.values()];
    return isLeg && all.some((net) => net > 0n) && all.some((net) => net < 0n) ? nets : undefined;
  };
  const [given, gained] = [leg.from, leg.to].map((account) => (account === undefined ? undefined : netsOf(account)));
  return (given?.get(leg.asset) ?? 0n) < 0n || (gained?.get(leg.asset) ?? 0n) > 0n;
}

/** Of each output, what it was made of. Sources are `created`, `from` (an output of a stop, or from before) and `unknown`. */
export function modelOutputSources(
  chain: readonly ModelTransaction[],
  { policy, stops }: { readonly policy: ModelBackPolicy; readonly stops: ReadonlySet<string> },
): ReadonlyMap<string, ModelSources> {
  const unspent = new Map<string, readonly Segment[]>();
  const found = new Map<string, ModelSources>();
  for (const { txid, isCoinbase, inputs, outputs } of chain) {
    const incoming = inputs.map(({ ref, unseenValue }): readonly Segment[] | undefined => {
      const known = unspent.get(ref);
      if (known !== undefined) return known;
      return unseenValue === undefined ? undefined : [{ source: `from ${ref}`, amount: whole(unseenValue) }];
    });
    const ordered = policy === "lifo" ? incoming.toReversed().map((list) => list?.toReversed()) : incoming;
    const firstUnknown = ordered.findIndex((list) => list === undefined);
    const known = ordered.slice(0, firstUnknown < 0 ? ordered.length : firstUnknown).flatMap((list) => list ?? []);
    let left: readonly Segment[] = policy === "haircut" && firstUnknown >= 0 ? [] : mixed(policy, known);
    const all = sum(left);
    for (const [index, { value, address }] of outputs.entries()) {
      const ref = `${txid}:${index}`;
      let taken: readonly Segment[] = [];
      if (isCoinbase) taken = [{ source: `created ${ref}`, amount: whole(value) }];
      else if (policy === "haircut") {
        const part = all.numerator === 0n ? whole(0n) : over(whole(value), all);
        taken = left.map((one) => ({ ...one, amount: times(one.amount, part) }));
      } else [taken, left] = cut(left, whole(value));
      const rest = minus(whole(value), sum(taken));
      if (rest.numerator > 0n) taken = [...taken, { source: `unknown ${ref}`, amount: rest }];
      found.set(ref, told(taken));
      const isStop = address !== null && stops.has(address);
      unspent.set(ref, isStop ? [{ source: `from ${ref}`, amount: whole(value) }] : taken);
    }
  }
  return found;
}

import type { Contradiction } from "../../ledger/check-windows.ts";
import type { StrandCheck } from "./check-strand.ts";
import type { OwnerEntry } from "./owner-entry.ts";
import { firstFrom, type StrandTables } from "./tables.ts";

type Sums = { amount: bigint; count: number; held: bigint };
type Step = {
  readonly record: number;
  readonly row: number;
  readonly amount: bigint;
  readonly hops: number;
  readonly isOrigin: boolean;
};

/** Holds the entries of owners against the receipts that they sum up. */
export class EntryCheck {
  readonly #strands: ReadonlyMap<number, StrandCheck>;
  readonly #sums = new Map<number, Sums>();

  constructor(strands: ReadonlyMap<number, StrandCheck>) {
    this.#strands = strands;
  }

  /** An entry of a strand that there is not. */
  stray({ owner, strand }: OwnerEntry): Contradiction {
    return { where: `owner ${owner - 1}`, what: `has an entry of strand ${strand}, which is not there` };
  }

  /** An owner's entries come by strand and asset. */
  *ordered(entries: readonly OwnerEntry[]): Iterable<Contradiction> {
    for (const [place, { owner, strand, asset }] of entries.entries()) {
      const before = entries[place - 1];
      if (before === undefined || before.strand < strand || (before.strand === strand && before.asset < asset))
        continue;
      yield { where: `owner ${owner - 1}`, what: `its entry of strand ${strand}, asset ${asset} is out of place` };
    }
  }

  add({ strand, amount, count, held }: OwnerEntry): void {
    const sum = this.#sums.get(strand) ?? { amount: 0n, count: 0, held: 0n };
    sum.amount += amount;
    sum.count += count;
    sum.held += held;
    this.#sums.set(strand, sum);
  }

  /** What all owners together received and hold of each strand. */
  *sums(): Iterable<Contradiction> {
    for (const [number, { sums, strand }] of this.#strands) {
      const own = this.#sums.get(number) ?? { amount: 0n, count: 0, held: 0n };
      const isHeldRight = sums.held === undefined || own.held === sums.held;
      if (own.amount === sums.amount && own.count === sums.count && isHeldRight) continue;
      const where = `strand ${number} (${strand.policy} ${strand.key})`;
      const what = `its ${sums.count} receipts come to ${sums.amount}, those of owners (${own.count}) to ${own.amount}; held: ${sums.held ?? "not compared"} and ${own.held}`;
      yield { where, what };
    }
  }

  /** One entry, by each of its receipts. */
  *check(entry: OwnerEntry): Iterable<Contradiction> {
    const check = this.#strands.get(entry.strand);
    if (check === undefined) return;
    const what = this.#contradicted(entry, check);
    if (what === undefined) return;
    const { owner, strand, asset } = entry;
    yield { where: `owner ${owner - 1}`, what: `its entry of strand ${strand}, asset ${asset}: ${what}` };
  }

  #contradicted(entry: OwnerEntry, check: StrandCheck): string | undefined {
    const steps = stepsOf(entry, check.tables);
    if (typeof steps === "string") return steps;
    let [amount, direct, hops, largest, most] = [0n, 0n, Infinity, -1, -1n];
    for (const [place, step] of steps.entries()) {
      if (place > 0) {
        const repeats = check.tables.repeats;
        const repeat = firstFrom(repeats, "record", step.record);
        if (repeats.value("hops", repeat) !== hops || step.record - repeats.value("largest", repeat) !== largest)
          return `what it was before receipt ${step.record} is not what the receipts before it come to`;
      }
      amount += step.amount;
      if (step.hops <= check.strand.directHops) direct += step.amount;
      if (step.hops < hops) hops = step.hops;
      if (step.amount > most) [largest, most] = [step.record, step.amount];
    }
    const found = { amount, direct, hops, largest, most, first: steps[0]?.row ?? -1, last: steps.at(-1)?.row ?? -1 };
    for (const name of ["amount", "direct", "hops", "largest", "most", "first", "last"] as const) {
      if (entry[name] !== found[name]) return `${name} is ${entry[name]}, its receipts give ${found[name]}`;
    }
    const held = this.#held(entry, steps, check);
    return held === undefined || held === entry.held ? undefined : `it holds ${held}, not ${entry.held}`;
  }

  /** What is not paid on; undefined where the policy has no amounts. */
  #held({ owner, asset, amount }: OwnerEntry, steps: readonly Step[], check: StrandCheck): bigint | undefined {
    const { utxo, stops, end, strand, versions } = check;
    const isStop = stops.has(owner - 1);
    if (utxo === undefined) {
      if (strand.policy === "poison") return undefined;
      if (isStop) return amount;
      const lots = versions.newest(owner - 1, Infinity)?.lots.get(asset) ?? [];
      return lots.reduce((sum, one) => (one.record >= 0 ? sum + one.amount : sum), 0n);
    }
    return steps.reduce((sum, { row, amount: own, isOrigin }) => {
      const spender = utxo.spenderOf(row);
      const isLeft = spender < 0 || spender >= end.input || (isStop && !isOrigin);
      return isLeft ? sum + own : sum;
    }, 0n);
  }
}

/** The receipts of an entry, the first one first; or what is wrong with how they follow each other. */
function stepsOf({ owner, asset, count, lastRecord }: OwnerEntry, tables: StrandTables): readonly Step[] | string {
  const { records } = tables;
  const steps: Step[] = [];
  for (let record = lastRecord; record >= 0; record = tables.previousOf(record)) {
    if (record >= records.count) return `receipt ${record} is not there`;
    if (records.value("owner", record) !== owner || records.value("asset", record) !== asset)
      return `receipt ${record} is another's`;
    const [row, amount, hops] = [
      records.value("row", record),
      records.value("amount", record),
      records.value("hops", record),
    ];
    steps.push({ record, row, amount, hops, isOrigin: records.value("parent", record) === 0 });
    if (tables.previousOf(record) >= record) return `receipt ${record} does not follow one before it`;
    if (steps.length > count) break;
  }
  return steps.length === count
    ? steps.toReversed()
    : `it has ${count} receipts, and ${steps.length} or more follow each other`;
}

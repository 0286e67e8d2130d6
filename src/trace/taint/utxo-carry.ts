import type { Policy } from "../policy.ts";
import { isOrdered } from "../policy.ts";
import type { Attribution } from "../utxo/attribution.ts";
import { grown, fates, Trail } from "../utxo/trail.ts";
import { attributionOf } from "../utxo/utxo-trace.ts";
import type { UtxoView } from "../utxo/utxo-view.ts";
import { UtxoWalk, type OriginOutput } from "../utxo/utxo-walk.ts";
import { sealSegments } from "./pieces.ts";
import type { StrandWriter } from "./strand-writer.ts";

/** A tainted output from before, and the input that spends it. */
export type Resumed = {
  readonly record: number;
  readonly output: number;
  readonly spender: number;
  readonly amount: bigint;
  readonly hops: number;
  readonly segments: readonly bigint[] | undefined;
};

/** What is to be kept for going on: of a part of the chain that is final, only what outputs are made of that may yet be spent. */
export type Keeping = "all" | "frontier";

/** Receipts, and spends, of a part of a flush. */
const partRows = 4_096;

/** A policy's walk over a chain of outputs, from what was tainted before on, whose results go into a strand's tables. */
export class UtxoCarry {
  readonly #view: UtxoView;
  readonly #policy: Policy;
  readonly #trail = new Trail();
  readonly #attribution: Attribution;
  readonly #walk: UtxoWalk;
  /** Of the records that were there before, by their place here, their numbers. */
  readonly #resumed: Float64Array;
  readonly #strand: StrandWriter;
  /** The number that the first new record has. */
  readonly #base: number;
  #flushed: number;
  /** Of a record here: 1 where its spend was told, 2 where what it is made of is stored. */
  #marks = new Uint8Array(1_024);
  #undetermined = 0;
  #feesUnknown = 0;

  constructor(
    strand: StrandWriter,
    by: {
      readonly view: UtxoView;
      readonly policy: Policy;
      readonly resumed: readonly Resumed[];
      /** Of an owner's number + 1. */
      readonly isStop: ((owner: number) => boolean) | undefined;
      readonly amounts: "numbers" | "exact";
    },
  ) {
    this.#view = by.view;
    this.#policy = by.policy;
    this.#strand = strand;
    this.#resumed = Float64Array.from(by.resumed, ({ record }) => record);
    this.#base = strand.counts.records;
    this.#attribution = attributionOf(by.policy, by.view, this.#trail, by.amounts);
    for (const { output, spender, amount, hops, segments } of by.resumed) {
      const local = this.#trail.add(output, -1, hops);
      this.#trail.spenders[local] = spender;
      this.#attribution.restore(local, amount, segments);
      this.#mark(local, segments === undefined ? 0 : 2);
    }
    this.#flushed = this.#trail.records;
    this.#walk = new UtxoWalk({
      view: by.view,
      trail: this.#trail,
      attribution: this.#attribution,
      bounds: { endTransaction: Infinity, hopsMax: Infinity, amountMin: 0n, budget: Infinity },
      isStop: by.isStop,
      tidying: "off",
      onProgress: () => undefined,
    });
    this.#walk.resume();
  }

  /** Transactions that were visited. */
  get steps(): number {
    return this.#trail.steps;
  }

  /** Whether more records than `least` are in memory, and most of them new, so that beginning anew from what waits is worth it. */
  isLargerThan(least: number): boolean {
    return this.#trail.records > least && this.#trail.records > this.#resumed.length * 2;
  }

  /**
   * Walks up to a transaction.
   *
   * @returns As {@link UtxoWalk.go}.
   * @throws {AmountTooLarge} Then nothing of what came since the last flush may be used.
   */
  go(origins: readonly OriginOutput[], end: number): number {
    const next = this.#walk.go(origins, end);
    const { undetermined, feesUnknown } = this.#attribution;
    const { spenders } = this.#trail;
    for (; this.#undetermined < undetermined.length; this.#undetermined += 1) {
      const { record, amount } = undetermined[this.#undetermined] as Attribution["undetermined"][number];
      this.#gaps.push(() => this.#strand.gap("undetermined", spenders[record] as number, amount));
    }
    if (feesUnknown > this.#feesUnknown) {
      const [row, more] = [this.#view.firstInput(end) - 1, BigInt(feesUnknown - this.#feesUnknown)];
      this.#gaps.push(() => this.#strand.gap("feesUnknown", row, more));
      this.#feesUnknown = feesUnknown;
    }
    return next;
  }
  readonly #gaps: (() => void)[] = [];

  /**
   * Gives the strand what came since the last flush, a part after the other; between two of them what the strand has may be committed.
   */
  *flush(keeping: Keeping): Generator<void, void> {
    const { outputs, parents, hops } = this.#trail;
    for (const gap of this.#gaps.splice(0)) gap();
    for (let local = this.#flushed; local < this.#trail.records; local += 1) {
      if (local % partRows === 0) yield;
      const output = outputs[local] as number;
      this.#strand.receive({
        row: output,
        owner: this.#view.owner(output),
        asset: 0,
        amount: this.#attribution.amountOf(local),
        hops: hops[local] as number,
        parent: this.#numberOf(parents[local] as number),
      });
    }
    yield* this.#spend(keeping);
    if (isOrdered(this.#policy)) this.#keepSegments(keeping);
    this.#flushed = this.#trail.records;
    this.#attribution.tidy(this.#walk.waiting);
  }

  /** The records that are spent later on, for a walk that goes on from here with less in memory. */
  frontier(): readonly Resumed[] {
    const { outputs, spenders, hops } = this.#trail;
    const found: Resumed[] = [];
    this.#walk.waiting.forEach((local) => {
      const output = outputs[local] as number;
      const known = spenders[local] as number;
      const spender = known >= 0 ? known : this.#view.spenderOf(output);
      if (spender < 0) return;
      const [amount, segments] = [this.#attribution.amountOf(local), this.#attribution.segmentsOf(local)];
      found.push({ record: this.#numberOf(local), output, spender, amount, hops: hops[local] as number, segments });
    });
    return found.toSorted((left, right) => left.record - right.record);
  }

  #numberOf(local: number): number {
    if (local < 0) return -1;
    const known = this.#resumed.length;
    return local < known ? (this.#resumed[local] as number) : this.#base + local - known;
  }

  *#spend(keeping: Keeping): Generator<void, void> {
    const { outputs, spenders } = this.#trail;
    const spent: number[] = [];
    for (let local = 0; local < this.#trail.records; local += 1) {
      if (this.#trail.fates[local] === fates.spent && ((this.#marks[local] ?? 0) & 1) === 0) spent.push(local);
    }
    spent.sort((left, right) => (spenders[left] as number) - (spenders[right] as number));
    for (let place = 0; place < spent.length; place += 1) {
      if (place % partRows === 0) yield;
      const local = spent[place] as number;
      const [input, output] = [spenders[local] as number, outputs[local] as number];
      const amount = this.#attribution.amountOf(local);
      this.#strand.spend(this.#numberOf(local), { input, owner: this.#view.owner(output), amount });
      if (keeping === "frontier" && ((this.#marks[local] ?? 0) & 2) === 2) {
        this.#strand.put(this.#strand.key("segments", this.#numberOf(local)), undefined);
      }
      this.#mark(local, 1);
    }
    if (keeping === "frontier") this.#strand.cleaned = this.#strand.counts.spends;
  }

  #keepSegments(keeping: Keeping): void {
    for (let local = this.#flushed; local < this.#trail.records; local += 1) {
      const fate = this.#trail.fates[local];
      if (fate === fates.exit || (fate === fates.spent && keeping === "frontier")) continue;
      const segments = this.#attribution.segmentsOf(local);
      if (segments === undefined) continue;
      this.#strand.put(this.#strand.key("segments", this.#numberOf(local)), sealSegments(segments));
      this.#mark(local, 2);
    }
  }

  #mark(local: number, mark: number): void {
    if (local >= this.#marks.length) this.#marks = grown(this.#marks, new Uint8Array((local + 1) * 2));
    this.#marks[local] = (this.#marks[local] ?? 0) | mark;
  }
}

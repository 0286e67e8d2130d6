import { AmountTooLarge, type Spending, type Waiting } from "./attribution.ts";
import { NumberAttribution, unknownValue } from "./number-attribution.ts";
import { safeNumber } from "../../ledger/safe-number.ts";
import { grown, type Trail } from "./trail.ts";
import type { UtxoView } from "./utxo-view.ts";

/** Segments are tidied up when so many have been written since the last time. */
const tidyAfter = 1 << 20;

/**
 * `fifo` and `lifo`: an output is a list of segments, kept as numbers one after the other, tainted ones above 0 and clean
 * ones below. What a clean segment at the end holds follows from the output's value.
 */
export class OrderedAttribution extends NumberAttribution {
  readonly #policy: "fifo" | "lifo";
  /** The segments of all records that wait. */
  #segments = new Float64Array(4_096);
  #top = 0;
  #tidyAt = tidyAfter;
  /** By record: where its segments begin, and how many they are. */
  #starts = new Int32Array(1_024);
  #lengths = new Int32Array(1_024);
  /** By place, likewise. */
  #placeStarts = new Int32Array(64);
  #placeLengths = new Int32Array(64);
  /** The incoming segments in the order of use, and the record of each; -1 clean, -2 clean and of unknown length. */
  #incoming = new Float64Array(256);
  #sources = new Int32Array(256);
  #count = 0;
  #taint = 0;

  constructor(policy: "fifo" | "lifo", view: UtxoView, trail: Trail) {
    super(view, trail);
    this.#policy = policy;
  }

  settle(spending: Spending): void {
    this.settled = 0;
    if (spending.hitCount === 0) return;
    this.#count = 0;
    this.#taint = 0;
    if (this.#policy === "fifo") this.#gatherForward(spending);
    else this.#gatherBackward(spending);
    this.#distribute(spending);
  }

  override keep(place: number, record: number): void {
    super.keep(place, record);
    this.#setSegments(record, this.#placeStarts[place] as number, this.#placeLengths[place] as number);
  }

  override segmentsOf(record: number): readonly bigint[] | undefined {
    const [start, length] = [this.#starts[record] as number, this.#lengths[record] as number];
    const isFront = (this.#segments[start] as number) > 0;
    if (isFront && length <= 2) return undefined;
    return Array.from({ length }, (_, place) => BigInt(this.#segments[start + place] as number));
  }

  override restore(record: number, amount: bigint, segments: readonly bigint[] | undefined): void {
    super.restore(record, amount, segments);
    const clean = this.valueOf(this.trail.outputs[record] as number) - (this.amounts[record] as number);
    const own = segments ?? (clean > 0 ? [amount, BigInt(-clean)] : [amount]);
    this.#setSegments(record, this.#top, own.length);
    for (const segment of own) this.#write(safeNumber(segment));
  }

  #setSegments(record: number, start: number, length: number): void {
    if (record >= this.#starts.length) {
      this.#starts = grown(this.#starts, new Int32Array(this.#starts.length * 2));
      this.#lengths = grown(this.#lengths, new Int32Array(this.#lengths.length * 2));
    }
    this.#starts[record] = start;
    this.#lengths[record] = length;
  }

  override makeOrigin(place: number, output: number): void {
    super.makeOrigin(place, output);
    this.#placeStarts[place] = this.#top;
    this.#write(this.taints[place] as number);
    this.#placeLengths[place] = 1;
  }

  tidy(waiting: Waiting): void {
    if (this.#top < this.#tidyAt) return;
    let live = 0;
    waiting.forEach((record) => {
      live += this.#lengths[record] as number;
    });
    const kept = new Float64Array(Math.max(4_096, live * 2));
    let top = 0;
    waiting.forEach((record) => {
      const [start, length] = [this.#starts[record] as number, this.#lengths[record] as number];
      for (let at = 0; at < length; at += 1) kept[top + at] = this.#segments[start + at] as number;
      this.#starts[record] = top;
      top += length;
    });
    this.#segments = kept;
    this.#top = top;
    this.#tidyAt = top * 2 + tidyAfter;
  }

  protected override makeRoom(outputs: number): void {
    super.makeRoom(outputs);
    if (outputs <= this.#placeStarts.length) return;
    this.#placeStarts = grown(this.#placeStarts, new Int32Array(outputs * 2));
    this.#placeLengths = grown(this.#placeLengths, new Int32Array(outputs * 2));
  }

  /** What comes after the last tainted input is clean and need not be read. */
  #gatherForward({ firstInput, hits, hitCount }: Spending): void {
    const { spenders } = this.trail;
    let input = firstInput;
    for (let hit = 0; hit < hitCount; hit += 1) {
      const record = hits[hit] as number;
      for (const end = spenders[record] as number; input < end; input += 1) this.#takeClean(input);
      const start = this.#starts[record] as number;
      const end = start + (this.#lengths[record] as number);
      for (let at = start; at < end; at += 1) this.#take(this.#segments[at] as number, record);
      input += 1;
    }
  }

  /** From the last segment of the last input on; what comes before the first tainted input need not be read. */
  #gatherBackward({ endInput, hits, hitCount }: Spending): void {
    const { spenders } = this.trail;
    let input = endInput - 1;
    for (let hit = hitCount - 1; hit >= 0; hit -= 1) {
      const record = hits[hit] as number;
      for (const end = spenders[record] as number; input > end; input -= 1) this.#takeClean(input);
      const start = this.#starts[record] as number;
      for (let at = start + (this.#lengths[record] as number) - 1; at >= start; at -= 1) {
        this.#take(this.#segments[at] as number, record);
      }
      input -= 1;
    }
  }

  #takeClean(input: number): void {
    const value = this.cleanValueOf(input);
    if (value === unknownValue) this.#push(0, -2);
    else if (value > 0) this.#push(-value, -1);
  }

  #take(segment: number, record: number): void {
    if (segment > 0) {
      this.#taint += segment;
      this.#push(segment, record);
    } else this.#push(segment, -1);
  }

  #push(segment: number, source: number): void {
    if (this.#count === this.#incoming.length) {
      this.#incoming = grown(this.#incoming, new Float64Array(this.#count * 2));
      this.#sources = grown(this.#sources, new Int32Array(this.#count * 2));
    }
    this.#incoming[this.#count] = segment;
    this.#sources[this.#count] = source;
    this.#count += 1;
  }

  /** Fills the outputs from the front of the incoming segments; what is left of the taint is the fee's. */
  #distribute({ firstOutput, endOutput }: Spending): void {
    if (this.#taint > Number.MAX_SAFE_INTEGER) throw new AmountTooLarge();
    const outputs = endOutput - firstOutput;
    this.makeRoom(outputs);
    const [incoming, sources] = [this.#incoming, this.#sources];
    let [next, rest] = [0, 0];
    let place = 0;
    for (; place < outputs && this.#taint > 0; place += 1) {
      let need = this.valueOf(firstOutput + place);
      const start = this.#top;
      let [tainted, parent] = [0, -1];
      while (need > 0 && this.#taint > 0) {
        if (rest === 0) {
          if (sources[next] === -2) break;
          rest = incoming[next] as number;
          next += 1;
        }
        const size = rest > 0 ? rest : -rest;
        const part = size < need ? size : need;
        need -= part;
        if (rest > 0) {
          if (tainted === 0) parent = sources[next - 1] as number;
          tainted += part;
          this.#taint -= part;
          this.#append(start, part);
          rest -= part;
        } else {
          this.#append(start, -part);
          rest += part;
        }
      }
      if (tainted === 0) this.#top = start;
      else if (need > 0) this.#append(start, -need);
      this.taints[place] = tainted;
      this.parents[place] = parent;
      this.#placeStarts[place] = start;
      this.#placeLengths[place] = this.#top - start;
      if (need > 0 && this.#taint > 0) {
        place += 1;
        this.#leaveUndetermined(next);
        break;
      }
    }
    this.settled = place;
    this.addFee(this.#taint);
  }

  /** What comes behind an amount that is not known lies anywhere. */
  #leaveUndetermined(from: number): void {
    for (let at = from; at < this.#count; at += 1) {
      const [segment, record] = [this.#incoming[at] as number, this.#sources[at] as number];
      if (segment > 0) this.undetermined.push({ record, amount: BigInt(segment) });
    }
    this.#taint = 0;
  }

  /** Adds a segment to the output whose segments begin at `start`; neighbours with one label merge. */
  #append(start: number, segment: number): void {
    const before = this.#top - 1;
    if (before >= start && (this.#segments[before] as number) > 0 === segment > 0) {
      (this.#segments[before] as number) += segment;
    } else this.#write(segment);
  }

  #write(segment: number): void {
    if (this.#top === this.#segments.length) {
      this.#segments = grown(this.#segments, new Float64Array(this.#top * 2));
    }
    this.#segments[this.#top] = segment;
    this.#top += 1;
  }
}

import { ChainBlocks } from "../../clusters/blocks.ts";
import { taintKey } from "../../ledger/keys.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { trailPageRecords } from "./build.ts";
import type { TaintRecord } from "./records.ts";
import { readTaintJson, readTaintState, type Strand, type TaintState } from "./state.ts";
import type { TaintSum } from "./sums.ts";

/** What an owner or a transaction has of one strand, in one asset. */
export type Tainted = TaintSum & { readonly strand: Strand };

/** The taint index of a chain as it was last built. An answer is a look-up: one range, and one page for each step of a path. */
export class TaintReader {
  readonly state: TaintState;
  /** Whether the ledger has gone on since; what was carried up to the index's tip still holds. */
  readonly isBehind: boolean;
  readonly #reader: ChainReader;
  readonly #strands: ReadonlyMap<number, Strand>;

  private constructor(reader: ChainReader, state: TaintState, isBehind: boolean) {
    this.#reader = reader;
    this.state = state;
    this.isBehind = isBehind;
    this.#strands = new Map(state.strands.map((strand) => [strand.number, strand]));
  }

  /** @returns `none` where none was built; `lost` where its tip is on a branch that a reorganisation has replaced. */
  static open(reader: ChainReader): TaintReader | "none" | "lost" {
    const state = readTaintState(reader.snapshot, reader.number);
    if (state === undefined || state.basis === "") return "none";
    const blocks = new ChainBlocks(reader);
    const common = blocks.common([{ ...state.tip, rows: 0, ownersSeen: 0 }]);
    if (common === undefined && blocks.count > 0) return "lost";
    return new TaintReader(reader, state, common !== undefined && common.block + 1 < blocks.count);
  }

  ofOwner(owner: number): readonly Tainted[] {
    return this.#at("byOwner", owner);
  }

  ofTransaction(transaction: number): readonly Tainted[] {
    return this.#at("byTransaction", transaction);
  }

  /** The way by which value came to a record, beginning at the origin. Cost: a page for each step. */
  path(strand: number, record: number): readonly TaintRecord[] {
    const steps: TaintRecord[] = [];
    for (let at = record; at >= 0; at = steps.at(-1)?.parent ?? -1) {
      const key = taintKey(this.#reader.number, "trail", strand, (at - (at % trailPageRecords)) / trailPageRecords);
      const page = readTaintJson(this.#reader.snapshot.get(key), `strand ${strand}`) as readonly TaintRecord[];
      steps.push(page[at % trailPageRecords] as TaintRecord);
    }
    return steps.toReversed();
  }

  /** Every receipt of a strand, in order. */
  *records(strand: number): Generator<TaintRecord> {
    const [from, to] = [
      taintKey(this.#reader.number, "trail", strand),
      taintKey(this.#reader.number, "trail", strand + 1),
    ];
    for (const { value } of this.#reader.snapshot.range({ from, to, order: "ascending" })) {
      yield* readTaintJson(value, `strand ${strand}`) as readonly TaintRecord[];
    }
  }

  #at(part: "byOwner" | "byTransaction", number: number): readonly Tainted[] {
    const found: Tainted[] = [];
    const [from, to] = [taintKey(this.#reader.number, part, number), taintKey(this.#reader.number, part, number + 1)];
    for (const { key, value } of this.#reader.snapshot.range({ from, to, order: "ascending" })) {
      const strand = this.#strands.get(Buffer.from(key).readUIntBE(9, 6));
      if (strand === undefined) continue;
      const sums = readTaintJson(value, `taint of ${number}`) as readonly TaintSum[];
      for (const sum of sums) found.push({ ...sum, strand });
    }
    return found;
  }
}

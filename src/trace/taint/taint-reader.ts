import { ChainBlocks } from "../../clusters/blocks.ts";
import { taintKey } from "../../ledger/keys.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { trailPageRecords } from "./build.ts";
import type { TaintRecord } from "./records.ts";
import { readTaintJson, readTaintState, type Strand, type TaintState } from "./state.ts";
import { taintStanding, type TaintBasis, type TaintStanding } from "./standing.ts";
import type { TaintSum } from "./sums.ts";
import type { Tainted } from "./tainted.ts";

export type { Tainted } from "./tainted.ts";

/** The taint index of a chain as it was last built. An answer is a look-up: one range, and one page for each step of a path. */
export class TaintReader {
  readonly state: TaintState;
  /** Whether the index is what it would be if it were carried forward now. Nobody is clear by one that is not current. */
  readonly standing: TaintStanding;
  /** Whether the ledger has gone on since; what was carried up to the index's tip still holds. */
  readonly isBehind: boolean;
  readonly #reader: ChainReader;
  readonly #strands: ReadonlyMap<number, Strand>;

  private constructor(reader: ChainReader, state: TaintState, standing: TaintStanding) {
    this.#reader = reader;
    this.state = state;
    this.standing = standing;
    this.isBehind = standing.blocksBehind > 0;
    this.#strands = new Map(state.strands.map((strand) => [strand.number, strand]));
  }

  /**
   * @param basis - What is to be compared with what the index rests on; without it only the ledger's blocks are.
   * @returns `none` where none was built; `lost` where its tip is on a branch that a reorganisation has replaced.
   */
  static open(reader: ChainReader, basis?: TaintBasis): TaintReader | "none" | "lost" {
    const state = readTaintState(reader.snapshot, reader.number);
    if (state === undefined || state.basis === "") return "none";
    const blocks = new ChainBlocks(reader);
    const common = blocks.common([{ ...state.tip, rows: 0, ownersSeen: 0 }]);
    if (common === undefined && blocks.count > 0) return "lost";
    const behind = common === undefined ? 0 : blocks.count - common.block - 1;
    return new TaintReader(reader, state, taintStanding(reader, state, { blocksBehind: behind, basis }));
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
      const page = readTaintJson(this.#reader.snapshot.get(key), `strand ${strand}`) as readonly StoredRecord[];
      steps.push(recordOf(page[at % trailPageRecords] as StoredRecord));
    }
    return steps.toReversed();
  }

  /** A receipt of a strand by its number. Cost: a page. */
  record(strand: number, record: number): TaintRecord {
    const page = (record - (record % trailPageRecords)) / trailPageRecords;
    const stored = this.#reader.snapshot.get(taintKey(this.#reader.number, "trail", strand, page));
    const records = readTaintJson(stored, `strand ${strand}`) as readonly StoredRecord[];
    return recordOf(records[record % trailPageRecords] as StoredRecord);
  }

  /** Every receipt of a strand, in order. */
  *records(strand: number): Generator<TaintRecord> {
    const [from, to] = [
      taintKey(this.#reader.number, "trail", strand),
      taintKey(this.#reader.number, "trail", strand + 1),
    ];
    for (const { value } of this.#reader.snapshot.range({ from, to, order: "ascending" })) {
      yield* (readTaintJson(value, `strand ${strand}`) as readonly StoredRecord[]).map(recordOf);
    }
  }

  #at(part: "byOwner" | "byTransaction", number: number): readonly Tainted[] {
    const found: Tainted[] = [];
    const [from, to] = [taintKey(this.#reader.number, part, number), taintKey(this.#reader.number, part, number + 1)];
    for (const { key, value } of this.#reader.snapshot.range({ from, to, order: "ascending" })) {
      const strand = this.#strands.get(Buffer.from(key).readUIntBE(9, 6));
      if (strand === undefined) continue;
      const sums = readTaintJson(value, `taint of ${number}`) as readonly TaintSum[];
      for (const sum of sums)
        found.push({ ...sum, strand, amount: BigInt(sum.amount), direct: BigInt(sum.direct), held: undefined });
    }
    return found;
  }
}

type StoredRecord = Omit<TaintRecord, "amount"> & { readonly amount: string };

function recordOf(stored: StoredRecord): TaintRecord {
  return { ...stored, amount: BigInt(stored.amount) };
}

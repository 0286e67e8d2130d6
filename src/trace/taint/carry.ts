import type { ChainId } from "../../base/caip.ts";
import { ChainBlocks } from "../../clusters/blocks.ts";
import { chainOf } from "../../clusters/chain-of.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import type { Change, PageStore } from "../../store/page-store.ts";
import type { PriceRule } from "../account/swap.ts";
import type { Policy } from "../policy.ts";
import { carryContext, tablesOf, type CarryContext } from "./carry-context.ts";
import { extend, forget } from "./extend.ts";
import { isAsLooked, knownOrigins, ownersSeen } from "./known-origins.ts";
import { taggedOrigins, theftOrigins, type FoundOrigin } from "./origins.ts";
import { RenewedChain } from "./renewed-chain.ts";
import { rollBack } from "./rollback.ts";
import { usualSizes, type Span, type CarrySizes } from "./spans.ts";
import { basisOf, type TaintBasis } from "./standing.ts";
import {
  emptyTaint,
  readOrigin,
  readOriginOwners,
  readStoredTaint,
  writeOrigin,
  writeOriginOwners,
  writeStoredTaint,
  type StoredStrand,
  type StoredTaint,
} from "./state.ts";
import { readStops, strandsToRedo, writeStops } from "./stop-changes.ts";
import { dropTaint, sweepStrands } from "./sweep.ts";
import { noCounts } from "./tables.ts";
import { taggedOwners, type TaggedOwners } from "./tagged-owners.ts";
import { directHops } from "./tainted.ts";
import { isTooLarge, walkWhole, type Begin } from "./walk-strand.ts";

/** The policies by which origins are carried forward where nobody says otherwise. */
export const taintPolicies = ["fifo", "haircut"] as const satisfies readonly Policy[];

export type TaintCarry = {
  readonly folder: string;
  readonly chain: ChainId;
  readonly policies: readonly Policy[];
  /** Thefts, tags, and what tells prices from others, as the chain's reader finds them. */
  readonly basis: (reader: ChainReader) => TaintBasis;
  readonly price: PriceRule;
  readonly onProgress: (progress: TaintProgress) => void;
  /** Others than the usual ones; for tests. */
  readonly sizes?: CarrySizes;
};

/** How far it is. `strands`: how many are walked anew; `strand`: how many of these are done. */
export type TaintProgress = {
  readonly strand: number;
  readonly strands: number;
  readonly height: number;
  /** Tainted receipts written so far. */
  readonly records: number;
};

export type TaintCarried = {
  readonly origins: number;
  readonly absent: readonly string[];
  /** Strands that were walked from their beginning, and those that went on from where they were. */
  readonly walked: number;
  readonly kept: number;
  /** Blocks that a reorganisation took back, and those that are new. */
  readonly undone: number;
  readonly blocks: number;
  /** Tainted receipts in all. */
  readonly records: number;
  readonly height: number | null;
};

/**
 * Brings the taint index of a chain to the ledger's last block: every origin by every policy, each equal to a fresh trace.
 *
 * What was carried before goes on from where it was; what a reorganisation dropped is taken back first. A strand is walked from its
 * beginning where it is new, where its origin's rows or a stop that it reached have changed, where a price that it asked for may
 * have, or where a reorganisation went deeper than can be gone back.
 *
 * The writer's lock must be held. Each commit leaves a usable index: a killed run is gone on with by the next one, and until then
 * readers are told that the index is behind, or not whole.
 *
 * @throws {Failure} `UNKNOWN_NAME` where the chain is not in the ledger, `LEDGER_DAMAGED`, `TAINT_DAMAGED`, `STORE_FULL`.
 * Cost: a look-up for each new input or transfer, and the traces' new parts; the tagged addresses of the chain.
 */
export async function carryTaint(store: PageStore, carry: TaintCarry): Promise<TaintCarried> {
  const ledger = new LedgerReader(store, carry.folder);
  let chain: RenewedChain;
  try {
    chain = new RenewedChain(store, chainOf(ledger, carry.chain, carry.folder));
  } finally {
    ledger.close();
  }
  try {
    return await new Carrying(chain, carry).run();
  } finally {
    chain.close();
  }
}

class Carrying {
  readonly #chain: RenewedChain;
  readonly #reader: ChainReader;
  readonly #basis: TaintBasis;
  /** Undefined: as the index has it. */
  readonly #tagged: TaggedOwners | undefined;
  readonly #stops: readonly number[];
  readonly #carry: TaintCarry;
  readonly #context: CarryContext;
  #state: StoredTaint;
  #undone = 0;
  #blocks = 0;
  #written = 0;

  constructor(chain: RenewedChain, carry: TaintCarry) {
    this.#chain = chain;
    this.#reader = chain.reader;
    this.#basis = carry.basis(chain.reader);
    this.#carry = carry;
    this.#state = readStoredTaint(chain.pages, chain.reader.number) ?? emptyTaint;
    const { tags } = this.#basis;
    this.#tagged = this.#isAsTagged() ? undefined : taggedOwners(chain.reader, tags);
    this.#stops = this.#tagged?.stops ?? readStops(chain.reader);
    const { price, sizes = usualSizes } = carry;
    this.#context = carryContext(chain, { tags, stops: this.#stops, price, sizes });
  }

  async run(): Promise<TaintCarried> {
    const { policies } = this.#carry;
    // Pages of another format say nothing to this version.
    if (this.#state === emptyTaint) await dropTaint(this.#chain);
    await this.#sweep();
    await this.#goBack();
    const { found: thefts, absent } = theftOrigins(this.#reader, this.#basis);
    const found = [...thefts, ...this.#taggedOrigins()];
    const wanted = found.flatMap((one) => policies.map((policy): Wanted => ({ ...one, policy })));
    const { kept, toWalk } = this.#sorted(wanted);
    await this.#retire(kept, toWalk.length > 0);
    await this.#goOn(new Map(wanted.map((one) => [nameOf(one.policy, one.origin.key), one])));
    for (const [place, one] of toWalk.entries()) await this.#walk(one, place, toWalk.length);
    const basis = this.#hasStamp ? this.#state.basis : basisOf(this.#reader, this.#basis);
    const addresses = this.#tagged?.addresses ?? this.#state.looked?.addresses ?? 0;
    const looked = { addresses, owners: ownersSeen(this.#reader) };
    await this.#commit(this.#origins(wanted), { basis, policies, absent, isWhole: true, looked });
    await this.#sweep();
    const { strands } = this.#state;
    const { spans } = this.#context;
    return {
      origins: found.length,
      absent,
      walked: toWalk.length,
      kept: strands.length - toWalk.length,
      undone: this.#undone,
      blocks: this.#blocks,
      records: strands.reduce((sum, { counts }) => sum + counts.records, 0),
      height: spans.count === 0 ? null : spans.blocks.height(spans.count - 1),
    };
  }

  async #commit(changes: readonly Change[], state: Partial<StoredTaint>): Promise<void> {
    this.#state = { ...this.#state, ...state };
    await this.#chain.commit([...changes, writeStoredTaint(this.#reader.number, this.#state)]);
  }

  /** Removes the pages of strands that no reader looks at. */
  async #sweep(): Promise<void> {
    const { retired } = this.#state;
    if (retired.length === 0) return;
    await sweepStrands(this.#context, retired);
    await this.#commit([], { retired: [] });
  }

  /** Takes back the blocks that the ledger dropped; where that cannot be done, everything is given up. */
  async #goBack(): Promise<void> {
    const { points, strands } = this.#state;
    const { spans } = this.#context;
    if (points.length === 0) return;
    const common = spans.blocks.common(points);
    if (common === undefined) {
      const retired = strands.map(({ number }) => number);
      await this.#commit([], { points: [], strands: [], isWhole: false, retired, looked: null });
      await this.#sweep();
      return;
    }
    this.#undone = points.length - 1 - common.place;
    if (this.#undone === 0) return;
    const back = rollBack(this.#context, strands, common.block);
    // Owners that the dropped blocks brought have given their numbers to others.
    const at = { strands: back.strands, points: points.slice(0, common.place + 1), looked: null };
    await this.#commit(back.changes, at);
  }

  /** Whether tags and register are known to be what the index was carried by; its prices are then noted already. */
  get #hasStamp(): boolean {
    return this.#basis.stamp !== "" && this.#basis.stamp === this.#state.basis.stamp;
  }

  get #hasNewPrices(): boolean {
    return this.#reader.model === "account" && this.#state.basis.prices !== this.#basis.priceBasis;
  }

  /**
   * Whether tags say the same of the ledger's owners as when the index was carried forward last, so that not all tagged addresses need
   * be looked at: they and the blocks that the index covers are the same, and of owners that are new none is decided about.
   */
  #isAsTagged(): boolean {
    const { isWhole, points, policies, looked } = this.#state;
    if (!this.#hasStamp || !isWhole || looked === null || String(policies) !== String(this.#carry.policies))
      return false;
    // Then strands may be walked anew, for which all rows of their origins are needed.
    if (this.#hasNewPrices) return false;
    const last = points.at(-1);
    if (last === undefined || new ChainBlocks(this.#reader).common([last]) === undefined) return false;
    return isAsLooked(this.#reader, this.#basis.tags, this.#state);
  }

  #taggedOrigins(): readonly FoundOrigin[] {
    if (this.#tagged !== undefined) return taggedOrigins(this.#reader, this.#tagged);
    const from = this.#context.spans.beginOf(this.#covered);
    return knownOrigins(this.#reader, this.#chain.pages, { strands: this.#state.strands, from });
  }

  /** Blocks that the index covers. */
  get #covered(): number {
    const last = this.#state.points.at(-1);
    if (last === undefined) return 0;
    const common = this.#context.spans.blocks.common([last]);
    return common === undefined ? 0 : common.block + 1;
  }

  /** The strands that go on from where they are, and the origins that are to be walked from their beginning. */
  #sorted(wanted: readonly Wanted[]): { readonly kept: readonly StoredStrand[]; readonly toWalk: readonly Wanted[] } {
    const { strands, isWhole } = this.#state;
    // Where a build was stopped, some strands have met the stops of before it and others those of now.
    const isSame = isWhole && this.#hasStamp;
    const redo = isSame ? new Set<number>() : strandsToRedo(this.#reader, readStops(this.#reader), this.#stops);
    const { row: end } = this.#context.spans.beginOf(this.#covered);
    const names = new Map(wanted.map((one) => [nameOf(one.policy, one.origin.key), one]));
    const kept = strands.filter((strand) => {
      const one = names.get(nameOf(strand.policy, strand.key));
      if (one === undefined || redo === "all" || redo.has(strand.number)) return false;
      if (this.#hasNewPrices && strand.hasAsked) return false;
      return one.isNew || this.#beginsWith(strand, one.rows, end);
    });
    const known = new Set(kept.map(({ policy, key }) => nameOf(policy, key)));
    return { kept, toWalk: wanted.filter(({ policy, origin }) => !known.has(nameOf(policy, origin.key))) };
  }

  /** Whether an origin's rows are still those that a strand began with. */
  #beginsWith(strand: StoredStrand, rows: readonly number[], end: number): boolean {
    const { begins } = tablesOf(this.#context, strand);
    const covered = rows.findIndex((row) => row >= end);
    const count = covered < 0 ? rows.length : covered;
    if (count !== begins.count) return false;
    for (let place = 0; place < count; place += 1) if (begins.value("row", place) !== rows[place]) return false;
    return true;
  }

  /**
   * Gives up strands, and says that the index is not whole where others will take their place. What the others go on with is
   * noted before they do: a killed run must not leave it to be guessed.
   */
  async #retire(kept: readonly StoredStrand[], willWalk: boolean): Promise<void> {
    const live = new Set(kept.map(({ number }) => number));
    const gone = this.#state.strands.map(({ number }) => number).filter((number) => !live.has(number));
    const prices = this.#reader.model === "account" ? this.#basis.priceBasis : "";
    const hasOtherStops = this.#tagged !== undefined && String(readStops(this.#reader)) !== String(this.#stops);
    // A stamp says what all strands rest on; until this run is through, they rest on what was before or on what is now.
    const stamp = this.#hasStamp ? this.#state.basis.stamp : "";
    const isOther = hasOtherStops || prices !== this.#state.basis.prices || stamp !== this.#state.basis.stamp;
    if (gone.length === 0 && !willWalk && !isOther) return;
    await this.#commit(hasOtherStops ? [writeStops(this.#reader, this.#stops)] : [], {
      strands: kept,
      retired: [...this.#state.retired, ...gone],
      isWhole: this.#state.isWhole && gone.length === 0 && !willWalk,
      basis: { ...this.#state.basis, prices, stamp },
    });
  }

  /** Carries the strands that are kept over the blocks that are new. */
  async #goOn(wanted: ReadonlyMap<string, Wanted>): Promise<void> {
    const { spans, model } = this.#context;
    const covered = this.#covered;
    if (covered === spans.count) return;
    this.#blocks = spans.count - covered;
    if (this.#state.strands.length === 0) {
      await this.#commit([], { points: this.#allPoints() });
      return;
    }
    const begins = new Map<string, readonly Begin[]>();
    const { row: first } = spans.beginOf(covered);
    for (const [name, { rows }] of wanted) {
      const own = rows.filter((row) => row >= first);
      begins.set(
        name,
        own.map((row) => ({ at: model.kind === "utxo" ? model.view.transactionOfOutput(row) : row, row })),
      );
    }
    for (const span of spans.from(covered)) {
      const inSpan = ({ policy, key }: StoredStrand): readonly Begin[] => {
        const all = begins.get(nameOf(policy, key)) ?? [];
        const [from, to] = [spans.rowsBefore(span.from), spans.rowsBefore(span.to)];
        return all.filter(({ at }) => at >= from && at < to);
      };
      const extended = extend(this.#context, this.#state.strands, span, inSpan);
      const points = spans.pointsAfter(this.#state.points, span);
      await this.#commit(extended.changes, { strands: extended.strands, points });
      await this.#forget();
      this.#tell(span, 0, 0);
    }
  }

  /** What was kept for blocks that cannot be gone back to any more. */
  async #forget(): Promise<void> {
    const [oldest] = this.#state.points;
    const common = oldest === undefined ? undefined : this.#context.spans.blocks.common([oldest]);
    if (common === undefined) return;
    const { strands, changes } = forget(this.#context, this.#state.strands, common.block);
    if (changes.length > 0) await this.#commit(changes, { strands });
  }

  #tell(span: Span, strand: number, strands: number): void {
    const height = this.#context.spans.blocks.height(span.to - 1);
    this.#carry.onProgress({ strand, strands, height, records: this.#written });
  }

  /** Walks an origin from its beginning, and names it when it is whole. */
  async #walk({ origin, rows, owners, policy }: Wanted, place: number, of: number): Promise<void> {
    const before = this.#written;
    const walk = async (context: CarryContext): Promise<StoredStrand> => {
      const number = this.#state.nextStrand;
      // Whoever is killed in the middle leaves pages under a number that is named here first.
      await this.#commit([], { nextStrand: number + 1, retired: [...this.#state.retired, number] });
      const hops = directHops(origin, this.#reader);
      const draft = { number, directHops: hops, counts: noCounts, gaps: {} };
      return walkWhole(
        context,
        { ...draft, policy, key: origin.key, hasAsked: false },
        {
          begins: rows,
          onCommit: (records, height) => {
            this.#written = before + records;
            this.#carry.onProgress({ strand: place, strands: of, height, records: this.#written });
          },
        },
      );
    };
    let strand: StoredStrand;
    try {
      strand = await walk(this.#context);
    } catch (thrown) {
      const { model } = this.#context;
      if (!isTooLarge(thrown) || model.kind !== "utxo") throw thrown;
      this.#context.book.discard();
      strand = await walk({ ...this.#context, model: { ...model, amounts: "exact" } });
    }
    const retired = this.#state.retired.filter((number) => number !== strand.number);
    const { number: chain } = this.#reader;
    const own = [writeOrigin(chain, strand.number, origin), writeOriginOwners(chain, strand.number, owners)];
    await this.#commit(own, {
      strands: [...this.#state.strands, strand],
      retired,
    });
    await this.#forget();
  }

  #allPoints(): StoredTaint["points"] {
    const { spans } = this.#context;
    const from = spans.firstRecent;
    const first = from === 0 ? [] : [spans.pointOf(from - 1)];
    return spans.count === 0 ? [] : spans.pointsAfter(first, { from, to: spans.count, keeping: "all" });
  }

  /** What is said of origins may change while their rows do not. */
  #origins(wanted: readonly Wanted[]): readonly Change[] {
    const { number } = this.#reader;
    const names = new Map(wanted.map((one) => [nameOf(one.policy, one.origin.key), one]));
    return this.#state.strands.flatMap((strand): readonly Change[] => {
      const one = names.get(nameOf(strand.policy, strand.key));
      if (one === undefined || one.isNew) return [];
      const stored = readOrigin(this.#chain.pages, number, strand.number);
      const owners = readOriginOwners(this.#chain.pages, number, strand.number);
      return [
        ...(JSON.stringify(stored) === JSON.stringify(one.origin)
          ? []
          : [writeOrigin(number, strand.number, one.origin)]),
        ...(String(owners) === String(one.owners) ? [] : [writeOriginOwners(number, strand.number, one.owners)]),
      ];
    });
  }
}

type Wanted = FoundOrigin & { readonly policy: Policy };

function nameOf(policy: Policy, key: string): string {
  return `${policy} ${key}`;
}

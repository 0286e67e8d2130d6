import type { Change } from "../../store/page-store.ts";
import { AmountTooLarge } from "../utxo/attribution.ts";
import type { OriginOutput } from "../utxo/utxo-walk.ts";
import { AccountCarry } from "./account-carry.ts";
import { AccountVersions } from "./account-versions.ts";
import { writerOf, type AccountContext, type CarryContext, type UtxoContext } from "./carry-context.ts";
import type { Span } from "./spans.ts";
import type { StoredStrand } from "./state.ts";
import type { StrandWriter } from "./strand-writer.ts";
import { UtxoCarry, type Resumed } from "./utxo-carry.ts";

/** An output or transfer that a strand begins with, by the transaction (accounts: the transfer itself) that it is in. */
export type Begin = { readonly at: number; readonly row: number };

/**
 * Walks an origin from its beginning to the ledger's end, under a number that no reader looks at yet.
 *
 * Cost: a trace; memory: at most some 2 million records of a chain of outputs, and the tainted accounts of one of accounts.
 */
export async function walkWhole(
  context: CarryContext,
  strand: StoredStrand,
  by: { readonly begins: readonly number[]; readonly onCommit: (records: number, height: number) => void },
): Promise<StoredStrand> {
  const writer = writerOf(context, strand);
  const { model, spans } = context;
  const begins = by.begins.map((row): Begin => ({
    at: model.kind === "utxo" ? model.view.transactionOfOutput(row) : row,
    row,
  }));
  const [first] = begins;
  for (const { row } of begins) writer.begin(row);
  const walk =
    model.kind === "utxo"
      ? utxoWalk(context, model, { strand, writer })
      : accountWalk(context, model, { strand, writer });
  const commit = async (changes: readonly Change[], block: number): Promise<void> => {
    await context.chain.commit([...changes, ...context.book.flush()]);
    by.onCommit(writer.counts.records, spans.blocks.height(block));
  };
  let next = 0;
  for (const span of first === undefined ? [] : spans.from(spans.blockOf(first.at))) {
    const steps = span.keeping === "all" ? eachBlock(span) : [span];
    for (const step of steps) {
      const end = spans.rowsBefore(step.to);
      const from = next;
      while ((begins[next]?.at ?? Infinity) < end) next += 1;
      walk.step(begins.slice(from, next), step);
    }
    for (const parts = walk.flush(span)[Symbol.iterator](); parts.next().done !== true;) {
      if (context.book.bytes > spans.sizes.bytes) await commit(writer.flush(), span.to - 1);
    }
  }
  await commit(writer.flush(), Math.max(0, spans.count - 1));
  return { ...strand, counts: writer.counts, gaps: writer.gaps, hasAsked: walk.hasAsked() };
}

/** A strand's walk, whatever the chain's kind. */
export type StrandWalk = {
  /** Walks over blocks; `begins`: the origin's rows in them. */
  readonly step: (begins: readonly Begin[], span: Span) => void;
  /** Gives the writer what came since the last time, a part after the other. */
  readonly flush: (span: Span) => Iterable<void>;
  readonly hasAsked: () => boolean;
};

type Working = { readonly strand: StoredStrand; readonly writer: StrandWriter };

export function eachBlock({ from, to, keeping }: Span): readonly Span[] {
  return Array.from({ length: to - from }, (_, at) => ({ from: from + at, to: from + at + 1, keeping }));
}

function utxoWalk(context: CarryContext, model: UtxoContext, { strand, writer }: Working): StrandWalk {
  const { spans } = context;
  const carryFrom = (resumed: readonly Resumed[]): UtxoCarry =>
    new UtxoCarry(writer, { ...model, policy: strand.policy, resumed });
  let carry = carryFrom([]);
  let isIdle = true;
  return {
    step: (begins, { to }) => {
      const before = carry.steps;
      carry.go(begins.map(originOf), spans.rowsBefore(to));
      isIdle &&= carry.steps === before;
    },
    flush: function* ({ keeping }) {
      if (isIdle) return;
      yield* carry.flush(keeping);
      if (carry.isLargerThan(spans.sizes.records)) carry = carryFrom(carry.frontier());
      isIdle = true;
      yield;
    },
    hasAsked: () => false,
  };
}

function accountWalk(context: CarryContext, model: AccountContext, { strand, writer }: Working): StrandWalk {
  const { reader, chain, spans, price } = context;
  const versions = new AccountVersions(chain.pages, reader.number, strand.number);
  const carry = new AccountCarry(writer, {
    ...model,
    policy: strand.policy,
    versions,
    price,
    longHistory: spans.sizes.history,
  });
  const lastFinal = spans.firstRecent;
  return {
    step: (begins, span) => {
      const end = spans.rowsBefore(span.to);
      carry.go(
        begins.map(({ row }) => row),
        end,
      );
      carry.drain(Math.max(0, end - 1));
      if (span.keeping === "all" || span.to === lastFinal) carry.keep(spans.blocks.height(span.to - 1), end);
    },
    // What came is with the writer already.
    flush: () => [undefined],
    hasAsked: () => carry.hasAsked,
  };
}

export function originOf({ at, row }: Begin): OriginOutput {
  return { transaction: at, output: row };
}

/** Whether a walk has to be done with amounts of any size. */
export function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof AmountTooLarge;
}

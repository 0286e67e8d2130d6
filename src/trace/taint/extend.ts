import { assert } from "../../base/assert.ts";
import { taintKey } from "../../ledger/keys.ts";
import type { Change } from "../../store/page-store.ts";
import { isOrdered } from "../policy.ts";
import { isOutput } from "../utxo/rows/input-rows.ts";
import { AccountCarry } from "./account-carry.ts";
import { AccountVersions } from "./account-versions.ts";
import { tablesOf, writerOf, type AccountContext, type CarryContext, type UtxoContext } from "./carry-context.ts";
import { ownerEntries } from "./owner-pages.ts";
import { openSegments } from "./pieces.ts";
import type { Span } from "./spans.ts";
import type { StoredStrand } from "./state.ts";
import { UtxoCarry, type Resumed } from "./utxo-carry.ts";
import { eachBlock, isTooLarge, originOf, type Begin } from "./walk-strand.ts";

/** Strands as they are behind a span, and what is to be written for it. */
export type Extended = { readonly strands: readonly StoredStrand[]; readonly changes: readonly Change[] };

/**
 * Carries strands over the blocks of one span, from the block behind the last one that they were carried over.
 *
 * Cost: a look-up for each input, or transfer, of the span; and the span's part of the traces.
 *
 * @param begins - The origins' rows in the span, by strand.
 */
export function extend(
  context: CarryContext,
  strands: readonly StoredStrand[],
  span: Span,
  begins: (strand: StoredStrand) => readonly Begin[],
): Extended {
  const { model, book } = context;
  const one =
    model.kind === "utxo"
      ? utxoExtension(context, model, strands, span)
      : accountExtension(context, model, strands, span);
  const changes: Change[] = [];
  const extended = strands.map((strand) => {
    const done = one(strand, begins(strand));
    if (done === undefined) return strand;
    changes.push(...done.changes);
    return done.strand;
  });
  return { strands: extended, changes: [...changes, ...book.flush()] };
}

type Extension = (
  strand: StoredStrand,
  begins: readonly Begin[],
) => { readonly strand: StoredStrand; readonly changes: readonly Change[] } | undefined;

/** The blocks of a span as they are walked: one by one where a reorganisation may go back to each. */
function stepsOf(span: Span): readonly Span[] {
  return span.keeping === "all" ? eachBlock(span) : [span];
}

function within(begins: readonly Begin[], { spans }: CarryContext, { from, to }: Span): readonly Begin[] {
  const [first, end] = [spans.rowsBefore(from), spans.rowsBefore(to)];
  return begins.filter(({ at }) => at >= first && at < end);
}

type Hit = { readonly output: number; readonly spender: number };

function utxoExtension(
  context: CarryContext,
  model: UtxoContext,
  strands: readonly StoredStrand[],
  span: Span,
): Extension {
  const hits = spentBefore(context, model, strands, span);
  return (strand, begins) => {
    const own = hits.get(strand.number) ?? [];
    if (own.length === 0 && begins.length === 0) return undefined;
    const resumed = resumedOf(context, model, strand, own);
    if (resumed.length === 0 && begins.length === 0) return undefined;
    const writer = writerOf(context, strand);
    const walked = (amounts: UtxoContext["amounts"]): UtxoCarry => {
      const carry = new UtxoCarry(writer, {
        ...model,
        amounts,
        policy: strand.policy,
        resumed,
      });
      for (const step of stepsOf(span)) {
        carry.go(within(begins, context, step).map(originOf), context.spans.rowsBefore(step.to));
      }
      return carry;
    };
    let carry: UtxoCarry;
    try {
      carry = walked(model.amounts);
    } catch (thrown) {
      if (!isTooLarge(thrown)) throw thrown;
      carry = walked("exact");
    }
    for (const { row } of begins) writer.begin(row);
    // In one commit with the other strands' changes, since readers see this strand.
    Array.from(carry.flush(span.keeping));
    return { strand: { ...strand, counts: writer.counts, gaps: writer.gaps }, changes: writer.flush() };
  };
}

/** Outputs from before a span that it spends, of owners that strands have reached; by strand. */
function spentBefore(
  { chain, reader, spans }: CarryContext,
  { view }: UtxoContext,
  strands: readonly StoredStrand[],
  { from, to }: Span,
): ReadonlyMap<number, readonly Hit[]> {
  const found = new Map<number, Hit[]>(strands.map(({ number }) => [number, []]));
  if (found.size === 0) return found;
  const [begin, end] = [spans.beginOf(from), spans.beginOf(to)];
  for (let input = begin.input; input < end.input; input += 1) {
    const spent = view.spent(input);
    if (!isOutput(spent)) continue;
    const output = (spent - 1) / 2;
    if (output >= begin.row) continue;
    for (const { strand, held } of ownerEntries(chain.pages, reader.number, view.owner(output))) {
      if (held > 0n) found.get(strand)?.push({ output, spender: input });
    }
  }
  return found;
}

function resumedOf(
  context: CarryContext,
  { view, isStop }: UtxoContext,
  strand: StoredStrand,
  hits: readonly Hit[],
): readonly Resumed[] {
  const tables = tablesOf(context, strand);
  const found: Resumed[] = [];
  for (const { output, spender } of hits) {
    const record = tables.recordOf(output);
    if (record < 0 || (tables.parentOf(record) >= 0 && isStop(view.owner(output)))) continue;
    const key = taintKey(context.reader.number, "segments", strand.number, record);
    const stored = isOrdered(strand.policy) ? context.chain.pages.get(key) : undefined;
    const segments =
      stored === undefined ? undefined : openSegments(stored, `strand ${strand.number}, output ${output}`);
    const [amount, hops] = [tables.records.value("amount", record), tables.records.value("hops", record)];
    found.push({ record, output, spender, amount, hops, segments });
  }
  return found.toSorted((left, right) => left.record - right.record);
}

function accountExtension(
  context: CarryContext,
  model: AccountContext,
  strands: readonly StoredStrand[],
  span: Span,
): Extension {
  const met = accountsMet(context, model, strands, span);
  const { spans, chain, reader, price } = context;
  return (strand, begins) => {
    const own = met.get(strand.number) ?? new Set();
    if (own.size === 0 && begins.length === 0) return undefined;
    const writer = writerOf(context, strand);
    const versions = new AccountVersions(chain.pages, reader.number, strand.number);
    const carry = new AccountCarry(writer, {
      ...model,
      policy: strand.policy,
      versions,
      price,
      longHistory: spans.sizes.history,
    });
    for (const account of own) carry.resume(account);
    for (const step of stepsOf(span)) {
      const end = spans.rowsBefore(step.to);
      carry.go(
        within(begins, context, step).map(({ row }) => row),
        end,
      );
      carry.drain(Math.max(0, end - 1));
      carry.keep(spans.blocks.height(step.to - 1), end);
    }
    for (const { row } of begins) writer.begin(row);
    const hasAsked = strand.hasAsked || carry.hasAsked;
    return { strand: { ...strand, counts: writer.counts, gaps: writer.gaps, hasAsked }, changes: writer.flush() };
  };
}

/** Accounts with a transfer in a span that strands have reached; by strand. */
function accountsMet(
  { chain, reader, spans }: CarryContext,
  { view }: AccountContext,
  strands: readonly StoredStrand[],
  { from, to }: Span,
): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>(strands.map(({ number }) => [number, new Set()]));
  const seen = new Set<number>();
  const end = spans.rowsBefore(to);
  for (let row = spans.rowsBefore(from); row < end; row += 1) {
    for (const account of [view.from(row), view.to(row)]) {
      if (account < 0 || seen.has(account)) continue;
      seen.add(account);
      for (const { strand } of ownerEntries(chain.pages, reader.number, account + 1)) found.get(strand)?.add(account);
    }
  }
  return found;
}

/**
 * Removes what was kept for going back to blocks that no reorganisation is reckoned with any more.
 *
 * @param oldest - The first block that can be gone back to.
 */
export function forget(context: CarryContext, strands: readonly StoredStrand[], oldest: number): Extended {
  const { model, spans, chain, reader } = context;
  const changes: Change[] = [];
  const { input: end } = spans.beginOf(oldest + 1);
  const kept = strands.map((strand): StoredStrand => {
    if (model.kind === "account") {
      const versions = new AccountVersions(chain.pages, reader.number, strand.number);
      changes.push(...versions.fold(spans.blocks.height(oldest)));
      return strand;
    }
    const { spends } = strand.counts;
    let { cleaned } = strand.counts;
    if (cleaned === spends || !isOrdered(strand.policy)) return strand;
    const { spends: table } = tablesOf(context, strand);
    for (; cleaned < spends && table.value("input", cleaned) < end; cleaned += 1) {
      const key = taintKey(reader.number, "segments", strand.number, table.value("record", cleaned));
      changes.push({ key, value: undefined });
    }
    assert(cleaned <= spends, "taint: more was cleaned than was spent");
    return { ...strand, counts: { ...strand.counts, cleaned } };
  });
  return { strands: kept, changes };
}

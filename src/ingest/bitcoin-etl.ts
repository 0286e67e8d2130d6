import type { KnownChain } from "../base/chains.ts";
import { Failure, isFailure } from "../base/failure.ts";
import type { UtxoBlock } from "../chains/block.ts";
import { decodeEtlBlock, sortEtlLine, type EtlLine } from "../chains/bitcoin/etl.ts";
import type { Tip } from "../ledger/manifest.ts";
import type { Files } from "./files.ts";
import { isFirstBlock } from "./first-block.ts";
import { ReadMeter } from "./read-meter.ts";
import type { Source, SourceBlock, SourceFinding } from "./source.ts";

/** How many blocks are read ahead to see whether a lower one follows; workers write them nearly in order. */
const aheadBlocks = 1_000;
/** How many characters of lines may wait: for blocks that come later, and while reading ahead. */
const waitingMax = 256 * 1024 * 1024;
const aheadMax = 64 * 1024 * 1024;
/** No transaction's line is longer. */
const lineMax = 128 * 1024 * 1024;
const findingsMax = 1_000;

/**
 * The JSON lines of bitcoin-etl as a source: a folder with `blocks*.json` and `transactions*.json` (or, before these,
 * `enriched_transactions*.json`), or one file in which both kinds of line are mixed; each also as `.gz`.
 *
 * Lines need not be in order, as far as they fit into a window of 1,000 blocks and 256 MB. The form names no parent: a
 * block's is taken to be the block of the height before, in the export or as the ledger's tip, so that a
 * reorganisation is seen only where the export holds another block of the tip's height. Where that height is missing,
 * zeros stand for the parent.
 * @throws {Failure} when opened: `SOURCE_UNREADABLE`; `SOURCE_INVALID`, with file and line, for a line of neither form,
 *   a block that is incomplete, and lines too far apart.
 * Source: bitcoin-etl, https://github.com/blockchain-etl/bitcoin-etl#schema
 * Cost: reads all lines from the first one, also to go on in the middle.
 */
export function bitcoinEtlSource(files: Files, chain: KnownChain, place: string): Source {
  const findings: SourceFinding[] = [];
  const meter = new ReadMeter(files);
  const note = (where: string, what: string): void => {
    if (findings.length < findingsMax) findings.push({ where, what });
  };
  return {
    name: place,
    model: "utxo",
    async *open({ tip }) {
      const { blocks, transactions } = await exportFiles(files, place);
      await meter.expect([...blocks, ...(transactions ?? [])]);
      const window = new EtlWindow(
        linesOf(meter, blocks),
        transactions === undefined ? undefined : linesOf(meter, transactions),
        tip?.height ?? 0,
      );
      try {
        yield* inOrder(chain, window, tip, note);
      } finally {
        await window.close();
      }
    },
    progress: () => meter.progress(),
    findings: () => findings,
  };
}

async function* inOrder(
  chain: KnownChain,
  window: EtlWindow,
  tip: Tip | undefined,
  note: (where: string, what: string) => void,
): AsyncIterable<SourceBlock> {
  // A block that goes on where the ledger ends names no parent either: it is taken to be the ledger's tip.
  let before: { readonly height: number; readonly hash: string | undefined } | undefined = tip;
  for (let entry = await window.next(); entry !== undefined; entry = await window.next()) {
    const { height, hash } = entry;
    if (height === 0) requireChain(chain, entry);
    if (height === tip?.height && hash === tip.hash) continue;
    const isNext = before?.height === height - 1;
    if (before !== undefined && height > before.height + 1) {
      note(entry.where, `no block between ${before.height} and ${height} is there`);
    }
    const parent = isNext && before?.hash !== undefined ? bytesOf(before.hash) : new Uint8Array(32);
    yield { block: decode(chain, entry, parent), height, cursor: String(height) };
    before = { height, hash };
  }
  for (const left of window.left())
    note(left.where, `block ${left.height} is not there, of which this is a transaction`);
}

/** A first block tells the chain; a later one does not. */
function requireChain(chain: KnownChain, { hash, where }: Complete): void {
  if (isFirstBlock(chain, hash)) return;
  const mend = "name the export's own chain in --chain";
  throw new Failure("SOURCE_INVALID", { source: where, where: "", why: `block 0 is not ${chain.name}'s`, mend });
}

function decode(chain: KnownChain, entry: Complete, parent: Uint8Array): UtxoBlock {
  try {
    return decodeEtlBlock(chain, { block: entry.line, transactions: entry.transactions, parent });
  } catch (thrown) {
    throw placed(thrown, entry.where);
  }
}

/** The same failure, with the file and line that it is about. */
function placed(thrown: unknown, file: string): unknown {
  if (!isFailure(thrown, "SOURCE_INVALID")) return thrown;
  const { where, why, mend } = (thrown as Failure<"SOURCE_INVALID">).data;
  return new Failure("SOURCE_INVALID", { source: file, where, why, mend }, thrown);
}

function bytesOf(hash: string): Uint8Array {
  return new Uint8Array(Buffer.from(hash, "hex").toReversed());
}

type Complete = {
  readonly height: number;
  readonly hash: string;
  readonly line: string;
  readonly where: string;
  readonly transactions: readonly string[];
};

type Waiting = { readonly hash: string; readonly line: string; readonly where: string; readonly count: number };
type Group = { readonly lines: string[]; readonly height: number; readonly where: string };
type Line = { readonly text: string; readonly where: string };

/** Brings the lines of each block together, and the blocks into order, within bounded memory. */
class EtlWindow {
  readonly #blocks: AsyncIterator<Line>;
  /** The same as the blocks where one file mixes both. */
  readonly #transactions: AsyncIterator<Line>;
  readonly #from: number;
  readonly #waiting = new Map<number, Waiting>();
  readonly #groups = new Map<string, Group>();
  readonly #ended = new Set<AsyncIterator<Line>>();
  #characters = 0;
  #isOver = false;
  #last: number | undefined;

  constructor(blocks: AsyncIterable<Line>, transactions: AsyncIterable<Line> | undefined, from: number) {
    this.#blocks = blocks[Symbol.asyncIterator]();
    this.#transactions = transactions?.[Symbol.asyncIterator]() ?? this.#blocks;
    this.#from = from;
  }

  /** The next higher block that is there, with its transactions; undefined after the last one. */
  async next(): Promise<Complete | undefined> {
    const height = await this.#nextHeight();
    const block = height === undefined ? undefined : this.#waiting.get(height);
    if (height === undefined || block === undefined) {
      await this.#readRest();
      return undefined;
    }
    const { hash, line, where, count } = block;
    while ((this.#groups.get(hash)?.lines.length ?? 0) < count) {
      if (await this.#take(this.#transactions)) continue;
      const found = this.#groups.get(hash)?.lines.length ?? 0;
      throw invalid(where, `block ${height} has ${count} transactions, and the export ${found} of them`);
    }
    const transactions = this.#groups.get(hash)?.lines ?? [];
    this.#waiting.delete(height);
    this.#groups.delete(hash);
    for (const { length } of [line, ...transactions]) this.#characters -= length;
    this.#last = height;
    return { height, hash, line, where, transactions };
  }

  /** Blocks that never came, by the place of the first transaction of each. */
  left(): readonly { readonly where: string; readonly height: number }[] {
    return [...this.#groups.values()];
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
    await this.#transactions.return?.();
  }

  async #nextHeight(): Promise<number | undefined> {
    const wanted = this.#last === undefined ? this.#from : this.#last + 1;
    const isAhead = (): boolean =>
      this.#waiting.size > aheadBlocks || (this.#waiting.size > 0 && this.#characters > aheadMax);
    while (!this.#waiting.has(wanted) && !isAhead()) if (!(await this.#take(this.#blocks))) break;
    if (this.#waiting.has(wanted)) return wanted;
    let lowest: number | undefined;
    for (const height of this.#waiting.keys()) if (lowest === undefined || height < lowest) lowest = height;
    return lowest;
  }

  /** What no block has claimed is looked at too, so that a cut-off block file is noticed; it is not kept. */
  async #readRest(): Promise<void> {
    this.#isOver = true;
    while (await this.#take(this.#transactions));
  }

  /** Takes in a line; false at the end. */
  async #take(lines: AsyncIterator<Line>): Promise<boolean> {
    if (this.#ended.has(lines)) return false;
    const next = await lines.next();
    if (next.done === true) {
      this.#ended.add(lines);
      return false;
    }
    const { text, where } = next.value;
    if (heightBefore(text) < this.#from) return true;
    const { kind, block, height } = sort(text, where);
    if (height < this.#from) return true;
    if (this.#last !== undefined && height <= this.#last) {
      const why =
        kind === "block"
          ? `block ${height} stands too far behind block ${this.#last}, or again`
          : `a transaction of block ${height}, which is complete without it or stands too far away`;
      throw invalid(where, why);
    }
    if (kind === "block") this.#addBlock({ hash: block, line: text, where, count: countOf(text, where) }, height);
    else this.#addTransaction(text, { hash: block, height, where });
    this.#characters += this.#isOver ? 0 : text.length;
    if (this.#characters > waitingMax) {
      throw invalid(where, `the lines of block ${height} stand too far from those of the blocks before it`);
    }
    return true;
  }

  #addBlock(block: Waiting, height: number): void {
    const other = this.#waiting.get(height);
    if (other !== undefined) throw invalid(block.where, `a second block of height ${height}, besides ${other.where}`);
    this.#waiting.set(height, block);
  }

  #addTransaction(text: string, { hash, height, where }: { hash: string; height: number; where: string }): void {
    const group = this.#groups.get(hash);
    if (group === undefined) this.#groups.set(hash, { lines: this.#isOver ? [] : [text], height, where });
    else if (!this.#isOver) group.lines.push(text);
  }
}

/**
 * The height that a line states, without reading it whole; infinite where that is not plain. For passing over what the
 * ledger has already, where it saves four fifths of the time.
 */
function heightBefore(text: string): number {
  const digits = /"(?:block_)?number": ?(?<digits>[0-9]{1,9})[,}]/u.exec(text)?.groups?.["digits"];
  return digits === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(digits, 10);
}

function sort(text: string, where: string): EtlLine {
  try {
    return sortEtlLine(text);
  } catch (thrown) {
    throw placed(thrown, where);
  }
}

function countOf(text: string, where: string): number {
  const count = (JSON.parse(text) as { readonly transaction_count?: unknown }).transaction_count;
  if (typeof count === "number" && Number.isSafeInteger(count) && count > 0) return count;
  throw invalid(where, "a block does not say how many transactions it has (transaction_count)");
}

function invalid(where: string, why: string): Failure {
  const mend = "export it again, or sort the files by height";
  return new Failure("SOURCE_INVALID", { source: where, where: "", why, mend });
}

type ExportFiles = { readonly blocks: readonly string[]; readonly transactions: readonly string[] | undefined };

const ending = String.raw`[^/]*\.jsonl?(?:\.gz)?$`;
const kinds = {
  blocks: new RegExp(`^blocks?${ending}`, "u"),
  enriched: new RegExp(`^enriched_transactions?${ending}`, "u"),
  transactions: new RegExp(`^transactions?${ending}`, "u"),
} as const;

/** The files of a folder by kind; a single file holds both kinds. */
async function exportFiles(files: Files, place: string): Promise<ExportFiles> {
  const names = await namesIn(files, place);
  if (names === undefined) return { blocks: [place], transactions: undefined };
  const numbered = new Intl.Collator("en", { numeric: true });
  const of = (kind: RegExp): readonly string[] =>
    names
      .filter((name) => kind.test(name))
      .toSorted(numbered.compare)
      .map((name) => `${place}/${name}`);
  const [blocks, enriched, transactions] = [of(kinds.blocks), of(kinds.enriched), of(kinds.transactions)];
  const missing = blocks.length === 0 ? "blocks" : enriched.length + transactions.length === 0 ? "transactions" : "";
  if (missing === "") return { blocks, transactions: enriched.length > 0 ? enriched : transactions };
  throw new Failure("SOURCE_UNREADABLE", { source: place, why: `has no ${missing}.json`, mend: "export it too" });
}

async function namesIn(files: Files, place: string): Promise<readonly string[] | undefined> {
  try {
    return await files.list(place);
  } catch (thrown) {
    // What exists and has no list of names is a file.
    if (!isFailure(thrown, "SOURCE_UNREADABLE") || (await files.size(place)) === undefined) throw thrown;
    return undefined;
  }
}

const newline = 10;

/** The lines of files, one file after the other; empty ones are left out. */
async function* linesOf(files: ReadMeter, names: readonly string[]): AsyncIterable<Line> {
  for (const file of names) {
    let number = 0;
    const line = (bytes: Uint8Array): Line | undefined => {
      number += 1;
      // A text of its own: a part of a larger one would keep that in memory.
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8").trim();
      return text === "" ? undefined : { text, where: `${file}, line ${number}` };
    };
    let rest: Uint8Array[] = [];
    let restBytes = 0;
    for await (const piece of files.stream(file, 0)) {
      let start = 0;
      for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, start)) {
        const found = line(joined(rest, piece.subarray(start, end)));
        [rest, restBytes, start] = [[], 0, end + 1];
        if (found !== undefined) yield found;
      }
      rest.push(piece.slice(start));
      restBytes += piece.length - start;
      if (restBytes > lineMax) throw invalid(`${file}, line ${number + 1}`, "the line is absurdly long");
    }
    const last = line(joined(rest, new Uint8Array()));
    if (last !== undefined) yield last;
  }
}

function joined(rest: readonly Uint8Array[], end: Uint8Array): Uint8Array {
  return rest.length === 0 ? end : Buffer.concat([...rest, end]);
}

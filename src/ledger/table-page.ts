import { assert } from "../base/assert.ts";
import { textForms, WORD_LIMIT, type ColumnKind, type ValueOf } from "./column.ts";
import { columnWords, numberAt, unpackColumn } from "./index/bits.ts";
import { tooLarge } from "./safe-number.ts";

/**
 * A page's amounts. `safe` holds them as numbers where each is below 2^53, so that what follows many of them makes no
 * bigint; else it is undefined and only {@link AmountColumn.exact} answers.
 */
export type AmountColumn = { readonly safe: Float64Array | undefined; exact(record: number): bigint };

/** The columns of a table by name, each with its kind and its place among them. */
export type ColumnPlaces = ReadonlyMap<string, { readonly kind: ColumnKind; readonly index: number }>;

export function columnPlaces(columns: Readonly<Record<string, ColumnKind>>): ColumnPlaces {
  return new Map(Object.entries(columns).map(([name, kind], index) => [name, { kind, index }]));
}

type Packed = { readonly base: number; readonly low: Place; readonly high: Place; readonly end: number };
type Place = { readonly at: number; readonly width: number };
type Decoded = Float64Array | AmountColumn;

/** So many amounts of a page are read by themselves; then all are decoded. */
const singlesMax = 16;

const fromUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A page of a table: its number of records, for each column the word at which it begins, the columns, and an empty word.
 *
 * A single number, hash or text is read without decoding the others; `numbers` and `amounts` decode a whole column once,
 * for who reads many.
 */
export class TablePage {
  readonly records: number;
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #columns: ColumnPlaces;
  readonly #packed: (Packed | undefined)[] = [];
  readonly #decoded: (Decoded | undefined)[] = [];
  /** How many amounts of a column were asked for by themselves. */
  readonly #amountsAsked: (number | undefined)[] = [];
  /** Of amounts that were read a part at a time: a record, and where its bytes begin. */
  readonly #amountsRead: ({ readonly record: number; readonly at: number } | undefined)[] = [];

  /** @param content - Kept as long as the page is; copied where it does not begin at a word's boundary. */
  constructor(columns: ColumnPlaces, content: Uint8Array) {
    const bytes = content.byteOffset % 4 === 0 ? content : content.slice();
    assert(bytes.length % 4 === 0 && bytes.length >= (columns.size + 2) * 4, "table: a page is too short");
    this.#bytes = bytes;
    this.#words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    this.#columns = columns;
    this.records = this.#words[0] as number;
  }

  /** One value. */
  value(name: string, record: number): ValueOf<ColumnKind> {
    const { kind, index } = this.#place(name);
    assert(record < this.records, () => `table: no record ${record} in the page`);
    if (kind === "hash") return this.#hash(index, record);
    if (kind === "amount") return this.#amount(name, index, record);
    if (kind === "text") return this.#text(name, record);
    const decoded = this.#decoded[index] as Float64Array | undefined;
    return decoded === undefined ? this.#number(this.#packedAt(index), record) : (decoded[record] as number);
  }

  /** One amount by itself, until so many were asked for that decoding all is cheaper. */
  #amount(name: string, index: number, record: number): bigint {
    const asked = (this.#amountsAsked[index] ?? 0) + 1;
    this.#amountsAsked[index] = asked;
    if (asked > singlesMax || this.#decoded[index] !== undefined) return this.amounts(name).exact(record);
    const packed = this.#packedAt(index);
    const at = this.#amountStart(index, packed, record);
    return integerAt(this.#bytes, at, this.#number(packed, record));
  }

  /** All numbers of a column. */
  numbers(name: string): Float64Array {
    const { kind, index } = this.#place(name);
    assert(kind === "number" || kind === "rising", `table: ${name} holds no numbers`);
    const known = this.#decoded[index] as Float64Array | undefined;
    if (known !== undefined) return known;
    const decoded = this.#unpack(this.#packedAt(index));
    this.#decoded[index] = decoded;
    return decoded;
  }

  /** All amounts of a column. */
  amounts(name: string): AmountColumn {
    const { kind, index } = this.#place(name);
    assert(kind === "amount", `table: ${name} holds no amounts`);
    const known = this.#decoded[index] as AmountColumn | undefined;
    if (known !== undefined) return known;
    const decoded = decodeAmounts(this.amountBytes(name));
    this.#decoded[index] = decoded;
    return decoded;
  }

  /**
   * The numbers of `count` records from `first` on, into the beginning of `values`, without decoding the others.
   *
   * @param first - A multiple of 32, so that its number begins at a word.
   */
  numbersInto(name: string, first: number, count: number, values: Float64Array): void {
    const { kind, index } = this.#place(name);
    assert(kind === "number" || kind === "rising", `table: ${name} holds no numbers`);
    this.#unpackInto(this.#packedAt(index), first, count, values);
  }

  /** The amounts of `count` records from `first` on likewise, one of 2^53 and more as {@link tooLarge}. */
  amountsInto(name: string, first: number, count: number, values: Float64Array): void {
    const { kind, index } = this.#place(name);
    assert(kind === "amount", `table: ${name} holds no amounts`);
    const packed = this.#packedAt(index);
    let at = this.#amountStart(index, packed, first);
    this.#unpackInto(packed, first, count, values);
    const bytes = this.#bytes;
    for (let record = 0; record < count; record += 1) {
      const end = at + (values[record] as number);
      let value = 0;
      for (let byte = end - 1; byte >= at; byte -= 1) value = value * 256 + (bytes[byte] as number);
      values[record] = value <= Number.MAX_SAFE_INTEGER ? value : tooLarge;
      at = end;
    }
    const record = first + count;
    if (record % 32 === 0) this.#amountsRead[index] = { record, at };
  }

  /** The byte at which an amount begins: behind the lengths of all before it, or of those since one that was read. */
  #amountStart(index: number, { base, low, end }: Packed, record: number): number {
    const known = this.#amountsRead[index];
    const from = known !== undefined && known.record <= record ? known : { record: 0, at: end * 4 };
    const between = record - from.record;
    let at = from.at + base * between;
    // A page has no more bytes of amounts than fit into 32 bits: the high words of lengths are empty.
    if (low.width > 0 && between > 0) {
      const lengths = scratchOf(between);
      unpackColumn(this.#words, startingAt(low, from.record), lengths, between);
      for (let each = 0; each < between; each += 1) at += lengths[each] as number;
    }
    return at;
  }

  /** All hashes of a column, one after the other. */
  hashes(name: string): Uint8Array {
    const { kind, index } = this.#place(name);
    assert(kind === "hash", `table: ${name} holds no hashes`);
    const at = this.#start(index) * 4;
    return this.#bytes.subarray(at, at + this.records * 32);
  }

  /** How many bytes each amount has, and these bytes. */
  amountBytes(name: string): { readonly lengths: Float64Array; readonly bytes: Uint8Array } {
    const packed = this.#packedAt(this.#place(name).index);
    return { lengths: this.#unpack(packed), bytes: this.#bytes.subarray(packed.end * 4) };
  }

  /** Where each text ends, and the texts' bytes. */
  textBytes(name: string): { readonly ends: Float64Array; readonly bytes: Uint8Array } {
    const packed = this.#packedAt(this.#place(name).index);
    return { ends: this.#unpack(packed), bytes: this.#bytes.subarray(packed.end * 4) };
  }

  #place(name: string): { readonly kind: ColumnKind; readonly index: number } {
    const place = this.#columns.get(name);
    assert(place !== undefined, () => `table: no column ${name}`);
    return place;
  }

  #start(index: number): number {
    return this.#words[1 + index] as number;
  }

  #packedAt(index: number): Packed {
    const known = this.#packed[index];
    if (known !== undefined) return known;
    const at = this.#start(index);
    const head = this.#words[at + 1] as number;
    const width = head >>> 24;
    const low = { at: at + 2, width: Math.min(width, 32) };
    const high = { at: low.at + columnWords(this.records, low.width), width: width - low.width };
    const base = (this.#words[at] as number) + (head & 0xff_ffff) * WORD_LIMIT;
    const packed = { base, low, high, end: high.at + columnWords(this.records, high.width) };
    this.#packed[index] = packed;
    return packed;
  }

  #number({ base, low, high }: Packed, record: number): number {
    const value = base + numberAt(this.#words, low.at, low.width, record);
    return high.width === 0 ? value : value + numberAt(this.#words, high.at, high.width, record) * WORD_LIMIT;
  }

  #unpack(packed: Packed): Float64Array {
    const values = new Float64Array(this.records);
    this.#unpackInto(packed, 0, this.records, values);
    return values;
  }

  #unpackInto({ base, low, high }: Packed, first: number, count: number, values: Float64Array): void {
    assert(first % 32 === 0 && first + count <= this.records, "table: these records are not in the page");
    const part = scratchOf(count);
    unpackColumn(this.#words, startingAt(low, first), part, count);
    for (let record = 0; record < count; record += 1) values[record] = base + (part[record] as number);
    if (high.width === 0) return;
    unpackColumn(this.#words, startingAt(high, first), part, count);
    for (let record = 0; record < count; record += 1) {
      values[record] = (values[record] as number) + (part[record] as number) * WORD_LIMIT;
    }
  }

  #hash(index: number, record: number): Uint8Array {
    const at = this.#start(index) * 4 + record * 32;
    return this.#bytes.subarray(at, at + 32);
  }

  #text(name: string, record: number): string {
    const packed = this.#packedAt(this.#place(name).index);
    const from = packed.end * 4 + (record === 0 ? 0 : this.#number(packed, record - 1));
    const bytes = this.#bytes.subarray(from + 1, packed.end * 4 + this.#number(packed, record));
    const form = this.#bytes[from];
    if (form === textForms.plain) return fromUtf8.decode(bytes);
    const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
    return form === textForms.hex ? hex : `0x${hex}`;
  }
}

/** A column from a record on that begins at a word. */
function startingAt({ at, width }: Place, first: number): Place {
  return { at: at + (first * width) / 32, width };
}

let scratch = new Uint32Array(4_096);

/** Room for so many words, until the next call. */
function scratchOf(count: number): Uint32Array {
  if (count > scratch.length) scratch = new Uint32Array(count);
  return scratch;
}

/** A whole number of so many bytes, lowest first. */
function integerAt(bytes: Uint8Array, start: number, length: number): bigint {
  let value = 0n;
  for (let index = start + length - 1; index >= start; index -= 1) value = (value << 8n) | BigInt(bytes[index] ?? 0);
  return value;
}

function decodeAmounts({ lengths, bytes }: ReturnType<TablePage["amountBytes"]>): AmountColumn {
  const starts = new Uint32Array(lengths.length);
  const values = new Float64Array(lengths.length);
  let isSafe = true;
  for (let record = 0, at = 0; record < lengths.length; record += 1) {
    const length = lengths[record] as number;
    starts[record] = at;
    let value = 0;
    for (let index = at + length - 1; index >= at; index -= 1) value = value * 256 + (bytes[index] as number);
    values[record] = value;
    // Exact up to seven bytes, and of those only below 2^53.
    isSafe &&= value <= Number.MAX_SAFE_INTEGER;
    at += length;
  }
  const exact = (record: number): bigint => {
    const length = lengths[record];
    const start = starts[record];
    assert(length !== undefined && start !== undefined, "table: no such amount");
    if (length <= 6) return BigInt(values[record] as number);
    return integerAt(bytes, start, length);
  };
  return { safe: isSafe ? values : undefined, exact };
}

import { assert } from "../base/assert.ts";
import { ByteWriter } from "../base/bytes.ts";
import { bitLength, columnWords, packColumn } from "./index/bits.ts";
import { WORD_LIMIT, wordsOfBytes, type TextForm, textForms } from "./column.ts";
import type { TablePage } from "./table-page.ts";

/** The words of a page while it is made. */
export class PageWords {
  #words = new Uint32Array(4_096);
  length = 0;

  /** Makes room for `count` more words, zeroed, and returns where they begin. */
  reserve(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.#words.length) {
      const grown = new Uint32Array(Math.max(this.#words.length * 2, this.length));
      grown.set(this.#words.subarray(0, start));
      this.#words = grown;
    }
    return start;
  }

  get words(): Uint32Array {
    return this.#words;
  }

  /** Copies bytes to a word's place, which has room for them. */
  setBytes(at: number, bytes: Uint8Array): void {
    new Uint8Array(this.#words.buffer, at * 4, bytes.length).set(bytes);
  }
}

/** Whole numbers below 2^53, kept as their distance from the least of them, in as few bits as the largest needs. */
export class NumberColumnWriter {
  readonly #values: Float64Array;
  readonly #rises: boolean;
  readonly #packed: Uint32Array;
  #count = 0;

  constructor(records: number, kind: "number" | "rising") {
    this.#values = new Float64Array(records);
    this.#packed = new Uint32Array(records);
    this.#rises = kind === "rising";
  }

  push(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, "column: a number is an integer of 0 to 2^53 - 1");
    assert(
      !this.#rises || this.#count === 0 || value >= (this.#values[this.#count - 1] as number),
      "column: a rising column fell",
    );
    this.#values[this.#count] = value;
    this.#count += 1;
  }

  load(page: TablePage, name: string, records: number): void {
    this.#values.set(page.numbers(name).subarray(0, records));
    this.#count = records;
  }

  encode(page: PageWords): void {
    encodeNumbers(page, this.#values, this.#count, this.#packed);
  }

  clear(): void {
    this.#count = 0;
  }
}

/** Hashes of 32 bytes. */
export class HashColumnWriter {
  readonly #bytes: Uint8Array;
  #count = 0;

  constructor(records: number) {
    this.#bytes = new Uint8Array(records * 32);
  }

  /** The 32 bytes that begin at `at`. */
  push(bytes: Uint8Array, at = 0): void {
    assert(at + 32 <= bytes.length, "column: a hash has 32 bytes");
    const to = this.#count * 32;
    // A loop: a view to copy from costs more than the copy.
    for (let index = 0; index < 32; index += 1) this.#bytes[to + index] = bytes[at + index] as number;
    this.#count += 1;
  }

  load(page: TablePage, name: string, records: number): void {
    this.#bytes.set(page.hashes(name).subarray(0, records * 32));
    this.#count = records;
  }

  encode(page: PageWords): void {
    page.setBytes(page.reserve(this.#count * 8), this.#bytes.subarray(0, this.#count * 32));
  }

  clear(): void {
    this.#count = 0;
  }
}

/** Amounts of up to 256 bits: as many bytes as each needs, and how many these are. */
export class AmountColumnWriter {
  readonly #lengths: Float64Array;
  readonly #packed: Uint32Array;
  #bytes: ByteWriter;
  #count = 0;

  constructor(records: number) {
    this.#lengths = new Float64Array(records);
    this.#packed = new Uint32Array(records);
    this.#bytes = new ByteWriter(records * 8);
  }

  push(value: bigint): void {
    this.#note(this.#bytes.integer(value));
  }

  /** An amount below 2^64 in two words, so that nobody makes a bigint of it. */
  pushWords(low: number, high: number): void {
    this.#note(this.#bytes.words(low, high));
  }

  load(page: TablePage, name: string, records: number): void {
    const { lengths, bytes } = page.amountBytes(name);
    let total = 0;
    for (let record = 0; record < records; record += 1) {
      const length = lengths[record] as number;
      this.#lengths[record] = length;
      total += length;
    }
    this.#bytes.bytes(bytes.subarray(0, total));
    this.#count = records;
  }

  encode(page: PageWords): void {
    const bytes = this.#bytes.written();
    encodeNumbers(page, this.#lengths, this.#count, this.#packed);
    page.setBytes(page.reserve(wordsOfBytes(bytes.length)), bytes);
  }

  clear(): void {
    this.#count = 0;
    this.#bytes.clear();
  }

  #note(length: number): void {
    this.#lengths[this.#count] = length;
    this.#count += 1;
  }
}

const utf8 = new TextEncoder();

/** Texts; hexadecimal ids in half their length. */
export class TextColumnWriter {
  readonly #ends: Float64Array;
  readonly #packed: Uint32Array;
  #bytes: ByteWriter;
  #count = 0;

  constructor(records: number) {
    this.#ends = new Float64Array(records);
    this.#packed = new Uint32Array(records);
    this.#bytes = new ByteWriter(records * 24);
  }

  push(text: string): void {
    const form = formOf(text);
    this.#bytes.byte(textForms[form]);
    this.#bytes.bytes(form === "plain" ? utf8.encode(text) : Buffer.from(form === "0x" ? text.slice(2) : text, "hex"));
    this.#ends[this.#count] = this.#bytes.length;
    this.#count += 1;
  }

  load(page: TablePage, name: string, records: number): void {
    const { ends, bytes } = page.textBytes(name);
    this.#ends.set(ends.subarray(0, records));
    this.#bytes.bytes(bytes.subarray(0, records === 0 ? 0 : ends[records - 1]));
    this.#count = records;
  }

  encode(page: PageWords): void {
    const bytes = this.#bytes.written();
    encodeNumbers(page, this.#ends, this.#count, this.#packed);
    page.setBytes(page.reserve(wordsOfBytes(bytes.length)), bytes);
  }

  clear(): void {
    this.#count = 0;
    this.#bytes.clear();
  }
}

/** Whether a text is lower-case hexadecimal of whole bytes, such that its bytes stand for it. */
function formOf(text: string): TextForm {
  const isPrefixed = text.startsWith("0x");
  const from = isPrefixed ? 2 : 0;
  const digits = text.length - from;
  if (digits < 2 || digits % 2 !== 0) return "plain";
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if ((code < 48 || code > 57) && (code < 97 || code > 102)) return "plain";
  }
  return isPrefixed ? "0x" : "hex";
}

/** A head of two words (the least number; its high bits with the width), then the low halves, then what is above. */
function encodeNumbers(page: PageWords, values: Float64Array, count: number, scratch: Uint32Array): void {
  let [least, most] = [count === 0 ? 0 : Infinity, 0];
  for (let index = 0; index < count; index += 1) {
    const value = values[index] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const span = most - least;
  const spanHigh = highWord(span);
  const width = spanHigh === 0 ? bitLength(span >>> 0) : 32 + bitLength(spanHigh);
  const low = { at: 0, width: Math.min(width, 32) };
  const high = { at: 0, width: width - low.width };
  const at = page.reserve(2 + columnWords(count, low.width) + columnWords(count, high.width));
  page.words[at] = least >>> 0;
  page.words[at + 1] = highWord(least) | (width << 24);
  low.at = at + 2;
  high.at = low.at + columnWords(count, low.width);
  for (let index = 0; index < count; index += 1) scratch[index] = (values[index] as number) - least;
  packColumn(page.words, low, scratch, count);
  if (high.width === 0) return;
  for (let index = 0; index < count; index += 1) {
    scratch[index] = highWord((values[index] as number) - least);
  }
  packColumn(page.words, high, scratch, count);
}

/** What is above the low 32 bits of a whole number below 2^53. */
function highWord(value: number): number {
  return (value - (value >>> 0)) / WORD_LIMIT;
}

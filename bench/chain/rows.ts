import { mix } from "./random.ts";
import type { Amount } from "./accounts.ts";

const CHUNK_BYTES = 1 << 20;
/** Room that the rows of any transaction fit into. */
const TRANSACTION_BYTES_MAX = 4_096;
const HEADER = "chain,block,time,tx,index,from,to,asset,amount\n";
/** What stands before each of the nine fields, and behind the last. */
const CSV_MARKS = ["", ",", ",", ",", ",", ",", ",", ",", ",", "\n"] as const;
const JSON_MARKS = [
  '{"chain":"',
  '","block":',
  ',"time":"',
  '","tx":"',
  '","index":',
  ',"from":"',
  '","to":"',
  '","asset":"',
  '","amount":"',
  '"}\n',
] as const;
const HEX = Buffer.from("0123456789abcdef", "latin1");
const BILLION = 1_000_000_000;

/** Nobody: a mint's sender, a fee's receiver. */
export const NOBODY = -1;

/** An account's address: a function of the salt and its number. */
export function accountAddress(salt: number, account: number): string {
  const words = Array.from({ length: 5 }, (_, word) =>
    mix(salt + word, account, 20)
      .toString(16)
      .padStart(8, "0"),
  );
  return `0x${words.join("")}`;
}

/** Writes rows of a transfers file as bytes, a chunk at a time. */
export class RowWriter {
  readonly #salt: number;
  readonly #marks: readonly string[];
  readonly #chain: string;
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #at = 0;
  #head = Buffer.alloc(0);
  readonly #tx = Buffer.alloc(66, "0x");
  #index = 0;
  #txMark: number;

  constructor(salt: number, chain: string, form: "csv" | "jsonl") {
    this.#salt = salt;
    this.#chain = chain;
    this.#marks = form === "csv" ? CSV_MARKS : JSON_MARKS;
    this.#txMark = this.#mark(3).length;
    if (form === "csv") this.#text(HEADER);
  }

  /** Whether it is time to take the chunk. */
  get full(): boolean {
    return this.#at > CHUNK_BYTES - TRANSACTION_BYTES_MAX;
  }

  /** What was written since the last time. */
  take(): Buffer {
    const taken = this.#chunk.subarray(0, this.#at);
    this.#chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#at = 0;
    return taken;
  }

  beginBlock(block: number, time: number): void {
    const iso = new Date(time * 1_000).toISOString().replace(".000", "");
    const fields = [this.#chain, String(block), iso];
    this.#head = Buffer.from(fields.map((field, at) => `${this.#mark(at)}${field}`).join("") + this.#mark(3), "latin1");
    this.#txMark = this.#head.length;
    this.#index = 0;
  }

  /** Begins a transaction: its id is a function of the salt and its number. */
  beginTransaction(low: number, high: number): void {
    for (let word = 0; word < 8; word += 1)
      writeHex(this.#tx, 2 + word * 8, mix(this.#salt + word, low, high ^ 0x7478));
  }

  /** Writes a row; the index goes up by one in each of a block. */
  row(from: number, to: number, asset: string, { high, low }: Amount): void {
    this.#begin();
    if (from >= 0) this.#address(from);
    this.#text(this.#mark(6));
    if (to >= 0) this.#address(to);
    this.#text(this.#mark(7));
    this.#text(asset);
    this.#text(this.#mark(8));
    if (high > 0) {
      this.#digits(high);
      this.#nineDigits(low);
    } else {
      this.#digits(low);
    }
    this.#text(this.#mark(9));
  }

  /** Writes a row of a planned transaction (`0x` and 64 digits); returns its index. */
  planned(txid: string, fields: readonly [from: string, to: string, asset: string, amount: string]): number {
    this.#tx.write(txid, "latin1");
    this.#begin();
    for (const [at, text] of fields.entries()) this.#text(text + this.#mark(at + 6));
    return this.#index - 1;
  }

  /** All before the sender. */
  #begin(): void {
    this.#chunk.set(this.#head, this.#at);
    this.#chunk.set(this.#tx, this.#at + this.#txMark);
    this.#at += this.#head.length + 66;
    this.#text(this.#mark(4));
    this.#digits(this.#index);
    this.#index += 1;
    this.#text(this.#mark(5));
  }

  #mark(field: number): string {
    return this.#marks[field] as string;
  }

  /** ASCII. */
  #text(text: string): void {
    const chunk = this.#chunk;
    const at = this.#at;
    for (let index = 0; index < text.length; index += 1) chunk[at + index] = text.charCodeAt(index);
    this.#at = at + text.length;
  }

  #address(account: number): void {
    const at = this.#at;
    this.#chunk[at] = 0x30;
    this.#chunk[at + 1] = 0x78;
    for (let word = 0; word < 5; word += 1)
      writeHex(this.#chunk, at + 2 + word * 8, mix(this.#salt + word, account, 20));
    this.#at = at + 42;
  }

  /** A safe integer. */
  #digits(value: number): void {
    if (value >= BILLION) {
      const high = Math.floor(value / BILLION);
      this.#digits(high);
      this.#nineDigits(value - high * BILLION);
      return;
    }
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits += 1;
    writeDigits(this.#chunk, this.#at + digits, value, digits);
    this.#at += digits;
  }

  #nineDigits(value: number): void {
    writeDigits(this.#chunk, this.#at + 9, value, 9);
    this.#at += 9;
  }
}

/** Below 10^9, so many digits that end at a place. */
function writeDigits(bytes: Buffer, end: number, value: number, digits: number): void {
  let rest = value | 0;
  for (let at = end - 1; at >= end - digits; at -= 1) {
    const next = (rest / 10) | 0;
    bytes[at] = 0x30 + rest - next * 10;
    rest = next;
  }
}

function writeHex(bytes: Buffer, at: number, value: number): void {
  for (let digit = 0; digit < 8; digit += 1) {
    bytes[at + digit] = HEX[(value >>> (28 - digit * 4)) & 15] as number;
  }
}

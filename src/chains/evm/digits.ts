/**
 * Numbers, hashes and addresses read from the bytes of a text. What is not of the plain form is told apart by a value, and
 * left to who reads texts: `read.ts`, which takes every form and names what is wrong.
 */
const notHex = 0xff;
const hexValues = new Uint8Array(256).fill(notHex);
for (let value = 0; value < 16; value += 1) {
  hexValues[value.toString(16).charCodeAt(0)] = value;
  hexValues[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
const [zeroDigit, nineDigit, letterX] = [0x30, 0x39, 0x78];

/** A decimal number of 1 to 15 digits; -1 for anything else. */
export function smallIn(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 15 || end === start) return -1;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = bytes[at] as number;
    if (digit < zeroDigit || digit > nineDigit) return -1;
    value = value * 10 + (digit - zeroDigit);
  }
  return value;
}

const tenTo15 = 10n ** 15n;

/** A decimal number of 1 to 30 digits; -1n for anything else. */
export function amountIn(bytes: Uint8Array, start: number, end: number): bigint {
  if (end - start <= 15) return BigInt(smallIn(bytes, start, end));
  const high = smallIn(bytes, start, end - 15);
  const low = smallIn(bytes, end - 15, end);
  return high < 0 || low < 0 ? -1n : BigInt(high) * tenTo15 + BigInt(low);
}

/** The product, exact. */
export function product(left: number, right: number): bigint {
  const both = left * right;
  return both <= Number.MAX_SAFE_INTEGER ? BigInt(both) : BigInt(left) * BigInt(right);
}

const wordLength = 66;

/** The number in `0x` and 64 hexadecimal digits; -1n for anything else. */
export function wordIn(bytes: Buffer, start: number, end: number): bigint {
  if (!isWord(bytes, start, end)) return -1n;
  let at = start + 2;
  while (at < end && bytes[at] === zeroDigit) at += 1;
  // Thirteen digits are 52 bits.
  if (end - at > 26) return BigInt(`0x${bytes.toString("latin1", at, end)}`);
  const split = Math.max(at, end - 13);
  const low = BigInt(hexIn(bytes, split, end));
  return split === at ? low : (BigInt(hexIn(bytes, at, split)) << 52n) | low;
}

function hexIn(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 16 + (hexValues[bytes[at] as number] as number);
  return value;
}

/** Whether it is `0x` and 64 hexadecimal digits. */
function isWord(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== wordLength || bytes[start] !== zeroDigit || bytes[start + 1] !== letterX) return false;
  let all = 0;
  for (let at = start + 2; at < end; at += 1) all |= hexValues[bytes[at] as number] as number;
  return all < 16;
}

/** A hash of 32 bytes, in lower case; undefined for anything else. */
export function hashIn(bytes: Buffer, start: number, end: number): string | undefined {
  if (!isWord(bytes, start, end)) return undefined;
  const text = bytes.toString("latin1", start, end);
  for (let at = start + 2; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= 0x41 && byte <= 0x46) return text.toLowerCase();
  }
  return text;
}

const slots = 1 << 17;
const entriesMax = 1 << 16;
const words = 5;

/** Addresses as texts, each made once and remembered: an export names the same few over and over. */
export class AddressTexts {
  #slots = new Int32Array(slots);
  #keys = new Uint32Array(entriesMax * words);
  #texts: string[] = [];
  readonly #key = new Uint32Array(words);

  /** The address in `0x` and 40 hexadecimal digits, in lower case; undefined for anything else. */
  in(bytes: Buffer, start: number, end: number): string | undefined {
    if (end - start !== 42 || bytes[start] !== zeroDigit || bytes[start + 1] !== letterX) return undefined;
    return this.#digits(bytes, start + 2);
  }

  /** The address in a topic: 12 bytes of zeros stand before it; undefined for anything else. */
  inWord(bytes: Buffer, start: number, end: number): string | undefined {
    if (end - start !== wordLength || bytes[start] !== zeroDigit || bytes[start + 1] !== letterX) return undefined;
    for (let at = start + 2; at < start + 26; at += 1) if (bytes[at] !== zeroDigit) return undefined;
    return this.#digits(bytes, start + 26);
  }

  #digits(bytes: Buffer, start: number): string | undefined {
    const key = this.#key;
    let [mixed, all, at] = [0, 0, start];
    for (let word = 0; word < words; word += 1) {
      let value = 0;
      for (const end = at + 8; at < end; at += 1) {
        const digit = hexValues[bytes[at] as number] as number;
        all |= digit;
        value = (value << 4) | digit;
      }
      key[word] = value;
      mixed = Math.imul(mixed ^ value, 0x9e37_79b1);
      mixed ^= mixed >>> 15;
    }
    if (all >= 16) return undefined;
    let slot = mixed & (slots - 1);
    for (let entry = this.#slots[slot] as number; entry > 0; entry = this.#slots[slot] as number) {
      if (this.#isKey(entry - 1)) return this.#texts[entry - 1];
      slot = (slot + 1) & (slots - 1);
    }
    const text = `0x${bytes.toString("latin1", start, start + 40).toLowerCase()}`;
    if (this.#texts.length === entriesMax) {
      this.#slots.fill(0);
      this.#texts = [];
      slot = mixed & (slots - 1);
    }
    this.#keys.set(key, this.#texts.length * words);
    this.#texts.push(text);
    this.#slots[slot] = this.#texts.length;
    return text;
  }

  #isKey(entry: number): boolean {
    for (let word = 0; word < words; word += 1) {
      if (this.#keys[entry * words + word] !== this.#key[word]) return false;
    }
    return true;
  }
}

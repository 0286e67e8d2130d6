/** Columns of whole numbers of one width, packed into words of 32 bits, lowest bits first. */

/** How many bits a whole number below 2^32 needs. */
export function bitLength(word: number): number {
  return 32 - Math.clz32(word);
}

export function popCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The lowest `width` bits set. */
export function maskOf(width: number): number {
  return width === 0 ? 0 : 0xffff_ffff >>> (32 - width);
}

export function columnWords(count: number, width: number): number {
  return (count * width + 31) >>> 5;
}

/** A column within a page. */
export type Column = { readonly at: number; readonly width: number };

/** Packs the first `count` numbers, each below 2^width, from the column's word on. */
export function packColumn(words: Uint32Array, column: Column, numbers: Uint32Array, count: number): void {
  const { width } = column;
  if (width === 0) return;
  let { at } = column;
  let word = 0;
  let filled = 0;
  for (let index = 0; index < count; index += 1) {
    const number = numbers[index] as number;
    word |= number << filled;
    filled += width;
    if (filled >= 32) {
      words[at] = word;
      at += 1;
      filled -= 32;
      word = filled === 0 ? 0 : number >>> (width - filled);
    }
  }
  if (filled > 0) words[at] = word;
}

/** Unpacks the first `count` numbers. The word after the column must exist. */
export function unpackColumn(words: Uint32Array, column: Column, numbers: Uint32Array, count: number): void {
  const { at, width } = column;
  if (width === 0) {
    numbers.fill(0, 0, count);
    return;
  }
  const mask = maskOf(width);
  for (let index = 0, bit = 0; index < count; index += 1, bit += width) {
    const word = at + (bit >>> 5);
    const shift = bit & 31;
    numbers[index] =
      (((words[word] as number) >>> shift) | (((words[word + 1] as number) << 1) << (31 - shift))) & mask;
  }
}

/** One number of a column that begins at word `at`. The word after the column must exist. */
export function numberAt(words: Uint32Array, at: number, width: number, index: number): number {
  const bit = index * width;
  const word = at + (bit >>> 5);
  const shift = bit & 31;
  const bits = ((words[word] as number) >>> shift) | (((words[word + 1] as number) << 1) << (31 - shift));
  return (bits & maskOf(width)) >>> 0;
}

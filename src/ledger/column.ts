/**
 * How a column is kept. `number`: any integer below 2^53; `rising`: one that never falls from record to record; `hash`:
 * 32 bytes; `amount`: up to 256 bits; `text`: any, hexadecimal ids in half their length.
 */
export type ColumnKind = "number" | "rising" | "hash" | "amount" | "text";

/** What a value of a column is. */
export type ValueOf<Kind extends ColumnKind> = Kind extends "hash"
  ? Uint8Array
  : Kind extends "amount"
    ? bigint
    : Kind extends "text"
      ? string
      : number;

/** What the low half of a number is taken modulo. */
export const WORD_LIMIT = 0x1_0000_0000;

/** The byte before a text says how it is kept. Never given a second meaning. */
export const textForms = { plain: 0, hex: 1, "0x": 2 } as const;
export type TextForm = keyof typeof textForms;

export function wordsOfBytes(bytes: number): number {
  return (bytes + 3) >>> 2;
}

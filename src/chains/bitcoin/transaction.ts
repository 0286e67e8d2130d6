import { doubleSha256Into } from "./hash.ts";
import { invalid, readByte, readCompactSize, readCount, skip, type Cursor } from "./reader.ts";

/**
 * Where the parts of a block's transactions lie; made by the first pass, so that the second knows the columns' sizes.
 *
 * Places are bytes of the block. Transaction `t` has `inputStart[t + 1] - inputStart[t]` inputs.
 */
export type TransactionLayout = {
  readonly count: number;
  readonly starts: Uint32Array;
  /** The count of inputs; behind the marker and the flag of a transaction with witnesses. */
  readonly inputsAt: Uint32Array;
  /** The count of outputs. */
  readonly outputsAt: Uint32Array;
  readonly outputsEnd: Uint32Array;
  readonly ends: Uint32Array;
  readonly inputStart: Uint32Array;
  readonly outputStart: Uint32Array;
};

/** An empty layout. */
export function layoutOf(count: number): TransactionLayout {
  return {
    count,
    starts: new Uint32Array(count),
    inputsAt: new Uint32Array(count),
    outputsAt: new Uint32Array(count),
    outputsEnd: new Uint32Array(count),
    ends: new Uint32Array(count),
    inputStart: new Uint32Array(count + 1),
    outputStart: new Uint32Array(count + 1),
  };
}

/** What the flag behind the segwit marker can hold: BIP-144; Litecoin, `src/primitives/transaction.h`. */
const FLAG = { witness: 1, mweb: 8 } as const;
/** The least that an input takes: an outpoint, an empty script, a sequence. */
const INPUT_BYTES_MIN = 41;
/** The least that an output takes: a value and an empty script. */
const OUTPUT_BYTES_MIN = 9;

/** Which flags a chain's transactions can carry; 0 where the chain has no extended form. */
export type Flags = 0 | 1 | 9;

/**
 * Moves over one transaction of Bitcoin's form and notes its layout.
 *
 * @param flags - What the chain knows of BIP-144's extended form.
 * @returns Whether it is a HogEx, the last transaction of a Litecoin block, behind which an extension block stands.
 * @throws {Failure} `SOURCE_INVALID` for a form that no node takes.
 * Source: BIP-144; Bitcoin Core, `src/primitives/transaction.h`, `UnserializeTransaction`; Litecoin, the same file.
 */
export function measureTransaction(cursor: Cursor, layout: TransactionLayout, index: number, flags: Flags): boolean {
  layout.starts[index] = cursor.at;
  skip(cursor, 4);
  let flag = 0;
  if (flags !== 0 && cursor.bytes[cursor.at] === 0) {
    cursor.at += 1;
    flag = readByte(cursor);
    if (flag === 0 || (flag & ~flags) !== 0) throw invalid(cursor, `a transaction has the unknown flag ${flag}`);
  }
  measureTransparent(cursor, layout, index);
  const inputs = (layout.inputStart[index + 1] ?? 0) - (layout.inputStart[index] ?? 0);
  const outputs = (layout.outputStart[index + 1] ?? 0) - (layout.outputStart[index] ?? 0);
  if (inputs === 0 || outputs === 0) throw invalid(cursor, "a transaction has no inputs or no outputs");
  if ((flag & FLAG.witness) !== 0) skipWitnesses(cursor, inputs);
  const hogEx = (flag & FLAG.mweb) !== 0;
  if (hogEx && readByte(cursor) !== 0) throw invalid(cursor, "a transaction within a block holds MWEB data of its own");
  skip(cursor, 4);
  layout.ends[index] = cursor.at;
  return hogEx;
}

/** Moves over the inputs and the outputs, which all forms of the family write alike. */
export function measureTransparent(cursor: Cursor, layout: TransactionLayout, index: number): void {
  layout.inputsAt[index] = cursor.at;
  const inputs = readCount(cursor, INPUT_BYTES_MIN, "inputs");
  for (let input = 0; input < inputs; input += 1) {
    skip(cursor, 36);
    skip(cursor, readCompactSize(cursor) + 4);
  }
  layout.outputsAt[index] = cursor.at;
  const outputs = readCount(cursor, OUTPUT_BYTES_MIN, "outputs");
  for (let output = 0; output < outputs; output += 1) {
    skip(cursor, 8);
    skip(cursor, readCompactSize(cursor));
  }
  layout.outputsEnd[index] = cursor.at;
  layout.inputStart[index + 1] = (layout.inputStart[index] ?? 0) + inputs;
  layout.outputStart[index + 1] = (layout.outputStart[index] ?? 0) + outputs;
}

function skipWitnesses(cursor: Cursor, inputs: number): void {
  let items = 0;
  for (let input = 0; input < inputs; input += 1) {
    const count = readCount(cursor, 1, "witness items");
    for (let item = 0; item < count; item += 1) skip(cursor, readCompactSize(cursor));
    items += count;
  }
  if (items === 0) throw invalid(cursor, "a transaction in the form with witnesses has none");
}

let stripped = new Uint8Array(1 << 16);

/**
 * Writes the id of a transaction of Bitcoin's form: the double SHA-256 of it without marker, flag, witnesses and MWEB.
 *
 * Source: BIP-141, "Transaction ID".
 */
export function txidInto(bytes: Uint8Array, layout: TransactionLayout, index: number, txids: Uint8Array): void {
  const start = layout.starts[index] ?? 0;
  const end = layout.ends[index] ?? 0;
  const inputsAt = layout.inputsAt[index] ?? 0;
  const outputsEnd = layout.outputsEnd[index] ?? 0;
  if (inputsAt === start + 4 && end === outputsEnd + 4) {
    doubleSha256Into(bytes.subarray(start, end), txids, index * 32);
    return;
  }
  const length = 4 + (outputsEnd - inputsAt) + 4;
  if (stripped.length < length) stripped = new Uint8Array(length * 2);
  stripped.set(bytes.subarray(start, start + 4));
  stripped.set(bytes.subarray(inputsAt, outputsEnd), 4);
  stripped.set(bytes.subarray(end - 4, end), length - 4);
  doubleSha256Into(stripped.subarray(0, length), txids, index * 32);
}

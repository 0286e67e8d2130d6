import { assert } from "../../base/assert.ts";
import type { BitcoinAlias, KnownChain } from "../../base/chains.ts";
import type { UtxoBlock } from "../block.ts";
import { merkleTree } from "./hash.ts";
import { readHeader, statedHeight, type Header } from "./header.ts";
import { skipExtensionBlock } from "./mweb.ts";
import { cursorOf, invalid, readCompactSize, readCount, remaining, skip, type Cursor } from "./reader.ts";
import { classifyScript, ownerColumns, type OwnerColumns } from "./script.ts";
import { layoutOf, measureTransaction, txidInto, type Flags, type TransactionLayout } from "./transaction.ts";
import { tokenPrefixEnd } from "./token.ts";
import { isCapped, valueColumns, type ValueColumns } from "./value.ts";
import { measureZcashTransaction, zcashTxidInto } from "./zcash.ts";

/** The extended forms of transactions that a chain knows: BIP-144; Litecoin's MWEB. */
const FLAGS: Readonly<Record<BitcoinAlias, Flags>> = {
  bitcoin: 1,
  testnet4: 1,
  signet: 1,
  regtest: 1,
  litecoin: 9,
  dogecoin: 1,
  "bitcoin-cash": 0,
  zcash: 0,
  monacoin: 1,
};
/** The least that a transaction takes: version, no inputs, no outputs, lock time. */
const TRANSACTION_BYTES_MIN = 10;
const NULL_INDEX = 0xffff_ffff;

/**
 * Decodes a block of a chain of Bitcoin's kind from its raw bytes.
 *
 * Its ids are computed, never taken on trust, and must make up the Merkle root of the header; so that no input, output,
 * or value differs from what the header commits to. Neither work, signatures nor witnesses are verified. Shielded parts
 * (Zcash, Litecoin's MWEB) are moved over: only transparent inputs and outputs are given. On Bitcoin Cash an owner is
 * that of the script without its token.
 * @param chain - One of the family `bitcoin`.
 * @param bytes - One whole block as a node stores or sends it; they are not kept.
 * @returns `height` where it is reliable (BIP-34), `spent` always undefined.
 * @throws {Failure} `SOURCE_INVALID` for bytes that are cut off, too many, of no known form, hold a value beyond the
 *   chain's cap, or do not have the header's Merkle root.
 * Source: Bitcoin Core, `src/primitives/block.h`, `src/consensus/merkle.cpp`; and as the parts name.
 * Cost: two passes over the bytes and two double hashes a transaction; memory a few times the block's.
 *   `bench/decode-bitcoin.ts` measures it.
 */
export function decodeBlock(chain: KnownChain, bytes: Uint8Array): UtxoBlock {
  assert(chain.family === "bitcoin", `bitcoin block: ${chain.alias} is of the family ${chain.family}`);
  const { alias } = chain;
  const cursor = cursorOf(bytes, `${chain.name} block`, "read it again from its source");
  const header = readHeader(cursor, alias);
  const layout = measure(cursor, alias);
  const txids = txidsOf(bytes, layout, alias);
  checkMerkleRoot(cursor, header, txids);
  const columns = fill(cursor, layout, alias);
  return {
    model: "utxo",
    chain: chain.id,
    hash: header.hash,
    parent: header.parent,
    height: statedHeight(header, alias, coinbaseScript(cursor, layout)),
    time: header.time,
    transactionCount: layout.count,
    txids,
    inputStart: layout.inputStart,
    outputStart: layout.outputStart,
    spentTxids: columns.spentTxids,
    spentIndexes: columns.spentIndexes,
    spent: undefined,
    values: columns.values.column,
    owners: { kinds: columns.owners.kinds, identities: columns.owners.identities },
  };
}

/** The first pass: where everything is, to the last byte. */
function measure(cursor: Cursor, alias: BitcoinAlias): TransactionLayout {
  const count = readCount(cursor, TRANSACTION_BYTES_MIN, "transactions");
  if (count === 0) throw invalid(cursor, "it holds no transaction");
  const layout = layoutOf(count);
  let hogEx = false;
  for (let index = 0; index < count; index += 1) {
    if (hogEx) throw invalid(cursor, "a transaction follows its HogEx");
    if (alias === "zcash") measureZcashTransaction(cursor, layout, index);
    else hogEx = measureTransaction(cursor, layout, index, FLAGS[alias]);
  }
  if (hogEx) skipExtensionBlock(cursor);
  if (remaining(cursor) > 0) throw invalid(cursor, `${remaining(cursor)} bytes follow its last transaction`);
  return layout;
}

function txidsOf(bytes: Uint8Array, layout: TransactionLayout, alias: BitcoinAlias): Uint8Array {
  const txids = new Uint8Array(layout.count * 32);
  for (let index = 0; index < layout.count; index += 1) {
    if (alias === "zcash") zcashTxidInto(bytes, layout, index, txids);
    else txidInto(bytes, layout, index, txids);
  }
  return txids;
}

function checkMerkleRoot(cursor: Cursor, header: Header, txids: Uint8Array): void {
  const { root, mutated } = merkleTree(txids);
  if (root.every((byte, index) => byte === header.merkleRoot[index]) && !mutated) return;
  throw invalid(
    cursor,
    mutated ? "transactions are repeated in it" : "its transactions do not have the Merkle root of its header",
  );
}

type Columns = {
  readonly spentTxids: Uint8Array;
  readonly spentIndexes: Uint32Array;
  readonly values: ValueColumns;
  readonly owners: OwnerColumns;
};

/** The second pass: inputs and outputs into their columns. */
function fill(cursor: Cursor, layout: TransactionLayout, alias: BitcoinAlias): Columns {
  const inputCount = layout.inputStart[layout.count] ?? 0;
  const outputCount = layout.outputStart[layout.count] ?? 0;
  const columns: Columns = {
    spentTxids: new Uint8Array(inputCount * 32),
    spentIndexes: new Uint32Array(inputCount),
    values: valueColumns(outputCount),
    owners: ownerColumns(outputCount),
  };
  for (let index = 0; index < layout.count; index += 1) {
    cursor.at = layout.inputsAt[index] ?? 0;
    const from = layout.inputStart[index] ?? 0;
    const to = layout.inputStart[index + 1] ?? 0;
    fillInputs(cursor, columns, from, to);
    checkCoinbase(cursor, columns, { from, to, first: index === 0 });
    cursor.at = layout.outputsAt[index] ?? 0;
    fillOutputs(cursor, columns, layout.outputStart[index + 1] ?? 0, alias);
    if (!isCapped(columns.values, layout.outputStart[index] ?? 0, layout.outputStart[index + 1] ?? 0, alias)) {
      throw invalid(cursor, `transaction ${index} pays out more than the chain can ever hold`);
    }
  }
  return columns;
}

function fillInputs(cursor: Cursor, columns: Columns, from: number, to: number): void {
  readCompactSize(cursor);
  const { bytes, view } = cursor;
  const { spentTxids, spentIndexes } = columns;
  for (let input = from; input < to; input += 1) {
    const { at } = cursor;
    // A loop, since a view for `set` costs more than 32 bytes.
    for (let index = 0; index < 32; index += 1) spentTxids[input * 32 + index] = bytes[at + index] ?? 0;
    spentIndexes[input] = view.getUint32(at + 32, true);
    cursor.at = at + 36;
    skip(cursor, readCompactSize(cursor) + 4);
  }
}

/** The first transaction, and no other, has one input that spends nothing. */
function checkCoinbase(
  cursor: Cursor,
  { spentTxids, spentIndexes }: Columns,
  { from, to, first }: { readonly from: number; readonly to: number; readonly first: boolean },
): void {
  let nulls = 0;
  for (let input = from; input < to; input += 1) {
    if (spentIndexes[input] !== NULL_INDEX) continue;
    if (spentTxids.subarray(input * 32, input * 32 + 32).every((byte) => byte === 0)) nulls += 1;
  }
  if (first && (to - from !== 1 || nulls !== 1)) throw invalid(cursor, "its first transaction is no coinbase");
  if (!first && nulls > 0) throw invalid(cursor, "a transaction other than its first spends nothing");
}

function fillOutputs(cursor: Cursor, { values, owners }: Columns, to: number, alias: BitcoinAlias): void {
  readCompactSize(cursor);
  const { bytes, view } = cursor;
  for (let output = owners.next; output < to; output += 1) {
    const { at } = cursor;
    values.words[output * 2 + values.low] = view.getUint32(at, true);
    values.words[output * 2 + values.high] = view.getUint32(at + 4, true);
    cursor.at = at + 8;
    const length = readCompactSize(cursor);
    const start = cursor.at;
    const end = start + length;
    cursor.at = end;
    classifyScript(bytes, alias === "bitcoin-cash" ? tokenPrefixEnd(bytes, start, end) : start, end, owners);
  }
}

function coinbaseScript(cursor: Cursor, layout: TransactionLayout): Parameters<typeof statedHeight>[2] {
  cursor.at = (layout.inputsAt[0] ?? 0) + 1 + 36;
  const length = readCompactSize(cursor);
  return { bytes: cursor.bytes, start: cursor.at, end: cursor.at + length };
}

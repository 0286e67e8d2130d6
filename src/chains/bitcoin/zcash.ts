import { blake2b } from "@noble/hashes/blake2.js";
import { doubleSha256Into } from "./hash.ts";
import { cursorOf, invalid, readCompactSize, readCount, readUint32, skip, type Cursor } from "./reader.ts";
import { measureTransparent, type TransactionLayout } from "./transaction.ts";

/** Version and version group of the forms: Zcash protocol specification, section 7.1; ZIP-202, ZIP-225, ZIP-243. */
const OVERWINTERED = 0x8000_0000;
const GROUPS: ReadonlyMap<number, number> = new Map([
  [3, 0x03c4_8270],
  [4, 0x892f_2085],
  [5, 0x26a7_270a],
]);
/** Bytes of a joinsplit's description, with a PHGR13 proof (up to version 3) and a Groth16 proof: section 7.2. */
const JOINSPLIT = { phgr: 1802, groth: 1698 } as const;
/** Bytes of a joinsplit's public key and signature. */
const JOINSPLIT_AUTH = 32 + 64;
/** Sapling and Orchard, by version: sections 7.3 to 7.5. */
const V4 = { spend: 384, output: 948 } as const;
const V5 = { spend: 96, spendAuth: 192 + 64, output: 756, outputProof: 192, action: 820, actionAuth: 64 } as const;
const SIGNATURE = 64;

/**
 * Moves over one transaction of Zcash, versions 1 to 5, and notes where its transparent part lies.
 *
 * Shielded value is not seen: what goes into a pool or comes out of one is the difference of inputs and outputs.
 * @throws {Failure} `SOURCE_INVALID` for a version that is not known (a network upgrade after NU6), or broken bytes.
 * Source: Zcash protocol specification, section 7.1; ZIP-225.
 */
export function measureZcashTransaction(cursor: Cursor, layout: TransactionLayout, index: number): void {
  layout.starts[index] = cursor.at;
  const header = readUint32(cursor);
  const version = header % OVERWINTERED;
  if (header < OVERWINTERED) {
    measureTransparent(cursor, layout, index);
    skip(cursor, 4);
    if (version >= 2) skipJoinSplits(cursor, JOINSPLIT.phgr);
  } else {
    const group = readUint32(cursor);
    if (group !== GROUPS.get(version)) throw invalid(cursor, `a transaction has the unknown version ${version}`);
    if (version === 5) skip(cursor, 12);
    measureTransparent(cursor, layout, index);
    if (version === 5) skipShieldedV5(cursor);
    else if (version === 4) skipShieldedV4(cursor);
    else {
      skip(cursor, 8);
      skipJoinSplits(cursor, JOINSPLIT.phgr);
    }
  }
  layout.ends[index] = cursor.at;
}

function skipJoinSplits(cursor: Cursor, bytesEach: number): void {
  const count = readCount(cursor, bytesEach, "joinsplits");
  if (count > 0) skip(cursor, count * bytesEach + JOINSPLIT_AUTH);
}

/** Lock time, expiry, balance, spends, outputs, joinsplits, binding signature. */
function skipShieldedV4(cursor: Cursor): void {
  skip(cursor, 16);
  const spends = readCount(cursor, V4.spend, "shielded spends");
  skip(cursor, spends * V4.spend);
  const outputs = readCount(cursor, V4.output, "shielded outputs");
  skip(cursor, outputs * V4.output);
  skipJoinSplits(cursor, JOINSPLIT.groth);
  if (spends + outputs > 0) skip(cursor, SIGNATURE);
}

/** Where the shielded parts of a version 5 transaction lie. */
type ShieldedV5 = {
  readonly spends: number;
  readonly spendsAt: number;
  readonly outputs: number;
  readonly outputsAt: number;
  /** Balance (8 bytes), and the anchor (32) where there are spends. */
  readonly saplingTailAt: number;
  readonly actions: number;
  readonly actionsAt: number;
};

function skipShieldedV5(cursor: Cursor): ShieldedV5 {
  const spends = readCount(cursor, V5.spend, "shielded spends");
  const spendsAt = cursor.at;
  skip(cursor, spends * V5.spend);
  const outputs = readCount(cursor, V5.output, "shielded outputs");
  const outputsAt = cursor.at;
  skip(cursor, outputs * V5.output);
  const saplingTailAt = cursor.at;
  if (spends + outputs > 0) skip(cursor, 8 + SIGNATURE);
  if (spends > 0) skip(cursor, 32);
  skip(cursor, spends * V5.spendAuth + outputs * V5.outputProof);
  const actions = readCount(cursor, V5.action, "Orchard actions");
  const actionsAt = cursor.at;
  if (actions > 0) {
    skip(cursor, actions * V5.action + 1 + 8 + 32);
    skip(cursor, readCompactSize(cursor));
    skip(cursor, actions * V5.actionAuth + SIGNATURE);
  }
  return { spends, spendsAt, outputs, outputsAt, saplingTailAt, actions, actionsAt };
}

/**
 * Writes the id of a Zcash transaction: the double SHA-256 of its bytes up to version 4, ZIP-244's digest from 5 on.
 *
 * Source: ZIP-244, "TxId Digest".
 */
export function zcashTxidInto(bytes: Uint8Array, layout: TransactionLayout, index: number, txids: Uint8Array): void {
  const start = layout.starts[index] ?? 0;
  const end = layout.ends[index] ?? 0;
  if (bytes[start] !== 5 || bytes[start + 3] !== 0x80) {
    doubleSha256Into(bytes.subarray(start, end), txids, index * 32);
    return;
  }
  const cursor = cursorOf(bytes, "Zcash transaction", "read it again");
  cursor.at = layout.outputsEnd[index] ?? 0;
  const shielded = skipShieldedV5(cursor);
  const parts = [
    digest("ZTxIdHeadersHash", [bytes.subarray(start, start + 20)]),
    transparentDigest(bytes, layout, index),
    saplingDigest(bytes, shielded),
    orchardDigest(bytes, shielded),
  ];
  const personal = Uint8Array.of(...ascii("ZcashTxHash_"), ...bytes.subarray(start + 8, start + 12));
  txids.set(digest(personal, parts), index * 32);
}

type Pieces = Iterable<Uint8Array>;

function transparentDigest(bytes: Uint8Array, layout: TransactionLayout, index: number): Uint8Array {
  const cursor = cursorOf(bytes, "Zcash transaction", "read it again");
  cursor.at = layout.inputsAt[index] ?? 0;
  const inputs = readCompactSize(cursor);
  const [prevouts, sequences]: [Uint8Array[], Uint8Array[]] = [[], []];
  for (let input = 0; input < inputs; input += 1) {
    prevouts.push(bytes.subarray(cursor.at, cursor.at + 36));
    skip(cursor, 36);
    skip(cursor, readCompactSize(cursor));
    sequences.push(bytes.subarray(cursor.at, cursor.at + 4));
    skip(cursor, 4);
  }
  const outputs = readCompactSize(cursor);
  if (inputs + outputs === 0) return digest("ZTxIdTranspaHash", []);
  return digest("ZTxIdTranspaHash", [
    digest("ZTxIdPrevoutHash", prevouts),
    digest("ZTxIdSequencHash", sequences),
    digest("ZTxIdOutputsHash", [bytes.subarray(cursor.at, layout.outputsEnd[index] ?? 0)]),
  ]);
}

/** The places within a note's ciphertext: what a wallet scans for, the memo, the rest. */
const ENC = { memo: 52, tail: 564, end: 580 } as const;

function saplingDigest(bytes: Uint8Array, shielded: ShieldedV5): Uint8Array {
  const { spends, spendsAt, outputs, outputsAt, saplingTailAt } = shielded;
  if (spends + outputs === 0) return digest("ZTxIdSaplingHash", []);
  const anchor = bytes.subarray(saplingTailAt + 8, saplingTailAt + 40);
  const ofSpend = each(bytes, { at: spendsAt, count: spends, size: V5.spend });
  const spendParts = [
    digest("ZTxIdSSpendCHash", ofSpend([32, 64])),
    digest(
      "ZTxIdSSpendNHash",
      ofSpend([0, 32], [64, 96]).flatMap((piece, place) => (place % 2 === 0 ? [piece, anchor] : [piece])),
    ),
  ];
  // An output is cv, cmu, the ephemeral key (32 bytes each), and two ciphertexts.
  const enc = 96;
  const ofOutput = each(bytes, { at: outputsAt, count: outputs, size: V5.output });
  const outputParts = [
    digest("ZTxIdSOutC__Hash", ofOutput([32, enc + ENC.memo])),
    digest("ZTxIdSOutM__Hash", ofOutput([enc + ENC.memo, enc + ENC.tail])),
    digest("ZTxIdSOutN__Hash", ofOutput([0, 32], [enc + ENC.tail, V5.output])),
  ];
  return digest("ZTxIdSaplingHash", [
    digest("ZTxIdSSpendsHash", spends === 0 ? [] : spendParts),
    digest("ZTxIdSOutputHash", outputs === 0 ? [] : outputParts),
    bytes.subarray(saplingTailAt, saplingTailAt + 8),
  ]);
}

function orchardDigest(bytes: Uint8Array, { actions, actionsAt }: ShieldedV5): Uint8Array {
  if (actions === 0) return digest("ZTxIdOrchardHash", []);
  // An action is cv, nullifier, rk, cmx, the ephemeral key (32 bytes each), and two ciphertexts.
  const enc = 160;
  const ofAction = each(bytes, { at: actionsAt, count: actions, size: V5.action });
  const tail = actionsAt + actions * V5.action;
  return digest("ZTxIdOrchardHash", [
    digest("ZTxIdOrcActCHash", ofAction([32, 64], [96, enc + ENC.memo])),
    digest("ZTxIdOrcActMHash", ofAction([enc + ENC.memo, enc + ENC.tail])),
    digest("ZTxIdOrcActNHash", ofAction([0, 32], [64, 96], [enc + ENC.tail, V5.action])),
    bytes.subarray(tail, tail + 41),
  ]);
}

type Rows = { readonly at: number; readonly count: number; readonly size: number };

/** The same ranges of every row, in their order. */
function each(bytes: Uint8Array, rows: Rows): (...ranges: readonly (readonly [number, number])[]) => Uint8Array[] {
  return (...ranges) =>
    Array.from({ length: rows.count }, (_, row) =>
      ranges.map(([from, to]) => bytes.subarray(rows.at + row * rows.size + from, rows.at + row * rows.size + to)),
    ).flat();
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function digest(personal: string | Uint8Array, pieces: Pieces): Uint8Array {
  const personalization = typeof personal === "string" ? ascii(personal) : personal;
  const state = blake2b.create({ dkLen: 32, personalization });
  for (const piece of pieces) state.update(piece);
  return state.digest();
}

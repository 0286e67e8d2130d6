import { ownerKinds, type OwnerKind, type Owners } from "../block.ts";
import { hash160Into, sha256Into } from "./hash.ts";

/** Columns of owners that are being filled: `next` is the row that the next script goes to. */
export type OwnerColumns = Owners & { next: number };

/** Bytes of an identity. */
export const IDENTITY_BYTES = 32;

/** Opcodes: Bitcoin Core, `src/script/script.h`. */
const OP = {
  pushdata1: 0x4c,
  pushdata4: 0x4e,
  one: 0x51,
  sixteen: 0x60,
  return: 0x6a,
  dup: 0x76,
  equal: 0x87,
  equalVerify: 0x88,
  hash160: 0xa9,
  hash256: 0xaa,
  checkSig: 0xac,
  checkMultisig: 0xae,
} as const;

/** Empty columns for a number of owners. */
export function ownerColumns(count: number): OwnerColumns {
  return { kinds: new Uint8Array(count), identities: new Uint8Array(count * IDENTITY_BYTES), next: 0 };
}

/**
 * Who may spend an output with the script in `bytes` from `start` up to `end`; goes to the columns' next row.
 *
 * As Bitcoin Core's `Solver`, except that everything behind an OP_RETURN is unspendable whatever follows, and that a
 * P2PK is its key's hash. The script must lie within the bytes, the row's identity must still be zeros. An uncompressed
 * and a compressed form of one key have different hashes and remain two owners.
 * Source: Bitcoin Core, `src/script/solver.cpp`; `src/script/script.cpp`, `IsWitnessProgram`; BIP-16, BIP-141, BIP-341;
 *   CHIP-2022-05-P2SH32.
 * Cost: no allocation for hashed forms; two hashes for a bare key, one for multisig and anything else.
 */
export function classifyScript(bytes: Uint8Array, start: number, end: number, columns: OwnerColumns): void {
  const row = columns.next;
  columns.next = row + 1;
  const kind = hashedKind(bytes, start, end - start);
  const { identities } = columns;
  if (kind !== ownerKinds.none) {
    columns.kinds[row] = kind;
    const from = start + (kind === ownerKinds.key ? 3 : 2);
    const size = kind <= ownerKinds.witnessKey ? 20 : 32;
    for (let index = 0; index < size; index += 1) identities[row * IDENTITY_BYTES + index] = bytes[from + index] ?? 0;
  } else if (end > start && bytes[start] === OP.return) {
    columns.kinds[row] = ownerKinds.none;
  } else if (isBareKey(bytes, start, end)) {
    columns.kinds[row] = ownerKinds.key;
    hash160Into(bytes.subarray(start + 1, end - 1), identities, row * IDENTITY_BYTES);
  } else {
    columns.kinds[row] = isMultisig(bytes, start, end) ? ownerKinds.multisig : ownerKinds.other;
    sha256Into(bytes.subarray(start, end), identities, row * IDENTITY_BYTES);
  }
}

/** The kind in a column's row. */
export function kindAt(owners: Owners, row: number): OwnerKind {
  return (owners.kinds[row] ?? ownerKinds.none) as OwnerKind;
}

/** The row of a coinbase's input, which spends nothing. */
export function addNoOwner(columns: OwnerColumns): void {
  columns.kinds[columns.next] = ownerKinds.none;
  columns.next += 1;
}

/** A row of a kind whose identity is the 20 bytes at a place. */
export function addHashOwner(columns: OwnerColumns, kind: OwnerKind, bytes: Uint8Array, from: number): void {
  const row = columns.next;
  columns.next = row + 1;
  columns.kinds[row] = kind;
  for (let index = 0; index < 20; index += 1)
    columns.identities[row * IDENTITY_BYTES + index] = bytes[from + index] ?? 0;
}

/** The kind of a script that holds a hash or a witness program; `none` for any other. */
function hashedKind(bytes: Uint8Array, start: number, length: number): OwnerKind {
  const [first, second] = [bytes[start], bytes[start + 1]];
  if (length === 25) {
    const opens = first === OP.dup && second === OP.hash160 && bytes[start + 2] === 20;
    const closes = bytes[start + 23] === OP.equalVerify && bytes[start + 24] === OP.checkSig;
    return opens && closes ? ownerKinds.key : ownerKinds.none;
  }
  if (length === 23) {
    const is = first === OP.hash160 && second === 20 && bytes[start + 22] === OP.equal;
    return is ? ownerKinds.script : ownerKinds.none;
  }
  if (length === 22 && first === 0 && second === 20) return ownerKinds.witnessKey;
  if (length === 35 && first === OP.hash256) {
    return second === 32 && bytes[start + 34] === OP.equal ? ownerKinds.longScript : ownerKinds.none;
  }
  if (length !== 34 || second !== 32) return ownerKinds.none;
  return first === 0 ? ownerKinds.witnessScript : first === OP.one ? ownerKinds.taproot : ownerKinds.none;
}

/** A direct push of a public key, and OP_CHECKSIG. */
function isBareKey(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if ((length !== 35 && length !== 67) || bytes[end - 1] !== OP.checkSig) return false;
  return bytes[start] === length - 2 && isKey(bytes, start + 1, length - 2);
}

/** Whether bytes have a public key's length and first byte: `CPubKey::ValidSize`. */
function isKey(bytes: Uint8Array, at: number, length: number): boolean {
  const first = bytes[at];
  if (length === 33) return first === 2 || first === 3;
  return length === 65 && (first === 4 || first === 6 || first === 7);
}

const MULTISIG_KEYS_MAX = 20; // `MAX_PUBKEYS_PER_MULTISIG`

/** m, keys, n, OP_CHECKMULTISIG: `MatchMultisig`. Keys may be pushed in any way, m and n in their shortest only. */
function isMultisig(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 3 || bytes[end - 1] !== OP.checkMultisig) return false;
  const required = smallNumber(bytes, start, end);
  if (required === 0) return false;
  let at = start + (required > 16 ? 2 : 1);
  let keys = 0;
  for (; keys <= MULTISIG_KEYS_MAX; keys += 1) {
    const push = pushAt(bytes, at, end);
    const from = at + (push >>> 16);
    const length = push & 0xffff;
    if (push === 0 || !isKey(bytes, from, length)) break;
    at = from + length;
  }
  const stated = smallNumber(bytes, at, end);
  if (stated < required || stated !== keys) return false;
  return at + (stated > 16 ? 2 : 1) === end - 1;
}

/** A number from 1 to 20 at a place of a script, 0 for anything else: OP_1 to OP_16, or a push of one byte. */
function smallNumber(bytes: Uint8Array, at: number, end: number): number {
  const opcode = at < end ? (bytes[at] ?? 0) : 0;
  if (opcode >= OP.one && opcode <= OP.sixteen) return opcode - OP.one + 1;
  const value = opcode === 1 && at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
  return value > 16 && value <= MULTISIG_KEYS_MAX ? value : 0;
}

/** A push of up to 65 bytes: the opcode's length in the high half, the data's in the low; 0 for anything else. */
function pushAt(bytes: Uint8Array, at: number, end: number): number {
  const opcode = at < end ? (bytes[at] ?? 0) : 0;
  let width = 1;
  let length = opcode;
  if (opcode >= OP.pushdata1 && opcode <= OP.pushdata4) {
    const digits = 1 << (opcode - OP.pushdata1);
    if (at + 1 + digits > end) return 0;
    width += digits;
    length = bytes[at + 1] ?? 0;
    for (let index = 1; index < digits; index += 1) if (bytes[at + 1 + index] !== 0) return 0;
  }
  return length <= 65 && at + width + length <= end ? (width << 16) | length : 0;
}

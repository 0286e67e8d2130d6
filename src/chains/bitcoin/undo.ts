import { chain as chainNamed, type BitcoinAlias } from "../../base/chains.ts";
import { assert } from "../../base/assert.ts";
import { ownerKinds, type SpentOutputs, type UtxoBlock } from "../block.ts";
import {
  cursorOf,
  invalid,
  readCompactSize,
  readVarint,
  readWideVarint,
  remaining,
  skip,
  type Cursor,
} from "./reader.ts";
import { addHashOwner, addNoOwner, classifyScript, ownerColumns, type OwnerColumns } from "./script.ts";
import { unitsMax } from "./value.ts";

/** The kinds of compressed scripts; a larger number is the length of a plain script plus 6. */
const COMPRESSED = { keyHash: 0, scriptHash: 1, evenKey: 2, oddKey: 3, evenFullKey: 4, oddFullKey: 5 } as const;
const PLAIN_FROM = 6;

/**
 * The outputs that a block spends, from the node's undo data of it.
 *
 * @param bytes - The undo data without its checksum, as a record of a `rev*.dat` file holds it.
 * @param block - The same block; whose undo data these are is verified by `undoBelongsTo`.
 * @returns Values and owners in the order of inputs; the coinbase's input has value 0 and no owner.
 * @throws {Failure} `SOURCE_INVALID` where they are cut off, too many, of another shape than the block, or hold a value
 *   beyond the chain's cap or a key that is on no curve.
 * Source: Bitcoin Core, `src/undo.h`, `src/compressor.cpp`. Behind it: Zcash, `src/undo.h` (a tree's root); Litecoin,
 *   `src/undo.h` (the extension block's own undo data), both moved over.
 */
export function decodeUndo(bytes: Uint8Array, block: UtxoBlock): SpentOutputs {
  const chain = chainNamed(block.chain);
  assert(chain.family === "bitcoin", `bitcoin undo: ${chain.alias} is of the family ${chain.family}`);
  const cursor = cursorOf(
    bytes,
    `${chain.name} undo data`,
    "take them from the rev*.dat file again, or do without them",
  );
  const inputCount = block.spentIndexes.length;
  const values = new BigUint64Array(inputCount);
  const owners = ownerColumns(inputCount);
  addNoOwner(owners);
  const transactions = readCompactSize(cursor) + 1;
  if (transactions !== block.transactionCount) {
    throw invalid(cursor, `they are of ${transactions} transactions and the block has ${block.transactionCount}`);
  }
  const cap = unitsMax(chain.alias);
  for (let index = 1; index < transactions; index += 1) {
    const [from, to] = [block.inputStart[index] ?? 0, block.inputStart[index + 1] ?? 0];
    const count = readCompactSize(cursor);
    if (count !== to - from) throw invalid(cursor, `transaction ${index} has ${to - from} inputs, here ${count}`);
    for (let input = from; input < to; input += 1) {
      skipOrigin(cursor);
      const value = decompressAmount(readWideVarint(cursor));
      if (value > cap) throw invalid(cursor, `the output spent by input ${input} holds more than the chain ever can`);
      values[input] = value;
      readScript(cursor, owners);
    }
  }
  checkRest(cursor, chain.alias);
  return { values, owners: { kinds: owners.kinds, identities: owners.identities } };
}

/** The height of the spent output (twice, plus one for a coinbase), and behind one above 0 the old version's place. */
function skipOrigin(cursor: Cursor): void {
  if (readVarint(cursor) > 1) readVarint(cursor);
}

function checkRest(cursor: Cursor, alias: BitcoinAlias): void {
  const rest = remaining(cursor);
  if (rest === 0 || (alias === "zcash" && rest === 32) || alias === "litecoin") return;
  throw invalid(cursor, `${rest} bytes follow the last spent output`);
}

/**
 * An amount from its compressed form.
 *
 * Source: Bitcoin Core, `src/compressor.cpp`, `DecompressAmount`.
 * @example decompressAmount(0x32n) // => 5000000000n
 */
export function decompressAmount(compressed: bigint): bigint {
  if (compressed === 0n) return 0n;
  const exponent = (compressed - 1n) % 10n;
  const rest = (compressed - 1n) / 10n;
  const digits = exponent < 9n ? (rest / 9n) * 10n + (rest % 9n) + 1n : rest + 1n;
  return digits * 10n ** exponent;
}

/** `src/script/script.h`, `MAX_SCRIPT_SIZE`: a node replaces a longer script by an OP_RETURN, which nobody can spend. */
const SCRIPT_BYTES_MAX = 10_000;

function readScript(cursor: Cursor, owners: OwnerColumns): void {
  const kind = readVarint(cursor);
  const start = cursor.at;
  if (kind === COMPRESSED.keyHash || kind === COMPRESSED.scriptHash) {
    skip(cursor, 20);
    addHashOwner(owners, kind === COMPRESSED.keyHash ? ownerKinds.key : ownerKinds.script, cursor.bytes, start);
  } else if (kind < PLAIN_FROM) {
    skip(cursor, 32);
    const script = bareKeyScript(cursor, kind, cursor.bytes.subarray(start, cursor.at));
    classifyScript(script, 0, script.length, owners);
  } else {
    const length = kind - PLAIN_FROM;
    skip(cursor, length);
    if (length > SCRIPT_BYTES_MAX) addNoOwner(owners);
    else classifyScript(cursor.bytes, start, cursor.at, owners);
  }
}

/** A P2PK script: of a compressed key, or of a full one whose second coordinate was left out. */
function bareKeyScript(cursor: Cursor, kind: number, x: Uint8Array): Uint8Array {
  if (kind === COMPRESSED.evenKey || kind === COMPRESSED.oddKey) return Uint8Array.of(33, kind, ...x, 0xac);
  const y = curveY(x, kind === COMPRESSED.oddFullKey);
  if (y === undefined) throw invalid(cursor, "a compressed key is not on the curve");
  return Uint8Array.of(65, 4, ...x, ...y, 0xac);
}

/** SEC 2, section 2.4.1, secp256k1: y² = x³ + 7 modulo p. */
const P = 2n ** 256n - 2n ** 32n - 977n;

/**
 * The second coordinate of a point of secp256k1, by its first and its parity; undefined where there is no such point.
 *
 * Source: SEC 1, section 2.3.4; p ≡ 3 (mod 4), so that a root is a power to (p + 1) / 4.
 */
export function curveY(x: Uint8Array, odd: boolean): Uint8Array | undefined {
  const abscissa = BigInt(`0x${Buffer.from(x).toString("hex")}`);
  if (abscissa >= P) return undefined;
  const square = (abscissa ** 3n + 7n) % P;
  const root = power(square, (P + 1n) / 4n);
  if ((root * root) % P !== square) return undefined;
  const ordinate = (root % 2n === 1n) === odd ? root : P - root;
  return Buffer.from(ordinate.toString(16).padStart(64, "0"), "hex");
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * factor) % P;
    factor = (factor * factor) % P;
  }
  return result;
}

import type { BitcoinAlias } from "../../base/chains.ts";

/**
 * Reads records out of a node's `blk*.dat` and `rev*.dat` files: a magic number, a length, that many bytes, and for
 * `rev*.dat` a checksum. Source: Bitcoin Core, `src/node/blockstorage.cpp`.
 */

/**
 * The number in front of each record: Bitcoin Core, `src/kernel/chainparams.cpp`, `pchMessageStart`; of the other
 * chains' `src/chainparams.cpp`; Bitcoin Cash Node, `diskMagic`. Of signet, that of the default challenge (BIP-325).
 */
const MAGIC: Readonly<Record<BitcoinAlias, number>> = {
  bitcoin: 0xf9be_b4d9,
  testnet4: 0x1c16_3f28,
  signet: 0x0a03_cf40,
  regtest: 0xfabf_b5da,
  litecoin: 0xfbc0_b6db,
  dogecoin: 0xc0c0_c0c0,
  "bitcoin-cash": 0xf9be_b4d9,
  zcash: 0x24e9_2764,
  monacoin: 0xfbc0_b6db,
};
const HEAD_BYTES = 8;
/** `src/node/blockstorage.h`, `MAX_BLOCKFILE_SIZE`: no record is larger than a file can become. */
const RECORD_BYTES_MAX = 0x0800_0000;

/** Some bytes of a file, already unmasked. */
export type FileRange = {
  readonly bytes: Uint8Array;
  /** Where in the file the first of them stands. */
  readonly offset: number;
  /** Whether the file ends with the last of them. */
  readonly last: boolean;
};

/** A record: its bytes are `bytes.subarray(start, end)` of the range. */
export type FileRecord = { readonly start: number; readonly end: number };

/** Something about the file that a reader must know; places are bytes of the file. */
export type FileFinding = {
  /** `garbage`: bytes that are no record were skipped. `truncated`: the file ends within a record. */
  readonly kind: "garbage" | "truncated";
  readonly offset: number;
  /** Bytes skipped, or bytes missing. */
  readonly length: number;
};

export type FileRecords = {
  readonly records: readonly FileRecord[];
  readonly findings: readonly FileFinding[];
  /** Where in the range to go on once more of the file is there: the next range begins with this byte. */
  readonly next: number;
};

/** How the records of a kind of file look: the least that one holds, and what stands behind it. */
export type RecordForm = { readonly bytesMin: number; readonly tailBytes: number };

/** The records in a range of a file, each whole within it. Cost: linear; one small object a record. */
export function findRecords(alias: BitcoinAlias, range: FileRange, form: RecordForm): FileRecords {
  const fileBytes = range.last ? range.offset + range.bytes.length : Infinity;
  return findLeads(alias, { ...range, fileBytes }, { ...form, leadBytes: Infinity });
}

/** Bytes of a file of which only the beginnings of records are wanted. */
export type SparseRange = FileRange & {
  /** How long the whole file is. */
  readonly fileBytes: number;
};

/**
 * The records that begin in a range, each with its first `leadBytes` bytes in the range, wherever it ends: who wants the
 * headers only need not read the rest. A record's `end` and `next` may lie beyond the range.
 */
export function findLeads(
  alias: BitcoinAlias,
  range: SparseRange,
  form: RecordForm & { readonly leadBytes: number },
): FileRecords {
  const { bytes, offset, last, fileBytes } = range;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: FileRecord[] = [];
  const findings: FileFinding[] = [];
  let at = 0;
  while (at < bytes.length) {
    const found = findHead(view, at, MAGIC[alias], form.bytesMin);
    // Without a head in sight, one can still begin with the last bytes.
    const from = found === -1 ? (last ? bytes.length : Math.max(at, bytes.length - HEAD_BYTES + 1)) : found;
    noteGap(findings, range, { from: at, to: from, final: found === -1 });
    at = from;
    if (found === -1) break;
    const start = at + HEAD_BYTES;
    const end = start + view.getUint32(at + 4, true);
    const missing = offset + end + form.tailBytes - fileBytes;
    if (missing > 0) {
      findings.push({ kind: "truncated", offset: offset + at, length: missing });
      return { records, findings, next: fileBytes - offset };
    }
    if (Math.min(start + form.leadBytes, end + form.tailBytes) > bytes.length) break;
    records.push({ start, end });
    at = end + form.tailBytes;
  }
  return { records, findings, next: at };
}

/** Where the next head with a plausible length begins; -1 where there is none. */
function findHead(view: DataView, from: number, magic: number, bytesMin: number): number {
  const first = magic >>> 24;
  for (let at = from; at + HEAD_BYTES <= view.byteLength; at += 1) {
    if (view.getUint8(at) !== first || view.getUint32(at, false) !== magic) continue;
    const size = view.getUint32(at + 4, true);
    if (size >= bytesMin && size <= RECORD_BYTES_MAX) return at;
  }
  return -1;
}

type Gap = { readonly from: number; readonly to: number; readonly final: boolean };

/** Zeros at a file's end are room that the node took in advance; anything else between records is garbage. */
function noteGap(findings: FileFinding[], { bytes, offset }: FileRange, { from, to, final }: Gap): void {
  if (from === to) return;
  if (final && bytes.subarray(from).every((byte) => byte === 0)) return;
  findings.push({ kind: "garbage", offset: offset + from, length: to - from });
}

/**
 * Bytes of a file as they were before the node masked them, in place.
 *
 * @param key - The contents of `xor.dat` (8 bytes), by position in the file; empty or all zeros: nothing is masked.
 * @param offset - Where in the file the first byte stands.
 * Source: Bitcoin Core 28, `src/node/blockstorage.cpp`, `InitBlocksdirXorKey`; `src/util/obfuscation.h`.
 */
export function unmask(bytes: Uint8Array, key: Uint8Array, offset: number): Uint8Array {
  if (key.every((byte) => byte === 0)) return bytes;
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = (bytes[index] ?? 0) ^ (key[(offset + index) % key.length] ?? 0);
  }
  return bytes;
}

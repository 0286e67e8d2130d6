import { assert } from "../base/assert.ts";

/** The tables of a chain, each with the byte by which its keys begin. Bytes are never given a second meaning. */
const tableBytes = {
  blocks: 0x01,
  transactions: 0x02,
  inputs: 0x03,
  outputs: 0x04,
  unseen: 0x05,
  owners: 0x06,
  transfers: 0x07,
  accounts: 0x08,
  assets: 0x09,
  transactionIds: 0x0a,
  evidence: 0x21,
  clusterMerges: 0x22,
  clustersHeld: 0x23,
  coinjoins: 0x24,
  clusterServices: 0x25,
  taint: 0x30,
} as const;
export type TableName = keyof typeof tableBytes;

/** The indexes of a chain, likewise. */
const indexBytes = {
  transactionById: 0x41,
  ownerByIdentity: 0x42,
  spendByOutput: 0x43,
  outputByOwner: 0x44,
  accountByIdentity: 0x45,
  transferByAccount: 0x46,
  evidenceByOwner: 0x61,
} as const;
export type IndexName = keyof typeof indexBytes;
export const indexNames = Object.keys(indexBytes) as readonly IndexName[];

/** The list of chains. What else belongs to no chain has keys that begin with this byte and another (`tags/keys.ts`). */
export const directoryKey: Uint8Array = new Uint8Array([0x00]);

/** A chain's manifest. Chains are numbered from 1. */
export function manifestKey(chain: number): Uint8Array {
  return new Uint8Array([chainByte(chain), 0x00]);
}

/** What clusters keep beside their tables: `state`, what was built; `strikes`, what users struck out. */
const clusterParts = { state: 0x00, strikes: 0x01 } as const;

export function clustersKey(chain: number, part: keyof typeof clusterParts): Uint8Array {
  return new Uint8Array([chainByte(chain), 0x20, clusterParts[part]]);
}

/** What the keys of the pages of one generation of a chain's cluster forest begin with. */
export function forestPrefix(chain: number, generation: number): Uint8Array {
  const prefix = new Uint8Array(6);
  prefix[0] = chainByte(chain);
  prefix[1] = 0x26;
  new DataView(prefix.buffer).setUint32(2, generation);
  return prefix;
}

/**
 * What the taint index keeps. A strand is one origin carried forward by one policy.
 *
 * `state`: what was carried forward; `strand`: what a strand is of, and `originOwners`: which owners that is; `stops`: owners at
 * which tracing ends; `owners`: what each owner received, by owner, in pages. By strand: `records`, `repeats`, `spends`, `begins`, `gaps`, its tables, by page;
 * `segments`, of outputs, by record; `accounts`, what accounts have, by account and height; `accountsAt`, which ones changed, by
 * height.
 */
const taintParts = {
  state: 0x00,
  strand: 0x04,
  stops: 0x05,
  owners: 0x06,
  records: 0x07,
  repeats: 0x08,
  spends: 0x09,
  begins: 0x0a,
  gaps: 0x0b,
  segments: 0x0c,
  accounts: 0x0d,
  accountsAt: 0x0e,
  originOwners: 0x0f,
} as const;
export type TaintPart = keyof typeof taintParts;

/** All keys of a chain's taint index. */
export function taintRange(chain: number): { readonly from: Uint8Array; readonly to: Uint8Array } {
  return { from: Uint8Array.of(chainByte(chain), 0x30), to: Uint8Array.of(chainByte(chain), 0x31) };
}

/** Numbers follow with their highest byte first, six bytes each, so that what belongs together lies together. */
export function taintKey(chain: number, part: TaintPart, ...numbers: readonly number[]): Uint8Array {
  const key = new Uint8Array(3 + 6 * numbers.length);
  [key[0], key[1], key[2]] = [chainByte(chain), 0x30, taintParts[part]];
  let at = key.length;
  for (let place = numbers.length - 1; place >= 0; place -= 1) {
    for (let rest = numbers[place] as number, from = at - 6; at > from; rest = (rest - (rest % 256)) / 256) {
      at -= 1;
      key[at] = rest % 256;
    }
  }
  return key;
}

/** What a key of the taint index says, as {@link taintKey} has it; the name of a part that is not known is its byte. */
export function taintPartOf(key: Uint8Array): { readonly part: string; readonly numbers: readonly number[] } {
  const bytes = Buffer.from(key);
  const byte = bytes[2] ?? 0;
  const name = Object.entries(taintParts).find(([, one]) => one === byte)?.[0];
  const numbers: number[] = [];
  for (let at = 3; at + 6 <= bytes.length; at += 6) numbers.push(bytes.readUIntBE(at, 6));
  return { part: name ?? `part ${byte}`, numbers };
}

/** A table's page: chain, table, page number with its highest byte first, so that pages lie in order. */
export function tableKey(chain: number, table: TableName, page: number): Uint8Array {
  assert(page >= 0 && page <= 0xffff_ffff, "keys: page out of range");
  return Uint8Array.of(chainByte(chain), tableBytes[table], page >>> 24, page >>> 16, page >>> 8, page);
}

/** What the keys of an index's pages begin with. */
export function indexPrefix(chain: number, index: IndexName): Uint8Array {
  return new Uint8Array([chainByte(chain), indexBytes[index]]);
}

function chainByte(chain: number): number {
  assert(Number.isInteger(chain) && chain >= 1 && chain <= 255, "keys: a chain's number is 1 to 255");
  return chain;
}

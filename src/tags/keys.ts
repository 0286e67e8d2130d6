/**
 * Where tags stand in a ledger's store. All keys begin with 0x00 0x10: the first byte is no chain's number (those are 1 to
 * 255), and a key of the byte 0x00 alone is the list of chains.
 */
import { hash as digest } from "node:crypto";
import { assert } from "../base/assert.ts";
import type { KeyRange } from "../store/page-store.ts";

const space = [0x00, 0x10] as const;

/** What a key is of, by its third byte. Bytes are never given a second meaning. */
const kinds = {
  manifest: 0x00,
  address: 0x01,
  transaction: 0x02,
  incident: 0x03,
  attributes: 0x04,
  attributesByHash: 0x05,
  remarks: 0x06,
  actor: 0x07,
  actorsByName: 0x08,
} as const;
export type SubjectKind = "address" | "transaction" | "incident";

const hashBytes = 16;

/** The first 128 bits of a text's SHA-256: enough that two texts never meet. */
export function textHash(text: string): Uint8Array {
  return digest("sha256", text, "buffer").subarray(0, hashBytes);
}

export const manifestKey: Uint8Array = Uint8Array.of(...space, kinds.manifest);

/** The tags of a subject. Those of a chain lie together. Incidents are of chain 0. */
export function subjectKey(kind: SubjectKind, chain: number, text: string): Uint8Array {
  assertChain(chain);
  const bytes = new Uint8Array(5 + hashBytes);
  bytes[0] = space[0];
  bytes[1] = space[1];
  bytes[2] = kinds[kind];
  bytes[3] = chain >>> 8;
  bytes[4] = chain & 0xff;
  bytes.set(textHash(text), 5);
  return bytes;
}

/** What users said about the tags of a subject; beside the tags, which imports change. */
export function remarksKey(subject: Uint8Array): Uint8Array {
  return key(kinds.remarks, subject.subarray(2));
}

export function attributesKey(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return key(kinds.attributes, bytes);
}

export function attributesByHashKey(hash: Uint8Array): Uint8Array {
  return key(kinds.attributesByHash, hash);
}

export function actorKey(id: string): Uint8Array {
  return key(kinds.actor, textHash(id));
}

/** @param name - As `foldName` makes it. */
export function actorsByNameKey(name: string): Uint8Array {
  return key(kinds.actorsByName, textHash(name));
}

/** All subjects' tags. */
export const allSubjects: KeyRange = between(kinds.address, kinds.attributes);
export const allRemarks: KeyRange = between(kinds.remarks, kinds.actor);
export const allAttributes: KeyRange = between(kinds.attributes, kinds.attributesByHash);
export const allActors: KeyRange = between(kinds.actor, kinds.actorsByName);

/** The addresses or the transactions of one chain. */
export function subjectsOf(kind: SubjectKind, chain: number): KeyRange {
  return {
    from: key(kinds[kind], numbered(chain)),
    to: key(kinds[kind], numbered(chain + 1)),
    order: "ascending",
  };
}

function between(from: number, to: number): KeyRange {
  return { from: key(from), to: key(to), order: "ascending" };
}

function key(kind: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(...space, kind), ...parts]);
}

function numbered(chain: number): Uint8Array {
  assertChain(chain);
  return Uint8Array.of(chain >>> 8, chain & 0xff);
}

function assertChain(chain: number): void {
  assert(Number.isInteger(chain) && chain >= 0 && chain < 0xffff, "tags: a chain's number is 0 to 65,534");
}

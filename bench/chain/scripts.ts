import { mix, type Random } from "./random.ts";
import type { Sink } from "./sink.ts";

/** The kinds of scripts that a random chain has. */
export const scriptKinds = {
  keyHash: 0,
  nestedWitness: 1,
  nestedMultisig: 2,
  witnessKey: 3,
  witnessScript: 4,
  taproot: 5,
  bareKey: 6,
  bareMultisig: 7,
  data: 8,
  nonstandard: 9,
} as const;

/** Of a thousand wallets, how many use each kind: about Bitcoin's outputs of 2024 (P2PK and bare multisig more often). */
const KIND_SHARES = [
  [scriptKinds.keyHash, 260],
  [scriptKinds.nestedWitness, 150],
  [scriptKinds.nestedMultisig, 50],
  [scriptKinds.witnessKey, 330],
  [scriptKinds.witnessScript, 70],
  [scriptKinds.taproot, 120],
  [scriptKinds.bareKey, 15],
  [scriptKinds.bareMultisig, 5],
] as const;
const KIND_TABLE = Uint8Array.from(KIND_SHARES.flatMap(([kind, share]) => Array.from({ length: share }, () => kind)));

/** The kind of script of a wallet, by its random bits. */
export function kindOfWallet(bits: number): number {
  return KIND_TABLE[bits % KIND_TABLE.length] as number;
}

/** Who may spend an output: all of its hashes and keys follow from these numbers. */
export type Owner = { readonly salt: number; readonly wallet: number; readonly index: number; readonly kind: number };

/** Room that any output script here fits into, compact size and value included. */
export const OUTPUT_BYTES_MAX = 160;
/** Room that any input with its witness fits into. */
export const INPUT_BYTES_MAX = 4_600;

function identity(sink: Sink, { salt, wallet, index }: Owner, bytes: number): void {
  for (let word = 0; word < bytes; word += 4) sink.u32(mix(salt + word, wallet, index));
}

/** The key hash that a nested witness program reveals. */
function innerIdentity(sink: Sink, { salt, wallet, index }: Owner): void {
  for (let word = 0; word < 20; word += 4) sink.u32(mix((salt ^ 0x5bd1e995) + word, wallet, index));
}

function publicKey(sink: Sink, owner: Owner, which: number): void {
  const { salt, wallet, index } = owner;
  sink.u8(2 + (mix(salt - 1 - which, wallet, index) & 1));
  for (let word = 0; word < 32; word += 4) sink.u32(mix(salt + which * 64 + word, wallet, index));
}

/** 2 of 3: 105 bytes. */
function multisig(sink: Sink, owner: Owner): void {
  sink.u8(0x52);
  for (let which = 1; which <= 3; which += 1) {
    sink.u8(33);
    publicKey(sink, owner, which);
  }
  sink.u8(0x53);
  sink.u8(0xae);
}

/** Writes an output's script with its length in front. Its hashes and keys are a function of the owner alone. */
export function writeScript(sink: Sink, owner: Owner): void {
  switch (owner.kind) {
    case scriptKinds.keyHash:
      sink.u32(0x14a97619);
      identity(sink, owner, 20);
      sink.u16(0xac88);
      return;
    case scriptKinds.nestedWitness:
    case scriptKinds.nestedMultisig:
      sink.u8(23);
      sink.u16(0x14a9);
      identity(sink, owner, 20);
      sink.u8(0x87);
      return;
    case scriptKinds.witnessKey:
      sink.u8(22);
      sink.u16(0x1400);
      identity(sink, owner, 20);
      return;
    case scriptKinds.witnessScript:
    case scriptKinds.taproot:
      sink.u8(34);
      sink.u16(owner.kind === scriptKinds.taproot ? 0x2051 : 0x2000);
      identity(sink, owner, 32);
      return;
    case scriptKinds.bareKey:
      sink.u16(0x2123);
      publicKey(sink, owner, 0);
      sink.u8(0xac);
      return;
    case scriptKinds.bareMultisig:
      sink.u8(105);
      multisig(sink, owner);
      return;
    default:
      writeUnspendable(sink, owner);
  }
}

/** OP_RETURN with 32 bytes, or a puzzle that is no standard script: OP_SHA256 <hash> OP_EQUAL. */
function writeUnspendable(sink: Sink, owner: Owner): void {
  const data = owner.kind === scriptKinds.data;
  sink.u8(data ? 34 : 35);
  sink.u16(data ? 0x206a : 0x20a8);
  identity(sink, owner, 32);
  if (!data) sink.u8(0x87);
}

/** A signature in DER's form with its length in front: 71 or 72 bytes and the hash type. Its numbers are random. */
function signature(sink: Sink, random: Random): void {
  const long = random.u32() & 1;
  const bits = random.u32();
  sink.u8(71 + long);
  sink.u16(0x30 | ((68 + long) << 8));
  sink.u16(0x02 | ((32 + long) << 8));
  if (long === 1) sink.u8(0);
  sink.u8((bits & 0x7f) | (long === 1 ? 0x80 : 1));
  sink.noise(random, 31);
  sink.u16(0x2002);
  sink.u8(((bits >>> 8) & 0x3f) | 1);
  sink.noise(random, 31);
  sink.u8(1);
}

function keyWithLength(sink: Sink, owner: Owner): void {
  sink.u8(33);
  publicKey(sink, owner, 0);
}

/** OP_0 (or an empty item) and two signatures: all but the script that they satisfy. */
function multisigSpend(sink: Sink, random: Random): void {
  sink.u8(0);
  signature(sink, random);
  signature(sink, random);
}

/** Writes a spend's `scriptSig`, with its length in front. */
export function writeScriptSig(sink: Sink, owner: Owner, random: Random): void {
  const start = sink.at;
  sink.u8(0);
  switch (owner.kind) {
    case scriptKinds.keyHash:
      signature(sink, random);
      keyWithLength(sink, owner);
      break;
    case scriptKinds.nestedWitness:
      sink.u8(22);
      sink.u16(0x1400);
      innerIdentity(sink, owner);
      break;
    case scriptKinds.nestedMultisig:
      multisigSpend(sink, random);
      sink.u16(0x694c);
      multisig(sink, owner);
      shiftLength(sink, start);
      return;
    case scriptKinds.bareKey:
      signature(sink, random);
      break;
    case scriptKinds.bareMultisig:
      multisigSpend(sink, random);
      break;
    default: // A witness program: nothing here.
  }
  sink.bytes[start] = sink.at - start - 1;
}

/** A length of 253 and more takes three bytes instead of the one that was left for it. */
function shiftLength(sink: Sink, start: number): void {
  const length = sink.at - start - 1;
  if (length < 0xfd) {
    sink.bytes[start] = length;
    return;
  }
  sink.bytes.copyWithin(start + 3, start + 1, sink.at);
  sink.at = start;
  sink.count(length);
  sink.at += length;
}

/** Writes a spend's witness, the number of its items in front; returns whether it has any. */
export function writeWitness(sink: Sink, owner: Owner, random: Random): boolean {
  switch (owner.kind) {
    case scriptKinds.nestedWitness:
    case scriptKinds.witnessKey:
      sink.u8(2);
      signature(sink, random);
      keyWithLength(sink, owner);
      return true;
    case scriptKinds.witnessScript:
      sink.u8(4);
      multisigSpend(sink, random);
      sink.u8(105);
      multisig(sink, owner);
      return true;
    case scriptKinds.taproot:
      taprootWitness(sink, random);
      return true;
    default:
      sink.u8(0);
      return false;
  }
}

/** By key (64 bytes), or one in twelve by a script: a signature, a script of up to 4 kB, and a control block. */
function taprootWitness(sink: Sink, random: Random): void {
  const byScript = random.below(12) === 0;
  sink.u8(byScript ? 3 : 1);
  sink.u8(64);
  sink.noise(random, 64);
  if (!byScript) return;
  const script = Math.min(4_000, Math.floor(random.logNormal(120, 1)) + 35);
  sink.count(script);
  sink.noise(random, script);
  const control = 33 + 32 * random.below(5);
  sink.u8(control);
  sink.noise(random, control);
}

import { hex } from "@scure/base";
import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import { ownerKinds, type OwnerKind } from "../block.ts";
import { decodeAddress, encodeHash, encodeWitness, parseAddress } from "./address.ts";
import { sha256Into } from "./hash.ts";
import { IDENTITY_BYTES } from "./script.ts";

/** Who may spend an output: a kind of `ownerKinds`, and 32 bytes of identity. */
export type Owner = { readonly kind: OwnerKind; readonly identity: Uint8Array };

const HASH_BYTES = 20;

/**
 * How an owner is written: the address where its kind has one, `multisig:` or `script:` and the SHA-256 of the script
 * in hexadecimal where it has none, undefined where there is no owner.
 *
 * A witness program on a chain without SegWit is a script like any other there, which anybody may spend; so is the hash of
 * a script of 32 bytes anywhere but on Bitcoin Cash.
 * @param identity - 32 bytes; a shorter hash is followed by zeros.
 */
export function ownerText(chain: KnownChain, kind: OwnerKind, identity: Uint8Array): string | undefined {
  assert(chain.family === "bitcoin", `bitcoin owner: ${chain.alias} is of the family ${chain.family}`);
  const { alias } = chain;
  const hash = identity.subarray(0, HASH_BYTES);
  switch (kind) {
    case ownerKinds.none:
      return undefined;
    case ownerKinds.key:
      return encodeHash(alias, { kind: "key", hash });
    case ownerKinds.script:
      return encodeHash(alias, { kind: "script", hash });
    case ownerKinds.witnessKey:
      return encodeWitness(alias, 0, hash) ?? scriptText(Uint8Array.of(0, HASH_BYTES, ...hash));
    case ownerKinds.witnessScript:
      return encodeWitness(alias, 0, identity) ?? scriptText(Uint8Array.of(0, IDENTITY_BYTES, ...identity));
    case ownerKinds.taproot:
      return encodeWitness(alias, 1, identity) ?? scriptText(Uint8Array.of(0x51, IDENTITY_BYTES, ...identity));
    case ownerKinds.multisig:
      return `multisig:${hex.encode(identity)}`;
    case ownerKinds.longScript:
      if (alias === "bitcoin-cash") return encodeHash(alias, { kind: "script", hash: identity });
      return scriptText(longScript(identity));
    case ownerKinds.other:
      break;
  }
  return `script:${hex.encode(identity)}`;
}

/** OP_HASH256, the hash, OP_EQUAL. */
function longScript(hash: Uint8Array): Uint8Array {
  return Uint8Array.of(0xaa, hash.length, ...hash, 0x87);
}

/** As a script of the kind `other`: for a chain that does not know the form. */
function scriptText(script: Uint8Array): string {
  const identity = new Uint8Array(IDENTITY_BYTES);
  sha256Into(script, identity, 0);
  return `script:${hex.encode(identity)}`;
}

/**
 * The owner whom an address names.
 *
 * A witness program of a version or length without a kind of its own is an `other` by its script.
 * @param address - In any form that `parseAddress` takes.
 * @throws {Failure} `INVALID_VALUE` as `parseAddress`.
 */
export function ownerOfAddress(chain: KnownChain, address: string): Owner {
  assert(chain.family === "bitcoin", `bitcoin owner: ${chain.alias} is of the family ${chain.family}`);
  const decoded = decodeAddress(chain.alias, parseAddress(chain, address));
  const { hash } = decoded;
  if (decoded.kind !== "witness") {
    if (hash.length === HASH_BYTES) return owner(decoded.kind === "key" ? ownerKinds.key : ownerKinds.script, hash);
    return owner(ownerKinds.longScript, hash);
  }
  const { version } = decoded;
  if (version === 0) return owner(hash.length === HASH_BYTES ? ownerKinds.witnessKey : ownerKinds.witnessScript, hash);
  if (version === 1 && hash.length === IDENTITY_BYTES) return owner(ownerKinds.taproot, hash);
  return ownerOfScript(Uint8Array.of(0x50 + version, hash.length, ...hash));
}

function owner(kind: OwnerKind, hash: Uint8Array): Owner {
  const identity = new Uint8Array(IDENTITY_BYTES);
  identity.set(hash);
  return { kind, identity };
}

function ownerOfScript(script: Uint8Array): Owner {
  const identity = new Uint8Array(IDENTITY_BYTES);
  sha256Into(script, identity, 0);
  return { kind: ownerKinds.other, identity };
}

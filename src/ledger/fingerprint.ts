/** A 64-bit fingerprint of an identity, as two unsigned halves: an index's key. Different identities may share one. */
export type Fingerprint = { readonly hi: number; readonly lo: number };

/** The first 64 bits of something that is a hash already. */
export function fingerprintOfHash(bytes: Uint8Array, at = 0): Fingerprint {
  return { hi: wordAt(bytes, at), lo: wordAt(bytes, at + 4) };
}

/** Of an owner: its identity is a hash already; the kind tells apart what has the same one. */
export function ownerFingerprint(kind: number, identity: Uint8Array): Fingerprint {
  const { hi, lo } = fingerprintOfHash(identity);
  return { hi, lo: (lo ^ kind) >>> 0 };
}

/**
 * Of any bytes: two lanes of MurmurHash3's 32-bit mixing with different seeds (A. Appleby, 2011, public domain). Not
 * cryptographic: whoever looks something up compares the identity itself.
 */
export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  return { hi: murmur(bytes, 0x9747_b28c), lo: murmur(bytes, 0x1b87_3593) };
}

/** Four bytes as an unsigned number, the highest first. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

function murmur(bytes: Uint8Array, seed: number): number {
  let hash = seed;
  for (let at = 0; at < bytes.length; at += 4) {
    const last = bytes.length - at < 4 ? bytes.length - at : 4;
    let block = 0;
    for (let index = 0; index < last; index += 1) block |= (bytes[at + index] ?? 0) << (8 * index);
    block = Math.imul(block, 0xcc9e_2d51);
    block = Math.imul((block << 15) | (block >>> 17), 0x1b87_3593);
    hash ^= block;
    if (last === 4) hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe654_6b64) | 0;
  }
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

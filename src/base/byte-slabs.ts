/** Of a slab; what is longer has one of its own. */
const slabBytes = 1 << 20;

/**
 * Room for many short byte strings that are made and dropped together: a buffer for each of them would cost several times what it
 * holds, and the collector its time.
 */
export class ByteSlabs {
  readonly #slabs: Uint8Array[] = [];
  /** The slab that is being filled, and how far it is. */
  #slab = 0;
  #filled = 0;

  /** So many bytes, whatever is in them. */
  room(length: number): Uint8Array {
    if (length > slabBytes) return new Uint8Array(length);
    if (this.#filled + length > slabBytes) [this.#slab, this.#filled] = [this.#slab + 1, 0];
    const slab = (this.#slabs[this.#slab] ??= new Uint8Array(slabBytes));
    this.#filled += length;
    return slab.subarray(this.#filled - length, this.#filled);
  }

  copy(bytes: Uint8Array): Uint8Array {
    const own = this.room(bytes.length);
    own.set(bytes);
    return own;
  }

  /** Takes back all room that was given: what is in it will be overwritten. */
  clear(): void {
    [this.#slab, this.#filled] = [0, 0];
  }
}

/** What precedes every PNG's chunks, and the length of its first one, which must stay the first. */
const signatureBytes = 8;
const headBytes = 4 + 4 + 13 + 4;

/**
 * A PNG with a text of its own: a chunk `iTXt`, in UTF-8, that image programs show as its description.
 *
 * @param png - Any PNG.
 */
export function withDescription(png: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  const said = new TextEncoder().encode(`Description\0\0\0\0\0${text}`);
  const body = new Uint8Array([...new TextEncoder().encode("iTXt"), ...said]);
  const at = signatureBytes + headBytes;
  const out = new Uint8Array(png.length + 4 + body.length + 4);
  out.set(png.subarray(0, at));
  const view = new DataView(out.buffer);
  view.setUint32(at, said.length);
  out.set(body, at + 4);
  view.setUint32(at + 4 + body.length, crc32(body));
  out.set(png.subarray(at), at + 4 + body.length + 4);
  return out;
}

/** The checksum of a chunk (ISO 3309), bit by bit: a chunk has some hundred bytes. */
function crc32(bytes: Uint8Array): number {
  let sum = 0xff_ff_ff_ff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ ((sum & 1) * 0xed_b8_83_20);
  }
  return (sum ^ 0xff_ff_ff_ff) >>> 0;
}

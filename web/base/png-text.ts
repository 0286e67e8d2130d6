/** Words within a PNG file: what SVG says in `title` and `desc`. */

const signatureBytes = 8;
/** Of a chunk: its length before its type, its check sum after its content. */
const [lengthBytes, typeBytes, sumBytes] = [4, 4, 4];

/**
 * The same picture with texts in it, as `iTXt` chunks (PNG, third edition, 11.3.3.4) behind its header.
 *
 * @param texts - By keyword: Latin letters, at most 79 of them, as `Title` and `Description` are.
 * @throws {RangeError} Where it is no PNG.
 */
export function withPngTexts(png: Uint8Array, texts: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const isPng = png.length > signatureBytes + lengthBytes && view.getUint32(0) === 0x89_50_4e_47;
  if (!isPng) throw new RangeError("not a PNG");
  const headerEnd = signatureBytes + lengthBytes + typeBytes + view.getUint32(signatureBytes) + sumBytes;
  const chunks = Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text));
  return joined([png.subarray(0, headerEnd), ...chunks, png.subarray(headerEnd)]);
}

function textChunk(keyword: string, text: string): Uint8Array {
  const encoder = new TextEncoder();
  // Neither packed nor in a language, and no keyword in another language.
  const none = new Uint8Array(5);
  const content = joined([encoder.encode(`iTXt${keyword}`), none, encoder.encode(text)]);
  const chunk = new Uint8Array(lengthBytes + content.length + sumBytes);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length - typeBytes);
  chunk.set(content, lengthBytes);
  view.setUint32(lengthBytes + content.length, crc32(content));
  return chunk;
}

/** The check sum of PNG and gzip (ISO 3309), bit by bit: texts are short. */
function crc32(bytes: Uint8Array): number {
  let sum = 0xff_ff_ff_ff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xed_b8_83_20 : sum >>> 1;
  }
  return (sum ^ 0xff_ff_ff_ff) >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

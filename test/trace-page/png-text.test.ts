import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { withDescription } from "../../web/pages/trace/page/png-text.ts";

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const signature = Buffer.from("89504e470d0a1a0a", "hex");
/** One black pixel. */
const png = Buffer.concat([
  signature,
  chunk("IHDR", Buffer.from("00000001000000010800000000", "hex")),
  chunk("IDAT", deflateSync(Buffer.from([0, 0]))),
  chunk("IEND", Buffer.alloc(0)),
]);

/** A PNG's chunks, whose checksums hold. */
function chunksOf(bytes: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  expect(bytes.subarray(0, 8)).toEqual(signature);
  const found = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    found.push({ type: body.toString("latin1", 0, 4), data: body.subarray(4) });
    at += 12 + length;
  }
  return found;
}

it("a PNG says in a chunk of text what it shows, and is otherwise as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const chunks = chunksOf(Buffer.from(withDescription(png, text)));
      expect(chunks.map(({ type }) => type)).toEqual(["IHDR", "iTXt", "IDAT", "IEND"]);
      // Keyword, not compressed, no language, no translated keyword.
      expect(chunks[1]?.data.toString("utf8")).toBe(`Description\0\0\0\0\0${text.toWellFormed()}`);
      expect(chunksOf(png).filter(({ type }) => type !== "iTXt")).toEqual(chunks.filter(({ type }) => type !== "iTXt"));
    }),
  );
});

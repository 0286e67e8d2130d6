import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withPngTexts } from "./png-text.ts";

/** A chunk as Node's own check sum makes it. */
function chunk(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const header = chunk("IHDR", Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
const pixels = chunk("IDAT", deflateSync(Buffer.from([0, 0])));
const end = chunk("IEND", Buffer.alloc(0));
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const png = Buffer.concat([signature, header, pixels, end]);

describe("texts in a PNG", () => {
  it("are chunks whose length and check sum hold, between its header and its pixels", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (title, description) => {
        const made = Buffer.from(withPngTexts(png, { Title: title, Description: description }));
        const text = (keyword: string, value: string): Buffer =>
          chunk("iTXt", Buffer.concat([Buffer.from(keyword), Buffer.alloc(5), Buffer.from(value.toWellFormed())]));
        const expected = [signature, header, text("Title", title), text("Description", description), pixels, end];
        expect(made.equals(Buffer.concat(expected))).toBe(true);
      }),
    );
  });

  it("are not put into what is no PNG", () => {
    expect(() => withPngTexts(Buffer.from("<svg/>".repeat(9)), { Title: "x" })).toThrow(RangeError);
  });
});

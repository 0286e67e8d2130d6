import { crc32 } from "node:zlib";
import { Failure } from "../base/failure.ts";

/** CRC-32 of the content, little-endian, before it. */
const headBytes = 4;

/**
 * A page as it is stored: its content behind a checksum.
 *
 * @param room - Gives so many bytes to put it in.
 */
export function sealPage(content: Uint8Array, room = newBytes): Uint8Array {
  const sealed = room(headBytes + content.length);
  new DataView(sealed.buffer, sealed.byteOffset, headBytes).setUint32(0, crc32(content), true);
  sealed.set(content, headBytes);
  return sealed;
}

/**
 * The content of a stored page, checked; a view, not a copy.
 *
 * @param what - What the page is, for the failure's message ("outputs, page 17").
 * @throws {Failure} `LEDGER_DAMAGED` where the page is missing or its checksum does not match.
 */
export function openPage(sealed: Uint8Array | undefined, what: string): Uint8Array {
  if (sealed === undefined) throw new Failure("LEDGER_DAMAGED", { what, why: "the page is missing" });
  if (sealed.length < headBytes) throw new Failure("LEDGER_DAMAGED", { what, why: "the page is cut short" });
  const content = sealed.subarray(headBytes);
  const stored = new DataView(sealed.buffer, sealed.byteOffset, headBytes).getUint32(0, true);
  if (stored !== crc32(content)) throw new Failure("LEDGER_DAMAGED", { what, why: "the checksum does not match" });
  return content;
}

function newBytes(length: number): Uint8Array {
  return new Uint8Array(length);
}

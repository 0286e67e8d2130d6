/** A node's blocks folder, written from blocks: raw bytes by an independent serialiser, in any order, masked or not. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const doubleSha256 = (bytes: Uint8Array): Buffer =>
  createHash("sha256").update(createHash("sha256").update(bytes).digest()).digest();

export type RawBlock = { readonly hash: string; readonly bytes: Buffer };

/** Coinbase-only blocks with a real Merkle root, chained by their headers; `name` tells branches apart. */
export function rawChain(options: {
  readonly count: number;
  readonly name: string;
  readonly after?: { readonly hash: string; readonly height: number };
}): readonly RawBlock[] {
  const blocks: RawBlock[] = [];
  let parent = Buffer.from(Buffer.from(options.after?.hash ?? "00".repeat(32), "hex").toReversed());
  const first = options.after === undefined ? 0 : options.after.height + 1;
  for (let height = first; height < first + options.count; height += 1) {
    const coinbase = coinbaseOf(`${options.name} ${height}`);
    const header = Buffer.alloc(80);
    header.writeInt32LE(1, 0);
    parent.copy(header, 4);
    doubleSha256(coinbase).copy(header, 36);
    header.writeUInt32LE(1_231_006_505 + height * 600, 68);
    header.writeUInt32LE(0x207f_ffff, 72);
    const hash = doubleSha256(header);
    blocks.push({
      hash: Buffer.from(hash.toReversed()).toString("hex"),
      bytes: Buffer.concat([header, Buffer.from([1]), coinbase]),
    });
    parent = Buffer.from(hash);
  }
  return blocks;
}

function coinbaseOf(text: string): Buffer {
  const script = Buffer.from(text.padEnd(20, " ").slice(0, 80));
  const value = Buffer.alloc(8);
  value.writeBigInt64LE(5_000_000_000n);
  const payTo = Buffer.concat([
    Buffer.from("76a914", "hex"),
    createHash("sha256").update(text).digest().subarray(0, 20),
    Buffer.from("88ac", "hex"),
  ]);
  return Buffer.concat([
    Buffer.from("0100000001", "hex"),
    Buffer.alloc(32),
    Buffer.from("ffffffff", "hex"),
    Buffer.from([script.length]),
    script,
    Buffer.from("ffffffff", "hex"),
    Buffer.from([1]),
    value,
    Buffer.from([payTo.length]),
    payTo,
    Buffer.alloc(4),
  ]);
}

/** Writes blocks into `blk00000.dat` and so on, in the order given. */
export function writeBlkFolder(
  folder: string,
  blocks: readonly RawBlock[],
  options: { readonly perFile: number; readonly key: Uint8Array } = { perFile: 1_000, key: new Uint8Array() },
): void {
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file * options.perFile < blocks.length; file += 1) {
    const records = blocks.slice(file * options.perFile, (file + 1) * options.perFile).flatMap(({ bytes }) => {
      const head = Buffer.from("fabfb5da00000000", "hex");
      head.writeUInt32LE(bytes.length, 4);
      return [head, bytes];
    });
    const whole = Buffer.concat([...records, Buffer.alloc(100)]);
    for (let at = 0; options.key.length > 0 && at < whole.length; at += 1) {
      whole[at] = (whole[at] ?? 0) ^ (options.key[at % options.key.length] ?? 0);
    }
    writeFileSync(path.join(folder, `blk${String(file).padStart(5, "0")}.dat`), whole);
  }
  if (options.key.length > 0) writeFileSync(path.join(folder, "xor.dat"), options.key);
}

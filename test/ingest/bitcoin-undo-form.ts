/** Writes rev files and undo data in Bitcoin Core's form, the slow, obvious way. Keys are not compressed. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { compactSize, hash256, type TestOutput } from "../chains/bitcoin/serialize.ts";

/** Core's VARINT: `WriteVarInt`. */
function varint(value: bigint): Buffer {
  const bytes = [Number(value & 0x7fn)];
  for (let rest = value; rest > 0x7fn;) {
    rest = (rest >> 7n) - 1n;
    bytes.unshift(Number(rest & 0x7fn) | 0x80);
  }
  return Buffer.from(bytes);
}

/** `CompressAmount`. */
function compressAmount(amount: bigint): bigint {
  if (amount === 0n) return 0n;
  let [digits, exponent] = [amount, 0n];
  while (digits % 10n === 0n && exponent < 9n) [digits, exponent] = [digits / 10n, exponent + 1n];
  if (exponent === 9n) return 1n + (digits - 1n) * 10n + 9n;
  return 1n + ((digits / 10n) * 9n + (digits % 10n) - 1n) * 10n + exponent;
}

/** `CBlockUndo`: by transaction but the coinbase, the number of its inputs; and what they spend, in order. */
export function undoOf(inputCounts: readonly number[], spent: readonly TestOutput[]): Buffer {
  const rest = [...spent];
  return Buffer.concat([
    compactSize(inputCounts.length),
    ...inputCounts.flatMap((count) => [
      compactSize(count),
      ...rest.splice(0, count).flatMap(({ value, script }) => [
        // Height 100, no coinbase; the byte behind it is a version of old.
        varint(200n),
        Buffer.of(0),
        varint(compressAmount(value)),
        varint(BigInt(script.length + 6)),
        script,
      ]),
    ]),
  ]);
}

/** A record's contents and the parent of the block that it belongs to, as printed. */
export type UndoRecord = { readonly undo: Buffer; readonly parent: string };

/** Writes `revNNNNN.dat`. */
export function writeRevFile(
  folder: string,
  number: number,
  records: readonly UndoRecord[],
  options: { readonly magic: string; readonly key?: Uint8Array },
): void {
  const whole = Buffer.concat([
    ...records.flatMap(({ undo, parent }) => {
      const head = Buffer.from(`${options.magic}00000000`, "hex");
      head.writeUInt32LE(undo.length, 4);
      return [head, undo, hash256(Buffer.concat([Buffer.from(parent, "hex").toReversed(), undo]))];
    }),
    Buffer.alloc(64),
  ]);
  const { key } = options;
  if (key !== undefined) for (let at = 0; at < whole.length; at += 1) whole[at] = (whole[at] ?? 0) ^ (key[at % 8] ?? 0);
  writeFileSync(path.join(folder, `rev${String(number).padStart(5, "0")}.dat`), whole);
}

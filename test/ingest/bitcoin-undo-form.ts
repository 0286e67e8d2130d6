/** Writes rev files and undo data in Bitcoin Core's form, the slow, obvious way. Keys are not compressed. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { compactSize, hash256, type TestOutput } from "../chains/bitcoin/serialize.ts";
import { compressAmount, varint } from "../chains/bitcoin/undo-form.ts";

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

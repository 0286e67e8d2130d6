import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure, isFailure } from "../base/failure.ts";
import { errnoWords } from "./errno.ts";

/**
 * Writes a file whole or not at all: to a new file beside it, then by renaming. Folders on the way are made.
 *
 * @param text - The text, or its pieces, which are asked for as they are written.
 *
 * @throws {Failure} `OUTPUT_UNWRITABLE` with the reason, or what the pieces' making throws; what stood there before is then
 *   untouched.
 */
export async function writeWhole(file: string, text: string | Iterable<string> | AsyncIterable<string>): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    await writeFile(draft, text, { flag: "wx" });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    if (isFailure(error)) throw error;
    throw new Failure(
      "OUTPUT_UNWRITABLE",
      { file, why: errnoWords(error), mend: "choose another file with --out" },
      error,
    );
  }
}

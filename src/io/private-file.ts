import { statSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../base/failure.ts";
import { errnoWords } from "./errno.ts";

/** The text of a file that only its owner may read; undefined where there is none. */
export type PrivateFile = {
  /** The text, read anew where the file changed; looked at once a second at most. */
  readonly text: () => string | undefined;
  readonly write: (text: string) => Promise<void>;
};

const checkMs = 1_000;

/** @throws {Failure} (its methods) `SOURCE_UNREADABLE`, `OUTPUT_UNWRITABLE`. */
export function privateFile(file: string): PrivateFile {
  let checked = -Infinity;
  let stamp = "";
  let known: string | undefined;
  return {
    text: () => {
      const now = performance.now();
      if (now - checked < checkMs) return known;
      const found = stampOf(file);
      if (found !== stamp) known = found === "" ? undefined : readFileSync(file, "utf8");
      [stamp, checked] = [found, now];
      return known;
    },
    write: async (text) => {
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(`${file}.tmp`, text, { mode: 0o600 });
        await rename(`${file}.tmp`, file);
      } catch (error) {
        const mend = "make the folder writable, or choose another with --state";
        throw new Failure("OUTPUT_UNWRITABLE", { file, why: errnoWords(error), mend }, error);
      }
    },
  };
}

/** What changes when a file does; empty where there is none. */
function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new Failure("SOURCE_UNREADABLE", { source: file, why: errnoWords(error), mend: "make it readable" }, error);
  }
}

import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { Failure } from "../../base/failure.ts";
import { OpenRows } from "../../io/row-file.ts";
import { traceFiles, type TraceList } from "./trace-files.ts";

/** What is said of a trace that is not there, or not any more. */
export function notKept(id: string): Failure {
  return new Failure("NOT_FOUND", {
    what: `no trace ${id} is known`,
    mend: "start it; ended ones are kept for a while",
    reason: "no-trace",
  });
}

/**
 * Reads files of a trace, which may be removed at any time: by the server, whose oldest traces go, or by hand.
 *
 * @throws {Failure} `NOT_FOUND` where one is gone, and whatever `read` throws.
 */
export async function whileKept<Result>(
  { id }: { readonly id: string },
  read: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") throw notKept(id);
    throw thrown;
  }
}

/** A file as it is, opened before anything of it is answered: from then on it can be read to its end. */
export async function fileStream(file: string): Promise<Readable> {
  return (await open(file, "r")).createReadStream();
}

/** A text made of lists, opened likewise; they are given in the order of their names. */
export async function rowsStream(
  folder: string,
  lists: readonly TraceList[],
  write: (rows: OpenRows) => AsyncIterable<string>,
): Promise<Readable> {
  const rows = await OpenRows.open(lists.map((list) => traceFiles.list(folder, list)));
  const raw = Readable.from(write(rows));
  raw.once("close", () => void rows.close());
  return raw;
}

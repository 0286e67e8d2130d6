import { Failure } from "../../base/failure.ts";

/** A line is at most this long: what is longer is no list that a person or a program wrote. */
const lineMax = 64 * 1024 * 1024;

/**
 * A file's lines without their ends, in batches as the bytes come. A byte order mark is left out.
 *
 * @throws {Failure} `SOURCE_INVALID` where the file is no UTF-8 text or a line has over 64 MiB.
 */
export async function* linesOf(file: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let count = 0;
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch {
      throw invalid(file, count + 1, "it is not UTF-8 text", "save it as UTF-8");
    }
  };
  for await (const piece of bytes) {
    const lines = (rest + decode(piece)).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > lineMax) throw invalid(file, count + lines.length + 1, "the line is too long", "check the file");
    count += lines.length;
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  const last = withoutReturn(rest + decode());
  if (last !== "") yield [last];
}

/** A whole file as text, where it is small enough. */
export async function textOf(file: string, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > bytesMax) {
      const why = `it is larger than ${bytesMax / 1024 / 1024} MiB, which is the most that is read of this format`;
      throw invalid(file, undefined, why, "split it");
    }
    pieces.push(piece);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces));
  } catch {
    throw invalid(file, undefined, "it is not UTF-8 text", "save it as UTF-8");
  }
}

/** A file that cannot be what it should. */
export function invalid(file: string, line: number | undefined, why: string, mend: string): Failure {
  return new Failure("SOURCE_INVALID", { source: file, where: line === undefined ? "" : `line ${line}`, why, mend });
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

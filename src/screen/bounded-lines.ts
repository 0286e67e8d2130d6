/** A line of a file; `text` is undefined where it is too long or no UTF-8, as `why` says. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly text: undefined; readonly why: string };

/** A line is at most this many bytes: what is longer is no address and what belongs to it. */
export const lineBytesMax = 65_536;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * The lines of a file, in batches as its bytes come, with their numbers from 1. What is wrong with a line is told of that line, and
 * the next ones follow. A byte order mark is left out.
 */
export async function* boundedLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let number = 0;
  let rest: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array): void => {
    // Of a line that is too long no more is kept than shows that it is.
    if (length <= lineBytesMax) rest.push(part.slice());
    length += part.length;
  };
  const end = (): Line => {
    number += 1;
    const isLong = length > lineBytesMax + 1;
    const whole = isLong ? undefined : Buffer.concat(rest);
    [rest, length] = [[], 0];
    if (whole === undefined) return { number, text: undefined, why: `it has over ${lineBytesMax} bytes` };
    const isReturned = whole.at(-1) === carriageReturn;
    try {
      return { number, text: decoder.decode(isReturned ? whole.subarray(0, -1) : whole) };
    } catch {
      return { number, text: undefined, why: "it is not UTF-8 text" };
    }
  };
  for await (const piece of bytes) {
    const found: Line[] = [];
    let from = 0;
    for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, from)) {
      add(piece.subarray(from, at));
      found.push(end());
      from = at + 1;
    }
    if (from < piece.length) add(piece.subarray(from));
    if (found.length > 0) yield found;
  }
  if (length > 0) yield [end()];
}

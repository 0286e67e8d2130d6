/**
 * A list that was pasted into the search box, on its way to the page that screens it. It is kept in memory alone: a pasted
 * list never enters an address, the history or the browser's storage.
 */
let waiting: readonly string[] | undefined;

export function keepPasted(items: readonly string[]): void {
  waiting = items;
}

/** The list that waits, once. */
export function takePasted(): readonly string[] | undefined {
  const items = waiting;
  waiting = undefined;
  return items;
}

/** The lines of a pasted text, without empty ones. */
export function linesOf(text: string): readonly string[] {
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

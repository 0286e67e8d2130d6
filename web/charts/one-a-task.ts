/**
 * Drawings wait for each other: one in each of the browser's tasks, so that what is pressed or typed between them is heard at once.
 */
const waiting: (() => void)[] = [];

/** @returns Takes it back where it is not wanted any more. */
export function inTurn(draw: () => void): () => void {
  waiting.push(draw);
  if (waiting.length === 1) setTimeout(next);
  return () => {
    const place = waiting.indexOf(draw);
    if (place !== -1) waiting.splice(place, 1);
  };
}

function next(): void {
  const draw = waiting.shift();
  // What it throws is reported, and keeps nobody else waiting.
  if (waiting.length > 0) setTimeout(next);
  draw?.();
}

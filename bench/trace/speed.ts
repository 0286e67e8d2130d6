const runs = 3;

/**
 * Prints how many of something are visited in a second, by the clock and by processor time: the median of three warm runs, and the
 * first one.
 *
 * @param visit - Does it, and says how many they were.
 */
export function speedOf(name: string, what: string, visit: () => number): void {
  let visited = 0;
  const action = (): { readonly clock: number; readonly processor: number } => {
    const [begun, before] = [performance.now(), process.cpuUsage()];
    visited = visit();
    const { user, system } = process.cpuUsage(before);
    return { clock: performance.now() - begun, processor: (user + system) / 1_000 };
  };
  const first = action();
  const warm = Array.from({ length: runs }, action);
  const median = (part: "clock" | "processor"): number =>
    warm.map((one) => one[part]).toSorted((left, right) => left - right)[runs >> 1] ?? 0;
  const rate = (ms: number): string => Math.round((visited * 1_000) / ms).toLocaleString("en");
  process.stdout.write(
    `${`${name}, ${visited.toLocaleString("en")} ${what}`.padEnd(56)} ${rate(median("clock")).padStart(10)} a second by ` +
      `the clock, ${rate(median("processor"))} by processor time; the first time ${rate(first.processor)}\n`,
  );
}

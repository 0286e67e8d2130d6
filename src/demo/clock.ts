/**
 * The time of the simulated chains: a block an hour. No theft of the register falls into these days, so that no simulated
 * price ever stands beside a real one.
 */
const first = Date.UTC(2024, 5, 3) / 1_000;
const blockSeconds = 3_600;

/** The last block of both chains. They begin at block 0: of a chain that began later nothing could be said to be clear. */
export const lastHeight = 700;
/** The block of the theft. */
export const theftHeight = 170;

/** Unix seconds of a block. */
export function timeOf(height: number): number {
  return first + height * blockSeconds;
}

/** The days that the chains span, as YYYY-MM-DD. */
export function simulatedDays(): readonly string[] {
  const days: string[] = [];
  for (let time = first; time <= timeOf(lastHeight); time += 86_400) {
    days.push(new Date(time * 1_000).toISOString().slice(0, 10));
  }
  return days;
}

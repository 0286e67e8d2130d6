import { parseUsd, zeroUsd, type Usd } from "../../base/usd.ts";

/** The upper ends of the map's classes, the last one open: a colour means the same sum under every selection. */
const classEnds: readonly { readonly usd: Usd; readonly words: string }[] = [
  { usd: parseUsd("1000000"), words: "under 1" },
  { usd: parseUsd("10000000"), words: "1–10" },
  { usd: parseUsd("50000000"), words: "10–50" },
  { usd: parseUsd("200000000"), words: "50–200" },
  { usd: parseUsd("500000000"), words: "200–500" },
];

/** Each class in words, million dollars. */
export const classWords: readonly string[] = [...classEnds.map(({ words }) => words), "over 500"];

/** A country's colour class, or why it has none: its value is unknown, or it is in the range only. */
export type Shade = "1" | "2" | "3" | "4" | "5" | "6" | "unknown" | "range";

/** The class of a sum. @param unknownValues - How many of its thefts have no known value. */
export function shadeOf({ usd, unknownValues }: { readonly usd: Usd; readonly unknownValues: number }): Shade {
  if (usd > zeroUsd) {
    const below = classEnds.findIndex((end, index) =>
      index === classEnds.length - 1 ? usd <= end.usd : usd < end.usd,
    );
    return String(below === -1 ? classEnds.length + 1 : below + 1) as Shade;
  }
  return unknownValues > 0 ? "unknown" : "range";
}

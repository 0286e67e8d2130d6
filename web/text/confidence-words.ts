import { shell } from "./shell-words.ts";
import type { Text } from "./text.ts";

/** How sure something is. */
export const confidenceTexts: Readonly<Record<string, Text>> = {
  low: shell.confidenceLow,
  medium: shell.confidenceMedium,
  high: shell.confidenceHigh,
  confirmed: shell.confidenceConfirmed,
};

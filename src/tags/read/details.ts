import { isPair } from "./pairs.ts";

/** Details as an export writes them, a JSON list of pairs of texts; any other text is one detail, `context`. */
export function contextDetails(text: string | undefined): readonly (readonly [string, string])[] {
  if (text === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed) && parsed.every(isPair)) return parsed;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
  }
  return [["context", text]];
}

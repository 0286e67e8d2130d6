export const locales = ["en", "ja"] as const;
export type Locale = (typeof locales)[number];

/** The language that a browser asks for first among those there are. */
export function localeOf(languages: readonly string[]): Locale {
  const tag = languages.find((one) => /^(?:en|ja)\b/iu.test(one)) ?? "en";
  return tag.slice(0, 2).toLowerCase() === "ja" ? "ja" : "en";
}

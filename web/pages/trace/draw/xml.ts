/** Text within XML, in content and attributes alike; what XML cannot hold is left out. */
export function xmlText(text: string): string {
  const clean = text.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");
  return clean.replaceAll(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** A number with at most two decimals, always written alike. */
export function num(value: number): string {
  return String(Math.round(value * 100) / 100);
}

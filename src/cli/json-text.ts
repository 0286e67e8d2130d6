/** A value as JSON for scripts: indented, a line break at the end. Amounts are text before they come here. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

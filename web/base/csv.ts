/**
 * A table as CSV by RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers, negative ones
 * too, stay numbers.
 */
export function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
  const guarded = isNumber(text) || !/^[=+\-@\t\r]/u.test(text) ? text : `'${text}`;
  return /[",\r\n]/u.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function isNumber(text: string): boolean {
  return /^-?[0-9]+(?:\.[0-9]+)?$/u.test(text);
}

/** More than these are not taken from one paste: a list is screened one by one. */
export const subjectsMax = 100_000;

/**
 * The subjects in a pasted text: one a line; of CSV the first column; a header, blank lines, quotes and repetitions are left out.
 *
 * @example subjectsIn("address,note\nbc1q…,x\n\nbc1q…,y") // => ["bc1q…"]
 */
export function subjectsIn(text: string): readonly string[] {
  const found = new Set<string>();
  for (const line of text.replace(/^\uFEFF/u, "").split(/\r?\n/u)) {
    const subject = (line.split(/[,;\t]/u, 1)[0] ?? "").replaceAll(/["'\s]/gu, "");
    if (subject === "" || /^(?:address|tx|txid|transaction|subject)$/iu.test(subject)) continue;
    found.add(subject);
    if (found.size >= subjectsMax) break;
  }
  return [...found];
}

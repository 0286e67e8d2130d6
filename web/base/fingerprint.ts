/** A short name of a text, of at most 24 characters: who must be sure compares the texts themselves. */
export function fingerprint(text: string): string {
  let [high, low] = [0x81_1c_9d_c5, 0x01_00_01_93];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01_00_01_93) >>> 0;
    low = (Math.imul(low, 31) + code) >>> 0;
  }
  return `${high.toString(16)}${low.toString(16)}-${text.length}`;
}

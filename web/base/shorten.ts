/** Identifiers shortened for reading; the whole is always there on focus and in copies. */

/** Both ends of an address: its prefix and four letters, or as many more as `grow` says. @example "0x1234…abcd", "bc1q12…ab12cd" */
export function shortAddress(address: string, grow = 0): string {
  const head = /^(?:0x|bc1q|bc1p|tb1q|tb1p|ltc1q?|cosmos1|addr1)/u.exec(address)?.[0] ?? "";
  const isBech32 = /1[qp]?$/u.test(head);
  const [left, right] = head === "" ? [6, 4] : isBech32 ? [head.length + 2, 6] : [head.length + 4, 4];
  return middle(address, left + grow, right + grow);
}

/** The first eight letters of a transaction's id. @example "12345678…" */
export function shortTxid(txid: string): string {
  const head = txid.startsWith("0x") ? 10 : 8;
  return txid.length <= head + 4 ? txid : `${txid.slice(0, head)}…`;
}

/**
 * All addresses of one view, shortened so that no two look alike: those that would both grow until they differ.
 *
 * @returns For each its short form, and whether another one shortens alike. Cost: linear, times the growth.
 */
export function shortenAll(addresses: readonly string[]): ReadonlyMap<string, Shortened> {
  const all = new Map<string, Shortened>();
  let group: readonly string[] = [...new Set(addresses)];
  for (let grow = 0; group.length > 0; grow += 2) {
    const byShort = Map.groupBy(group, (address) => shortAddress(address, grow));
    for (const [text, alike] of byShort) {
      if (alike.length === 1 && alike[0] !== undefined) all.set(alike[0], { text, lookAlike: grow > 0 });
    }
    group = [...byShort.values()].filter((alike) => alike.length > 1).flat();
  }
  return all;
}

export type Shortened = { readonly text: string; readonly lookAlike: boolean };

function middle(text: string, left: number, right: number): string {
  return text.length <= left + right + 2 ? text : `${text.slice(0, left)}…${text.slice(-right)}`;
}

import { Failure } from "../base/failure.ts";

/**
 * The row that a cursor names; the first where there is none.
 *
 * @throws {Failure} `REQUEST_INVALID` for what no page gave.
 */
export function rowOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^[0-9a-z]{1,10}$/u.test(cursor)) return Number.parseInt(cursor, 36);
  throw new Failure("REQUEST_INVALID", {
    where: "query/cursor",
    why: "is no cursor of this list",
    mend: "give the `next` of the page before, or leave it out",
  });
}

export function cursorOf(row: number): string {
  return row.toString(36);
}

/** One page of a list that is in memory. */
export function pageOf<One>(
  all: readonly One[],
  { cursor, limit = 100 }: { readonly cursor?: string; readonly limit?: number },
): { readonly page: readonly One[]; readonly next: string | null } {
  const from = rowOf(cursor);
  const end = from + limit;
  return { page: all.slice(from, end), next: end < all.length ? cursorOf(end) : null };
}

/**
 * Whether `If-None-Match` names what is there, so that it need not be sent again: by its ETag, or by `*`, which is any.
 *
 * @param etag - Strong; undefined: it has none, and only `*` names it.
 */
export function namesWhatIsThere(header: string | undefined, etag: string | undefined): boolean {
  if (header === undefined) return false;
  if (namesAnything(header)) return true;
  return etag !== undefined && header.split(",").some((one) => one.trim().replace(/^W\//u, "") === etag);
}

/** Whether it is `*`: then something must be known to be there first. */
export function namesAnything(header: string | undefined): boolean {
  return header?.trim() === "*";
}

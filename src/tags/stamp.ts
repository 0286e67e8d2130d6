import { createHash } from "node:crypto";
import type { StoreSnapshot } from "../store/page-store.ts";
import { manifestKey, allRemarks } from "./keys.ts";

/** What is the same only while all of a ledger's tags and remarks are. Cost: the remarks. */
export function tagsStamp(snapshot: Pick<StoreSnapshot, "get" | "range">): string {
  const hash = createHash("sha256").update(snapshot.get(manifestKey) ?? new Uint8Array(0));
  for (const { key, value } of snapshot.range(allRemarks)) hash.update(key).update(value);
  return hash.digest("hex");
}

import type { Register } from "../../incidents/register.ts";
import { chainAsOf } from "../../ledger/as-of.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { RuleSet } from "../../screen/rules.ts";
import type { Screener } from "../../screen/screener.ts";
import type { LedgerView } from "../ledger-view.ts";
import type { RecordedTip } from "./records.ts";

/** What records are run again on. */
export type RerunParts = {
  readonly view: LedgerView;
  readonly screener: Screener;
  readonly register: Register;
  readonly rules: RuleSet;
  readonly software: string;
  /** The server's folder, where what it answered may still be kept. */
  readonly state: string;
};

/** A chain at the block as of which a record was answered, or why it cannot be had. */
export type Then =
  | { readonly kind: "found"; readonly now: ChainReader; readonly reader: ChainReader }
  | { readonly kind: "none"; readonly why: string };

/** Finds the block of a record in the ledger of now. */
export function chainThen({ chains }: LedgerView, chain: string, tip: RecordedTip): Then {
  const now = chains.find((one) => one.chain.id === chain);
  if (now === undefined) return { kind: "none", why: `this ledger does not hold ${chain}` };
  const last = now.state.tip;
  if (tip === null || last === undefined) {
    if (tip === null && last === undefined) return { kind: "found", now, reader: now };
    const why = tip === null ? "the chain had no block then" : "this ledger has no block of it";
    return { kind: "none", why: `${why}: that cannot be gone back to` };
  }
  if (tip.height > last.height) {
    const why = `it was answered as of block ${tip.height}, and this ledger ends at ${last.height}: ingest further`;
    return { kind: "none", why };
  }
  const reader = chainAsOf(now, tip.height);
  const hash = reader?.state.tip?.hash ?? null;
  if (reader === undefined || !isSame(hash, tip.hash)) {
    return {
      kind: "none",
      why: `block ${tip.height}${tip.hash === null ? "" : ` (${tip.hash})`} is not in this ledger: it was replaced`,
    };
  }
  return { kind: "found", now, reader };
}

/** Sources write hashes with or without 0x; where one is not known, the height is all there is. */
function isSame(one: string | null, other: string | null): boolean {
  const plain = (hash: string): string => hash.toLowerCase().replace(/^0x/u, "");
  return one === null || other === null || plain(one) === plain(other);
}

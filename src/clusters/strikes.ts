import { Failure } from "../base/failure.ts";
import { clustersKey } from "../ledger/keys.ts";
import { openPage, sealPage } from "../ledger/page.ts";
import type { Change, StoreSnapshot } from "../store/page-store.ts";

/**
 * A recorded decision that something links nothing: a rule, all that a rule made of a transaction, or what it made of two
 * owners there. Of a CoinJoin detector: that the transaction is none.
 */
export type Strike = {
  /** From 1; never given twice. */
  readonly number: number;
  readonly rule: string;
  /** A transaction's id as the chain prints it; undefined for the whole rule. */
  readonly transaction: string | undefined;
  /** Two addresses, in ascending order; undefined for all owners. */
  readonly between: readonly [string, string] | undefined;
  readonly by: string;
  readonly why: string;
  /** Unix seconds. */
  readonly time: number;
  /** Who took it back and why; undefined while it stands. */
  readonly withdrawn: { readonly by: string; readonly why: string; readonly time: number } | undefined;
};

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** All strikes of a chain, the oldest first, also withdrawn ones. */
export function readStrikes(snapshot: StoreSnapshot, chain: number): readonly Strike[] {
  const stored = snapshot.get(clustersKey(chain, "strikes"));
  if (stored === undefined) return [];
  const what = `the strikes of chain ${chain}`;
  try {
    return (JSON.parse(fromUtf8.decode(openPage(stored, what))) as readonly Strike[]).map((strike) => ({
      ...strike,
      transaction: strike.transaction,
      between: strike.between,
      withdrawn: strike.withdrawn,
    }));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new Failure("LEDGER_DAMAGED", { what, why: "it is no JSON" }, thrown);
    throw thrown;
  }
}

export function writeStrikes(chain: number, strikes: readonly Strike[]): Change {
  return { key: clustersKey(chain, "strikes"), value: sealPage(utf8.encode(JSON.stringify(strikes))) };
}

/** The strikes that stand. */
export function standing(strikes: readonly Strike[]): readonly Strike[] {
  return strikes.filter(({ withdrawn }) => withdrawn === undefined);
}

/** A text that two sets of strikes share only where they strike out the same. */
export function strikesText(strikes: readonly Strike[]): string {
  const texts = standing(strikes).map(({ rule, transaction, between }) => JSON.stringify([rule, transaction, between]));
  return [...new Set(texts)].toSorted().join("\n");
}

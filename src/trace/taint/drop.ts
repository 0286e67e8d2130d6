import type { ChainId } from "../../base/caip.ts";
import { chainOf } from "../../clusters/chain-of.ts";
import { taintKey } from "../../ledger/keys.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import type { PageStore } from "../../store/page-store.ts";
import { RenewedChain } from "./renewed-chain.ts";
import { dropTaint } from "./sweep.ts";

/** Whether a chain has a taint index, of whatever format. */
export function hasTaint({ snapshot, number }: ChainReader): boolean {
  return snapshot.get(taintKey(number, "state")) !== undefined;
}

/** Removes a chain's taint index; whether there was one. The writer's lock must be held. */
export async function dropTaintOf(store: PageStore, id: ChainId, folder: string): Promise<boolean> {
  const ledger = new LedgerReader(store, folder);
  let chain: RenewedChain;
  try {
    const reader = chainOf(ledger, id, folder);
    if (!hasTaint(reader)) return false;
    chain = new RenewedChain(store, reader);
  } finally {
    ledger.close();
  }
  await dropTaint(chain);
  chain.close();
  return true;
}

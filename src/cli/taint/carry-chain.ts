import type { KnownChain } from "../../base/chains.ts";
import { groupDigits } from "../../base/usd.ts";
import type { Register } from "../../incidents/register.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { PageStore } from "../../store/page-store.ts";
import { openTagReader } from "../../tags/open-tag-reader.ts";
import { priceRule } from "../../trace/price-rule.ts";
import { carryTaint, taintPolicies, type TaintCarried } from "../../trace/taint/carry.ts";
import { ledgerBasis, type TaintBasis } from "../../trace/taint/standing.ts";
import { progressLine } from "../progress.ts";
import type { Terminal } from "../terminal.ts";

/** What the index of a chain rests on beside the ledger, by a register and the ledger's own tags. */
export function taintBasis(reader: ChainReader, register: Register, folder: string): TaintBasis {
  return ledgerBasis(reader, register, openTagReader(reader.snapshot, register.actors, folder));
}

/** Carries a chain's taint index forward, and says how far it is after the first second, where a terminal is given. */
export async function carryChain(
  store: PageStore,
  chain: KnownChain,
  by: { readonly folder: string; readonly register: Register; readonly terminal: Terminal | undefined },
): Promise<TaintCarried> {
  const { folder, register, terminal } = by;
  const progress = terminal === undefined ? undefined : progressLine(terminal);
  try {
    return await carryTaint(store, {
      folder,
      chain: chain.id,
      policies: taintPolicies,
      basis: (reader) => taintBasis(reader, register, folder),
      price: priceRule(register.prices),
      onProgress: ({ strand, strands, height, records }) => {
        const part = strands === 0 ? undefined : strand / strands;
        const which = strands === 0 ? "" : `trace ${strand + 1} of ${strands}, `;
        progress?.show(
          records,
          part,
          (rate, left) =>
            `taint on ${chain.alias}: ${which}block ${height}, ${groupDigits(String(records))} receipts (${rate})${left}`,
        );
      },
    });
  } finally {
    progress?.end();
  }
}

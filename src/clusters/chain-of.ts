import type { ChainId } from "../base/caip.ts";
import { Failure } from "../base/failure.ts";
import type { ChainReader, LedgerReader } from "../ledger/reader.ts";

/**
 * A chain of a ledger.
 *
 * @throws {Failure} `UNKNOWN_NAME` where the ledger does not hold it.
 */
export function chainOf(ledger: LedgerReader, id: ChainId, folder: string): ChainReader {
  const found = ledger.chains.find(({ chain }) => chain.id === id);
  if (found !== undefined) return found;
  const known = ledger.chains.map(({ chain }) => chain.alias).join(", ");
  const mend = known === "" ? "it holds no chain yet: fundtrail help ingest" : `it holds ${known}`;
  throw new Failure("UNKNOWN_NAME", { kind: "chain of the ledger", name: id, where: folder, mend });
}

import type { KnownChain } from "../../base/chains.ts";
import { isFailure } from "../../base/failure.ts";
import { LedgerReader } from "../../ledger/reader.ts";
import type { PageStore } from "../../store/page-store.ts";
import { hasTaint, type TaintCarried } from "../../trace/taint/carry.ts";
import { loadValidRegister } from "../register.ts";
import type { Terminal } from "../terminal.ts";
import { carryChain } from "./carry-chain.ts";

/** Does what brings blocks in, then carries the chain's taint index over them. */
export type CarriedAlong = <Result>(
  work: () => Promise<Result>,
  done: () => void,
) => Promise<{ readonly result: Result; readonly taint: TaintCarried | undefined }>;

/**
 * How a chain's taint index goes on with an ingest; where it has none, nothing is carried. A register that cannot be read is told
 * here, before hours of work.
 *
 * @throws {Failure} `REGISTER_UNREADABLE`, `REGISTER_INVALID`.
 */
export async function carriedAlong(
  store: PageStore,
  chain: KnownChain,
  by: { readonly folder: string; readonly registers: readonly string[]; readonly terminal: Terminal },
): Promise<CarriedAlong> {
  const { folder, terminal } = by;
  const register = isCarried(store, chain, folder) ? await loadValidRegister(by.registers) : undefined;
  const carry = async (): Promise<TaintCarried | undefined> =>
    register === undefined ? undefined : carryChain(store, chain, { folder, register, terminal });
  return async (work, done) => {
    try {
      const result = await work();
      done();
      return { result, taint: await carry() };
    } catch (thrown) {
      done();
      // What came before a fault of the source is in the ledger, and screening goes by it.
      if (isFailure(thrown) && thrown.code.startsWith("SOURCE_")) await carry();
      throw thrown;
    }
  };
}

/** Whether a chain of a ledger has a taint index. */
function isCarried(store: PageStore, chain: KnownChain, folder: string): boolean {
  const ledger = new LedgerReader(store, folder);
  try {
    const reader = ledger.chains.find((one) => one.chain.id === chain.id);
    return reader !== undefined && hasTaint(reader);
  } finally {
    ledger.close();
  }
}

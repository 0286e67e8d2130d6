import type { KnownChain } from "../../base/chains.ts";
import { isFailure } from "../../base/failure.ts";
import { LedgerReader } from "../../ledger/reader.ts";
import type { PageStore } from "../../store/page-store.ts";
import type { TaintCarried } from "../../trace/taint/carry.ts";
import { hasTaint } from "../../trace/taint/drop.ts";
import { loadValidRegister } from "../register.ts";
import type { Terminal } from "../terminal.ts";
import { carryChain } from "./carry-chain.ts";

/**
 * Does what brings blocks in, and carries the chain's taint index over them: after each commit, for which `onCommit` is called, and
 * when all is in.
 */
export type CarriedAlong = <Result>(
  work: (onCommit: () => Promise<void>) => Promise<Result>,
  done: () => void,
) => Promise<{ readonly result: Result; readonly taint: TaintCarried | undefined }>;

/**
 * How a chain's taint index goes on with an ingest; where it has none, nothing is carried. A register that cannot be read is told
 * here, before hours of work.
 *
 * The index is never further behind than the ledger's last commit: who screens meanwhile, and a run that is killed, have all but what
 * came since. An index that cannot be carried does not keep blocks from coming in: that is told when all are.
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
  const parts: TaintCarried[] = [];
  const carry = async (showing: "progress" | "nothing"): Promise<void> => {
    if (register === undefined) return;
    parts.push(
      await carryChain(store, chain, { folder, register, terminal: showing === "progress" ? terminal : undefined }),
    );
  };
  let isDamaged = false;
  const onCommit = async (): Promise<void> => {
    if (isDamaged) return;
    try {
      await carry("nothing");
    } catch (thrown) {
      if (!isFailure(thrown, "TAINT_DAMAGED")) throw thrown;
      isDamaged = true;
    }
  };
  return async (work, done) => {
    try {
      const result = await work(onCommit);
      done();
      await carry("progress");
      return { result, taint: inAll(parts) };
    } catch (thrown) {
      done();
      // What came before a fault of the source is in the ledger, and screening goes by it.
      if (isFailure(thrown) && thrown.code.startsWith("SOURCE_")) await carry("progress");
      throw thrown;
    }
  };
}

/** What several runs did, one after the other; undefined where there was none. */
function inAll(parts: readonly TaintCarried[]): TaintCarried | undefined {
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  const sum = (name: "walked" | "undone" | "blocks"): number => parts.reduce((total, one) => total + one[name], 0);
  const [walked, strands] = [sum("walked"), last.walked + last.kept];
  return { ...last, walked, kept: Math.max(0, strands - walked), undone: sum("undone"), blocks: sum("blocks") };
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

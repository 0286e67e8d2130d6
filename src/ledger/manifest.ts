import { parseChainId, type ChainId } from "../base/caip.ts";
import { Failure } from "../base/failure.ts";
import type { Change, PageSource } from "../store/page-store.ts";
import type { Run } from "./index/run.ts";
import { directoryKey, manifestKey, type IndexName, type TableName } from "./keys.ts";
import { openPage, sealPage } from "./page.ts";

/** The version of everything that a ledger's store holds. Raised with each change of a table, an index or a key. */
export const ledgerFormat = 3;

export type Model = "utxo" | "account";

/** The chains of a ledger, by number. */
export type Directory = {
  readonly format: number;
  readonly chains: readonly DirectoryEntry[];
};

export type DirectoryEntry = {
  readonly number: number;
  readonly id: ChainId;
  readonly model: Model;
  /** Its blocks were ingested as made-up data, for trying things out. Never taken back. */
  readonly simulated?: true;
};

/**
 * The state of a chain at a block: how many records each table has, and which runs make up each index. Tables only grow
 * and runs never change, so an older state needs no more than its numbers to be read again: that is how a
 * reorganisation is rolled back.
 */
export type ChainState = {
  readonly tip: Tip | undefined;
  readonly counts: Readonly<Partial<Record<TableName, number>>>;
  readonly runs: Readonly<Partial<Record<IndexName, readonly Run[]>>>;
  /** What the source needs to go on after this state; its own text. */
  readonly cursor: string;
  /** Blocks without what moved inside transactions. */
  readonly internalUnknown: number;
};

export type Tip = { readonly height: number; readonly hash: string | undefined; readonly time: number };

export type Manifest = {
  readonly state: ChainState;
  /** Earlier states, the newest first, as far back as a reorganisation may reach. */
  readonly earlier: readonly ChainState[];
  /** The number that the next run of any index gets. */
  readonly nextRun: number;
  /** Runs that no kept state needs any more are removed by the next commit; these are still needed by an earlier one. */
  readonly retired: readonly { readonly index: IndexName; readonly run: Run }[];
};

export const emptyState: ChainState = { tip: undefined, counts: {}, runs: {}, cursor: "", internalUnknown: 0 };
export const emptyManifest: Manifest = { state: emptyState, earlier: [], nextRun: 1, retired: [] };

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/**
 * The chains of a ledger.
 *
 * @param folder - Where the ledger is, for messages.
 * @throws {Failure} `LEDGER_FORMAT` where another version wrote it, `LEDGER_DAMAGED`.
 */
export function readDirectory(pages: PageSource, folder: string): Directory {
  const stored = pages.get(directoryKey);
  if (stored === undefined) return { format: ledgerFormat, chains: [] };
  const directory = readJson(stored, "the list of chains") as Directory;
  if (directory.format !== ledgerFormat) {
    const mend =
      directory.format > ledgerFormat
        ? "use the newer Fundtrail that wrote it"
        : "ingest it anew, or use the older Fundtrail that wrote it";
    const [found, known] = [String(directory.format), String(ledgerFormat)];
    throw new Failure("LEDGER_FORMAT", { folder, found, known, mend });
  }
  return { ...directory, chains: directory.chains.map((chain) => ({ ...chain, id: parseChainId(chain.id) })) };
}

export function writeDirectory(directory: Directory): Change {
  return { key: directoryKey, value: sealPage(utf8.encode(JSON.stringify(directory))) };
}

/** A chain's manifest; the empty one where nothing has been committed. */
export function readManifest(pages: PageSource, chain: number): Manifest {
  const stored = pages.get(manifestKey(chain));
  return stored === undefined ? emptyManifest : (readJson(stored, `the manifest of chain ${chain}`) as Manifest);
}

export function writeManifest(chain: number, manifest: Manifest): Change {
  return { key: manifestKey(chain), value: sealPage(utf8.encode(JSON.stringify(manifest))) };
}

function readJson(stored: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(fromUtf8.decode(openPage(stored, what)));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new Failure("LEDGER_DAMAGED", { what, why: "it is no JSON" }, thrown);
    throw thrown;
  }
}

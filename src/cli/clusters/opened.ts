import { chain as knownChain, type KnownChain } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import { parseAddress } from "../../chains/address.ts";
import { chainOf } from "../../clusters/chain-of.ts";
import { ClustersReader } from "../../clusters/clusters-reader.ts";
import { ownerIfAny } from "../../clusters/owners.ts";
import { LedgerReader, type ChainReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { openTagReader } from "../../tags/open-tag-reader.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { required, type Arguments } from "../arguments.ts";
import { loadRegister } from "../register.ts";

/** A ledger opened for reading, with what clusters need beside it. */
export type OpenedLedger = {
  readonly folder: string;
  readonly ledger: LedgerReader;
  readonly tags: TagReader | undefined;
};

/** An owner whom a command line names. */
export type NamedOwner = { readonly reader: ChainReader; readonly owner: number; readonly address: string };

/** Opens the ledger that `--ledger` names, for as long as it is used. */
export async function withLedger<Result>(
  options: Arguments,
  use: (opened: OpenedLedger) => Result | Promise<Result>,
): Promise<Result> {
  const folder = required(options, "ledger", "DIR");
  const store = openLmdbStore(folder, { mode: "read" });
  try {
    const ledger = new LedgerReader(store, folder);
    try {
      return await use({ folder, ledger, tags: await tagsOf(ledger, folder) });
    } finally {
      ledger.close();
    }
  } finally {
    await store.close();
  }
}

/** The tags of a ledger, with the register's actors; undefined for a ledger without chains. */
async function tagsOf(ledger: LedgerReader, folder: string): Promise<TagReader | undefined> {
  const snapshot = ledger.chains[0]?.snapshot;
  if (snapshot === undefined) return undefined;
  const { actors } = await loadRegister([]);
  return openTagReader(snapshot, actors, folder);
}

/**
 * The chain that `--chain` names, or the ledger's only one.
 *
 * @throws {Failure} `UNKNOWN_NAME` where the ledger does not hold it, `USAGE` where it holds several and none is named.
 */
export function chosenChain(ledger: LedgerReader, options: Arguments, folder: string): ChainReader {
  const text = options.text("chain");
  if (text !== undefined) return chainOf(ledger, knownChain(text).id, folder);
  const [first, second] = ledger.chains;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) {
    throw new Failure("USAGE", { what: `${folder} holds no chain yet`, mend: "see fundtrail help ingest" });
  }
  const known = ledger.chains.map(({ chain }) => chain.alias).join(", ");
  throw new Failure("USAGE", { what: `${folder} holds several chains`, mend: `give --chain, one of ${known}` });
}

/** The clusters of a chain. @throws {Failure} `CLUSTERS_UNBUILT`. */
export function clustersOf(reader: ChainReader, folder: string): ClustersReader {
  const opened = ClustersReader.open(reader);
  if (opened instanceof ClustersReader) return opened;
  const why = opened === "none" ? "none have been built" : "they are older than a reorganisation or this version";
  throw new Failure("CLUSTERS_UNBUILT", { chain: reader.chain.alias, folder, why });
}

/**
 * The owner whom an address names: on the chain that `--chain` names, the only one, or the one on which it is found.
 *
 * @throws {Failure} `INVALID_VALUE` for a text that is no address, `UNKNOWN_NAME` for one that the ledger has not seen,
 *   `USAGE` where several chains have it.
 */
export function namedOwner(opened: OpenedLedger, options: Arguments, address: string): NamedOwner {
  const { ledger, folder } = opened;
  const isChosen = options.text("chain") !== undefined || ledger.chains.length < 2;
  const readers = isChosen ? [chosenChain(ledger, options, folder)] : ledger.chains;
  const found = readers.flatMap((reader): readonly NamedOwner[] => {
    const owner = ownerIfAny(reader, address);
    return owner === undefined ? [] : [{ reader, owner, address }];
  });
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only;
  if (other !== undefined) {
    const known = found.map(({ reader }) => reader.chain.alias).join(", ");
    throw new Failure("USAGE", { what: `several chains have ${address}`, mend: `give --chain, one of ${known}` });
  }
  if (isChosen) requireAddress(readers[0]?.chain, address);
  const where = readers.map(({ chain }) => chain.alias).join(", ");
  const mend = "check it, or ingest the blocks in which it appears";
  throw new Failure("UNKNOWN_NAME", { kind: "address", name: address, where: `${folder} (${where})`, mend });
}

/** A text that is no address at all is named as such. */
function requireAddress(chain: KnownChain | undefined, address: string): void {
  if (chain === undefined || /^(?:multisig|script):[0-9a-f]{64}$/u.test(address)) return;
  parseAddress(chain, address);
}

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { open, type RootDatabase } from "lmdb";
import { assert } from "../base/assert.ts";
import { Failure } from "../base/failure.ts";
import { assertChanges } from "./key-rules.ts";
import { commitFailure, openFailure, readFailure, unreadable } from "./lmdb-failures.ts";
import { whyUnsound } from "./lmdb-file.ts";
import { lmdbSnapshot } from "./lmdb-snapshot.ts";
import type { Change, PageStore, StoreSnapshot } from "./page-store.ts";

export type LmdbMode = "read" | "write";

/**
 * How LMDB is used, and why.
 *
 * A commit that has resolved is on the disk: `overlappingSync` off means that LMDB writes the new pages, waits for the disk
 * (`fdatasync`), writes the 144 bytes that refer to them through a descriptor that waits too (`O_DSYNC`), and only then
 * shows them to readers. With it on, readers would see what a loss of power can take back.
 */
const settings = {
  // A folder whose name has a dot in it would be taken for a file.
  noSubdir: false,
  keyEncoding: "binary",
  encoding: "binary",
  cache: false,
  maxDbs: 1,
  overlappingSync: false,
  // The page of most systems: a page that changes is copied whole, and a longer one is read whole for a short value. Values
  // over 2 kB have pages of their own; they sit best where they are a little under a multiple of it (24 bytes are LMDB's).
  pageSize: 4096,
  // Room in the address space, not on the disk: one map for the life of the process, which no reader has to renew. LMDB
  // enlarges it where a store outgrows it.
  mapSize: 2 ** 40,
  // Unused bytes of a page are zeros, never what the process had in memory before.
  noMemInit: false,
  // One for each state that a process has a snapshot of.
  maxReaders: 1022,
} as const;

/** After so many commits the places of readers that were killed are freed, so that they do not hold old pages. */
const commitsBetweenReaderChecks = 100;

/** LMDB has one environment for a file and a process, with the mode of who opened it first. */
const openFolders = new Map<string, { readonly mode: LmdbMode; readonly count: number }>();

/**
 * The store in a folder of its own (`data.mdb`, `lock.mdb`), by LMDB.
 *
 * Any number of processes read beside one that writes; a reader is never blocked and blocks nobody, but it writes its place
 * into `lock.mdb`. A second process that writes breaks nothing: each commit waits for the other's, and its event loop with
 * it. A commit blocks the event loop until the disk has it. Closing releases all snapshots. Within one process a folder is
 * opened for writing first, then for reading. The folder must be on a local disk, and goes with its processor's byte order.
 *
 * @throws {Failure} `STORE_UNREADABLE` where the folder is missing (reading), holds other files, may not be used, or is
 *   damaged, as far as its headers show; {@link whyUnsound} looks at every page. `STORE_FULL` where it cannot be made.
 */
export function openLmdbStore(folder: string, { mode }: { readonly mode: LmdbMode }): PageStore {
  const place = mode === "read" ? existing(folder) : made(folder);
  const shared = openFolders.get(place);
  assert(shared?.mode !== "read" || mode === "read", `store: ${folder} is open for reading in this process already`);
  // What was read stays mapped into the process, up to the size of the file, until the map is made anew.
  let db = openDatabase(folder, place, mode);
  let read = 0;
  openFolders.set(place, { mode: shared?.mode ?? mode, count: (shared?.count ?? 0) + 1 });

  const snapshots = new Set<StoreSnapshot>();
  let isOpen = true;
  let commits = 0;
  return {
    snapshot() {
      assert(isOpen, "store: a snapshot of a closed store");
      const snapshot = taken(folder, () =>
        lmdbSnapshot(db, {
          refused: (thrown) => readFailure(folder, thrown),
          released: () => void snapshots.delete(snapshot),
          read: (bytes) => void (read += bytes),
        }),
      );
      snapshots.add(snapshot);
      return snapshot;
    },
    async commit(changes) {
      assert(isOpen, "store: a commit to a closed store");
      if (mode === "read") throw new Failure("STORE_READ_ONLY", { folder });
      assertChanges(changes);
      commits += 1;
      if (commits % commitsBetweenReaderChecks === 0) db.readerCheck();
      apply(db, folder, changes);
    },
    async trim() {
      assert(isOpen, "store: a closed store");
      if (read === 0 || snapshots.size > 0) return;
      await db.close();
      db = openDatabase(folder, place, mode);
      read = 0;
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      for (const snapshot of snapshots) snapshot.release();
      await db.close();
      const { mode: first, count } = openFolders.get(place) ?? { mode, count: 1 };
      if (count === 1) openFolders.delete(place);
      else openFolders.set(place, { mode: first, count: count - 1 });
    },
  };
}

/**
 * One transaction, in this thread. The package's own thread for writing is not used: where its commit fails it rejects a
 * promise that nobody can catch, and goes on with the rest of the changes.
 */
function apply(db: RootDatabase<Buffer, Uint8Array>, folder: string, changes: readonly Change[]): void {
  try {
    db.transactionSync(() => {
      for (const { key, value } of changes) {
        if (value === undefined) db.removeSync(key);
        else db.putSync(key, value as Buffer);
      }
    });
  } catch (error) {
    const bytes = changes.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0);
    throw commitFailure(folder, bytes, error);
  }
}

function taken(folder: string, take: () => StoreSnapshot): StoreSnapshot {
  try {
    return take();
  } catch (error) {
    throw openFailure(folder, error);
  }
}

/** A folder that holds a store; by its real path, since LMDB knows it by that. */
function existing(folder: string): string {
  const files = list(folder);
  if (files === undefined) throw unreadable(folder, "does not exist", "name the folder of a ledger, or ingest into it");
  if (!files.includes("data.mdb")) {
    const why = files.length === 0 ? "is empty" : "holds no ledger";
    throw unreadable(folder, why, "name the folder of a ledger, or ingest into it");
  }
  return sound(folder);
}

/** A folder that holds a store, or an empty one, made where it is missing. */
function made(folder: string): string {
  const files = list(folder);
  if (files?.includes("data.mdb") === true) return sound(folder);
  const others = files?.filter((file) => file !== "lock.mdb" && !file.startsWith(".") && file !== "lost+found") ?? [];
  if (others.length > 0) throw unreadable(folder, `holds other files (${others[0]})`, "name an empty or a new folder");
  try {
    mkdirSync(folder, { recursive: true });
    return realpathSync(folder);
  } catch (error) {
    throw openFailure(folder, error);
  }
}

function list(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw openFailure(folder, error);
  }
}

function sound(folder: string): string {
  let why: string | undefined;
  try {
    why = whyUnsound(path.join(folder, "data.mdb"), "roots");
  } catch (error) {
    throw openFailure(folder, error);
  }
  if (why !== undefined) throw unreadable(folder, why, "restore a copy of the folder, or ingest into a new one");
  return realpathSync(folder);
}

function openDatabase(folder: string, place: string, mode: LmdbMode): RootDatabase<Buffer, Uint8Array> {
  const isNew = mode === "write" && !existsSync(path.join(place, "data.mdb"));
  try {
    const db = open<Buffer, Uint8Array>({ ...settings, path: place, readOnly: mode === "read" });
    // LMDB waits for what is in its file, never for the file's name.
    if (isNew) [path.join(place, "data.mdb"), place, path.dirname(place)].forEach(flush);
    return db;
  } catch (error) {
    throw openFailure(folder, error);
  }
}

function flush(name: string): void {
  // Windows flushes names by itself, and opens no folders.
  if (process.platform === "win32") return;
  const fd = openSync(name, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

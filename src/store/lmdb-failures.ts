/** What LMDB and the file system refuse, as failures that say what to do. */
import { closeSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { Failure } from "../base/failure.ts";

const { EACCES, EAGAIN, EFBIG, EDQUOT, ENOSPC, ENOTDIR, EPERM, EROFS } = constants.errno;
/** `MDB_READERS_FULL` of `lmdb.h`. */
const readersFull = -30_790;

/** A folder that cannot be opened, or a snapshot that cannot be taken. */
export function unreadable(folder: string, why: string, mend: string, cause?: unknown): Failure {
  return new Failure("STORE_UNREADABLE", { folder, why, mend }, cause);
}

/** Why a folder could not be opened or made: `thrown` is of `node:fs` or of LMDB. */
export function openFailure(folder: string, thrown: unknown): Failure {
  const number = errorNumber(thrown);
  switch (number) {
    case ENOSPC:
    case EDQUOT:
      return new Failure("STORE_FULL", { folder }, thrown);
    case EACCES:
    case EPERM:
    case EROFS:
      return unreadable(
        folder,
        "access is not allowed",
        "let this user read data.mdb and write lock.mdb (readers too)",
        thrown,
      );
    case ENOTDIR:
      return unreadable(folder, "is not a folder", "name the ledger's folder", thrown);
    case EAGAIN:
    case readersFull:
      return unreadable(folder, "too many readers have it open", "end some of them", thrown);
    default:
      return unreadable(folder, `cannot be opened: ${words(thrown)}`, "check the disk", thrown);
  }
}

/** Why an entry could not be read: LMDB has found a page that it cannot use. */
export function readFailure(folder: string, thrown: unknown): Failure {
  const why = `is damaged: ${words(thrown)}`;
  return unreadable(folder, why, "restore a copy of the folder, or ingest into a new one", thrown);
}

/**
 * Why a commit was refused; nothing of it is kept, since LMDB refers to new pages last.
 *
 * A write that the system cuts short is an I/O error to LMDB whatever the reason, so whether the disk is full is tried.
 *
 * @param bytes - How many the commit wrote, about.
 */
export function commitFailure(folder: string, bytes: number, thrown: unknown): Failure {
  const number = errorNumber(thrown);
  const isFull = number === ENOSPC || number === EDQUOT || number === EFBIG || !hasRoom(folder, bytes);
  if (isFull) return new Failure("STORE_FULL", { folder }, thrown);
  const why = `a commit was refused: ${words(thrown)}`;
  return unreadable(folder, why, "nothing of it was kept; check the disk", thrown);
}

/** LMDB's words, without what it did last, which it adds even where that was long ago. */
function words(thrown: unknown): string {
  return (thrown as Error).message.replace(/: Attempting to .*$/u, "");
}

function errorNumber(thrown: unknown): number | undefined {
  const { code, errno } = thrown as { readonly code?: unknown; readonly errno?: unknown };
  if (typeof code === "number") return code;
  return typeof errno === "number" ? -errno : undefined;
}

/** Whether a file of the store's size could grow by so many bytes; free space alone knows nothing of quotas and limits. */
function hasRoom(folder: string, bytes: number): boolean {
  const trial = path.join(folder, `.room-${process.pid}`);
  try {
    const fd = openSync(trial, "w");
    try {
      const { size } = statSync(path.join(folder, "data.mdb"));
      ftruncateSync(fd, size);
      const block = Buffer.alloc(65_536, 1);
      for (let written = 0; written < bytes + block.length;)
        written += writeSync(fd, block, 0, block.length, size + written);
      return true;
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  } finally {
    rmSync(trial, { force: true });
  }
}

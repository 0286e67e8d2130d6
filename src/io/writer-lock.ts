import { mkdir, open, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { Failure } from "../base/failure.ts";
import { errnoWords } from "./errno.ts";

const lockName = "writer.lock";

/**
 * Takes the right to write a ledger's folder, which is made where it is not there. One process has it at a time; that of
 * a process that has died is taken over.
 *
 * @returns What gives the right back.
 * @throws {Failure} `LEDGER_BUSY` where a process of this machine has it, or one of another machine may have it.
 */
export async function lockForWriting(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, lockName);
  try {
    await mkdir(folder, { recursive: true });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (await create(file)) return async () => rm(file, { force: true });
      const owner = await readOwner(file);
      if (owner !== undefined && (owner.host !== hostname() || isProcessAlive(owner.pid))) {
        const what = owner.host === hostname() ? `(process ${owner.pid})` : `(process ${owner.pid} on ${owner.host})`;
        throw new Failure("LEDGER_BUSY", { folder, what });
      }
      await rm(file, { force: true });
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("STORE_UNREADABLE", { folder, why: errnoWords(error), mend: "choose another folder" }, error);
  }
  throw new Failure("LEDGER_BUSY", { folder, what: "" });
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Who holds a lock; undefined where the file is gone or was cut short by a crash. */
async function readOwner(file: string): Promise<{ readonly pid: number; readonly host: string } | undefined> {
  try {
    const owner = JSON.parse(await readFile(file, "utf8")) as { pid?: unknown; host?: unknown };
    return typeof owner.pid === "number" && typeof owner.host === "string"
      ? { pid: owner.pid, host: owner.host }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of this machine lives. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

import { createReadStream, type ReadStream } from "node:fs";
import { open, readdir, stat, type FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { Failure } from "../base/failure.ts";
import type { Files, FileStream } from "../ingest/files.ts";
import { errnoWords } from "./errno.ts";

/** How many files are held open: a node's folder is read file by file. */
const openMax = 8;
const pieceBytes = 1024 * 1024;

/** The real disk. `close` gives back the files that are held open. */
export function diskFiles(): Files & { readonly close: () => Promise<void> } {
  const handles = new Map<string, FileHandle>();
  const handleOf = async (file: string): Promise<FileHandle> => {
    const known = handles.get(file);
    if (known !== undefined) return known;
    const handle = await attempt(file, async () => open(file, "r"));
    if (handles.size >= openMax) {
      const [oldest] = handles;
      if (oldest !== undefined) {
        handles.delete(oldest[0]);
        await oldest[1].close();
      }
    }
    handles.set(file, handle);
    return handle;
  };
  return {
    list: namesIn,
    size: async (file) => {
      try {
        return (await stat(file)).size;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw unreadable(file, error);
      }
    },
    read: async (file, offset, length) => {
      const handle = await handleOf(file);
      const bytes = new Uint8Array(length);
      const { bytesRead } = await attempt(file, async () => handle.read(bytes, 0, length, offset));
      return bytes.subarray(0, bytesRead);
    },
    stream: (file, offset) => streamOf(file, offset),
    close: async () => {
      await Promise.all([...handles.values()].map(async (handle) => handle.close()));
      handles.clear();
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") throw unreadable(folder, error);
    const [why, mend] = ["it is no folder", "name the folder that it is in"];
    throw new Failure("SOURCE_UNREADABLE", { source: folder, why, mend }, error);
  }
}

/** A file's bytes; those of a `.gz` unpacked, and then the offset counts unpacked bytes. */
function streamOf(file: string, offset: number): FileStream {
  const start = file.endsWith(".gz") ? 0 : offset;
  let packed: ReadStream | undefined;
  const begin = (): ReadStream => (packed = createReadStream(file, { start, highWaterMark: pieceBytes }));
  return {
    [Symbol.asyncIterator]: () => piecesOf(file, offset, begin)[Symbol.asyncIterator](),
    position: () => start + (packed?.bytesRead ?? 0),
  };
}

async function* piecesOf(file: string, offset: number, begin: () => ReadStream): AsyncIterable<Uint8Array> {
  const isPacked = file.endsWith(".gz");
  try {
    const packed = begin();
    // An error of the file reaches the unpacker's reader only through the pipeline.
    const pieces = isPacked ? pipeline(packed, createGunzip(), () => undefined) : packed;
    let toSkip = isPacked ? offset : 0;
    for await (const piece of pieces) {
      const bytes = piece as Uint8Array;
      if (bytes.length > toSkip) yield bytes.subarray(toSkip);
      toSkip = Math.max(0, toSkip - bytes.length);
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined) throw unreadable(file, error);
    if (code?.startsWith("Z_") !== true) throw error;
    const mend = "get the file again";
    throw new Failure("SOURCE_INVALID", { source: file, where: "", why: "it is no whole gzip file", mend }, error);
  }
}

async function attempt<Result>(file: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): Failure {
  return new Failure("SOURCE_UNREADABLE", { source: file, why: errnoWords(error), mend: "check the path" }, error);
}

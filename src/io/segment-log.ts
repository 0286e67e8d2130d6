import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../base/failure.ts";
import { errnoWords } from "./errno.ts";

export type SegmentLimits = {
  /** A file that has so many bytes is followed by a new one. */
  readonly segmentBytes: number;
  /** The oldest files beyond so many are removed. */
  readonly segments: number;
};

const lineBytesMax = 16 * 1024 * 1024;
const idForm = /^(?<segment>[0-9a-z]{1,8})-(?<offset>[0-9a-z]{1,8})-[0-9a-f]{12}$/u;

type Waiting = { readonly text: string; readonly resolve: () => void; readonly reject: (error: unknown) => void };
/** `length`: with what waits; `written`: what is in the file. */
type Segment = { readonly number: number; readonly handle: FileHandle; length: number; written: number };

/**
 * Lines of JSON in files of bounded size, of which the oldest go. A line's id says where it lies, so that any is found
 * without an index, also by a later process. What was added is in the file when the promise resolves; it is not forced to the
 * disk, so that a machine that loses power may lose the last ones. Lines that come while the file is written go there together.
 */
export class SegmentLog {
  readonly #folder: string;
  readonly #limits: SegmentLimits;
  #segment: Segment | undefined;
  #next: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(folder: string, limits: SegmentLimits, next: number) {
    this.#folder = folder;
    this.#limits = limits;
    this.#next = next;
  }

  /** Opens a folder's log, which is made where it is not there. Files of before are read, and never added to. */
  static async open(folder: string, limits: SegmentLimits): Promise<SegmentLog> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const numbers = await segmentNumbers(folder);
      return new SegmentLog(folder, limits, (numbers.at(-1) ?? 0) + 1);
    } catch (error) {
      throw unwritable(folder, error);
    }
  }

  /**
   * Adds a line.
   *
   * @param make - Gets the id and gives the line, without a line end.
   * @throws {Failure} `OUTPUT_UNWRITABLE`.
   */
  async append(make: (id: string) => string): Promise<string> {
    const segment = await this.#current();
    const id = `${segment.number.toString(36)}-${segment.length.toString(36)}-${randomBytes(6).toString("hex")}`;
    const text = `${make(id)}\n`;
    segment.length += Buffer.byteLength(text, "utf8");
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      this.#writing ??= this.#write(segment);
    });
    return id;
  }

  /** {@link segmentLine} of this log. */
  async line(id: string): Promise<string | undefined> {
    return segmentLine(this.#folder, id);
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#segment?.handle.close();
    this.#segment = undefined;
  }

  async #current(): Promise<Segment> {
    const { segmentBytes } = this.#limits;
    // Of several that wait here the first makes the new file.
    while (this.#segment === undefined || this.#segment.length >= segmentBytes) {
      if (this.#writing !== undefined) await this.#writing;
      else this.#writing = this.#begin().finally(() => void (this.#writing = undefined));
    }
    return this.#segment;
  }

  async #begin(): Promise<void> {
    try {
      const number = this.#next;
      const handle = await open(segmentFile(this.#folder, number), "ax", 0o600);
      await this.#segment?.handle.close();
      this.#segment = { number, handle, length: 0, written: 0 };
      this.#next += 1;
      const old = (await segmentNumbers(this.#folder)).slice(0, -this.#limits.segments);
      for (const one of old) await rm(segmentFile(this.#folder, one), { force: true });
    } catch (error) {
      throw unwritable(this.#folder, error);
    }
  }

  async #write(segment: Segment): Promise<void> {
    // What comes in the same turn of the event loop goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const text = batch.map((one) => one.text).join("");
      try {
        await segment.handle.appendFile(text);
        segment.written += Buffer.byteLength(text, "utf8");
        for (const { resolve } of batch) resolve();
      } catch (error) {
        await this.#takeBack(segment);
        const rest = this.#waiting;
        this.#waiting = [];
        for (const { reject } of [...batch, ...rest]) reject(unwritable(this.#folder, error));
      }
    }
    this.#writing = undefined;
  }

  /** A part of a line must not stand before the next one, whose place its id says. */
  async #takeBack(segment: Segment): Promise<void> {
    try {
      await segment.handle.truncate(segment.written);
      segment.length = segment.written;
    } catch {
      await segment.handle.close().catch(() => undefined);
      this.#segment = undefined;
    }
  }
}

/** The line of an id in a folder's log; undefined where there is none, or no more. */
export async function segmentLine(folder: string, id: string): Promise<string | undefined> {
  const { segment = "", offset = "" } = idForm.exec(id)?.groups ?? {};
  if (segment === "") return undefined;
  let handle: FileHandle;
  try {
    handle = await open(segmentFile(folder, Number.parseInt(segment, 36)), "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const text = await lineAt(handle, Number.parseInt(offset, 36));
    // An id that was guessed lies elsewhere, or has other digits.
    return text?.startsWith(`{"id":${JSON.stringify(id)},`) === true ? text : undefined;
  } finally {
    await handle.close();
  }
}

async function segmentNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => /^(?<number>[0-9]{8,15})\.jsonl$/u.exec(name)?.groups?.["number"] ?? [])
    .map((text) => Number.parseInt(text, 10))
    .toSorted((left, right) => left - right);
}

function segmentFile(folder: string, number: number): string {
  return path.join(folder, `${String(number).padStart(8, "0")}.jsonl`);
}

async function lineAt(handle: FileHandle, offset: number): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for (let size = 8_192; length < lineBytesMax; size *= 2) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset + length);
    const piece = buffer.subarray(0, bytesRead);
    const end = piece.indexOf(10);
    pieces.push(end < 0 ? piece : piece.subarray(0, end));
    if (end >= 0) return Buffer.concat(pieces).toString("utf8");
    if (bytesRead < size) return undefined;
    length += bytesRead;
  }
  return undefined;
}

function unwritable(folder: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const mend = "make the folder writable, or choose another with --state";
  return new Failure("OUTPUT_UNWRITABLE", { file: folder, why: errnoWords(error), mend }, error);
}

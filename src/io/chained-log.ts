import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, writeFile, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { assert } from "../base/assert.ts";
import { Failure } from "../base/failure.ts";
import { errnoWords } from "./errno.ts";
import { lockForWriting } from "./writer-lock.ts";

const logName = "audit.jsonl";
const headName = "audit.head.json";
/** The hash before the first line. */
const beginning = "0".repeat(64);
/** The last line is looked for in so many bytes; a record is far smaller. */
const tailBytes = 8 * 1024 * 1024;
/** So often the file beside the log is written at most. */
const headMs = 100;
const recordBytesMax = 4 * 1024 * 1024;

/** A line's place in the chain: its number from 1, and the hash of it and of all before it. */
export type Seal = { readonly seq: number; readonly hash: string };

type Line = { readonly seq: number; readonly previous: string; readonly record: unknown; readonly hash: string };

/** What is wrong with a log, and in which line. */
export type ChainFinding = { readonly line: number; readonly what: string };

/** A line that was read: its record, and what is wrong with it; undefined: nothing is. */
export type ChainedLine = { readonly line: number; readonly record: unknown; readonly what: string | undefined };

type Waiting = {
  readonly record: object;
  readonly resolve: (seal: Seal) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * A log of JSON lines to which is only added: each line has the hash of the one before it, so that no line can be changed
 * or taken out unseen. The last line's number and hash are kept in a file beside it, so that a cut end is seen too; of a
 * process that was killed, they may be those of a tenth of a second before.
 *
 * What was appended is on the disk when the promise resolves. Records that come while the disk is written go there together.
 */
export class ChainedLog {
  readonly #folder: string;
  readonly #handle: FileHandle;
  readonly #unlock: () => Promise<void>;
  #head: Seal;
  #length: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #headTimer: NodeJS.Timeout | undefined;
  #headWriting: Promise<void> = Promise.resolve();

  private constructor(
    folder: string,
    { handle, unlock, head, length }: { handle: FileHandle; unlock: () => Promise<void>; head: Seal; length: number },
  ) {
    this.#folder = folder;
    this.#handle = handle;
    this.#unlock = unlock;
    this.#head = head;
    this.#length = length;
  }

  /**
   * Opens the log of a folder, which is made where it is not there, to go on with it. A last line that was cut short by a
   * crash is removed: nobody was told that it was kept. Cost: one read of the end; {@link verifyChain} reads all.
   *
   * @throws {Failure} `AUDIT_DAMAGED` where the end is not what it was, `LEDGER_BUSY` where another process writes it,
   *   `OUTPUT_UNWRITABLE`.
   */
  static async open(folder: string): Promise<ChainedLog> {
    const unlock = await lockForWriting(folder);
    try {
      await mkdir(folder, { recursive: true });
      const handle = await open(path.join(folder, logName), "a+", 0o600);
      try {
        const { head, length } = await readEnd(folder, handle);
        await handle.truncate(length);
        return new ChainedLog(folder, { handle, unlock, head, length });
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      await unlock();
      throw error instanceof Failure ? error : unwritable(folder, error);
    }
  }

  get head(): Seal {
    return this.#head;
  }

  /**
   * Adds a record. Its keys keep their order; no key may be a number.
   *
   * @throws {Failure} `OUTPUT_UNWRITABLE`: then the log is as it was before.
   */
  async append(record: object): Promise<Seal> {
    const added = new Promise<Seal>((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
    });
    this.#writing ??= this.#write();
    return added;
  }

  /** Waits for what is being written, and lets go of the log. */
  async close(): Promise<void> {
    await this.#writing;
    clearTimeout(this.#headTimer);
    await this.#headWriting;
    if (this.#head.seq > 0) await writeHead(this.#folder, this.#head).catch(() => undefined);
    await this.#handle.close();
    await this.#unlock();
  }

  async #write(): Promise<void> {
    // What comes in the same turn of the event loop goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#writeBatch(batch);
    }
    this.#writing = undefined;
  }

  /** Soon, and once for many batches. That it fails is found by who verifies; the log itself is whole. */
  #keepHead(): void {
    this.#headTimer ??= setTimeout(() => {
      this.#headTimer = undefined;
      this.#headWriting = this.#headWriting
        .then(async () => writeHead(this.#folder, this.#head))
        .catch(() => undefined);
    }, headMs);
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    let head = this.#head;
    let text = "";
    const seals = batch.map(({ record }) => {
      const line = lineOf(head, record);
      text += line.text;
      return (head = line.seal);
    });
    try {
      const bytes = Buffer.from(text, "utf8");
      await this.#handle.appendFile(bytes);
      await this.#handle.datasync();
      this.#length += bytes.length;
      this.#head = head;
      this.#keepHead();
      for (const [index, { resolve }] of batch.entries()) resolve(seals[index] as Seal);
    } catch (error) {
      // A part of a line must not stand before the next one.
      await this.#handle.truncate(this.#length).catch(() => undefined);
      for (const { reject } of batch) reject(unwritable(this.#folder, error));
    }
  }
}

/**
 * Reads a log from its beginning and says what is wrong with it: a line that was changed, taken out, put in or moved, or an
 * end that was cut off. Empty where all is well.
 *
 * Whoever may write both the log and the file beside it can make a shorter log that looks whole; who keeps a seal elsewhere
 * finds that as well.
 *
 * @param kept - A seal of a line that must be in the log.
 * @param visit - Gets each line as it is read.
 * @throws {Failure} `SOURCE_UNREADABLE`.
 */
export async function verifyChain(
  folder: string,
  kept: Seal | undefined,
  visit: (line: ChainedLine) => void | Promise<void> = () => undefined,
): Promise<{ readonly head: Seal; readonly findings: readonly ChainFinding[]; readonly isCutShort: boolean }> {
  const findings: ChainFinding[] = [];
  const written = await readHead(folder);
  const wanted = [written, kept].filter((seal) => seal !== undefined);
  let head: Seal = { seq: 0, hash: beginning };
  let number = 0;
  let rest = Buffer.alloc(0);
  const look = async (text: string): Promise<void> => {
    number += 1;
    const { seal, record, what } = checkLine(text, head);
    if (what !== undefined) findings.push({ line: number, what });
    head = seal;
    for (const one of wanted) {
      if (one.seq !== number || one.hash === head.hash) continue;
      findings.push({ line: number, what: "it is not the line whose hash was kept" });
    }
    await visit({ line: number, record, what });
  };
  for await (const piece of piecesOf(path.join(folder, logName))) {
    const bytes = Buffer.concat([rest, piece]);
    let begin = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, begin)) {
      await look(bytes.toString("utf8", begin, end));
      begin = end + 1;
    }
    rest = bytes.subarray(begin);
  }
  const longest = wanted.reduce((most, { seq }) => Math.max(most, seq), 0);
  if (number < longest) findings.push({ line: number + 1, what: `the log ends here, and had ${longest} lines` });
  return { head, findings, isCutShort: rest.length > 0 };
}

function lineOf(before: Seal, record: object): { readonly seal: Seal; readonly text: string } {
  const seq = before.seq + 1;
  const text = JSON.stringify(record);
  assert(text.length <= recordBytesMax, "audit: a record is too long");
  const hash = hashOf(before.hash, seq, text);
  return {
    seal: { seq, hash },
    text: `{"seq":${seq},"previous":"${before.hash}","record":${text},"hash":"${hash}"}\n`,
  };
}

function hashOf(previous: string, seq: number, record: string): string {
  return createHash("sha256").update(`${previous}\n${seq}\n${record}`, "utf8").digest("hex");
}

/** What is wrong with a line behind another; what follows is held against what the line says of itself. */
function checkLine(
  text: string,
  before: Seal,
): { readonly seal: Seal; readonly record: unknown; readonly what: string | undefined } {
  const next = before.seq + 1;
  const none = { seal: { seq: next, hash: "" }, record: undefined };
  let line: Line;
  try {
    line = JSON.parse(text) as Line;
  } catch {
    return { ...none, what: "it is no JSON" };
  }
  const isLine = typeof line === "object" && line !== null && typeof line.hash === "string";
  if (!isLine || !Number.isSafeInteger(line.seq)) return { ...none, what: "it is no line of a log" };
  const { seq, previous, record, hash } = line;
  const seal = { seq, hash };
  const isWhole = text === JSON.stringify({ seq, previous, record, hash });
  if (!isWhole || hash !== hashOf(previous, seq, JSON.stringify(record))) {
    return { seal, record, what: "its content was changed: the hash is another" };
  }
  const moved = `it is number ${seq}, where ${next} should be: lines were removed or put in`;
  if (seq !== next) return { seal, record, what: moved };
  const what = previous === before.hash ? undefined : "it does not follow the line before it, which was changed";
  return { seal, record, what };
}

async function readEnd(folder: string, handle: FileHandle): Promise<{ readonly head: Seal; readonly length: number }> {
  const file = path.join(folder, logName);
  const written = await readHead(folder);
  const { size } = await handle.stat();
  const from = Math.max(0, size - tailBytes);
  const bytes = Buffer.alloc(size - from);
  await handle.read(bytes, 0, bytes.length, from);
  const end = bytes.lastIndexOf(10);
  const isEmpty = end < 0;
  const begin = isEmpty || end === 0 ? 0 : bytes.lastIndexOf(10, end - 1) + 1;
  let head: Seal = { seq: 0, hash: beginning };
  if (!isEmpty) {
    const text = bytes.toString("utf8", begin, end);
    const { seq = 1, previous = "" } = parsed(text);
    const { seal, what } = checkLine(text, { seq: seq - 1, hash: previous });
    if (what !== undefined) throw new Failure("AUDIT_DAMAGED", { file, line: seal.seq, why: what });
    head = seal;
  }
  if (written !== undefined && written.seq > head.seq) {
    const why = `the log ends here, and had ${written.seq} lines`;
    throw new Failure("AUDIT_DAMAGED", { file, line: head.seq + 1, why });
  }
  if (written !== undefined && written.seq === head.seq && written.hash !== head.hash) {
    throw new Failure("AUDIT_DAMAGED", { file, line: head.seq, why: "it is not the line whose hash was kept" });
  }
  return { head, length: isEmpty ? 0 : from + end + 1 };
}

function parsed(text: string): Partial<Line> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<Line>;
  } catch {
    return {};
  }
}

async function readHead(folder: string): Promise<Seal | undefined> {
  const file = path.join(folder, headName);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Failure("SOURCE_UNREADABLE", { source: file, why: errnoWords(error), mend: "make it readable" }, error);
  }
  const { seq, hash } = parsed(text);
  if (typeof seq === "number" && typeof hash === "string") return { seq, hash };
  throw new Failure("AUDIT_DAMAGED", { file, line: 1, why: "it is no line's number and hash" });
}

async function writeHead(folder: string, head: Seal): Promise<void> {
  const file = path.join(folder, headName);
  await writeFile(`${file}.tmp`, JSON.stringify(head), { mode: 0o600 });
  await rename(`${file}.tmp`, file);
}

async function* piecesOf(file: string): AsyncIterable<Buffer> {
  try {
    for await (const piece of createReadStream(file)) yield piece as Buffer;
  } catch (error) {
    const mend = "name the ledger whose server wrote it, or its folder with --state";
    throw new Failure("SOURCE_UNREADABLE", { source: file, why: errnoWords(error), mend }, error);
  }
}

function unwritable(folder: string, error: unknown): Failure {
  const mend = "make the folder writable, or choose another with --state";
  return new Failure("OUTPUT_UNWRITABLE", { file: path.join(folder, logName), why: errnoWords(error), mend }, error);
}

import { closeSync, openSync, writeSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";

const pieceBytes = 1 << 16;
/** A row's place and its number: an offset as a double, and a whole number. */
const entryBytes = 12;

/** How many bytes some files may take together; told of each piece before it is written. */
export type ByteMeter = (bytes: number) => void;

/**
 * Writes rows of JSON, a line each, and beside them an index, by which any row can be read without those before it. Each row
 * has a number of its own, such as that of the row that it follows from.
 */
export class RowFileWriter {
  count = 0;
  readonly #rows: number;
  readonly #index: number;
  readonly #meter: ByteMeter;
  #length = 0;
  readonly #piece: Buffer = Buffer.alloc(pieceBytes * 4);
  #waiting = 0;
  #entries: Buffer = Buffer.alloc(pieceBytes - (pieceBytes % entryBytes));
  #filled = 0;

  /** @param file - Without an ending; must not be there. */
  constructor(file: string, meter: ByteMeter) {
    this.#meter = meter;
    this.#rows = openSync(rowsName(file), "wx", 0o600);
    this.#index = openSync(indexName(file), "wx", 0o600);
  }

  /** @param json - Without a line end. @param number - Within 32 bits. */
  add(json: string, number: number): void {
    if (this.#filled === this.#entries.length) this.#flushIndex();
    this.#entries.writeDoubleLE(this.#length, this.#filled);
    this.#entries.writeInt32LE(number, this.#filled + 8);
    this.#filled += entryBytes;
    this.#addRow(json);
    this.count += 1;
  }

  /** Writes what is left. */
  end(): void {
    this.#flushRows();
    this.#flushIndex();
    this.close();
  }

  /** Lets go of the files as they are. */
  close(): void {
    closeSync(this.#rows);
    closeSync(this.#index);
  }

  #addRow(json: string): void {
    const bytesMost = json.length * 3 + 1;
    if (this.#waiting + bytesMost > this.#piece.length) this.#flushRows();
    if (bytesMost > this.#piece.length) {
      const row = Buffer.from(`${json}\n`, "utf8");
      writeAll(this.#rows, row, this.#meter);
      this.#length += row.length;
      return;
    }
    const bytes = this.#piece.write(`${json}\n`, this.#waiting, "utf8");
    this.#waiting += bytes;
    this.#length += bytes;
  }

  #flushRows(): void {
    writeAll(this.#rows, this.#piece.subarray(0, this.#waiting), this.#meter);
    this.#waiting = 0;
  }

  #flushIndex(): void {
    writeAll(this.#index, this.#entries.subarray(0, this.#filled), this.#meter);
    this.#filled = 0;
  }
}

/** Reads what {@link RowFileWriter} wrote. */
export class RowFile {
  readonly #rows: FileHandle;
  readonly #index: FileHandle;
  readonly #size: number;
  readonly count: number;

  private constructor(rows: FileHandle, index: FileHandle, of: { readonly size: number; readonly count: number }) {
    this.#rows = rows;
    this.#index = index;
    this.#size = of.size;
    this.count = of.count;
  }

  /** Opens a file for as long as `use` takes. */
  static async use<Result>(file: string, use: (rows: RowFile) => Promise<Result>): Promise<Result> {
    const rows = await open(rowsName(file), "r");
    try {
      const index = await open(indexName(file), "r");
      try {
        const [{ size }, { size: entries }] = await Promise.all([rows.stat(), index.stat()]);
        return await use(new RowFile(rows, index, { size, count: entries / entryBytes }));
      } finally {
        await index.close();
      }
    } finally {
      await rows.close();
    }
  }

  /** Rows that follow each other, as the text of a JSON array's inside. */
  async slice(from: number, end: number): Promise<string> {
    const last = Math.min(end, this.count);
    if (from >= last) return "";
    const [begin, behind] = await Promise.all([this.#offset(from), this.#offset(last)]);
    // Without the last line end.
    const bytes = await this.#read(begin, behind - 1 - begin);
    return bytes.toString("utf8").replaceAll("\n", ",\n");
  }

  /** One row's text. */
  async row(number: number): Promise<string> {
    return this.slice(number, number + 1);
  }

  /** The number that a row was given. */
  async numberOf(row: number): Promise<number> {
    const { buffer } = await this.#index.read(Buffer.alloc(4), 0, 4, row * entryBytes + 8);
    return buffer.readInt32LE(0);
  }

  async #offset(row: number): Promise<number> {
    if (row >= this.count) return this.#size;
    const { buffer } = await this.#index.read(Buffer.alloc(8), 0, 8, row * entryBytes);
    return buffer.readDoubleLE(0);
  }

  async #read(from: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#rows.read(bytes, filled, length - filled, from + filled);
      if (bytesRead === 0) throw new Error("rows: a file is shorter than its index says");
      filled += bytesRead;
    }
    return bytes;
  }
}

/** The rows of some files, which are read to their end even where somebody removes them meanwhile. */
export class OpenRows {
  readonly #handles: readonly FileHandle[];

  private constructor(handles: readonly FileHandle[]) {
    this.#handles = handles;
  }

  /** Opens all of them or none; whoever opens them closes them. */
  static async open(files: readonly string[]): Promise<OpenRows> {
    const opened = await Promise.allSettled(files.map(async (file) => open(rowsName(file), "r")));
    const rows = new OpenRows(opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
    const refused = opened.find((one) => one.status === "rejected");
    if (refused === undefined) return rows;
    await rows.close();
    throw refused.reason;
  }

  async close(): Promise<void> {
    await Promise.all(this.#handles.map(async (handle) => handle.close()));
  }

  /** All rows of one of the files, some at a time, as lists of values. */
  async *values<Row>(file: number): AsyncIterable<readonly Row[]> {
    for await (const lines of this.#lines(file)) yield lines.map((line) => JSON.parse(line) as Row);
  }

  /** All rows of one of the files as the text of a JSON array's inside, in pieces. */
  async *inside(file: number): AsyncIterable<string> {
    let isFirst = true;
    for await (const lines of this.#lines(file)) {
      yield `${isFirst ? "" : ",\n"}${lines.join(",\n")}`;
      isFirst = false;
    }
  }

  async *#lines(file: number): AsyncIterable<readonly string[]> {
    const handle = this.#handles[file] as FileHandle;
    const [decoder, piece] = [new StringDecoder("utf8"), Buffer.alloc(pieceBytes)];
    let rest = "";
    for (let at = 0; ;) {
      const { bytesRead } = await handle.read(piece, 0, pieceBytes, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const lines = (rest + decoder.write(piece.subarray(0, bytesRead))).split("\n");
      rest = lines.pop() ?? "";
      if (lines.length > 0) yield lines;
    }
  }
}

/** Writes to a file's end. */
export function writeAll(fd: number, bytes: Buffer, meter: ByteMeter): void {
  meter(bytes.length);
  for (let at = 0; at < bytes.length; at += writeSync(fd, bytes, at));
}

function rowsName(file: string): string {
  return `${file}.jsonl`;
}

function indexName(file: string): string {
  return `${file}.index`;
}

import type { Files, FileStream } from "./files.ts";
import type { SourceProgress } from "./source.ts";

/** Reads files from beginning to end, and tells how much of them was read. */
export class ReadMeter {
  readonly #files: Files;
  #total: number | undefined;
  /** One a file; the last where a file was read more than once. */
  readonly #streams = new Map<string, FileStream>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** States which files will be read. */
  async expect(files: readonly string[]): Promise<void> {
    this.#streams.clear();
    let total = 0;
    for (const file of files) total += (await this.#files.size(file)) ?? 0;
    this.#total = total;
  }

  /** {@link Files.stream}. */
  stream(file: string, offset: number): FileStream {
    const stream = this.#files.stream(file, offset);
    this.#streams.set(file, stream);
    return stream;
  }

  /** By the files that were stated; one that is gone on with counts from its beginning. */
  progress(): SourceProgress {
    let bytes = 0;
    for (const stream of this.#streams.values()) bytes += stream.position();
    return { bytes, bytesTotal: this.#total, lastHeight: undefined };
  }
}

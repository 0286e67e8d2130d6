/** The disk, as sources use it; `io/` has the real one. Failures are `SOURCE_UNREADABLE`. */
export type Files = {
  /** The names in a folder, sorted. */
  list(folder: string): Promise<readonly string[]>;
  /** A file's length in bytes; undefined where there is no such file. */
  size(file: string): Promise<number | undefined>;
  /** Bytes of a file; fewer than asked for only at its end. */
  read(file: string, offset: number, length: number): Promise<Uint8Array>;
  /** A file from an offset to its end, in pieces. A `.gz` is unpacked, and the offset then counts unpacked bytes. */
  stream(file: string, offset: number): FileStream;
};

export type FileStream = AsyncIterable<Uint8Array> & {
  /** How far it is in the file: in bytes as they lie on the disk, so packed ones of a `.gz`. */
  readonly position: () => number;
};

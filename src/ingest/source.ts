import type { Block } from "../chains/block.ts";
import type { Model, Tip } from "../ledger/manifest.ts";

/** A block from a source, and where the source goes on after it. */
export type SourceBlock = {
  readonly block: Block;
  readonly height: number;
  /** The source's own text; given back to {@link Source.open} to go on after this block. */
  readonly cursor: string;
};

/** Something about a source's data that does not stop it, for the user. */
export type SourceFinding = { readonly where: string; readonly what: string };

/** How far a source is; at any time, also before the first block. */
export type SourceProgress = {
  /** Bytes read so far: of files as they lie on the disk (packed ones packed), of a node what it answered. */
  readonly bytes: number;
  /** What `bytes` will be at the end: for files. Undefined where nobody knows. */
  readonly bytesTotal: number | undefined;
  /** The height of the last block, where that is known. */
  readonly lastHeight: number | undefined;
};

/** Where blocks come from: a node's folder, a node, a file. */
export type Source = {
  readonly name: string;
  readonly model: Model;
  /**
   * The blocks after a place, in chain order. Where the source's chain has left the ledger's, the first block is the
   * one after the last that both have, so that the ledger sees the fork.
   *
   * @param from - The cursor of the last block that is in the ledger, empty at the beginning, and the ledger's tip.
   * @throws {Failure} `SOURCE_INVALID`, `SOURCE_UNREADABLE`.
   */
  open(from: { readonly cursor: string; readonly tip: Tip | undefined }): AsyncIterable<SourceBlock>;
  readonly progress: () => SourceProgress;
  readonly findings: () => readonly SourceFinding[];
};

import type { KnownChain } from "../../base/chains.ts";
import type { PackActor } from "../actor-resolver.ts";

/** Which chain an address or a transaction is on, as far as the source says. */
export type ChainHint =
  | { readonly kind: "chain"; readonly chain: KnownChain }
  /** A currency's or a network's code, such as `BTC`; tokens stand for the chains that they are on. */
  | { readonly kind: "code"; readonly code: string }
  /** The source says nothing: the form of the text must tell. */
  | { readonly kind: "form" };

/** A tag as a source writes it: nothing is checked yet, and all but the subject may be missing. */
export type TagInput = {
  /** Where it begins in the file; counts from 1. */
  readonly line: number;
  readonly subject:
    | { readonly kind: "address" | "transaction"; readonly text: string; readonly chain: ChainHint }
    | { readonly kind: "incident"; readonly text: string };
  readonly label?: string | undefined;
  readonly category?: string | undefined;
  readonly concepts?: readonly string[];
  readonly abuse?: string | undefined;
  readonly actor?: string | undefined;
  /** A word of either ladder. */
  readonly confidence?: string | undefined;
  readonly grade?: string | undefined;
  readonly sourceName?: string | undefined;
  readonly url?: string | undefined;
  readonly date?: string | undefined;
  readonly licence?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly clusterDefiner?: string | undefined;
  readonly details?: readonly (readonly [string, string])[];
};

/** What takes in what a reader of a format finds. */
export type TagSink = {
  readonly tag: (input: TagInput) => void;
  readonly actor: (actor: PackActor) => void;
  /** Something odd that keeps nothing from going in; said once for each `what`. */
  readonly warn: (line: number, what: string, mend: string) => void;
  /** An entry that cannot be made a tag. @param reason - A short word for the counts. */
  readonly reject: (line: number, reason: string, what: string) => void;
  /** Which of several formats a file turned out to have. */
  readonly format: (name: string) => void;
  /** To be awaited now and then: lets what has come together be written. */
  readonly rest: () => Promise<void>;
};

/** A file to read, as often as is needed, and what it is called in messages. */
export type TagFile = {
  readonly path: string;
  readonly name: string;
  readonly open: () => AsyncIterable<Uint8Array>;
};

/** Reads a file of one format. @throws {Failure} `SOURCE_INVALID` where it is not whole or not of that format. */
export type ReadTags = (file: TagFile, sink: TagSink) => Promise<void>;

import { Failure } from "../../base/failure.ts";
import { taintKey } from "../../ledger/keys.ts";
import { sealPage } from "../../ledger/page.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { Change, PageSource } from "../../store/page-store.ts";
import type { SeenBlock } from "../../clusters/state.ts";
import type { Confidence } from "../../tags/actor.ts";
import type { Policy } from "../policy.ts";
import type { StrandDraft } from "./strand-writer.ts";
import { openTaintPage } from "./open-page.ts";
import { openNumbers, sealNumbers } from "./pieces.ts";

/** Raised with each change of what the index stores. An index of another format is built anew. */
export const taintFormat = 3;

/** Where tainted value begins: a theft of the register, or all that leaves an entity that tags call illicit. */
export type TaintOrigin = {
  /** `incident:ID`, or `tag:CATEGORY:ENTITY`. */
  readonly key: string;
  readonly kind: "incident" | "tag";
  /**
   * What it begins with: what a theft's transactions took, or what came to, or on chains of accounts from an entity's, addresses:
   * of an incident those that the register names as the thief's.
   */
  readonly basis: "transactions" | "addresses";
  readonly name: string;
  /** `theft` for incidents; else a category of the taxonomy. */
  readonly category: string;
  /** An actor's id. */
  readonly actor: string | null;
  /** Of the attribution for an incident's actor, of the tag that decides otherwise. */
  readonly confidence: Confidence;
  /** Who says so. */
  readonly sources: readonly string[];
  /** Day of a theft. */
  readonly date: string | null;
  /** The origin's own addresses, where it begins with them. */
  readonly addresses: readonly string[];
  /** Theft transactions that the ledger does not hold. */
  readonly missing: readonly string[];
};

/** One origin carried forward by one policy. */
export type Strand = {
  readonly number: number;
  readonly origin: TaintOrigin;
  readonly policy: Policy;
  /** Tainted receipts, those of origins included. */
  readonly records: number;
  /** What its results rest on beside the ledger, a sentence each. */
  readonly assumptions: readonly string[];
};

/** A strand as it is stored. */
export type StoredStrand = StrandDraft & {
  readonly policy: Policy;
  readonly key: string;
  /** Whether a price was asked for on the way. */
  readonly hasAsked: boolean;
};

/** What the index rests on beside the ledger's blocks, as digests. */
export type StoredBasis = {
  readonly tags: string;
  readonly register: string;
  readonly prices: string;
  /** What tells quickly that tags and register are what they were; empty where that was not known. */
  readonly stamp: string;
};

export type StoredTaint = {
  readonly format: number;
  /** The last blocks that were carried forward, the newest last: to each of them a reorganisation may go back. */
  readonly points: readonly SeenBlock[];
  readonly basis: StoredBasis;
  readonly policies: readonly Policy[];
  readonly strands: readonly StoredStrand[];
  /** False while strands are still to be walked: then origins are missing. */
  readonly isWhole: boolean;
  /** Incidents of which the register names transactions on this chain, and the ledger holds none. */
  readonly absent: readonly string[];
  readonly nextStrand: number;
  /** Numbers of strands whose pages are to be removed. */
  readonly retired: readonly number[];
  /**
   * How many addresses had tags when all of them were last looked at, and how many owners the ledger had when the new ones were:
   * only those behind them can be decided about by the same tags. Null: all are to be looked at.
   */
  readonly looked: { readonly addresses: number; readonly owners: number } | null;
};

/** What there is of an index, for readers. */
export type TaintState = Pick<StoredTaint, "policies" | "absent"> & {
  /** The last block that was carried forward; a height of -1 in an empty ledger. */
  readonly tip: { readonly height: number; readonly fingerprint: string };
  readonly strands: readonly Strand[];
};

export const emptyTaint: StoredTaint = {
  format: taintFormat,
  points: [],
  basis: { tags: "", register: "", prices: "", stamp: "" },
  policies: [],
  strands: [],
  isWhole: false,
  absent: [],
  nextStrand: 1,
  retired: [],
  looked: null,
};

/**
 * The stored state; undefined where nothing was built, or another version built it.
 *
 * @throws {Failure} `TAINT_DAMAGED`.
 */
export function readStoredTaint(pages: PageSource, chain: number): StoredTaint | undefined {
  const stored = pages.get(taintKey(chain, "state"));
  if (stored === undefined) return undefined;
  const state = readTaintJson(stored, `the taint index of chain ${chain}`) as StoredTaint;
  return state.format === taintFormat ? state : undefined;
}

export function writeStoredTaint(chain: number, state: StoredTaint): Change {
  return { key: taintKey(chain, "state"), value: taintJson(state) };
}

export function writeOrigin(chain: number, strand: number, origin: TaintOrigin): Change {
  return { key: taintKey(chain, "strand", strand), value: taintJson(origin) };
}

export function readOrigin(pages: PageSource, chain: number, strand: number): TaintOrigin {
  return readTaintJson(pages.get(taintKey(chain, "strand", strand)), `strand ${strand} of taint`) as TaintOrigin;
}

/** The owners that a tagged origin is; none of an incident. */
export function writeOriginOwners(chain: number, strand: number, owners: readonly number[]): Change {
  return { key: taintKey(chain, "originOwners", strand), value: sealNumbers(owners) };
}

/** @throws {Failure} `TAINT_DAMAGED`. */
export function readOriginOwners(pages: PageSource, chain: number, strand: number): readonly number[] {
  return openNumbers(pages.get(taintKey(chain, "originOwners", strand)), `the owners of strand ${strand}`);
}

/** Of chains whose blocks have a part that is not public: what goes there cannot be told from a fee. */
const shieldedChains: ReadonlySet<string> = new Set(["zcash", "litecoin"]);

/** What a strand's results rest on, a sentence each. */
export function assumptionsOf(reader: ChainReader, { gaps }: Pick<StoredStrand, "gaps">): readonly string[] {
  const found: string[] = [];
  const { undetermined, feesUnknown, unpriced, burnt, idle } = gaps;
  if (reader.model === "utxo" && shieldedChains.has(reader.chain.alias)) {
    found.push(`${reader.chain.name} has a part that is not public: what went there is among the fees.`);
  }
  if (undetermined !== undefined) {
    found.push(
      `${undetermined.count} tainted amounts (${undetermined.amount} base units) were mixed with values that are not known: where they went cannot be said.`,
    );
  }
  if (feesUnknown !== undefined) {
    found.push(`The fees of ${feesUnknown.amount} transactions are not known, since a value they take in is not.`);
  }
  if (unpriced !== undefined) {
    found.push(
      `For want of a price it is not known what part of what was gained is tainted in ${unpriced.count} changes of form.`,
    );
  }
  if (burnt !== undefined) found.push(`${burnt.amount} transfers to nobody that are no gas fee are among the fees.`);
  if (idle !== undefined) {
    found.push(`Of the origins ${idle.count} move nothing, or go from an account to itself: they do not count.`);
  }
  if (reader.model === "account" && reader.state.internalUnknown > 0) {
    found.push(`Transfers inside transactions are not known in ${reader.state.internalUnknown} blocks of the ledger.`);
  }
  return found;
}

function taintJson(value: unknown): Uint8Array {
  return sealPage(Buffer.from(JSON.stringify(value), "utf8"));
}

function readTaintJson(stored: Uint8Array | undefined, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(openTaintPage(stored, what)).toString("utf8"));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new Failure("TAINT_DAMAGED", { what, why: "it is no JSON" }, thrown);
    throw thrown;
  }
}

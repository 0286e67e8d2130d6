import { Failure } from "../../base/failure.ts";
import { taintKey } from "../../ledger/keys.ts";
import { openPage, sealPage } from "../../ledger/page.ts";
import type { Change, PageSource } from "../../store/page-store.ts";
import type { Confidence } from "../../tags/actor.ts";
import type { Policy } from "../policy.ts";

/** Raised with each change of what the index stores. */
export const taintFormat = 1;

/** Where tainted value begins: a theft of the register, or all that leaves an entity that tags call illicit. */
export type TaintOrigin = {
  /** `incident:ID`, or `tag:CATEGORY:ENTITY`. */
  readonly key: string;
  readonly kind: "incident" | "tag";
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
  /** The origin's own addresses, where tags name them. */
  readonly addresses: readonly string[];
  /** Theft transactions that the ledger does not hold. */
  readonly missing: readonly string[];
};

/** One origin carried forward by one policy. */
export type Strand = {
  readonly number: number;
  readonly origin: TaintOrigin;
  readonly policy: Policy;
  /** SHA-256 of the rows that it begins with. */
  readonly begins: string;
  readonly records: number;
  readonly assumptions: readonly string[];
};

export type TaintState = {
  readonly format: number;
  /** The last block that is carried forward; `rows` of outputs or transfers up to its end. */
  readonly tip: { readonly height: number; readonly fingerprint: string };
  /** Of what traces rest on beside the ledger: stops, and on chains of accounts prices. */
  readonly basis: string;
  readonly policies: readonly Policy[];
  readonly strands: readonly Strand[];
  /** Incidents that the register places on this chain and whose transactions the ledger does not hold. */
  readonly absent: readonly string[];
  readonly nextStrand: number;
  /** Numbers of strands whose pages are to be removed. */
  readonly retired: readonly number[];
};

/** The stored state; undefined where nothing was built, or another version built it. */
export function readTaintState(pages: PageSource, chain: number): TaintState | undefined {
  const stored = pages.get(taintKey(chain, "state"));
  if (stored === undefined) return undefined;
  const state = readTaintJson(stored, `the taint index of chain ${chain}`) as TaintState;
  return state.format === taintFormat ? state : undefined;
}

export function writeTaintState(chain: number, state: TaintState): Change {
  return { key: taintKey(chain, "state"), value: taintJson(state) };
}

export function taintJson(value: unknown): Uint8Array {
  return sealPage(Buffer.from(JSON.stringify(value), "utf8"));
}

/** @throws {Failure} `LEDGER_DAMAGED`. */
export function readTaintJson(stored: Uint8Array | undefined, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(openPage(stored, what)).toString("utf8"));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new Failure("LEDGER_DAMAGED", { what, why: "it is no JSON" }, thrown);
    throw thrown;
  }
}

import { Failure } from "../base/failure.ts";
import type { Run } from "../ledger/index/run.ts";
import { clustersKey } from "../ledger/keys.ts";
import { openPage, sealPage } from "../ledger/page.ts";
import type { Change, StoreSnapshot } from "../store/page-store.ts";
import type { RuleSet } from "./rules.ts";
import { clustersFormat } from "./shapes.ts";

/** A block that was clustered, by which a reorganisation is seen. */
export type SeenBlock = {
  readonly height: number;
  /** Its hash, or what stands for it where none is known. */
  readonly fingerprint: string;
  /** Transactions (accounts: transfers) up to its end. */
  readonly rows: number;
  /** Owners seen up to its end, where a rule asks for it; else 0. */
  readonly ownersSeen: number;
};

/** What has been built of a chain's clusters, at one commit. */
export type ClustersState = {
  readonly format: number;
  readonly rules: RuleSet;
  /** What strikes were applied, as `strikesText` gives it: those of links, and those of detectors. */
  readonly strikes: { readonly links: string; readonly detectors: string };
  /** The last blocks that were clustered, the newest last; empty before the first. */
  readonly blocks: readonly SeenBlock[];
  /** How many records of each table count. */
  readonly evidence: number;
  readonly merges: number;
  readonly held: number;
  readonly coinjoins: number;
  readonly services: number;
  /** How much of the evidence is in the forest: less than all of it while clusters are computed anew. */
  readonly applied: number;
  /** The generation of the forest's pages. */
  readonly generation: number;
  /** Of the index of evidence by owner, which chains of accounts have. */
  readonly runs: readonly Run[];
  readonly nextRun: number;
};

/** What nothing has been built of. */
export function emptyClusters(rules: RuleSet, generation: number, nextRun: number): ClustersState {
  return {
    format: clustersFormat,
    rules,
    strikes: { links: "", detectors: "" },
    blocks: [],
    evidence: 0,
    merges: 0,
    held: 0,
    coinjoins: 0,
    services: 0,
    applied: 0,
    generation,
    runs: [],
    nextRun,
  };
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** The state of a chain's clusters; undefined where none have been built. */
export function readClustersState(snapshot: StoreSnapshot, chain: number): ClustersState | undefined {
  const stored = snapshot.get(clustersKey(chain, "state"));
  if (stored === undefined) return undefined;
  const what = `the clusters of chain ${chain}`;
  try {
    return JSON.parse(fromUtf8.decode(openPage(stored, what))) as ClustersState;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new Failure("LEDGER_DAMAGED", { what, why: "it is no JSON" }, thrown);
    throw thrown;
  }
}

export function writeClustersState(chain: number, state: ClustersState): Change {
  return { key: clustersKey(chain, "state"), value: sealPage(utf8.encode(JSON.stringify(state))) };
}

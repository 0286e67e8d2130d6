import type { TableShape } from "../ledger/table.ts";

/** The tables of a chain's clusters. Changing one is a new {@link clustersFormat}. */
const shape = <const Shape extends TableShape>(of: Shape): Shape => of;

/** The version of all that clusters keep. What another version wrote is built anew. */
export const clustersFormat = 1;

/**
 * Evidence that two owners are one, in chain order. `at`: the transaction (chains of outputs) or the transfer (accounts);
 * `rule`: its place among the state's rules; `left` < `right`: the owners' numbers.
 */
export const evidenceShape = shape({
  name: "evidence",
  pageRecords: 4_096,
  columns: { at: "rising", rule: "number", left: "number", right: "number" },
});

/**
 * Merges of two clusters, in the order in which they happened. `evidence`: its number; `kept`, `gone`: the clusters' ids;
 * `loser`: twice the node of the forest that was put below another, and 1 more where `kept` was the id of that node's
 * tree; `loserSize`: how many members that had.
 */
export const mergesShape = shape({
  name: "clusterMerges",
  pageRecords: 4_096,
  columns: { evidence: "rising", kept: "number", gone: "number", loser: "number", loserSize: "number" },
});

/** Merges that were held back: the evidence, the two clusters' ids as they were then, and whose they are said to be. */
export const heldShape = shape({
  name: "clustersHeld",
  pageRecords: 256,
  columns: { evidence: "rising", left: "number", right: "number", leftService: "text", rightService: "text" },
});

/** Transactions that a detector took for a CoinJoin; `detector`: its place among the state's rules. */
export const coinjoinsShape = shape({
  name: "coinjoins",
  pageRecords: 1_024,
  columns: { transaction: "rising", detector: "number" },
});

/** The services that the clusters were built with: owners, by number, with a service's name; `exchange`: 1 for one. */
export const servicesShape = shape({
  name: "clusterServices",
  pageRecords: 1_024,
  columns: { owner: "rising", service: "text", exchange: "number" },
});

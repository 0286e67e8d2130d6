/**
 * Fundtrail's public API.
 *
 * Everything here is pure but for {@link readRegisterFolder}, which reads a folder. Money is bigint: dollars in cents
 * ({@link Usd}), amounts in base units ({@link Units}).
 */
export { Failure, isFailure } from "./base/failure.ts";
export type { FailureCode } from "./base/failure-codes.ts";
export type { Finding } from "./base/finding.ts";
export { formatUnits, parseUnits, type Units } from "./base/amount.ts";
export { formatUsd, parseUsd, type Usd } from "./base/usd.ts";
export { parseAccountId, parseAssetId, parseChainId, type AccountId, type AssetId, type ChainId } from "./base/caip.ts";
export { chain, type KnownChain } from "./base/chains.ts";
export { asset, type Asset } from "./base/assets.ts";
export type { AccountBlock, AccountTransaction, Block, Transfer, UtxoBlock } from "./chains/block.ts";
export { parseAddress, parseChainAddress } from "./chains/address.ts";
export { decodeBlock as decodeBitcoinBlock } from "./chains/bitcoin/block.ts";
export { decodeEtlBlock as decodeBitcoinEtlBlock } from "./chains/bitcoin/etl.ts";
export { findUndos, undoBelongsTo } from "./chains/bitcoin/rev-file.ts";
export { decodeRpcBlock as decodeBitcoinRpcBlock } from "./chains/bitcoin/rpc.ts";
export { decodeUndo as decodeBitcoinUndo } from "./chains/bitcoin/undo.ts";
export { decodeBlock as decodeEvmBlock } from "./chains/evm/block.ts";
export { parseTransfers } from "./chains/transfers/rows.ts";
export { buildClusters, type BuildOptions, type Built } from "./clusters/build.ts";
export { ClustersReader, type Cluster, type HeldMerge, type RecordedMerge } from "./clusters/clusters-reader.ts";
export type { Evidence } from "./clusters/evidence-reader.ts";
export { addressOf as addressOfOwner, ownerOf as ownerOfAddress } from "./clusters/owners.ts";
export { parseRules as parseClusterRules, ruleInfos as clusterRules } from "./clusters/rules.ts";
export { noServices, servicesByTags, type ServicesOf } from "./clusters/services.ts";
export { shortestChain, type LinkStep } from "./clusters/why.ts";
export { LedgerReader, type ChainReader } from "./ledger/reader.ts";
export { openLmdbStore } from "./store/lmdb-store.ts";
export { openMemoryStore } from "./store/memory-store.ts";
export type { PageStore } from "./store/page-store.ts";
export type { Incident } from "./incidents/incident.ts";
export type { PublishedFigure, PublishedSet } from "./incidents/published-set.ts";
export { readRegister, requireValid, type Register, type RegisterFolder } from "./incidents/register.ts";
export { readOwnPrices } from "./prices/own-prices.ts";
export { latestPrice, pricesOn, type Price, type PriceTable } from "./prices/price-table.ts";
export type { Basis, Backward, Deposit, Source, SourceKind, SourceOfFunds } from "./trace/backward/sources.ts";
export { compare, worthRange, type Compared, type Comparison, type WorthRange } from "./trace/compare.ts";
export { destinationsOf, type Destination } from "./trace/destinations.ts";
export { findReferences } from "./trace/origin.ts";
export { linksOf, type Link, type TracedTheft } from "./trace/links/links.ts";
export { findPatterns } from "./trace/patterns/find.ts";
export { graphOf } from "./trace/patterns/graph-of.ts";
export { usualRules, type Pattern, type PatternRules } from "./trace/patterns/pattern.ts";
export { policies, type Policy } from "./trace/policy.ts";
export { runBackward, runTrace, type BackwardQuestion, type TraceRequest } from "./trace/run.ts";
export { registeredThefts, verifyIncident, type Verification } from "./trace/theft/verify.ts";
export { noLimits, type Exit, type Holding, type Limits, type PathStep, type Trace } from "./trace/trace.ts";
export { reachOf, type Reach } from "./trace/utxo/reach.ts";
export { worthOfBackward, worthOfSource } from "./trace/worth/funds-worth.ts";
export {
  TraceWorth,
  worthOfHolding,
  worthOfTrace,
  type SumAt,
  type Unpriced,
  type WorthPart,
  type WorthTotal,
  type WorthTotals,
} from "./trace/worth/sums.ts";
export {
  roundWorth,
  Valuer,
  type ExactWorth,
  type UsedPrice,
  type Worth,
  type WorthTime,
} from "./trace/worth/valuer.ts";
export { bundledRegister, readRegisterFolder } from "./io/register-folder.ts";
export { computeLosses, type Figure, type Losses, type LossRow } from "./losses/losses.ts";
export { reconcile, type ReconciledFigure, type Reconciliation } from "./losses/reconcile.ts";
export type { Selection } from "./losses/selection.ts";
export { knownTags, type KnownTags, type ScreeningBasis } from "./screen/basis.ts";
export { readRules as readScreeningRules, type Rule, type RuleSet } from "./screen/rules.ts";
export { askedOf, Screener, type ScreenRequest } from "./screen/screener.ts";
export { verdictDocument } from "./screen/verdict-document.ts";
export type { VerdictDocument } from "./screen/verdict-schema.ts";
export type { Missing, Verdict } from "./screen/verdict.ts";
export type { Actor, Confidence } from "./tags/actor.ts";
export { categories, pooledServices, type Category } from "./tags/category.ts";
export { conflictsOf, entityOf, type TagConflict, type TaggedEntity } from "./tags/entity.ts";
export { importTagFiles, type ImportedFile, type TagImportFile, type TagImportOptions } from "./tags/import-files.ts";
export { tagReaderOf } from "./tags/memory-tags.ts";
export { openTagReader } from "./tags/open-tag-reader.ts";
export { taggedElsewhere } from "./tags/same-address.ts";
export { stands, type Tag, type TagRemark, type TagSource, type TagSubject } from "./tags/tag.ts";
export type { TagReader } from "./tags/tag-reader.ts";

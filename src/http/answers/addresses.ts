import { accountId } from "../../base/caip.ts";
import { Failure } from "../../base/failure.ts";
import { halves } from "../../base/halves.ts";
import { canonicalAddress, parseAddress } from "../../chains/address.ts";
import { describeCluster } from "../../clusters/describe.ts";
import { addressOf, ownerOf } from "../../clusters/owners.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { assetsShape, outputsShape, transfersShape, unseenShape } from "../../ledger/shapes.ts";
import { tagAnswer, tagAnswerJson } from "../../tags/answer.ts";
import type { TaggedEntity } from "../../tags/entity.ts";
import type { Contract } from "../contract/contract.ts";
import type { AnswerOf } from "../contract/route.ts";
import { cursorOf, rowOf } from "../cursor.ts";
import { chainNamed, type LedgerView } from "../ledger-view.ts";
import { momentOf, tipOf, transactionWith } from "./rows.ts";

/** Over so many rows a balance is not summed up. */
const balanceRowsMax = 20_000;
const firstEntries = 16;

/** An address that a request names. */
export type Named = {
  readonly reader: ChainReader;
  readonly address: string;
  /** Undefined: the ledger has not seen it. */
  readonly owner: number | undefined;
};

/** @throws {Failure} `INVALID_VALUE` for a text that is no address of the chain, `UNKNOWN_NAME` for the chain. */
export function named(view: LedgerView, asked: { readonly chain: string; readonly address: string }): Named {
  const reader = chainNamed(view, asked.chain);
  const owner = ownerOf(reader, asked.address);
  if (owner !== undefined) return { reader, owner, address: addressOf(reader, owner) };
  const isScript = reader.model === "utxo" && /^(?:multisig|script):/u.test(asked.address);
  return { reader, owner, address: isScript ? asked.address : parseAddress(reader.chain, asked.address) };
}

type Answered<Id extends keyof Contract> = AnswerOf<Contract[Id]>;

/** Who an address is. Cost: some look-ups, whatever the chain's size. */
export function addressAnswer(view: LedgerView, { reader, address, owner }: Named): Answered<"getAddress"> {
  const { chain } = reader;
  // Tags have an address in its chain's form, a ledger of accounts as it came in.
  const canonical = reader.model === "utxo" ? address : (canonicalAddress(chain, address) ?? address);
  const tags = view.tags?.tagsOf(chain.id, canonical) ?? [];
  const entity = view.tags?.entityAt(chain.id, canonical);
  return {
    account: accountId(chain.id, address),
    chain: chain.id,
    address,
    seen: owner !== undefined,
    firstReceived: owner === undefined ? null : firstReceived(reader, owner),
    known: tags.length > 0,
    entity: entity === undefined ? null : entityAnswer(entity),
    cluster: owner === undefined ? null : clusterOf(view, reader, owner),
    tip: tipOf(reader),
  };
}

function entityAnswer({ entity, kind, category, actor, confidence, conflicts }: TaggedEntity) {
  return {
    entity,
    kind,
    category: category ?? null,
    actor: actor?.id ?? null,
    confidence,
    conflicts: conflicts.map(({ kind: of, values }) => ({ kind: of, values: [...values] })),
  };
}

/** The first of the first few entries that is a receipt within the ledger. */
function firstReceived(reader: ChainReader, owner: number) {
  const entries = entriesFrom(reader, owner, 0, firstEntries);
  if (reader.model === "account") {
    const [row] = entries;
    return row === undefined ? null : momentOf(reader, "firstRow", row);
  }
  const output = entries.find((entry) => entry % 2 === 0);
  return output === undefined
    ? null
    : momentOf(reader, "firstTransaction", transactionWith(reader, "firstOutput", output / 2));
}

/** Null where clusters have not been built: unknown. */
function clusterOf(view: LedgerView, reader: ChainReader, owner: number) {
  try {
    const clusters = view.clusters(reader);
    const { id, size } = clusters.clusterOf(owner);
    return { id: addressOf(reader, id), size, rowsBehind: clusters.rowsBehind };
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === "CLUSTERS_UNBUILT") return null;
    throw thrown;
  }
}

/**
 * What an index has of an address: of accounts rows; of outputs twice an output's number, or twice the number of an output
 * from before the ledger plus one.
 */
export function entriesFrom(reader: ChainReader, owner: number, from: number, limit: number): readonly number[] {
  const index = reader.index(reader.model === "utxo" ? "outputByOwner" : "transferByAccount");
  return index.rangeOf(...halves(owner), from, limit);
}

/** What an address holds by the ledger's rows; null, with the reason, where that cannot be said. */
export function balanceAnswer({ reader, address, owner }: Named): Answered<"getBalance"> {
  const head = { account: accountId(reader.chain.id, address), tip: tipOf(reader) };
  const none = { received: null, sent: null, rows: null };
  if (owner === undefined) {
    return { ...head, ...none, ...unknownBalance("not-seen", "the ledger has not seen the address", null) };
  }
  const rows = entriesFrom(reader, owner, 0, balanceRowsMax + 1);
  if (rows.length > balanceRowsMax) {
    const why = `it has over ${balanceRowsMax} rows, which are not summed up`;
    return { ...head, ...none, ...unknownBalance("too-many-rows", why, balanceRowsMax) };
  }
  const { received, sent } = reader.model === "utxo" ? outputSums(reader, rows) : transferSums(reader, rows, owner);
  const known = { ...head, received: amountsOf(received), sent: amountsOf(sent), rows: rows.length };
  const unseenValue = reader.model === "utxo" ? unseenSum(reader, rows) : 0n;
  const balances = new Map(received);
  for (const [asset, amount] of sent) balances.set(asset, (balances.get(asset) ?? 0n) - amount);
  // What was spent of outputs from before the ledger was never received in it.
  if (unseenValue > 0n) balances.set(reader.chain.native, (balances.get(reader.chain.native) ?? 0n) + unseenValue);
  if ([...balances.values()].some((amount) => amount < 0n)) {
    const why = "more went out than the ledger saw coming in: it begins later, or inner transfers are not known";
    return { ...known, ...unknownBalance("more-out-than-in", why, null) };
  }
  if (reader.model === "account" && reader.state.internalUnknown > 0) {
    const why = `inner transfers of ${reader.state.internalUnknown} blocks are not known`;
    return { ...known, ...unknownBalance("internal-unknown", why, reader.state.internalUnknown) };
  }
  return { ...known, balances: amountsOf(balances), why: null, reason: null, count: null };
}

function unknownBalance(reason: NonNullable<Answered<"getBalance">["reason"]>, why: string, count: number | null) {
  return { balances: null, why, reason, count };
}

type Sums = ReadonlyMap<string, bigint>;
type Flows = { readonly received: Sums; readonly sent: Sums };

function amountsOf(sums: Sums) {
  return [...sums].flatMap(([asset, amount]) => (amount > 0n ? [{ asset, amount: String(amount) }] : []));
}

/** Of entries as {@link entriesFrom} gives them. */
function outputSums(reader: ChainReader, entries: readonly number[]): Flows {
  const outputs = reader.table(outputsShape);
  const spends = reader.index("spendByOutput");
  let received = 0n;
  let sent = unseenSum(reader, entries);
  for (const entry of entries) {
    if (entry % 2 === 1) continue;
    const value = outputs.value("value", entry / 2);
    received += value;
    if (spends.first(...halves(entry / 2)) >= 0) sent += value;
  }
  const { native } = reader.chain;
  return { received: new Map([[native, received]]), sent: new Map([[native, sent]]) };
}

/** Outputs from before the ledger are known by being spent. */
function unseenSum(reader: ChainReader, entries: readonly number[]): bigint {
  const unseen = reader.table(unseenShape);
  return entries.reduce((sum, entry) => {
    if (entry % 2 === 0) return sum;
    const { known, value } = unseen.record((entry - 1) / 2);
    return known === 1 ? sum + value : sum;
  }, 0n);
}

function transferSums(reader: ChainReader, rows: readonly number[], account: number): Flows {
  const transfers = reader.table(transfersShape);
  const assets = reader.table(assetsShape);
  const [received, sent] = [new Map<string, bigint>(), new Map<string, bigint>()];
  for (const row of rows) {
    const { from, to, asset, amount } = transfers.record(row);
    const text = assets.value("text", asset);
    if (to === account + 1) received.set(text, (received.get(text) ?? 0n) + amount);
    if (from === account + 1) sent.set(text, (sent.get(text) ?? 0n) + amount);
  }
  return { received, sent };
}

type Paging = { readonly cursor?: string; readonly limit?: number };

/** @throws {Failure} `UNKNOWN_NAME` for an address that the ledger has not seen, `CLUSTERS_UNBUILT`. */
export function clusterAnswer(view: LedgerView, asked: Named, { cursor, limit = 20 }: Paging): Answered<"getCluster"> {
  const { reader } = asked;
  const owner = seen(asked);
  const clusters = view.clusters(reader);
  const begin = cursor === undefined ? undefined : rowOf(cursor);
  if (begin !== undefined && !isMember(reader, begin, clusters.clusterOf(owner).id, clusters)) {
    const mend = "begin with the first page, without a cursor: clusters may have grown together meanwhile";
    throw new Failure("REQUEST_INVALID", { where: "query/cursor", why: "names no member of this cluster", mend });
  }
  const { next, ...found } = describeCluster({
    chains: view.chains,
    tags: view.tags,
    clusters,
    reader,
    owner,
    limit,
    begin,
  });
  const following = next === null ? undefined : ownerOf(reader, next);
  const shown = { ...found, next: following === undefined ? null : cursorOf(following) };
  // Its lists are not to be changed, which the contract's types do not say.
  return shown as unknown as Answered<"getCluster">;
}

function isMember(
  reader: ChainReader,
  owner: number,
  cluster: number,
  clusters: ReturnType<LedgerView["clusters"]>,
): boolean {
  const owners = (reader.model === "utxo" ? reader.state.counts.owners : reader.state.counts.accounts) ?? 0;
  return owner < owners && clusters.clusterOf(owner).id === cluster;
}

function seen({ reader, address, owner }: Named): number {
  if (owner !== undefined) return owner;
  const mend = "check it, or ingest the blocks in which it appears";
  const where = `the ledger of ${reader.chain.alias}`;
  throw new Failure("UNKNOWN_NAME", { kind: "address", name: address, where, mend, reason: "address-absent" });
}

/** The tags of an address. */
export function addressTags(view: LedgerView, { reader, address }: Named): Answered<"getAddressTags"> {
  const canonical = canonicalAddress(reader.chain, address) ?? address;
  return tagsAnswer(view, { kind: "address", chain: reader.chain.id, address: canonical });
}

/** The tags of a subject; the ledger may have none at all. */
export function tagsAnswer({ tags }: LedgerView, subject: Parameters<typeof tagAnswer>[1]): Answered<"getAddressTags"> {
  if (tags === undefined) return { subject, known: false, entity: null, conflicts: [], tags: [], elsewhere: [] };
  return tagAnswerJson(tagAnswer(tags, subject), tags) as Answered<"getAddressTags">;
}

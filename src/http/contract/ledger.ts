import { Type } from "typebox";
import {
  AccountId,
  AddressParams,
  AddressText,
  Amount,
  AssetId,
  ChainId,
  ChainText,
  Cursor,
  Height,
  IdParams,
  limitOf,
  Next,
  orNull,
  Time,
  Tip,
  TxidText,
  Usd,
  words,
} from "./common.ts";
import { reads, strict } from "./route.ts";
import { clusterFields, Entity, Tags } from "./tags.ts";
import { Verification } from "./verification.ts";

/** Why a balance cannot be said. */
export const balanceReasons = ["not-seen", "too-many-rows", "more-out-than-in", "internal-unknown"] as const;

const Model = words(["utxo", "account"], "Outputs and spends, or transfers between accounts.");
const Chain = Type.Object({
  chain: ChainId,
  alias: Type.String(),
  model: Model,
  blocks: Type.Integer(),
  firstHeight: orNull(Height),
  tip: Tip,
  transactions: Type.Integer(),
  rows: Type.Integer({ description: "Outputs, or transfers." }),
  owners: Type.Integer({ description: "Addresses." }),
  unseen: Type.Integer({ description: "Outputs that were created before the ledger begins." }),
  gaps: Type.Integer({ description: "Spans of heights that are not in the ledger." }),
  gapsAt: Type.Array(Type.Object({ after: Height, before: Height }), {
    description: "The first 100 of them: the blocks between which blocks are missing.",
  }),
  internalUnknown: Type.Integer({ description: "Blocks of which inner transfers are not known." }),
  indexBytes: Type.Integer({ description: "Bytes of the indexes as they are stored." }),
  simulated: Type.Boolean({ description: "Whether it was ingested as made-up data." }),
});
const Moment = { block: Height, time: Time };
const Output = Type.Object({
  ref: Type.String({ description: "TXID:VOUT; without a block it is from before the ledger begins." }),
  amount: orNull(Amount),
  block: orNull(Height),
  time: orNull(Time),
  spentBy: orNull(Type.String({ description: "The transaction that spends it; null: unspent." })),
});
const Transfer = Type.Object({
  ref: Type.String({ description: "TXID:INDEX." }),
  kind: Type.String(),
  from: orNull(Type.String()),
  to: orNull(Type.String()),
  asset: AssetId,
  amount: Amount,
  ...Moment,
});
const Worth = orNull({ ...Usd, description: "US dollars by the day's price; null: none is known." });
const sorting = {
  limit: limitOf(1_000, 100),
  cursor: Type.Optional(Cursor),
  sort: Type.Optional(
    words(
      ["chain", "usd"],
      "In chain order (default), or of the latest 5,000 the largest by dollars first, unpriced last.",
    ),
  ),
};
const Sorted = orNull(
  Type.Object(
    {
      rows: Type.Integer({ description: "So many were put in order: the address's latest." }),
      isAll: Type.Boolean({ description: "Whether these are all." }),
    },
    { description: "By dollars; null: in chain order." },
  ),
);
const Amounts = (description: string) => Type.Array(Type.Object({ asset: AssetId, amount: Amount }), { description });
const Part = Type.Object(
  {
    limit: limitOf(5_000, 1_000),
    from: Type.Integer({ minimum: 0, maximum: 100_000_000, default: 0, description: "The first row, from 0." }),
  },
  strict,
);

const IngestState = words(
  ["running", "done", "failed", "died"],
  "`died`: it said nothing of its end, and its process is gone; what it committed is whole.",
);
const Ingest = Type.Object({
  state: IngestState,
  chain: ChainId,
  source: Type.String({ description: "Of which kind; not where it lies." }),
  started: Time,
  updated: Time,
  isStale: Type.Boolean({ description: "Whether it says it runs and has not been heard of for a minute." }),
  height: orNull(Height),
  lastHeight: orNull(Type.Integer({ description: "Up to which block the source goes, where it says so." })),
  blocks: Type.Integer({ description: "Taken in by this run." }),
  transactions: Type.Integer(),
  bytes: Type.Integer({ description: "Read of the source." }),
  bytesTotal: orNull(Type.Integer()),
  secondsLeft: orNull(Type.Integer({ description: "At the rate so far; null where it is not known." })),
  problem: orNull(Type.Object({ code: Type.String(), title: Type.String() })),
});

export const ledgerRoutes = {
  getIngest: {
    ...reads({
      path: "/v1/ledger/ingest",
      group: "ledger",
      summary:
        "The ingest that runs into this ledger, or the last one: another process, which leaves word of its progress.",
      answer: Type.Object({ ingest: orNull(Ingest) }),
    }),
    isCached: false,
  },
  getBlock: reads({
    path: "/v1/chains/{chain}/blocks/{height}",
    group: "transactions",
    summary: "A block and its transactions, page by page.",
    params: Type.Object(
      { chain: ChainText, height: Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: "Its height." }) },
      strict,
    ),
    query: Type.Object({ limit: limitOf(1_000, 100), cursor: Type.Optional(Cursor) }, strict),
    answer: Type.Object({
      chain: ChainId,
      ...Moment,
      hash: orNull(Type.String()),
      parent: orNull(Type.String()),
      isTip: Type.Boolean(),
      transactions: Type.Array(Type.String(), { description: "Their ids, in chain order." }),
      total: Type.Integer(),
      rows: Type.Integer({ description: "Its outputs, or its transfers." }),
      next: Next,
    }),
  }),
  getLedger: reads({
    path: "/v1/ledger",
    group: "ledger",
    summary: "What the ledger holds, chain by chain.",
    answer: Type.Object({ chains: Type.Array(Chain), register: Type.String({ description: "Its SHA-256." }) }),
  }),
  getAddress: reads({
    path: "/v1/chains/{chain}/addresses/{address}",
    group: "addresses",
    summary: "Who an address is: its entity by tags, its cluster, how it was used.",
    params: AddressParams,
    answer: Type.Object({
      account: AccountId,
      chain: ChainId,
      address: Type.String(),
      seen: Type.Boolean({ description: "Whether the ledger has seen it, as far as it goes." }),
      firstReceived: orNull(Type.Object(Moment, { description: "The first receipt within the ledger." })),
      known: Type.Boolean({ description: "Whether any tag is known; false is unknown, never clean." }),
      entity: orNull(Entity),
      cluster: orNull(Type.Object({ id: Type.String(), size: Type.Integer(), rowsBehind: Type.Integer() })),
      tip: Tip,
    }),
  }),
  getBalance: reads({
    path: "/v1/chains/{chain}/addresses/{address}/balance",
    group: "addresses",
    summary: "What an address holds, as far as the ledger goes.",
    params: AddressParams,
    answer: Type.Object({
      account: AccountId,
      balances: orNull(Amounts("What it holds. Null: unknown; `why` says why.")),
      received: orNull(Amounts("All that came in, as far as the ledger goes; null where there are too many rows.")),
      sent: orNull(
        Amounts("All that went out, likewise; of outputs from before the ledger those whose value is known."),
      ),
      rows: orNull(Type.Integer({ description: "Its outputs, or its transfers; null where there are too many." })),
      why: orNull(Type.String()),
      reason: orNull(words(balanceReasons, "`why` as a word, for who says it in another language.")),
      count: orNull(Type.Integer({ description: "The number in `why`." })),
      tip: Tip,
    }),
  }),
  listOutputs: reads({
    path: "/v1/chains/{chain}/addresses/{address}/outputs",
    group: "addresses",
    summary: "An address's outputs, on a chain of outputs.",
    params: AddressParams,
    query: Type.Object(sorting, strict),
    answer: Type.Object({
      account: AccountId,
      outputs: Type.Array(Type.Object({ ...Output.properties, usd: Worth })),
      next: Next,
      sorted: Sorted,
    }),
  }),
  listTransfers: reads({
    path: "/v1/chains/{chain}/addresses/{address}/transfers",
    group: "addresses",
    summary: "An address's transfers, on a chain of accounts.",
    params: AddressParams,
    query: Type.Object(
      {
        ...sorting,
        direction: Type.Optional(words(["in", "out"], "Those alone that came in, or went out; a page may have fewer.")),
      },
      strict,
    ),
    answer: Type.Object({
      account: AccountId,
      transfers: Type.Array(Type.Object({ ...Transfer.properties, usd: Worth })),
      next: Next,
      sorted: Sorted,
    }),
  }),
  getAddressTags: reads({
    path: "/v1/chains/{chain}/addresses/{address}/tags",
    group: "tags",
    summary: "All tags of an address, with their sources.",
    params: AddressParams,
    answer: Tags,
  }),
  getTransaction: reads({
    path: "/v1/chains/{chain}/transactions/{txid}",
    group: "transactions",
    summary: "What a transaction moved.",
    params: Type.Object({ chain: ChainText, txid: TxidText }, strict),
    query: Part,
    answer: Type.Object({
      chain: ChainId,
      txid: Type.String(),
      model: Model,
      ...Moment,
      inputs: Type.Array(
        Type.Object({
          ref: orNull(Type.String({ description: "The output that it spends; null: newly created coins." })),
          address: orNull(AddressText),
          amount: orNull(Amount),
        }),
      ),
      outputs: Type.Array(
        Type.Object({
          ref: Type.String(),
          address: orNull(AddressText),
          amount: Amount,
          spentBy: orNull(Type.String()),
        }),
      ),
      transfers: Type.Array(Transfer),
      failed: orNull(Type.Boolean()),
      totals: Type.Object({ inputs: Type.Integer(), outputs: Type.Integer(), transfers: Type.Integer() }),
    }),
  }),
  getTransactionTags: reads({
    path: "/v1/chains/{chain}/transactions/{txid}/tags",
    group: "tags",
    summary: "All tags of a transaction, with their sources.",
    params: Type.Object({ chain: ChainText, txid: TxidText }, strict),
    answer: Tags,
  }),
  getIncidentTags: reads({
    path: "/v1/incidents/{id}/tags",
    group: "tags",
    summary: "All tags of an incident, with their sources.",
    params: IdParams,
    answer: Tags,
  }),
  verifyIncident: reads({
    path: "/v1/incidents/{id}/verify",
    group: "register",
    summary: "What a theft's transactions really took, by this ledger, beside the register's figures.",
    params: IdParams,
    answer: Verification,
  }),
  getCluster: reads({
    path: "/v1/chains/{chain}/clusters/{address}",
    group: "clusters",
    summary: "The cluster of an address: its entity, its members page by page, each with the evidence.",
    params: AddressParams,
    query: Type.Object({ limit: limitOf(1_000, 20), cursor: Type.Optional(Cursor) }, strict),
    failures: ["CLUSTERS_UNBUILT"],
    answer: Type.Object({
      chain: ChainId,
      address: Type.String(),
      ...clusterFields,
      next: Next,
    }),
  }),
};

import { Failure } from "../../base/failure.ts";
import { parseTxid } from "../../chains/address.ts";
import { findIncident } from "../../incidents/find.ts";
import type { Register } from "../../incidents/register.ts";
import { chainInfo } from "../../ledger/info.ts";
import { readIngest } from "../../io/ingest-status.ts";
import { verificationJson } from "../../trace/output/verification-json.ts";
import { registeredThefts, verifyIncident } from "../../trace/theft/verify.ts";
import type { Handlers } from "../handling.ts";
import { chainNamed, type LedgerView, type LedgerViews } from "../ledger-view.ts";
import type { ledgerRoutes } from "../contract/ledger.ts";
import { addressAnswer, addressTags, balanceAnswer, clusterAnswer, named, tagsAnswer } from "./addresses.ts";
import { blockAnswer } from "./blocks.ts";
import { outputsAnswer, transfersAnswer } from "./flows.ts";
import { tipOf } from "./rows.ts";
import { transactionAnswer } from "./transactions.ts";

/** What reads the ledger, each request at one committed state. */
export function ledgerHandlers(
  views: LedgerViews | undefined,
  register: Register,
  folder: string | undefined,
): Handlers<keyof typeof ledgerRoutes> {
  const within = async <Result>(use: (view: LedgerView) => Result): Promise<Result> => {
    if (views !== undefined) return views.use(use);
    throw new Failure("NOT_FOUND", {
      what: "this server has no ledger",
      mend: "start it with --ledger DIR",
      reason: "no-ledger",
    });
  };
  const ingestOf = async (of: string | undefined) => (of === undefined ? undefined : readIngest(of));
  return {
    getLedger: async () =>
      within(({ chains }) => ({
        chains: chains.map((reader) => {
          const info = chainInfo(reader);
          return { ...info, gapsAt: [...info.gapsAt], tip: tipOf(reader) };
        }),
        register: register.digest,
      })),
    getIngest: async () => ({ ingest: (await ingestOf(folder)) ?? null }),
    getBlock: async ({ params, query }) => within((view) => blockAnswer(chainNamed(view, params.chain), params, query)),
    getAddress: async ({ params }) => within((view) => addressAnswer(view, named(view, params))),
    getBalance: async ({ params }) => within((view) => balanceAnswer(named(view, params))),
    listOutputs: async ({ params, query }) =>
      within((view) => outputsAnswer(named(view, params), query, register.prices)),
    listTransfers: async ({ params, query }) =>
      within((view) => transfersAnswer(named(view, params), query, register.prices)),
    getAddressTags: async ({ params }) => within((view) => addressTags(view, named(view, params))),
    getTransaction: async ({ params, query }) => within((view) => transactionAnswer(view, params, query)),
    getTransactionTags: async ({ params }) =>
      within((view) => {
        const { chain } = chainNamed(view, params.chain);
        return tagsAnswer(view, { kind: "transaction", chain: chain.id, txid: parseTxid(chain, params.txid) });
      }),
    getIncidentTags: async ({ params }) =>
      within((view) => tagsAnswer(view, { kind: "incident", incident: findIncident(register, params.id).id })),
    verifyIncident: async ({ params }) =>
      within(({ chains }) => {
        const incident = findIncident(register, params.id);
        const thefts = registeredThefts(incident);
        return verificationJson(verifyIncident(incident, { readers: chains, thefts, prices: register.prices }));
      }),
    getCluster: async ({ params, query }) => within((view) => clusterAnswer(view, named(view, params), query)),
  };
}

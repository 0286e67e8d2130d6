import { chain as knownChain } from "../../src/base/chains.ts";
import { parseTransfers } from "../../src/chains/transfers/rows.ts";
import { buildClusters } from "../../src/clusters/build.ts";
import { ClustersReader } from "../../src/clusters/clusters-reader.ts";
import { addressOf, ownerIfAny } from "../../src/clusters/owners.ts";
import type { ServicesOf } from "../../src/clusters/services.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { LedgerReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import { TransfersChain } from "../chain/transfers.ts";

const folder = "in memory";
const ethereum = knownChain("ethereum");

/** Of pairs of a payer and a deposit account: linked rightly, wrongly; and the deposit accounts that there are. */
export type DepositCounts = { readonly right: number; readonly wrong: number; readonly opened: number };

/** Makes the transfers of a chain with exchanges and measures deposit-address reuse on it, the exchanges being tagged. */
export async function evaluateDeposits(transactions: number): Promise<DepositCounts> {
  const made = new TransfersChain({ seed: "deposits", transactions });
  const store = openMemoryStore();
  const writer = await ChainWriter.open(store, { folder, chain: ethereum.id, model: "account", finality: 0 });
  const options = { source: "made", addresses: "as-written", resume: undefined } as const;
  for await (const { block } of parseTransfers(stream(made), ethereum, options)) writer.append(block, block.height);
  await writer.commit("");
  writer.close();
  const services: ServicesOf = (reader) =>
    made
      .exchanges()
      .flatMap((address, number) => {
        const owner = ownerIfAny(reader, address);
        return owner === undefined ? [] : [{ owner, service: `exchange ${number}`, isExchange: true }];
      })
      .toSorted((left, right) => left.owner - right.owner);
  await buildClusters(store, { folder, chain: ethereum.id, rules: ["deposit-reuse"], services });
  const counts = countLinks(new LedgerReader(store, folder), made.deposits());
  await store.close();
  return counts;
}

function countLinks(ledger: LedgerReader, deposits: ReadonlyMap<string, string>): DepositCounts {
  const [reader] = ledger.chains;
  const clusters = reader === undefined ? "none" : ClustersReader.open(reader);
  if (reader === undefined || !(clusters instanceof ClustersReader)) throw new Error("evaluate: nothing was built");
  const userOf = new Map([...deposits].map(([deposit, user]) => [deposit.toLowerCase(), user.toLowerCase()]));
  const pairs = new Map<string, boolean>();
  for (let number = 0; number < clusters.evidence.count; number += 1) {
    const { left, right } = clusters.evidence.get(number);
    const [one, other] = [left, right].map((owner) => addressOf(reader, owner).toLowerCase()) as [string, string];
    pairs.set(`${one} ${other}`, userOf.get(one) === other || userOf.get(other) === one);
  }
  ledger.close();
  const right = [...pairs.values()].filter((isRight) => isRight).length;
  return { right, wrong: pairs.size - right, opened: deposits.size };
}

async function* stream(made: TransfersChain): AsyncIterable<Uint8Array> {
  yield* made.chunks();
}

import { parseChange, changeRuleOf } from "../../src/clusters/change/change-rules.ts";
import { uniqueChange } from "../../src/clusters/change/change-rule.ts";
import { coinjoinNames } from "../../src/clusters/coinjoin/detectors.ts";
import { UtxoTransaction } from "../../src/clusters/utxo-transaction.ts";
import type { ClustersReader } from "../../src/clusters/clusters-reader.ts";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { outputsShape, utxoTransactionsShape } from "../../src/ledger/shapes.ts";
import { usualHabits, type Habits } from "../chain/population.ts";
import { UtxoChain } from "../chain/utxo.ts";
import { clustered, ledgerOf } from "./memory-ledger.ts";

/** How much wallets use addresses again, from never to mostly. */
export const reuseLevels: Readonly<Record<string, Habits>> = {
  none: { single: 0, half: 0 },
  usual: usualHabits,
  high: { single: 16, half: 12 },
};

/** The change rules, and combinations of them, that are measured. */
export const measuredChanges: readonly string[] = [
  "address-type",
  "optimal-change",
  "fresh",
  "one-time",
  "address-reuse",
  "power-of-ten",
  "peeling-chain",
  "fresh&optimal-change",
  "address-type&fresh",
  "address-reuse|address-type&fresh&optimal-change",
];

/** Of pairs of addresses: joined rightly, joined wrongly, of one wallet and not joined. */
export type PairCounts = { readonly right: number; readonly wrong: number; readonly missed: number };
/** Of transactions: change named rightly, wrongly; and those that have one change. */
export type ChangeCounts = { readonly right: number; readonly wrong: number; readonly withChange: number };

export type WalletResults = {
  /** The part of outputs that pay an address that was paid before. */
  readonly reused: number;
  readonly transactions: number;
  readonly addresses: number;
  /** Of all wallets, and without the exchanges'. */
  readonly multiInput: { readonly all: PairCounts; readonly users: PairCounts };
  readonly coinjoinsNamed: number;
  readonly change: ReadonlyMap<string, ChangeCounts>;
};

/** Wallets of exchanges, deposits and hot ones, have the first numbers. */
const exchangeWallets = 24;

/** Makes a chain with known wallets at a level of reuse and measures multi-input and the change rules on it. */
export async function evaluateWallets(habits: Habits, transactions: number): Promise<WalletResults> {
  const wallets: number[] = [];
  const onWallets = (of: readonly number[]): void => void wallets.push(...of);
  const chain = new UtxoChain({ seed: "wallets", transactions, habits, onWallets, transactionsPerBlock: 400 });
  const store = await ledgerOf(chain.blocks());
  const results = await clustered(store, ["multi-input", ...coinjoinNames], (reader, clusters) => {
    const { owners, reused } = walletsOfOwners(reader, wallets);
    return {
      reused,
      transactions: reader.state.counts.transactions ?? 0,
      addresses: owners.length,
      multiInput: {
        all: pairsOf(owners, clusters, () => true),
        users: pairsOf(owners, clusters, (wallet) => wallet >= exchangeWallets),
      },
      coinjoinsNamed: clusters.state.coinjoins,
      change: changeCounts(reader, wallets),
    };
  });
  await store.close();
  return results;
}

function walletsOfOwners(
  reader: ChainReader,
  wallets: readonly number[],
): { readonly owners: readonly number[]; readonly reused: number } {
  const outputs = reader.table(outputsShape);
  if (outputs.count !== wallets.length)
    throw new Error(`evaluate: ${outputs.count} outputs, ${wallets.length} wallets`);
  const owners: number[] = [];
  let [again, owned] = [0, 0];
  for (let output = 0; output < outputs.count; output += 1) {
    const owner = outputs.value("owner", output);
    if (owner === 0) continue;
    owned += 1;
    if (owners[owner - 1] !== undefined) again += 1;
    owners[owner - 1] = wallets[output] ?? -1;
  }
  return { owners, reused: again / owned };
}

function pairsOf(owners: readonly number[], clusters: ClustersReader, counts: (wallet: number) => boolean): PairCounts {
  const [cells, rows, columns] = [new Map<string, number>(), new Map<number, number>(), new Map<number, number>()];
  for (const [owner, wallet] of owners.entries()) {
    if (!counts(wallet)) continue;
    const { id } = clusters.clusterOf(owner);
    cells.set(`${id} ${wallet}`, (cells.get(`${id} ${wallet}`) ?? 0) + 1);
    rows.set(id, (rows.get(id) ?? 0) + 1);
    columns.set(wallet, (columns.get(wallet) ?? 0) + 1);
  }
  const pairs = (of: ReadonlyMap<unknown, number>): number =>
    [...of.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const right = pairs(cells);
  return { right, wrong: pairs(rows) - right, missed: pairs(columns) - right };
}

function changeCounts(reader: ChainReader, wallets: readonly number[]): ReadonlyMap<string, ChangeCounts> {
  const rules = measuredChanges.map((text) => ({ text, rule: changeRuleOf(parseChange(text)) }));
  const counts = new Map(measuredChanges.map((text) => [text, { right: 0, wrong: 0, withChange: 0 }]));
  const facts = new UtxoTransaction(reader);
  const transactions = reader.table(utxoTransactionsShape);
  const walletOf = new Map<number, number>();
  for (let number = 0; number < transactions.count; number += 1) {
    facts.turnTo(number);
    facts.loadOwners();
    facts.noteInputs();
    const first = transactions.value("firstOutput", number);
    if (facts.distinctInputOwners > 0) {
      const payer = walletOf.get(facts.distinct[0] as number);
      const own = Array.from({ length: facts.outputs }, (_, output) => output).filter(
        (output) => facts.outputOwner(output) > 0 && wallets[first + output] === payer,
      );
      for (const { text, rule } of rules) {
        const count = counts.get(text) as { right: number; wrong: number; withChange: number };
        const found = uniqueChange(rule, facts);
        if (own.length === 1) count.withChange += 1;
        if (found !== -1 && own.includes(found)) count.right += 1;
        else if (found !== -1) count.wrong += 1;
      }
    }
    for (let output = 0; output < facts.outputs; output += 1) {
      walletOf.set(facts.outputOwner(output), wallets[first + output] ?? -1);
    }
    facts.noteOutputs();
  }
  return counts;
}

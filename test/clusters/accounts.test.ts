import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { parseAssetId } from "../../src/base/caip.ts";
import type { AccountBlock, Transfer } from "../../src/chains/block.ts";
import { buildClusters } from "../../src/clusters/build.ts";
import { ClustersReader } from "../../src/clusters/clusters-reader.ts";
import { addressOf, ownerOf, txidOf } from "../../src/clusters/owners.ts";
import type { ServicesOf } from "../../src/clusters/services.ts";
import { shortestChain } from "../../src/clusters/why.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { randomOf } from "../ledger/random-chain.ts";

const folder = "a ledger";
const ethereum = chain("ethereum");
const token = parseAssetId("eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7");
const milli = 1_000_000_000_000_000n;

type Row = readonly [from: string, to: string, amount: bigint, asset?: "native" | "token"];

/** An address for a name. */
const account = (name: string): string => `0x${Buffer.from(name.padEnd(20, ".")).toString("hex")}`;

/** Blocks with the rows, each a transaction of its own with a fee. */
function blocksOf(rows: readonly (readonly Row[])[], branch = ""): readonly AccountBlock[] {
  return rows.map((block, height) => ({
    model: "account",
    chain: ethereum.id,
    hash: `0x${Buffer.from(`${branch}${height}`.padEnd(32, "h")).toString("hex")}`,
    parent:
      height === 0
        ? `0x${"00".repeat(32)}`
        : `0x${Buffer.from(`${branch}${height - 1}`.padEnd(32, "h")).toString("hex")}`,
    height,
    time: 1_600_000_000 + height * 12,
    transactions: block.map((_, index) => ({ id: `tx ${branch}${height} ${index}`, index, failed: false })),
    transfers: block.flatMap(([from, to, amount, asset], transaction): readonly Transfer[] => [
      {
        transaction,
        position: 0,
        kind: "fee",
        asset: ethereum.native,
        from: account(from),
        to: undefined,
        amount: milli,
      },
      {
        transaction,
        position: 1,
        kind: asset === "token" ? "token" : "native",
        asset: asset === "token" ? token : ethereum.native,
        from: account(from),
        to: account(to),
        amount,
      },
    ]),
    internalTransfers: "known",
  }));
}

const services: ServicesOf = (reader) =>
  (["hot", "hot-2", "other-hot"] as const)
    .flatMap((name) => {
      const owner = ownerOf(reader, account(name));
      const service = name.startsWith("other") ? "other" : "exchange";
      return owner === undefined ? [] : [{ owner, service, isExchange: true }];
    })
    .toSorted((left, right) => left.owner - right.owner);

async function ledgerOf(blocks: readonly AccountBlock[], every: number, rules: readonly string[]): Promise<PageStore> {
  const store = openMemoryStore();
  const writer = await ChainWriter.open(store, { folder, chain: ethereum.id, model: "account", finality: 50 });
  for (const block of blocks) {
    writer.append(block, block.height);
    await writer.commit(String(block.height));
    if (block.height % every === 0) await buildClusters(store, { folder, chain: ethereum.id, rules, services });
  }
  await buildClusters(store, { folder, chain: ethereum.id, rules, services });
  writer.close();
  return store;
}

function read<Result>(store: PageStore, use: (reader: ChainReader, clusters: ClustersReader) => Result): Result {
  const ledger = new LedgerReader(store, folder);
  const [reader] = ledger.chains;
  if (reader === undefined) throw new Error("there is no chain");
  const clusters = ClustersReader.open(reader);
  if (!(clusters instanceof ClustersReader)) throw new Error("there are no clusters");
  const result = use(reader, clusters);
  ledger.close();
  return result;
}

const names = (reader: ChainReader, clusters: ClustersReader, name: string): readonly string[] => {
  const { id, size } = clusters.clusterOf(ownerOf(reader, account(name)) ?? -1);
  const found = clusters.members(id, id, size).members.map((owner) => addressOf(reader, owner).slice(2));
  return found.map((text) => Buffer.from(text, "hex").toString().replace(/\.+$/u, "")).toSorted();
};

const eth = 1_000n * milli;

/** Two customers with a deposit address each, one of them paying in from two accounts; and what only looks like it. */
const depositRows: readonly (readonly Row[])[] = [
  [["alice", "deposit-1", 5n * eth]],
  [["deposit-1", "hot", 5n * eth - 2n * milli]],
  [["alice-2", "deposit-1", 70n, "token"]],
  [["deposit-1", "hot-2", 70n, "token"]],
  [["bob", "deposit-2", 3n * eth]],
  [["deposit-2", "hot", 3n * eth - 5n * milli]],
  // Another exchange's payout to the deposit address is that exchange's, not the customer's.
  [["other-hot", "deposit-2", 2n * eth]],
  [["deposit-2", "hot", 2n * eth - 1n * milli]],
  // Keeps more than a fee; pays others as well; comes too late or with another amount.
  [["carol", "keeper", 9n * eth]],
  [["keeper", "hot", 8n * eth]],
  [["dave", "wallet", 4n * eth]],
  [["wallet", "erin", 1n * eth]],
  [["wallet", "hot", 4n * eth - 1n * milli]],
];

describe("clusters of accounts", () => {
  it("deposit-address reuse links payers by the deposit address they share", async () => {
    const store = await ledgerOf(blocksOf(depositRows), 100, ["deposit-reuse"]);
    read(store, (reader, clusters) => {
      expect(names(reader, clusters, "alice")).toEqual(["alice", "alice-2", "deposit-1"]);
      expect(names(reader, clusters, "bob")).toEqual(["bob", "deposit-2"]);
      for (const single of ["carol", "keeper", "dave", "wallet", "hot", "hot-2", "other-hot"]) {
        expect(names(reader, clusters, single)).toEqual([single]);
      }
      const [one, other] = ["alice", "alice-2"].map((name) => ownerOf(reader, account(name)) ?? -1) as [number, number];
      const chainOfEvidence = shortestChain(clusters, one, other) ?? [];
      expect(chainOfEvidence.map(({ evidence }) => [evidence.rule, txidOf(reader, evidence.transaction)])).toEqual([
        ["deposit-reuse", "tx 1 0"],
        ["deposit-reuse", "tx 3 0"],
      ]);
    });
  });

  it("airdrop reuse links who gathers shares, once five have passed theirs on", async () => {
    const takers = Array.from({ length: 25 }, (_, index) => `taker-${index}`);
    const rows: (readonly Row[])[] = takers.map((taker) => [["drop", taker, 100n, "token"] as const]);
    const gatherers = takers.slice(-5);
    const passing = gatherers.map((taker): readonly Row[] => [[taker, "gatherer", 100n, "token"]]);
    const four = await ledgerOf(blocksOf([...rows, ...passing.slice(0, 4)]), 3, ["airdrop-reuse"]);
    read(four, (reader, clusters) => expect(names(reader, clusters, "gatherer")).toEqual(["gatherer"]));
    const five = await ledgerOf(blocksOf([...rows, ...passing]), 3, ["airdrop-reuse"]);
    read(five, (reader, clusters) =>
      expect(names(reader, clusters, "gatherer")).toEqual(["gatherer", ...gatherers].toSorted()),
    );
  });

  it("is the same in whatever batches", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const random = randomOf(seed);
        const people = ["a", "b", "c", "d", "deposit-1", "deposit-2", "hot", "hot-2", "other-hot", "drop", "g"];
        const person = (): string => people[random(people.length)] ?? "a";
        const rows = Array.from({ length: 40 }, (): readonly Row[] =>
          Array.from({ length: random(4) }, (): Row => {
            const [from, to] = random(3) === 0 ? [`deposit-${1 + random(2)}`, "hot"] : [person(), person()];
            return [from, to, BigInt(1 + random(3)), random(2) === 0 ? "token" : "native"];
          }),
        );
        const rules = ["deposit-reuse", "airdrop-reuse"];
        const stores = [
          await ledgerOf(blocksOf(rows), 100, rules),
          await ledgerOf(blocksOf(rows), 1 + random(4), rules),
        ];
        const [once, batched] = stores.map((store) =>
          read(store, (reader, clusters) => ({
            evidence: Array.from({ length: clusters.evidence.count }, (_, number) => clusters.evidence.get(number)),
            clusters: Array.from({ length: reader.state.counts.accounts ?? 0 }, (_, owner) =>
              clusters.clusterOf(owner),
            ),
            held: [...clusters.held()],
          })),
        );
        expect(batched).toEqual(once);
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 20) },
    );
  });
});

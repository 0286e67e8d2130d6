import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { ownerKinds } from "../../src/chains/block.ts";
import { buildClusters } from "../../src/clusters/build.ts";
import { ClustersReader } from "../../src/clusters/clusters-reader.ts";
import { addressOf, ownerByIdentity } from "../../src/clusters/owners.ts";
import { sameKeyOf } from "../../src/clusters/same-key.ts";
import { noServices, type ServicesOf } from "../../src/clusters/services.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { dumpChain } from "../../src/ledger/dump.ts";
import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { fundtrail } from "../cli/terminal.ts";
import { sharedData } from "../shared-data.ts";
import { columnar, hashOf, identityOf, type PlainBlock, type PlainOutput } from "./random-blocks.ts";

const folder = "a ledger";
const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-clusters-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A chain of coinbases that pay each output, and a transaction that spends all of them together. */
function spentTogether(outputs: readonly PlainOutput[]): readonly PlainBlock[] {
  const coinbase = { id: hashOf("coinbase"), inputs: [{ id: new Uint8Array(32), index: 0xffff_ffff }], outputs };
  const together = {
    id: hashOf("together"),
    inputs: outputs.map((_, index) => ({ id: coinbase.id, index })),
    outputs: [{ value: 1n, kind: ownerKinds.key, name: 99 }],
  };
  const [first, second] = [hashOf("block 0"), hashOf("block 1")];
  return [
    { height: 0, hash: first, parent: new Uint8Array(32), transactions: [coinbase] },
    {
      height: 1,
      hash: second,
      parent: first,
      transactions: [{ ...coinbase, id: hashOf("other"), outputs: [] }, together],
    },
  ];
}

async function write(store: PageStore, alias: string, blocks: readonly PlainBlock[]): Promise<void> {
  const { id } = chain(alias);
  const writer = await ChainWriter.open(store, { folder, chain: id, model: "utxo", finality: 10 });
  for (const block of blocks) writer.append({ ...columnar(block), chain: id }, block.height);
  await writer.commit("");
  writer.close();
}

function read<Result>(store: PageStore, use: (chains: readonly ChainReader[]) => Result): Result {
  const ledger = new LedgerReader(store, folder);
  try {
    return use(ledger.chains);
  } finally {
    ledger.close();
  }
}

describe("the same key", () => {
  it("is found on other chains and in the other form of address, and joins nothing", async () => {
    const store = openMemoryStore();
    const output = (kind: number, name: number): PlainOutput => ({ value: 10n, kind, name });
    await write(
      store,
      "bitcoin",
      spentTogether([output(ownerKinds.key, 1), output(ownerKinds.witnessKey, 1), output(ownerKinds.script, 2)]),
    );
    await write(
      store,
      "litecoin",
      spentTogether([output(ownerKinds.key, 1), output(ownerKinds.script, 2), output(ownerKinds.key, 3)]),
    );
    read(store, (chains) => {
      const [bitcoin, litecoin] = chains as [ChainReader, ChainReader];
      const told = (kind: PlainOutput["kind"], name: number): readonly string[] => {
        const identity = identityOf(output(kind, name));
        const owner = ownerByIdentity(bitcoin, { kind: kind as 1, identity }) ?? -1;
        return sameKeyOf(chains, bitcoin, owner).map(
          (same) => `${same.reader.chain.alias} ${addressOf(same.reader, same.owner).slice(0, 3)} ${same.by}`,
        );
      };
      expect(told(ownerKinds.key, 1)).toEqual([
        expect.stringMatching(/^bitcoin bc1 key$/u),
        expect.stringMatching(/^litecoin L.. key$/u),
      ]);
      expect(told(ownerKinds.script, 2)).toEqual([expect.stringMatching(/^litecoin M.. script$/u)]);
      expect(litecoin.chain.alias).toBe("litecoin");
    });
  });
});

describe("the guard", () => {
  it("joins what it held back once the tags no longer say so, and nothing where they change elsewhere", async () => {
    const store = openMemoryStore();
    const output = (name: number): PlainOutput => ({ value: 10n, kind: ownerKinds.key, name });
    await write(store, "bitcoin", spentTogether([output(1), output(2)]));
    const build = async (tagged: readonly (readonly [number, string])[]): Promise<string> => {
      const services: ServicesOf = () => tagged.map(([owner, service]) => ({ owner, service, isExchange: false }));
      const built = await buildClusters(store, { folder, chain: chain("bitcoin").id, rules: undefined, services });
      return `${built.way} ${built.merges} ${built.held}`;
    };
    expect(
      await build([
        [0, "one"],
        [1, "two"],
      ]),
    ).toBe("anew 0 1");
    expect(
      await build([
        [0, "one"],
        [1, "two"],
      ]),
    ).toBe("on 0 1");
    expect(
      await build([
        [0, "one"],
        [1, "two"],
        [2, "three"],
      ]),
    ).toBe("on 0 1");
    expect(
      await build([
        [0, "one"],
        [2, "three"],
      ]),
    ).toBe("reapplied 1 0");
    expect(
      await build([
        [0, "one"],
        [1, "one"],
      ]),
    ).toBe("reapplied 1 0");
    expect(
      await build([
        [0, "one"],
        [1, "two"],
      ]),
    ).toBe("reapplied 0 1");
  });
});

const mainnet = sharedData("bitcoin/blk00000.dat");

describe("real blocks", () => {
  it.skipIf(mainnet === undefined)("of Bitcoin's first months: the clusters of the ledger's own dump", async () => {
    const [source, ledger] = [mkdtempSync(path.join(scratch, "blocks-")), path.join(scratch, "mainnet")];
    symlinkSync(mainnet ?? "", path.join(source, "blk00000.dat"));
    await fundtrail("ingest", "--ledger", ledger, "--chain", "bitcoin", "--from", "bitcoin-blk", source);
    const store = openLmdbStore(ledger, { mode: "write" });
    await buildClusters(store, { folder, chain: chain("bitcoin").id, rules: undefined, services: noServices });
    const [found, expected] = read(store, ([reader]) => {
      if (reader === undefined) throw new Error("there is no chain");
      const clusters = ClustersReader.open(reader);
      if (!(clusters instanceof ClustersReader)) throw new Error("there are no clusters");
      const owners = Array.from({ length: reader.state.counts.owners ?? 0 }, (_, owner) => owner);
      const ids = owners.map(
        (owner) => [addressOf(reader, owner), addressOf(reader, clusters.clusterOf(owner).id)] as const,
      );
      return [new Map(ids), byDump([...dumpChain(reader)])] as const;
    });
    await store.close();
    expect([...expected.values()].filter((id) => id !== "").length).toBe(found.size);
    expect(found).toEqual(expected);
  });
});

/** The oldest address of each address's cluster, by nothing but the dump's lines. No CoinJoin was made in those months. */
function byDump(lines: readonly string[]): ReadonlyMap<string, string> {
  type Line = {
    readonly tx?: string;
    readonly inputs?: readonly { owner?: string | null }[];
    readonly outputs?: readonly { owner: string | null }[];
  };
  const idOf = new Map<string, string>();
  const members = new Map<string, string[]>();
  const order = new Map<string, number>();
  for (const { tx, inputs = [], outputs = [] } of lines.map((line) => JSON.parse(line) as Line)) {
    if (tx === undefined) continue;
    for (const { owner } of [...inputs, ...outputs]) {
      if (typeof owner !== "string" || order.has(owner)) continue;
      order.set(owner, order.size);
      idOf.set(owner, owner);
      members.set(owner, [owner]);
    }
    const ids = [...new Set(inputs.flatMap(({ owner }) => (typeof owner === "string" ? [idOf.get(owner) ?? ""] : [])))];
    const [oldest, ...others] = ids.toSorted((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0));
    for (const id of others) {
      for (const member of members.get(id) ?? []) {
        idOf.set(member, oldest ?? "");
        members.get(oldest ?? "")?.push(member);
      }
    }
  }
  return idOf;
}

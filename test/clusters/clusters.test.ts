import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { buildClusters } from "../../src/clusters/build.ts";
import { ClustersReader } from "../../src/clusters/clusters-reader.ts";
import type { Service } from "../../src/clusters/guard.ts";
import { addressOf, identityOf, txidOf } from "../../src/clusters/owners.ts";
import type { ServicesOf } from "../../src/clusters/services.ts";
import { writeStrikes, type Strike } from "../../src/clusters/strikes.ts";
import { shortestChain } from "../../src/clusters/why.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { randomOf } from "../ledger/random-chain.ts";
import {
  referenceClusters,
  referenceDistance,
  type OwnerName,
  type ReferenceClusters,
  type ReferenceStrike,
} from "../reference/clusters.ts";
import { columnar, moreBlocks, type PlainBlock } from "./random-blocks.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 60);
const folder = "a ledger";
const bitcoin = chain("bitcoin").id;
const ruleSets: readonly (readonly string[])[] = [
  ["multi-input"],
  ["multi-input", "wasabi-1", "wasabi-2", "whirlpool", "joinmarket", "equal-outputs"],
  ["multi-input", "joinmarket", "change:fresh&optimal-change"],
  ["multi-input", "equal-outputs", "change:one-time", "change:address-type|power-of-ten"],
  ["change:peeling-chain"],
];

/** A ledger with its clusters and what the reference needs to know, changed step by step at random. */
class World {
  readonly random: (below: number) => number;
  readonly store: PageStore = openMemoryStore();
  readonly seed: number;
  rules: readonly string[];
  blocks: readonly PlainBlock[] = [];
  strikes: readonly Strike[] = [];
  services = new Map<OwnerName, string>();
  writer: ChainWriter;
  #branch = 0;
  readonly #owners: number;

  private constructor(seed: number, writer: ChainWriter, store: PageStore) {
    this.seed = seed;
    this.random = randomOf(seed);
    this.writer = writer;
    this.store = store;
    this.#owners = 8 + this.random(40);
    this.rules = ruleSets[this.random(ruleSets.length)] ?? [];
  }

  static async open(seed: number): Promise<World> {
    const store = openMemoryStore();
    const writer = await ChainWriter.open(store, { folder, chain: bitcoin, model: "utxo", finality: 100 });
    return new World(seed, writer, store);
  }

  /** Does one thing to the ledger, the strikes, the tags or the rules. */
  async step(): Promise<void> {
    const what = this.random(20);
    if (what < 8) await this.grow();
    else if (what < 12) await this.reorganise();
    else if (what < 15) await this.strike();
    else if (what < 19) this.tag();
    else if (what === 19) this.rules = ruleSets[this.random(ruleSets.length)] ?? [];
  }

  async grow(): Promise<void> {
    const { random } = this;
    const branch = `${this.seed} ${this.#branch}`;
    const next = moreBlocks(this.blocks, { count: 1 + random(6), branch, random, owners: this.#owners });
    for (const block of next.slice(this.blocks.length)) {
      const { kind } = this.writer.append(columnar(block), block.height);
      if (kind !== "appended") throw new Error(`block ${block.height} does not follow`);
      if (random(2) === 0) await this.writer.commit(String(block.height));
    }
    await this.writer.commit("tip");
    this.blocks = next;
  }

  async reorganise(): Promise<void> {
    const depth = 1 + this.random(6);
    await this.writer.rollback(Math.max(-1, this.blocks.length - 1 - depth));
    this.#branch += 1;
    this.blocks = this.blocks.slice(0, (this.writer.tip?.height ?? -1) + 1);
    await this.grow();
  }

  /** Strikes something out that there is, or takes a strike back. */
  async strike(): Promise<void> {
    const { random } = this;
    if (this.strikes.length > 0 && random(3) === 0) {
      const number = 1 + random(this.strikes.length);
      const withdrawn = { by: "b", why: "c", time: 0 };
      this.strikes = this.strikes.map((one) => (one.number === number ? { ...one, withdrawn } : one));
    } else {
      const found = this.#anyStrike();
      if (found === undefined) return;
      const number = this.strikes.length + 1;
      this.strikes = [...this.strikes, { ...found, number, by: "a", why: "b", time: 0, withdrawn: undefined }];
    }
    await this.store.commit([writeStrikes(1, this.strikes)]);
  }

  #anyStrike(): Pick<Strike, "rule" | "transaction" | "between"> | undefined {
    const { random } = this;
    const rule = this.rules[random(this.rules.length)] ?? "";
    if (random(8) === 0) return { rule, transaction: undefined, between: undefined };
    return this.read(({ reader, clusters }) => {
      // Until the next build the ledger and what was built of it are apart.
      if (clusters === undefined || clusters.rowsBehind > 0) return undefined;
      if (clusters.evidence.count === 0) return undefined;
      const evidence = clusters.evidence.get(random(clusters.evidence.count));
      const transaction = txidOf(reader, evidence.transaction);
      const coinjoins = Array.from({ length: reader.state.counts.transactions ?? 0 }, (_, number) => number)
        .map((number) => ({ number, rule: clusters.coinjoin(number) }))
        .filter((one) => one.rule !== undefined);
      const coinjoin = coinjoins[random(coinjoins.length)];
      if (random(3) === 0 && coinjoin?.rule !== undefined) {
        return { rule: coinjoin.rule, transaction: txidOf(reader, coinjoin.number), between: undefined };
      }
      const between = [evidence.left, evidence.right].map((owner) => addressOf(reader, owner)) as [string, string];
      return { rule: evidence.rule, transaction, between: random(2) === 0 ? undefined : between };
    });
  }

  tag(): void {
    const { random } = this;
    const owners = this.read(({ reader }) => numbered(reader).names);
    const tagged = [...this.services.keys()];
    const untagged = tagged[random(tagged.length)];
    if (untagged !== undefined && random(2) === 0) this.services.delete(untagged);
    for (let count = random(8); count > 0; count -= 1) {
      const owner = owners[random(owners.length)];
      if (owner !== undefined) this.services.set(owner, `service ${random(3)}`);
    }
  }

  async build(): Promise<void> {
    const services: ServicesOf = (reader) => {
      const { names } = numbered(reader);
      return names.flatMap((name, owner): readonly Service[] => {
        const service = this.services.get(name);
        return service === undefined ? [] : [{ owner, service, isExchange: false }];
      });
    };
    const pendingMax = 1 + this.random(60);
    await buildClusters(this.store, { folder, chain: bitcoin, rules: this.rules, services, pendingMax });
  }

  reference(): ReferenceClusters {
    const strikes = this.strikes.filter(({ withdrawn }) => withdrawn === undefined);
    return this.read(({ reader }) => {
      const { names, addresses } = numbered(reader);
      const named = (address: string): OwnerName => names[addresses.indexOf(address)] ?? "";
      return referenceClusters(this.blocks, this.rules, {
        services: this.services,
        strikes: strikes.map(({ rule, transaction, between }): ReferenceStrike => {
          const pair = between === undefined ? undefined : ([named(between[0]), named(between[1])] as const);
          return { rule, txid: transaction, between: pair };
        }),
      });
    });
  }

  read<Result>(
    use: (at: { readonly reader: ChainReader; readonly clusters: ClustersReader | undefined }) => Result,
  ): Result {
    const ledger = new LedgerReader(this.store, folder);
    try {
      const [reader] = ledger.chains;
      if (reader === undefined) throw new Error("there is no chain");
      const clusters = ClustersReader.open(reader);
      return use({ reader, clusters: clusters instanceof ClustersReader ? clusters : undefined });
    } finally {
      ledger.close();
    }
  }
}

function numbered(reader: ChainReader): {
  readonly names: readonly OwnerName[];
  readonly addresses: readonly string[];
} {
  const owners = Array.from({ length: reader.state.counts.owners ?? 0 }, (_, owner) => owner);
  return {
    names: owners.map((owner) => {
      const { kind, identity } = identityOf(reader, owner);
      return `${kind}:${Buffer.from(identity).toString("hex")}`;
    }),
    addresses: owners.map((owner) => addressOf(reader, owner)),
  };
}

/** Everything that is stored of the clusters, in the reference's words. */
function told(world: World): object {
  return world.read(({ reader, clusters }) => {
    if (clusters === undefined) throw new Error("there are no clusters");
    const { names } = numbered(reader);
    const name = (owner: number): OwnerName => names[owner] ?? "";
    const evidence = Array.from({ length: clusters.evidence.count }, (_, number) => clusters.evidence.get(number));
    const link = (number: number): object => {
      const { rule, transaction, left, right } = clusters.evidence.get(number);
      return { rule, txid: txidOf(reader, transaction), left: name(left), right: name(right) };
    };
    return {
      owners: names,
      links: evidence.map(({ number }) => link(number)),
      coinjoins: Array.from({ length: reader.state.counts.transactions ?? 0 }, (_, number) => number).flatMap(
        (number) => {
          const rule = clusters.coinjoin(number);
          return rule === undefined ? [] : [[txidOf(reader, number), rule]];
        },
      ),
      clusters: names.map((owner, number) => {
        const { id, size } = clusters.clusterOf(number);
        const members: number[] = [];
        for (let next: number | undefined = id; next !== undefined;) {
          const page: ReturnType<ClustersReader["members"]> = clusters.members(id, next, 3);
          members.push(...page.members);
          next = page.next;
        }
        const sorted = members.toSorted((left, right) => left - right);
        expect([members.length, members[0], sorted[0]]).toEqual([size, id, id]);
        return [owner, sorted.map(name)];
      }),
      held: [...clusters.held()].map((one) => ({ link: link(one.evidence), services: [...one.services].toSorted() })),
    };
  });
}

function expected({ owners, links, coinjoins, clusters, held }: ReferenceClusters): object {
  return { owners, links, coinjoins: [...coinjoins], clusters: [...clusters], held };
}

describe("clusters of outputs", () => {
  it("are those of a plain graph search, after any growth, reorganisation, strike, tag and choice of rules", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const world = await World.open(seed);
        await world.grow();
        await world.build();
        for (let round = 0; round < 4; round += 1) {
          for (let steps = world.random(4); steps >= 0; steps -= 1) await world.step();
          await world.build();
          const reference = world.reference();
          expect(told(world)).toEqual(expected(reference));
          for (let pair = 0; pair < 3; pair += 1) assertShortest(world, reference);
        }
      }),
      { numRuns: runs },
    );
  });
});

/** Two owners, mostly of one cluster, are linked by as few steps as can be, each of which is in the ledger. */
function assertShortest(world: World, reference: ReferenceClusters): void {
  const from = reference.owners[world.random(reference.owners.length)] ?? "";
  const cluster = reference.clusters.get(from) ?? [];
  const pool = world.random(4) === 0 ? reference.owners : cluster;
  const to = pool[world.random(pool.length)] ?? "";
  world.read(({ clusters }) => {
    if (clusters === undefined) throw new Error("there are no clusters");
    const [one, other] = [reference.owners.indexOf(from), reference.owners.indexOf(to)];
    const steps = shortestChain(clusters, one, other);
    expect(steps === undefined ? -1 : steps.length).toBe(referenceDistance(reference, from, to));
    for (const [index, step] of (steps ?? []).entries()) {
      expect(step.from).toBe(index === 0 ? one : steps?.[index - 1]?.to);
      expect([step.evidence.left, step.evidence.right].includes(step.to) || index >= 0).toBe(true);
    }
    if (steps !== undefined && steps.length > 0) expect(steps.at(-1)?.to).toBe(other);
  });
}

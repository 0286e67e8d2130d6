/** What the tests of the taint index share: chains, tags, ways to carry the index forward, and to compare it. */
import { createHash } from "node:crypto";
import type { ChainId } from "../../../src/base/caip.ts";
import { chain as chainNamed } from "../../../src/base/chains.ts";
import type { Day } from "../../../src/base/day.ts";
import type { Block } from "../../../src/chains/block.ts";
import { canonicalAddress } from "../../../src/chains/address.ts";
import type { Incident } from "../../../src/incidents/incident.ts";
import { LedgerReader, type ChainReader } from "../../../src/ledger/reader.ts";
import type { PageStore } from "../../../src/store/page-store.ts";
import { tagReaderOf } from "../../../src/tags/memory-tags.ts";
import type { TagReader } from "../../../src/tags/tag-reader.ts";
import type { Tag, TagId } from "../../../src/tags/tag.ts";
import type { PriceRule } from "../../../src/trace/account/swap.ts";
import type { Policy } from "../../../src/trace/policy.ts";
import { carryTaint, type TaintCarried } from "../../../src/trace/taint/carry.ts";
import type { CarrySizes } from "../../../src/trace/taint/spans.ts";
import type { TaintBasis } from "../../../src/trace/taint/standing.ts";
import { theftOf } from "../../screen/fixture.ts";
import { randomAccounts } from "../random-accounts.ts";
import { randomUtxo } from "../random-utxo.ts";

export const folder = "a ledger";

function tagOf(chain: ChainId, address: string, category: string): Tag {
  return {
    id: `${category}${address}` as TagId,
    subject: { kind: "address", chain, address },
    label: `${category} of ${address.slice(-6)}`,
    category,
    concepts: [],
    abuse: undefined,
    actor: undefined,
    confidence: "high",
    grade: undefined,
    source: { name: "a list", url: undefined, date: undefined, licence: undefined, set: "a", hash: "" },
    from: undefined,
    to: undefined,
    checked: "2026-01-01" as Day,
    clusterDefiner: "unknown",
    details: [],
    withdrawn: undefined,
    remarks: [],
    given: undefined,
  };
}

export const noPrice: PriceRule = () => undefined;
export const somePrice: PriceRule = (asset) => ({ numerator: BigInt(asset.length), denominator: 7n });

export type Given = {
  readonly tags: TagReader;
  readonly incidents: readonly Incident[];
  /** Whether it is known by a stamp that tags and thefts are the same. */
  readonly hasStamp: boolean;
  readonly policies: readonly Policy[];
  readonly price: PriceRule;
  readonly sizes: CarrySizes;
};

const basisOfPrice = (price: PriceRule): string => (price === noPrice ? "none" : "some");

export async function carry(store: PageStore, chain: ChainId, given: Given): Promise<TaintCarried> {
  const { policies, price, sizes } = given;
  return carryTaint(store, {
    folder,
    chain,
    policies,
    basis: () => basisFrom(given),
    price,
    onProgress: () => undefined,
    sizes,
  });
}

export function basisFrom({ tags, incidents, hasStamp, price }: Given): TaintBasis {
  return { incidents, tags, priceBasis: basisOfPrice(price), stamp: hasStamp ? stampOf(tags, incidents) : "" };
}

function stampOf(tags: TagReader, incidents: readonly Incident[]): string {
  const said = incidents.map(({ id, date, chain }) => [id, date, chain]);
  return createHash("sha256")
    .update(JSON.stringify([[...tags.tags()], said]))
    .digest("hex");
}

export function read<Result>(store: PageStore, use: (reader: ChainReader) => Result): Result {
  const ledger = new LedgerReader(store, folder);
  try {
    return use(ledger.chains[0] as ChainReader);
  } finally {
    ledger.close();
  }
}

export type Chain = {
  readonly blocks: readonly Block[];
  readonly addresses: readonly string[];
  readonly refs: readonly string[];
};

/** A block a day, so that thefts can lie between. */
const dayOfBlock = (at: number): number => 1_500_000_000 + at * 86_400;

export function chainOfSeed(seed: number): Chain {
  const scale = seed % 9 === 1 ? 2n ** 40n : 1_000n;
  const made: Chain =
    seed % 2 === 0
      ? randomAccounts({ seed, blocks: 24, scale: 1_000n })
      : randomUtxo({ seed, chain: "bitcoin", blocks: 24, unseen: seed % 4 === 1 ? "none" : "mixed", scale });
  return { ...made, blocks: made.blocks.map((block, at): Block => ({ ...block, time: dayOfBlock(at) })) };
}

export const heightOf = (blocks: readonly Block[], at: number): number => blocks[at]?.height ?? at;

const words = ["sanction", "exchange", "ransomware", "mixing_service", "exchange", "terrorism"];

/** Some of the addresses as services and as origins. */
export function randomTags({ blocks, addresses }: Chain, random: (below: number) => number): TagReader {
  const picked = words.flatMap((word) => {
    const { chain } = blocks[0] as Block;
    const address = canonicalAddress(chainNamed(chain), addresses[random(addresses.length)] ?? "");
    return address === undefined || random(3) === 0 ? [] : [tagOf(chain, address, word)];
  });
  const { chain } = blocks[0] as Block;
  // Of nobody in the chain, and deciding nothing: so that it is less to look at new owners than at all tags.
  const others = Array.from({ length: 40 }, (_, place) => tagOf(chain, `nobody ${place}`, "donation"));
  return tagReaderOf([...picked, ...others], () => undefined);
}

/** Thefts: by their transactions, by the thief's addresses, by both; at any time of the chain, and of things that it has not seen. */
export function randomThefts(
  { blocks, addresses, refs }: Chain,
  random: (below: number) => number,
): readonly Incident[] {
  const { alias } = chainNamed((blocks[0] as Block).chain);
  const some = (from: readonly string[], most: number): readonly string[] =>
    Array.from(
      { length: random(most + 1) },
      () => `${alias}:${from[random(from.length)]?.replace(/:[0-9]+$/u, "") ?? ""}`,
    );
  return Array.from({ length: random(4) }, (_, place) => {
    const date = new Date(dayOfBlock(random(blocks.length)) * 1_000).toISOString().slice(0, 10);
    const thief = some(addresses, 3);
    return theftOf(`theft-${place}`, date, random(3) === 0 ? some(refs, 2) : [], { thief });
  });
}

/** Small ones, so that small chains meet every way of doing it. */
export function randomSizes(random: (below: number) => number): CarrySizes {
  return {
    depth: [256, 4, 1, 9][random(4)] ?? 256,
    rows: 1 + random(20),
    records: random(40),
    bytes: random(3) * 2_000,
    history: random(8),
  };
}

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseAssetId, type AssetId } from "../../../src/base/caip.ts";
import { chain as chainNamed } from "../../../src/base/chains.ts";
import { parseAddress } from "../../../src/chains/address.ts";
import type { AccountBlock, Block, Transfer } from "../../../src/chains/block.ts";
import { ChainWriter } from "../../../src/ledger/chain-writer.ts";
import type { ChainReader } from "../../../src/ledger/reader.ts";
import { openMemoryStore } from "../../../src/store/memory-store.ts";
import { tagReaderOf } from "../../../src/tags/memory-tags.ts";
import { AccountView } from "../../../src/trace/account/account-view.ts";
import { findOrigins } from "../../../src/trace/taint/origins.ts";
import { randomOf } from "../../ledger/random-chain.ts";
import { tagOf, theftOf } from "../../screen/fixture.ts";
import { randomUtxo, type RandomUtxo } from "../random-utxo.ts";
import { folder, read } from "./story.ts";

const [bitcoin, ethereum] = [chainNamed("bitcoin"), chainNamed("ethereum")];
const hex = (text: string, digits: number): string => createHash("sha256").update(text).digest("hex").slice(0, digits);
const account = (name: string): string => `0x${hex(name, 40)}`;
const token = parseAssetId(`eip155:1/erc20:0x${hex("token", 40)}`);
const noTags = tagReaderOf([], () => undefined);
const daySeconds = 86_400;
const theftDay = "2020-06-10";
/** Block 3 is of the theft's day. */
const timeOf = (height: number): number => Date.parse(theftDay) / 1_000 + (height - 3) * daySeconds;

async function withLedger<Result>(blocks: readonly Block[], use: (reader: ChainReader) => Result): Promise<Result> {
  const store = openMemoryStore();
  const { chain, model } = blocks[0] as Block;
  const writer = await ChainWriter.open(store, { folder, chain, model, finality: 10 });
  for (const [height, block] of blocks.entries()) writer.append({ ...block, time: timeOf(height) }, height);
  await writer.commit("end");
  writer.close();
  try {
    return read(store, use);
  } finally {
    await store.close();
  }
}

type Payment = readonly [id: string, from: string, to: string, amount: bigint, more?: "token" | "fee"];

/** A block for each list of payments. */
function paying(days: readonly (readonly Payment[])[]): readonly AccountBlock[] {
  return days.map((payments, height) => {
    const ids = [...new Set(payments.map(([id]) => id))];
    const assetOf = (more: Payment[4]): AssetId => (more === "token" ? token : ethereum.native);
    return {
      model: "account",
      chain: ethereum.id,
      hash: undefined,
      parent: undefined,
      height,
      time: 0,
      transactions: ids.map((id, index) => ({ id: `0x${hex(id, 64)}`, index, failed: false })),
      transfers: payments.map(([id, from, to, amount, more], position): Transfer => ({
        kind: more ?? "native",
        asset: assetOf(more),
        from: account(from),
        to: more === "fee" ? undefined : account(to),
        amount,
        transaction: ids.indexOf(id),
        position,
      })),
      internalTransfers: "known",
    };
  });
}

/** The amounts that the origin of a theft begins with, whose thieves these are. */
async function begun(
  days: readonly (readonly Payment[])[],
  thieves: readonly string[],
  tags = noTags,
): Promise<unknown> {
  const thief = thieves.map((name) => `ethereum:${account(name)}`);
  return withLedger(paying(days), (reader) => {
    const view = new AccountView(reader);
    const { found, absent } = findOrigins(reader, { incidents: [theftOf("named", theftDay, [], { thief })], tags });
    expect(absent).toEqual([]);
    return found.map(({ origin, rows }) => [origin.key, origin.basis, ...rows.map((row) => view.amount(row))]);
  });
}
const by = ["incident:named", "addresses"] as const;

/** The outputs of a chain that came to thieves from a time on, of transactions in which no thief pays: as slowly as it is said. */
function slowly({ model, blocks, refs }: RandomUtxo, thieves: ReadonlySet<string>, since: number): readonly number[] {
  const addresses = new Map<string, string | null>();
  const heights = blocks.flatMap(({ transactionCount }, height) =>
    Array.from({ length: transactionCount }, () => height),
  );
  const found: number[] = [];
  for (const [at, { txid, inputs, outputs }] of model.entries()) {
    const isPaid = inputs.some(({ ref }) => thieves.has(addresses.get(ref) ?? ""));
    for (const [index, { address, value }] of outputs.entries()) {
      const ref = `${txid}:${index}`;
      addresses.set(ref, address);
      const isThief = address !== null && thieves.has(address) && value > 0n;
      if (isThief && !isPaid && timeOf(heights[at] ?? 0) >= since) found.push(refs.indexOf(ref));
    }
  }
  return found;
}

describe("a theft of which the register names the thief's addresses alone", () => {
  it("begins with all that came to them from its day on, on chains of outputs", async () => {
    let [count, late] = [0, 0];
    for (let seed = 1; seed <= 12; seed += 1) {
      const chain = randomUtxo({ seed, chain: "bitcoin", blocks: 12, unseen: "none", scale: 1_000n });
      const random = randomOf(seed);
      const thieves = Array.from({ length: 1 + random(3) }, () => chain.addresses[random(12)] ?? "");
      const incident = theftOf("named", theftDay, [], { thief: thieves.map((one) => `${bitcoin.alias}:${one}`) });
      const rows = await withLedger(
        chain.blocks,
        (reader) => findOrigins(reader, { incidents: [incident], tags: noTags }).found[0]?.rows ?? [],
      );
      expect(rows).toEqual(slowly(chain, new Set(thieves), timeOf(2)));
      count += rows.length;
      late += slowly(chain, new Set(thieves), 0).length - rows.length;
    }
    expect([count > 50, late > 10]).toEqual([true, true]);
  });

  it("does so on chains of accounts, without what they had before, what they pay each other, and fees", async () => {
    const days: readonly (readonly Payment[])[] = [
      [["before", "somebody", "thief", 1n]],
      [],
      [],
      [
        ["theft", "victim", "thief", 10n],
        ["theft", "thief", "", 3n, "fee"],
        ["more", "victim", "second", 20n],
      ],
      [["among", "second", "thief", 20n]],
      [["later", "somebody", "thief", 30n]],
    ];
    expect(await begun(days, ["thief", "second"])).toEqual([[...by, 10n, 20n, 30n]]);
    expect(await begun(days, ["nobody"])).toEqual([]);
    // All that came to it came before.
    expect(await begun(days.slice(0, 3), ["thief"])).toEqual([]);
    expect(await begun([[], ...days], ["thief"])).toEqual([[...by, 10n, 20n, 30n]]);
  });

  it("leaves what was got for something else to the rule of changes of form, and counts no loan that is given back", async () => {
    const swapped: readonly Payment[] = [
      ["swap", "thief", "pool", 5n],
      ["swap", "pool", "thief", 7n, "token"],
    ];
    const lent: readonly Payment[] = [
      ["attack", "lender", "thief", 1_000n],
      ["attack", "thief", "lender", 1_000n],
      ["attack", "victim", "thief", 7n, "token"],
    ];
    const before: readonly Payment[] = [["before", "somebody", "thief", 5n]];
    expect(await begun([before, [], [], [], swapped], ["thief"])).toEqual([]);
    expect(await begun([before, [], [], [], lent], ["thief"])).toEqual([[...by, 7n]]);
  });

  it("does not follow what leaves a service, whose address the register names", async () => {
    const days: readonly (readonly Payment[])[] = [[], [], [], [["theft", "victim", "thief", 10n]]];
    const service = tagOf(ethereum.id, parseAddress(ethereum, account("thief")), "exchange");
    expect(
      await begun(
        days,
        ["thief"],
        tagReaderOf([service], () => undefined),
      ),
    ).toEqual([]);
  });
});

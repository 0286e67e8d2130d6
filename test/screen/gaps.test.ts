import { describe, expect, it } from "vitest";
import { asset } from "../../src/base/assets.ts";
import type { AccountBlock, Block, UtxoBlock } from "../../src/chains/block.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import type { Incident } from "../../src/incidents/incident.ts";
import { LedgerReader } from "../../src/ledger/reader.ts";
import type { Price, PriceTable } from "../../src/prices/price-table.ts";
import { askedOf, type ScreenRequest } from "../../src/screen/screener.ts";
import type { Verdict } from "../../src/screen/verdict.ts";
import { gaps } from "../../src/screen/words.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import { randomAccounts } from "../trace/random-accounts.ts";
import { randomUtxo } from "../trace/random-utxo.ts";
import { makeChain, noPrices, rulesOf, screenerOf, tagOf, theftOf, withScreener, type Given } from "./fixture.ts";

/** The first address of Bitcoin, which no test chain pays. */
const genesis = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
const day = 86_400;

const bitcoin = randomUtxo({ seed: 6, chain: "bitcoin", blocks: 10, unseen: "none", scale: 1_000n });
/** Two days a block, so that thefts can lie between. */
const blocks = bitcoin.blocks.map((block, at): UtxoBlock => ({ ...block, time: 1_300_000_000 + at * 2 * day }));
const isPaid = (address: string, upTo: number): boolean =>
  bitcoin.model
    .filter((_, at) => at < countTo(upTo))
    .some(({ outputs }) => outputs.some((one) => one.address === address));
const countTo = (upTo: number): number => blocks.slice(0, upTo).reduce((sum, one) => sum + one.transactionCount, 0);
const someone = bitcoin.addresses.find((address) => isPaid(address, blocks.length)) ?? "";

const rule = (more: string): string => `  - {id: r${more.length}, level: high, reason: R, ${more}}\n`;
const everything = rule("categories: [abuse, mixing_service, theft]");
const rules = (text: string, accept = ""): Given["rules"] =>
  rulesOf(`name: test\nversion: 1\n${accept === "" ? "" : `accept: [${accept}]\n`}rules:\n${text}`);

const sanctioned = tagOf(blocks[0]?.chain ?? ("" as never), genesis, "sanction");
/** Whole, current, and nobody is exposed to anything. */
const whole: Given = {
  blocks,
  tags: [sanctioned],
  incidents: [],
  prices: noPrices,
  rules: rules(everything),
  index: { blocks: blocks.length, tags: [sanctioned], incidents: [] },
  clusters: blocks.length,
};

const verdictOn = async (given: Given, subject: string, more: Partial<ScreenRequest> = {}): Promise<Verdict> =>
  withScreener(given, (screener) => screener.screen(askedOf(subject, more)));
const told = ({ verdict, missing }: Verdict): readonly string[] => [verdict, ...missing.map(({ gap }) => gap)];

const noTxid = "ab".repeat(32);
const dayOf = (block: number): string => new Date((blocks[block]?.time ?? 0) * 1_000).toISOString().slice(0, 10);
const theft = (id: string, date: string, txids: readonly string[]) =>
  theftOf(
    id,
    date,
    txids.map((txid) => `bitcoin:${txid}`),
  );
/** A theft of which the register knows its thief and no transaction. */
const named = (thief: string, date: string): Incident => theftOf("named", date, [], { thief: [`bitcoin:${thief}`] });
const followed = (thief: string, date: string, accept = ""): Given => ({
  ...withThefts([named(thief, date)]),
  rules: rules(rule("categories: [theft], evidence: exposure"), accept),
});
const withThefts = (incidents: Given["incidents"]): Given => ({
  ...whole,
  incidents,
  index: { blocks: blocks.length, tags: [sanctioned], incidents },
});

/** An address that is paid in the first blocks and not after them; and a transaction that takes something behind them. */
const early =
  bitcoin.addresses.find((address) => {
    const last = bitcoin.model.findLastIndex(({ outputs }) => outputs.some((one) => one.address === address));
    return last >= 0 && last < countTo(7);
  }) ?? "";
const late =
  bitcoin.model
    .slice(countTo(9))
    .find(
      ({ isCoinbase, inputs, outputs }) => !isCoinbase && inputs.length > 0 && outputs.some(({ value }) => value > 0n),
    )?.txid ?? "";

/** One that is paid in the last block. */
const latest =
  bitcoin.model
    .slice(countTo(9))
    .flatMap(({ outputs }) => outputs.flatMap(({ address, value }) => (value > 0n ? (address ?? []) : [])))[0] ?? "";

const accounts = randomAccounts({ seed: 2, blocks: 8, scale: 1_000n });
const accountBlocks = accounts.blocks.map((block, at): AccountBlock => ({ ...block, height: at }));
const paidAccount = accountBlocks.flatMap(({ transfers }) => transfers.flatMap(({ to }) => to ?? []))[0] ?? "";
const foreign = tagOf(
  accountBlocks[0]?.chain ?? ("" as never),
  "0x8589427373D6D84E98730D7795D8f6f8731FDA16",
  "sanction",
);
const wholeAccounts: Given = {
  ...whole,
  blocks: accountBlocks,
  tags: [foreign],
  index: { blocks: accountBlocks.length, tags: [foreign], incidents: [] },
  clusters: accountBlocks.length,
};

type Condition = readonly [name: string, given: Given, expected: readonly string[], subject?: string];

describe("when clear is said", () => {
  it("is: of one who is in a whole ledger, with all that it rests on, on chains of both kinds", async () => {
    expect(told(await verdictOn(whole, someone))).toEqual(["clear"]);
    expect(told(await verdictOn(wholeAccounts, paidAccount))).toEqual(["clear"]);
    const [first] = bitcoin.model.slice(countTo(5));
    expect(told(await verdictOn(whole, first?.txid ?? ""))).toEqual(["clear"]);
    expect(told(await verdictOn(whole, first?.txid ?? "", { direction: "withdrawal" }))).toEqual(["clear"]);
  });

  const conditions: readonly Condition[] = [
    ["no index", { ...whole, index: undefined }, ["unknown", "index-none"]],
    [
      "no index, and rules of tags alone",
      { ...whole, index: undefined, rules: rules(rule("categories: [abuse], evidence: tag")) },
      ["clear"],
    ],
    [
      "an index that is behind",
      { ...whole, index: { blocks: 9, tags: [sanctioned], incidents: [] } },
      ["unknown", "index-behind"],
    ],
    [
      "tags of illicit addresses added since",
      {
        ...whole,
        tags: [sanctioned, tagOf(blocks[0]?.chain ?? ("" as never), someone, "ransomware", { confidence: "low" })],
        rules: rules(rule("categories: [theft]")),
      },
      ["unknown", "index-stale"],
    ],
    [
      "tags that decide nothing added since",
      { ...whole, tags: [sanctioned, tagOf(blocks[0]?.chain ?? ("" as never), someone, "donation")] },
      ["clear"],
    ],
    [
      "a theft on this chain added since",
      { ...whole, incidents: [theft("new", dayOf(2), [noTxid])] },
      ["unknown", "index-stale"],
    ],
    [
      "a theft on another chain added since",
      { ...whole, incidents: [theftOf("new", dayOf(2), [`ethereum:0x${noTxid}`])] },
      ["clear"],
    ],
    ["no tags", { ...whole, tags: [], index: { blocks: 10, tags: [], incidents: [] } }, ["unknown", "tags-none"]],
    [
      "no tags, and rules of thefts alone",
      {
        ...whole,
        tags: [],
        index: { blocks: 10, tags: [], incidents: [] },
        rules: rules(rule("categories: [theft], evidence: exposure")),
      },
      ["clear"],
    ],
    [
      "only tags of exchanges",
      withTags([
        tagOf(sanctioned.subject.kind === "address" ? sanctioned.subject.chain : ("" as never), genesis, "exchange"),
      ]),
      ["unknown", "tags-none"],
    ],
    [
      "only tags that were withdrawn",
      withTags([
        tagOf(sanctioned.subject.kind === "address" ? sanctioned.subject.chain : ("" as never), genesis, "sanction", {
          withdrawn: "2026-01-01" as never,
        }),
      ]),
      ["unknown", "tags-none"],
    ],
    ["no clusters", { ...whole, clusters: undefined }, ["unknown", "clusters"]],
    ["clusters that are behind", { ...whole, clusters: 8 }, ["unknown", "clusters"]],
    [
      "no clusters, and no rule that looks at them",
      {
        ...whole,
        clusters: undefined,
        rules: rules(rule("categories: [abuse], evidence: tag") + rule("categories: [abuse], evidence: exposure")),
      },
      ["clear"],
    ],
    [
      "no clusters, which the rules accept",
      { ...whole, clusters: undefined, rules: rules(everything, "clusters") },
      ["clear"],
    ],
    [
      "a ledger that begins late",
      { ...whole, blocks: blocks.slice(1), index: { blocks: 9, tags: [sanctioned], incidents: [] }, clusters: 9 },
      ["unknown", "begins-late"],
    ],
    [
      "a ledger that begins late, which the rules accept",
      {
        ...whole,
        blocks: blocks.slice(1),
        index: { blocks: 9, tags: [sanctioned], incidents: [] },
        clusters: 9,
        rules: rules(everything, "begins-late"),
      },
      ["clear"],
    ],
    ["outputs that the ledger has not seen", unseenLedger(), ["unknown", "outputs-unseen"], unseenSubject()],
    [
      "a theft that the ledger does not hold",
      withThefts([theft("absent", dayOf(2), [noTxid])]),
      ["unknown", "theft-absent"],
    ],
    ["such a theft, later than the ledger's end", withThefts([theft("absent", "2031-01-01", [noTxid])]), ["clear"]],
    [
      "such a theft, and no rule of thefts",
      { ...withThefts([theft("absent", dayOf(2), [noTxid])]), rules: rules(rule("categories: [abuse]")) },
      ["clear"],
    ],
    [
      "such a theft, which the rules accept",
      { ...withThefts([theft("absent", dayOf(2), [noTxid])]), rules: rules(everything, "theft-absent") },
      ["clear"],
    ],
    [
      "a theft that the ledger holds in part",
      withThefts([theft("partial", dayOf(3), [late, noTxid])]),
      ["unknown", "theft-partial"],
      early,
    ],
    ["a theft that the ledger holds whole", withThefts([theft("held", dayOf(9), [late])]), ["clear"], early],
    [
      "a thief's address alone, to which nothing has come since",
      followed(early, dayOf(9)),
      ["unknown", "theft-unfollowed"],
      latest,
    ],
    ["a thief's address alone, to which something has come", followed(latest, dayOf(9)), ["clear"], early],
    ["a thief whom the ledger does not know", withThefts([named(genesis, dayOf(2))]), ["clear"]],
    ["a thief's address alone, of a theft later than the ledger's end", followed(early, "2031-01-01"), ["clear"]],
    [
      "a theft that is not followed, which the rules accept",
      followed(early, dayOf(9), "theft-unfollowed"),
      ["clear"],
      latest,
    ],
    [
      "a theft in part, later than the last receipt",
      withThefts([theft("partial", dayOf(9), [late, noTxid])]),
      ["clear"],
      early,
    ],
    [
      "heights that were left out",
      { ...wholeAccounts, blocks: accountBlocks.map((one, at) => (at === 7 ? { ...one, height: 9 } : one)) },
      ["unknown", "heights-left-out"],
      paidAccount,
    ],
    [
      "unknown transfers inside transactions",
      {
        ...wholeAccounts,
        blocks: accountBlocks.map((one, at) => (at === 3 ? { ...one, internalTransfers: "unknown" } : one)),
      },
      ["unknown", "internal-unknown"],
      paidAccount,
    ],
    [
      "the same, which the rules accept",
      {
        ...wholeAccounts,
        rules: rules(everything, "internal-unknown"),
        blocks: accountBlocks.map((one, at) => (at === 3 ? { ...one, internalTransfers: "unknown" } : one)),
      },
      ["clear"],
      paidAccount,
    ],
    ["one who is not in the ledger", whole, ["unknown", "not-in-ledger"], "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"],
    [
      "one who is not in it, and rules of tags alone",
      { ...whole, rules: rules(rule("categories: [abuse], evidence: tag")) },
      ["clear"],
      "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    ],
    ["a transaction that is not in the ledger", whole, ["unknown", "not-in-ledger"], noTxid],
    [
      "an address of a chain that the ledger has not",
      whole,
      ["unknown", "chain-not-loaded"],
      "0xdAC17F958D2ee523a2206206994597C13D831ec7",
    ],
    ["a transaction of such a chain", whole, ["unknown", "chain-not-loaded"], `0x${noTxid}`],
  ];
  for (const [name, given, expected, subject = someone] of conditions) {
    it(name, async () => expect(told(await verdictOn(given, subject))).toEqual(expected));
  }

  it("a block behind the ledger's end", async () => {
    expect(told(await verdictOn(whole, someone, { block: 9 }))).toEqual(["clear"]);
    expect(told(await verdictOn(whole, someone, { block: 10 }))).toEqual(["unknown", "not-synced"]);
  });

  it("an index of a branch that was replaced", async () => {
    const store = openMemoryStore();
    await makeChain(store, whole);
    const [first] = blocks as readonly Block[] as readonly [Block];
    const by = { folder: "a ledger", chain: first.chain, model: first.model, finality: 100 };
    const writer = await ChainWriter.open(store, by);
    await writer.rollback(7);
    writer.close();
    const reader = new LedgerReader(store, "a ledger");
    const verdict = screenerOf(reader, whole).screen(askedOf(someone));
    expect(told(verdict)).toEqual(["unknown", "index-lost", "clusters"]);
    reader.close();
    await store.close();
  });

  it("an assumption of a trace matters to whom it can have reached, and to rules that ask for its origin", async () => {
    const zcash = randomUtxo({ seed: 6, chain: "zcash", blocks: 10, unseen: "none", scale: 1_000n });
    const own = zcash.blocks.map((block, at): UtxoBlock => ({ ...block, time: 1_300_000_000 + at * 2 * day }));
    const [chain] = own.map((one) => one.chain);
    if (chain === undefined) throw new Error("test: no chain");
    const at = (address: string, of: "first" | "last"): number => {
      const isOf = ({ outputs }: (typeof zcash.model)[number]): boolean =>
        outputs.some((one) => one.address === address);
      return of === "first" ? zcash.model.findIndex(isOf) : zcash.model.findLastIndex(isOf);
    };
    const seen = zcash.addresses.filter((address) => at(address, "first") >= 0);
    const bad = seen.toSorted((left, right) => at(right, "first") - at(left, "first"))[0] ?? "";
    const tags = [tagOf(chain, bad, "sanction")];
    const given: Given = {
      ...whole,
      blocks: own,
      tags,
      index: { blocks: 10, tags, incidents: [] },
      rules: rules(rule("categories: [sanction], evidence: exposure")),
    };
    const blockOf = (number: number): number =>
      own.findIndex((_, block) => number < own.slice(0, block + 1).reduce((sum, one) => sum + one.transactionCount, 0));
    const before = seen.find((address) => blockOf(at(address, "last")) < blockOf(at(bad, "first")));
    const after = seen.find((address) => address !== bad && at(address, "last") > at(bad, "first"));
    expect(told(await verdictOn(given, before ?? ""))).toEqual(["clear"]);
    const verdict = await verdictOn(given, after ?? "");
    if (verdict.verdict !== "flagged") expect(told(verdict)).toEqual(["unknown", "assumption"]);
    expect(verdict.missing.map(({ gap }) => gap)).toContain("assumption");
    const others: Given = { ...given, rules: rules(rule("categories: [ransomware], evidence: exposure")) };
    expect(told(await verdictOn(others, after ?? ""))).toEqual(["clear"]);
  });

  it("a price that a rule asks for, both ways", async () => {
    const paid = bitcoin.model.find(({ outputs }) =>
      outputs.some(({ address, value }) => address !== null && value > 0n),
    );
    const bad = paid?.outputs.find(({ address, value }) => address !== null && value > 0n)?.address ?? "";
    const tags = [tagOf(blocks[0]?.chain ?? ("" as never), bad, "sanction")];
    const asked = (least: string, prices: PriceTable): Given => ({
      ...whole,
      tags,
      prices,
      index: { blocks: 10, tags, incidents: [] },
      rules: rules(rule(`categories: [sanction], evidence: exposure, usd-min: ${least}`)),
    });
    expect(told(await verdictOn(asked("1", noPrices), bad))).toEqual(["unknown", "price"]);
    expect(told(await verdictOn(asked("0", noPrices), bad))[0]).toBe("flagged");
    expect(told(await verdictOn(asked("999999999", priced()), bad))).toEqual(["clear"]);
    expect(told(await verdictOn(asked("1", priced()), bad))[0]).toBe("flagged");
  });

  it("each gap is described in docs/screening.md", async () => {
    const { readFile } = await import("node:fs/promises");
    const text = await readFile(new URL("../../docs/screening.md", import.meta.url), "utf8");
    for (const gap of gaps) expect(text).toContain(`\`${gap}\``);
  });
});

function withTags(tags: Given["tags"]): Given {
  return { ...whole, tags, index: { blocks: blocks.length, tags, incidents: [] } };
}

function unseenChain() {
  return randomUtxo({ seed: 3, chain: "bitcoin", blocks: 10, unseen: "known", scale: 1_000n });
}
function unseenLedger(): Given {
  return { ...whole, blocks: unseenChain().blocks };
}
function unseenSubject(): string {
  const { model } = unseenChain();
  return model.flatMap(({ outputs }) => outputs.flatMap(({ address }) => address ?? []))[0] ?? "";
}

function priced(): PriceTable {
  const [native] = [asset("BTC")];
  const price = { asset: native, usd: { digits: 1_000_000n, scale: 0 }, kind: "close", source: "test" };
  const days = blocks.map((_, at) => ({ ...price, day: dayOf(at), at: dayOf(at) }) as unknown as Price);
  return new Map([[native.id, days]]);
}

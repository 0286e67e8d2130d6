import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseAssetId } from "../../src/base/caip.ts";
import { chain as chainNamed } from "../../src/base/chains.ts";
import { parseAddress } from "../../src/chains/address.ts";
import type { AccountBlock, Transfer, UtxoBlock } from "../../src/chains/block.ts";
import { methodsOf } from "../../src/screen/methods.ts";
import { askedOf, type ScreenRequest } from "../../src/screen/screener.ts";
import type { Verdict } from "../../src/screen/verdict.ts";
import { verdictDocument } from "../../src/screen/verdict-document.ts";
import { randomUtxo } from "../trace/random-utxo.ts";
import { noPrices, rulesOf, tagOf, theftOf, withScreener, type Given } from "./fixture.ts";

const ethereum = chainNamed("ethereum");
const hex = (text: string, digits: number): string => createHash("sha256").update(text).digest("hex").slice(0, digits);
const account = (name: string): string => parseAddress(ethereum, `0x${hex(name, 40)}`);
const txid = (name: string): string => `0x${hex(name, 64)}`;

/** Payments of ether, so many a block, from block 0 on. */
function ledgerOf(
  payments: readonly (readonly [id: string, from: string, to: string, amount: bigint])[],
  perBlock = 10,
): readonly AccountBlock[] {
  return Array.from({ length: Math.ceil(payments.length / perBlock) }, (_, height): AccountBlock => {
    const own = payments.slice(height * perBlock, (height + 1) * perBlock);
    const ids = [...new Set(own.map(([id]) => id))];
    const transfers = own.map(([id, from, to, amount], position): Transfer => ({
      kind: "native",
      asset: ethereum.native,
      from: account(from).toLowerCase(),
      to: account(to).toLowerCase(),
      amount,
      transaction: ids.indexOf(id),
      position,
    }));
    return {
      model: "account",
      chain: ethereum.id,
      hash: undefined,
      parent: undefined,
      height,
      time: 1_600_000_000 + height * 12,
      transactions: ids.map((id, index) => ({ id: txid(id), index, failed: false })),
      transfers,
      internalTransfers: "known",
    };
  });
}

const rules = (text: string): Given["rules"] => rulesOf(`name: test\nversion: 1\naccept: [clusters]\nrules:\n${text}`);
const every = "  - {id: all, level: high, reason: R, categories: [abuse, theft]}\n";
const given = (blocks: Given["blocks"], more: Partial<Given> = {}): Given => {
  const tags = more.tags ?? [tagOf(ethereum.id, account("bad"), "sanction")];
  const incidents = more.incidents ?? [];
  return {
    blocks,
    tags,
    incidents,
    prices: noPrices,
    rules: rules(every),
    index: { blocks: blocks.length, tags, incidents },
    clusters: undefined,
    ...more,
  };
};
const verdictOn = async (of: Given, subject: string, more: Partial<ScreenRequest> = {}): Promise<Verdict> =>
  withScreener(of, (screener) => screener.screen(askedOf(subject, more)));
const told = ({ verdict, missing }: Verdict): readonly string[] => [verdict, ...missing.map(({ gap }) => gap)];

describe("a deposit is judged by its own value", () => {
  // First in, first out: what the customer had first is clean, what came then is not.
  const blocks = ledgerOf([
    ["a", "mint", "customer", 100n],
    ["b", "bad", "customer", 50n],
    ["c", "customer", "exchange", 100n],
    ["d", "customer", "exchange", 30n],
    ["e", "customer", "bad", 20n],
  ]);
  const ledger = given(blocks, {
    rules: rules(
      "  - {id: fifo, level: high, reason: R, categories: [sanction], policy: fifo}\n  - {id: own, level: high, reason: R, categories: [sanction], evidence: tag}\n",
    ),
  });
  it("whatever else its payer ever had", async () => {
    expect(told(await verdictOn(ledger, txid("c")))).toEqual(["clear"]);
    const dirty = await verdictOn(ledger, txid("d"));
    const [fact] = dirty.facts.filter(({ exposure }) => exposure?.policy === "fifo");
    expect([dirty.verdict, fact?.exposure?.amount, fact?.exposure?.whole.amount]).toEqual(["flagged", 30n, 30n]);
    const whole = await verdictOn(ledger, account("exchange"));
    expect(whole.facts.find(({ exposure }) => exposure?.policy === "fifo")?.exposure).toMatchObject({
      amount: 30n,
      whole: { amount: 130n },
      hops: 2,
      direct: 0n,
      held: 30n,
    });
  });
  it("and a withdrawal by who receives it", async () => {
    const { verdict, matches, parties } = await verdictOn(ledger, txid("e"), { direction: "withdrawal" });
    expect([verdict, matches.map(({ rule }) => rule.id), parties[0]?.role, parties[0]?.address]).toEqual([
      "flagged",
      ["fifo", "own"],
      "receiver",
      account("bad"),
    ]);
    // As a deposit it is the customer's, who is nobody: what is left to flag is the value.
    expect((await verdictOn(ledger, txid("e"))).parties.map(({ role, address }) => [role, address])).toEqual([
      ["payer", account("customer")],
    ]);
  });
  it("with the path of its value, from the origin on", async () => {
    const document = verdictDocument(await verdictOn(ledger, txid("d")));
    const [fact] = document.facts.filter(({ policy }) => policy === "fifo");
    expect(fact?.path.map((step) => [step.txid, step.amount])).toEqual([
      [txid("b"), "50"],
      [txid("d"), "30"],
    ]);
    expect(fact).toMatchObject({ share: "1.000000", reach: "indirect", hops: 2, skipped: 0, methods: ["fifo"] });
  });
});

describe("a payment of a transaction in which value changed its form", () => {
  it("is judged by what it was changed from, though that is recorded at the account's last transfer", async () => {
    const token = parseAssetId(`eip155:1/erc20:0x${hex("token", 40)}`);
    // The trader gets tokens for the tainted ether that it pays after them.
    const blocks = ledgerOf(
      [
        ["a", "bad", "trader", 100n],
        ["b", "mint", "pool", 50n],
        ["swap", "pool", "trader", 50n],
        ["swap", "trader", "pool", 100n],
      ],
      2,
    ).map((block): AccountBlock => ({
      ...block,
      transfers: block.transfers.map((one) => (one.amount === 50n ? { ...one, kind: "token", asset: token } : one)),
    }));
    const rule = rules(
      "  - {id: r, level: high, reason: R, categories: [sanction], evidence: exposure, policy: fifo}\n",
    );
    const ledger = given(blocks, { rules: rule });
    const verdict = await verdictOn(ledger, txid("swap"), { to: account("trader") });
    expect(
      verdict.facts
        .filter(({ exposure }) => exposure?.policy === "fifo")
        .map(({ exposure }) => [exposure?.asset, exposure?.amount]),
    ).toEqual([[token, 50n]]);
    expect(told(verdict)).toEqual(["flagged"]);
    expect(told(await verdictOn(ledger, txid("swap"), { to: account("pool") }))).toEqual(["clear"]);
  });
});

describe("what is known of who somebody is", () => {
  const blocks = ledgerOf([
    ["a", "mint", "somebody", 100n],
    ["b", "mint", "other", 100n],
  ]);
  it("is also what the register says of a thief's address, with or without a theft's transactions", async () => {
    const incident = theftOf("old", "2020-01-01", []);
    const thief = { ...incident, chain: { ...incident.chain, thief: [`ethereum:${account("somebody")}`] } };
    const ledger = given(blocks, { incidents: [thief] });
    const { verdict, facts, checked } = await verdictOn(ledger, account("somebody").toLowerCase());
    expect([verdict, facts[0]?.evidence, facts[0]?.category, facts[0]?.origin, checked.unplaced]).toEqual([
      "flagged",
      "tag",
      "theft",
      "incident:old",
      [],
    ]);
    expect(told(await verdictOn(ledger, account("other")))).toEqual(["clear"]);
    // Not in the ledger, and named all the same.
    const gone = { ...incident, chain: { ...incident.chain, thief: [`ethereum:${account("never seen")}`] } };
    expect((await verdictOn(given(blocks, { incidents: [gone] }), account("never seen"))).verdict).toBe("flagged");
  });
  it("is exposure to what came to a thief of whose theft no transaction is known, which says so", async () => {
    const paid = ledgerOf([
      ["a", "mint", "thief", 100n],
      ["b", "thief", "receiver", 60n],
      ["c", "receiver", "exchange", 60n],
    ]);
    const incidents = [theftOf("old", "2020-01-01", [], { thief: [`ethereum:${account("thief")}`] })];
    const exposure = rules("  - {id: r, level: high, reason: R, categories: [theft], evidence: exposure}\n");
    const verdict = await verdictOn(given(paid, { incidents, rules: exposure }), account("exchange"));
    expect(told(verdict)).toEqual(["flagged"]);
    expect(
      verdict.facts.map(({ origin, methods, exposure: found }) => [origin, methods, found?.amount, found?.hops]),
    ).toEqual([
      ["incident:old", ["fifo", "thief-address"], 60n, 2],
      ["incident:old", ["haircut", "thief-address"], 60n, 2],
    ]);
    expect(methodsOf(verdict.facts).map(({ name }) => name)).toEqual(["fifo", "haircut", "thief-address"]);
    expect(verdict.checked).toMatchObject({ incidents: 1, unplaced: [], absent: [] });
    // By its transaction, which is in the ledger, it is followed as before.
    const known = [
      theftOf("old", "2020-01-01", [`ethereum:${txid("b")}`], { thief: [`ethereum:${account("thief")}`] }),
    ];
    const byTransaction = await verdictOn(given(paid, { incidents: known, rules: exposure }), account("exchange"));
    expect(byTransaction.facts.map(({ methods, exposure: found }) => [methods, found?.hops])).toEqual([
      [["fifo"], 1],
      [["haircut"], 1],
    ]);
  });
  it("is unclear where a tag says nothing in a known word", async () => {
    const bad = tagOf(ethereum.id, account("bad"), "sanction");
    const odd = tagOf(ethereum.id, account("somebody"), "stolen-goods");
    const tags = [bad, odd];
    expect(told(await verdictOn(given(blocks, { tags }), account("somebody")))).toEqual(["unknown", "tag-unclear"]);
    const both = [...tags, tagOf(ethereum.id, account("somebody"), "donation")];
    expect(told(await verdictOn(given(blocks, { tags: both }), account("somebody")))).toEqual(["clear"]);
  });
  it("is also what is said of the same account on another EVM chain, by a rule of its own", async () => {
    const tags = [
      tagOf(chainNamed("polygon").id, account("somebody"), "ransomware"),
      tagOf(ethereum.id, account("bad"), "sanction"),
    ];
    const { verdict, facts, parties } = await verdictOn(given(blocks, { tags }), account("somebody"));
    expect([verdict, facts[0]?.methods, parties[0]?.elsewhere]).toEqual(["flagged", ["same-key"], ["eip155:137"]]);
  });
  it("is also its cluster, by the rules that made it; its own tags do not count for it", async () => {
    const {
      blocks: own,
      addresses,
      model,
    } = randomUtxo({ seed: 6, chain: "bitcoin", blocks: 14, unseen: "none", scale: 1_000n });
    const [first] = own as readonly [UtxoBlock];
    void model;
    const rule = rules("  - {id: cluster, level: medium, reason: R, categories: [ransomware], evidence: cluster}\n");
    let [flagged, alone] = [0, 0];
    for (const bad of addresses) {
      const tags = [tagOf(first.chain, bad, "ransomware")];
      const ledger = { ...given(own, { tags, rules: rule }), clusters: own.length };
      await withScreener(ledger, (screener) => {
        for (const address of addresses) {
          const verdict = screener.screen(askedOf(address));
          const cluster = verdict.parties[0]?.cluster;
          const badCluster = screener.screen(askedOf(bad)).parties[0]?.cluster;
          const isTogether = address !== bad && cluster !== undefined && cluster.id === badCluster?.id;
          expect(verdict.verdict === "flagged").toBe(isTogether);
          if (isTogether)
            expect(verdict.facts.find(({ evidence }) => evidence === "cluster")?.methods).toEqual(["multi-input"]);
          if (isTogether) flagged += 1;
          else alone += 1;
        }
      });
    }
    expect([flagged > 0, alone > 0]).toEqual([true, true]);
  });
});

describe("what is too much to look at", () => {
  it("over 1,000 payers or receivers: those beyond are not known", async () => {
    const many = Array.from({ length: 1_001 }, (_, at): readonly [string, string, string, bigint] => [
      "pay",
      "customer",
      `to ${at}`,
      1n,
    ]);
    const [block] = ledgerOf([["a", "mint", "customer", 2_000n]]);
    const last = ledgerOf(many);
    const all = last
      .flatMap(({ transfers }) => transfers)
      .map((one, position) => ({ ...one, transaction: 0, position }));
    const blocks = [block, { ...last[0], height: 1, transfers: all } as AccountBlock] as readonly AccountBlock[];
    const ledger = given(blocks);
    expect(told(await verdictOn(ledger, txid("pay"), { direction: "withdrawal" }))).toEqual(["unknown", "parties"]);
    expect(told(await verdictOn(ledger, txid("pay"), { direction: "withdrawal", to: `${txid("pay")}:1000` }))).toEqual([
      "clear",
    ]);
    expect(told(await verdictOn(ledger, txid("pay")))).toEqual(["clear"]);
  });

  it("over 10,000 receipts: a share is not known, unless it fails even by those that were added up", async () => {
    const clean = Array.from({ length: 10_050 }, (_, at): readonly [string, string, string, bigint] => [
      `t ${at}`,
      "mint",
      "hub",
      10n,
    ]);
    const blocks = ledgerOf([["first", "bad", "hub", 1_000n], ...clean], 5_000);
    const asked = (share: string): Given =>
      given(blocks, {
        rules: rules(
          `  - {id: r, level: high, reason: R, categories: [sanction], evidence: exposure, share-min: ${share}}\n`,
        ),
      });
    expect(told(await verdictOn(asked("0.5%"), account("hub")))).toEqual(["unknown", "share"]);
    // 1,000 of at least 100,990: under one percent, whatever came after.
    expect(told(await verdictOn(asked("1%"), account("hub")))).toEqual(["clear"]);
    expect(told(await verdictOn(asked("0%"), account("hub")))).toEqual(["flagged"]);
  });
});

import { describe, expect, it } from "vitest";
import { asset } from "../../src/base/assets.ts";
import { chain as chainNamed } from "../../src/base/chains.ts";
import { canonicalAddress } from "../../src/chains/address.ts";
import type { Block } from "../../src/chains/block.ts";
import type { Price, PriceTable } from "../../src/prices/price-table.ts";
import { askedOf } from "../../src/screen/screener.ts";
import type { Verdict } from "../../src/screen/verdict.ts";
import { verdictDocument } from "../../src/screen/verdict-document.ts";
import { randomOf } from "../ledger/random-chain.ts";
import {
  modelChain,
  modelVerdict,
  theftRefs,
  type ModelQuestion,
  type ModelRule,
  type ModelTag,
} from "../reference/screen.ts";
import { randomAccounts } from "../trace/random-accounts.ts";
import { randomUtxo } from "../trace/random-utxo.ts";
import { rulesOf, tagOf, theftOf, withScreener, type Given } from "./fixture.ts";

/** `npm run fuzz` asks for more, and for others each time. */
const runs = Number(process.env["FUZZ_RUNS"] ?? 40);
const seeds = Math.min(runs, 5_000);
const offset = Number(process.env["FUZZ_SEED"] ?? 0) % 1_000_000;

type Random = ReturnType<typeof randomOf>;
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random(items.length)] as Item;

/** A chain of a seed; of outputs every third one begins late, so that much is not known. */
function chainOf(seed: number) {
  if (seed % 2 === 0) {
    const { blocks, addresses } = randomAccounts({ seed, blocks: 12, scale: 1_000n });
    return { blocks: blocks as readonly Block[], addresses, transactions: [], from: 0, unseen: "none" as const };
  }
  const unseen = seed % 3 === 0 ? ("none" as const) : seed % 5 === 0 ? ("mixed" as const) : ("none" as const);
  const { blocks, addresses, model } = randomUtxo({ seed, chain: "bitcoin", blocks: 12, unseen, scale: 1_000n });
  const from = seed % 3 === 0 ? 3 : 0;
  return { blocks: blocks.slice(from) as readonly Block[], addresses, transactions: model, from, unseen };
}

function randomRules(random: Random): { readonly rules: readonly ModelRule[]; readonly text: string } {
  const rules = Array.from({ length: 1 + random(4) }, (_, at): ModelRule => {
    const evidence = pick(random, ["tag", "exposure", "exposure", undefined] as const);
    const isTag = evidence === "tag";
    const categories = pick(random, [
      ["sanction"],
      ["ransomware"],
      ["mixing_service"],
      ["abuse"],
      ["theft"],
      ["theft", "sanction"],
    ]);
    const share = isTag ? undefined : pick(random, [undefined, "0.0001%", "1%", "12.5%", "50%", "100%"]);
    const usd = isTag ? undefined : pick(random, [undefined, undefined, undefined, "0", "0.01", "2.50", "1000"]);
    const policy = isTag ? undefined : pick(random, [undefined, "fifo", "haircut"] as const);
    const direction = pick(random, [undefined, undefined, "deposit", "withdrawal"] as const);
    const confidence = pick(random, [undefined, undefined, "medium", "confirmed"]);
    const id = `rule-${at}`;
    return { id, categories, ...defined({ evidence, share, usd, policy, direction, confidence }) };
  });
  const lines = rules.map(({ id, categories, evidence, share, usd, policy, direction, confidence }) => {
    const parts = defined({
      evidence,
      policy,
      direction,
      "share-min": share,
      "usd-min": usd,
      "confidence-min": confidence,
    });
    const more = Object.entries(parts)
      .map(([key, value]) => `, ${key}: ${value}`)
      .join("");
    return `  - {id: ${id}, level: high, reason: R, categories: [${categories.join(", ")}]${more}}`;
  });
  const accept = "[clusters, begins-late, heights-left-out, assumption, outputs-unseen]";
  return { rules, text: `name: random\nversion: 1\naccept: ${accept}\nrules:\n${lines.join("\n")}\n` };
}

function defined<Value extends object>(value: Value): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}

function pricesOf(native: string, usd: string | undefined): PriceTable {
  if (usd === undefined) return new Map();
  const [units = "", part = ""] = usd.split(".");
  const price = { usd: { digits: BigInt(units + part), scale: part.length }, kind: "close", source: "test" };
  const days = ["2011-03-13", "2020-09-13"].map(
    (day) => ({ ...price, day, at: day, asset: asset(native) }) as unknown as Price,
  );
  return new Map([[native, days]]);
}

/** What a verdict says, to be compared. */
function said({ verdict, matches, facts }: Verdict): {
  verdict: string;
  holding: readonly string[];
  exposures: readonly string[];
} {
  const exposures = facts.flatMap(({ exposure, origin, category }) =>
    exposure === undefined
      ? []
      : [
          `${exposure.policy} ${category} ${origin.slice(-12)} ${exposure.asset} ${exposure.amount} of ${exposure.whole.amount}`,
        ],
  );
  return { verdict, holding: matches.map(({ rule }) => rule.id).toSorted(), exposures: exposures.toSorted() };
}

async function story(seed: number): Promise<{ readonly asked: number; readonly verdicts: readonly string[] }> {
  const random = randomOf(seed * 7_919 + 3);
  const { blocks, addresses, transactions } = chainOf(seed);
  const [first] = blocks as readonly [Block];
  const isUtxo = first.model === "utxo";
  const native = isUtxo ? "bip122:000000000019d6689c085ae165831e93/slip44:0" : "eip155:1/slip44:60";
  const words = ["sanction", "exchange", "ransomware", "mixing_service"];
  const modelTags = words.slice(random(3)).map((category, at): ModelTag & { category: string } => ({
    address: addresses[at] ?? "",
    category,
    confidence: pick(random, ["low", "medium", "high", "confirmed"]),
  }));
  const tags = modelTags.map((one) =>
    tagOf(first.chain, canonicalAddress(chainNamed(first.chain), one.address) ?? one.address, one.category, {
      confidence: one.confidence as never,
      label: one.address,
    }),
  );
  const chain = modelChain(blocks, transactions, native);
  const state = pick(random, ["current", "current", "current", "current", "behind", "stale", "none"] as const);
  const indexBlocks = state === "behind" ? blocks.length - 1 - random(3) : blocks.length;
  const indexedTags = state === "stale" ? modelTags.slice(1) : modelTags;
  const txids =
    chain.model === "utxo" ? chain.transactions.filter(({ isCoinbase }) => !isCoinbase).map(({ txid }) => txid) : [];
  const stolen = isUtxo && txids.length > 0 && random(2) === 0 ? [pick(random, txids)] : [];
  const thefts = stolen.length === 0 ? [] : [{ id: "theft", date: "2011-03-13", txids: stolen }];
  const incidents = thefts.map((one) =>
    theftOf(
      one.id,
      one.date,
      one.txids.map((txid) => `bitcoin:${txid}`),
    ),
  );
  const usd = pick(random, ["7", "12345.678", undefined]);
  const { rules, text } = randomRules(random);
  const given: Given = {
    blocks,
    tags,
    incidents,
    prices: pricesOf(native, usd),
    rules: rulesOf(text),
    index:
      state === "none"
        ? undefined
        : {
            blocks: indexBlocks,
            tags: tags.filter((tag) => indexedTags.some((one) => tag.label === one.address)),
            incidents,
          },
    clusters: undefined,
  };
  const seen =
    chain.model === "utxo"
      ? chain.transactions.map(({ txid }) => txid)
      : chain.blocks.flatMap((block) => block.transactions.map(({ id }) => id));
  const verdicts: string[] = [];
  await withScreener(given, (screener) => {
    for (let at = 0; at < 24; at += 1) {
      const direction = pick(random, ["deposit", "withdrawal", "either"] as const);
      const isAddress = random(2) === 0 || seen.length === 0;
      const subject = isAddress ? pick(random, addresses) : pick(random, seen);
      const to = !isAddress && random(3) === 0 ? paidBy(chain, subject, random) : undefined;
      const question: ModelQuestion = {
        indexed: state === "none" ? undefined : modelChain(blocks.slice(0, indexBlocks), transactions, native),
        chain,
        indexedTags,
        tags: modelTags,
        thefts,
        rules,
        price: (id) => (usd === undefined || id !== native ? undefined : { usd, decimals: isUtxo ? 8 : 18 }),
        subject: isAddress ? { kind: "address", address: subject } : { kind: "transaction", txid: subject, to },
        direction,
      };
      const verdict = screener.screen(askedOf(subject, { direction, to }));
      const model = modelVerdict(question, isLacking(question, state));
      const exposures = model.exposures.map(
        (one) => `${one.policy} ${one.category} ${one.origin.slice(-12)} ${one.asset} ${one.amount} of ${one.whole}`,
      );
      const expected = { verdict: model.verdict, holding: model.rules.toSorted(), exposures: exposures.toSorted() };
      expect({ seed, subject, direction, to, state, rules: text, ...said(verdict) }).toEqual({
        seed,
        subject,
        direction,
        to,
        state,
        rules: text,
        ...expected,
      });
      // Asked again it says the same, byte for byte.
      expect(JSON.stringify(verdictDocument(screener.screen(askedOf(subject, { direction, to }))))).toBe(
        JSON.stringify(verdictDocument(verdict)),
      );
      verdicts.push(model.verdict);
    }
  });
  return { asked: verdicts.length, verdicts };
}

function paidBy(chain: ModelQuestion["chain"], txid: string, random: Random): string | undefined {
  const paid =
    chain.model === "utxo"
      ? (chain.transactions.find((one) => one.txid === txid)?.outputs ?? []).flatMap(({ address, value }) =>
          address === null || value === 0n ? [] : [address],
        )
      : chain.blocks.flatMap(({ transactions, transfers }) =>
          transfers.flatMap((row) =>
            transactions[row.transaction]?.id === txid &&
            row.to !== undefined &&
            row.kind !== "fee" &&
            row.from !== row.to &&
            row.amount > 0n
              ? [row.to]
              : [],
          ),
        );
  return paid.length === 0 ? undefined : pick(random, paid);
}

/** What keeps from `clear` beside what the rules accept: as the test has made it. */
function isLacking(question: ModelQuestion, state: string): boolean {
  const { rules, direction, tags, subject, chain } = question;
  const asked = rules.filter(
    (rule) => direction === "either" || rule.direction === undefined || rule.direction === direction,
  );
  const exposed = asked.filter(({ evidence }) => evidence !== "tag");
  const isIndexWrong = state !== "current" && exposed.length > 0;
  const isTagAsked = asked.some(
    ({ evidence, categories }) => evidence !== "exposure" || categories.some((one) => one !== "theft"),
  );
  const isTagless = isTagAsked && tags.every(({ category }) => category === "exchange");
  const isSeen =
    subject.kind === "transaction" ||
    (chain.model === "utxo"
      ? chain.transactions.some(({ outputs }) => outputs.some(({ address }) => address === subject.address))
      : chain.blocks.some(({ transfers }) =>
          transfers.some(({ from, to }) => from === subject.address || to === subject.address),
        ));
  const isAnyAsked = asked.some(({ evidence }) => evidence !== "tag");
  const { indexed, thefts } = question;
  // A theft that takes nothing, as far as the ledger tells, is one that it does not hold.
  const isTheftAsked = exposed.some(({ categories }) => categories.includes("theft"));
  const isTheftLost =
    isTheftAsked && indexed !== undefined && thefts.some(({ txids }) => theftRefs(indexed, txids).size === 0);
  return isTheftLost || isIndexWrong || isTagless || (!isSeen && isAnyAsked);
}

describe("screening", () => {
  it("says what a slow model says, of addresses, deposits and withdrawals, whatever the rules and the index", async () => {
    const counts = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { verdicts } = await story(seed + offset);
      for (const verdict of verdicts) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    }
    for (const verdict of ["flagged", "clear", "unknown"]) expect(counts.get(verdict)).toBeGreaterThan(100);
  }, 600_000);
});

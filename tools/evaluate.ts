/**
 * `npm run evaluate [-- SAMPLES TRANSACTIONS]`: measures the clustering rules against what the generator knows to be true, and
 * writes the figures into their pages in `docs/methods`, between the marks `<!-- measured -->` and `<!-- end -->`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { coinjoinNames, type CoinjoinName } from "../src/clusters/coinjoin/detectors.ts";
import { evaluateCoinjoins } from "../bench/evaluate/coinjoins.ts";
import { sampleKinds, type SampleKind } from "../bench/evaluate/mixed-samples.ts";
import { evaluateWallets, measuredChanges, reuseLevels, type WalletResults } from "../bench/evaluate/wallets.ts";

const [samples = 500, transactions = 100_000] = process.argv.slice(2).map(Number);
const kinds = Object.keys(sampleKinds) as readonly SampleKind[];

const percent = (part: number, whole: number): string => (whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)}%`);
const number = (value: number): string => value.toLocaleString("en");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const align = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, align, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Puts text between the marks of a page. */
function write(page: string, text: string): void {
  const file = new URL(`../docs/methods/${page}.md`, import.meta.url);
  const before = readFileSync(file, "utf8");
  const after = before.replace(/<!-- measured -->[^]*<!-- end -->/u, `<!-- measured -->\n\n${text}\n\n<!-- end -->`);
  if (!before.includes("<!-- measured -->")) throw new Error(`evaluate: ${page} has no place for figures`);
  writeFileSync(file, after);
}

type Coinjoins = Awaited<ReturnType<typeof evaluateCoinjoins>>;

function detectorPage(name: CoinjoinName, { counts }: Coinjoins): string {
  const of = (kind: SampleKind, detector: string): number => counts.get(kind)?.get(detector) ?? 0;
  const ordinary = kinds.filter((kind) => sampleKinds[kind] === "ordinary");
  const named = kinds.map((kind) => of(kind, name)).reduce((sum, count) => sum + count, 0);
  const mistaken = ordinary.map((kind) => of(kind, name)).reduce((sum, count) => sum + count, 0);
  const found = samples - of(name, "none");
  const rows = kinds.map((kind) => [
    kind,
    sampleKinds[kind],
    number(samples),
    number(of(kind, name)),
    number(samples - of(kind, "none")),
  ]);
  return [
    `Of ${number(samples)} CoinJoins of this kind ${number(of(name, name))} were named by it (recall ${percent(of(name, name), samples)}), ` +
      `${number(found)} by it or another detector. Of the ${number(named)} transactions that it named ${number(mistaken)} were ordinary ` +
      `ones (precision ${percent(named - mistaken, named)} in this mixture).`,
    table(["made as", "truly", "samples", "named by this detector", "by any"], rows),
  ].join("\n\n");
}

function multiInputPage({ guarded, unguarded }: Coinjoins, wallets: ReadonlyMap<string, WalletResults>): string {
  const pairs = ({ right, wrong, missed }: Coinjoins["guarded"]): readonly string[] => [
    number(right),
    number(wrong),
    number(missed),
    percent(right, right + wrong),
    percent(right, right + missed),
  ];
  const head = ["", "pairs joined rightly", "wrongly", "not joined", "precision", "recall"];
  const levels = [...wallets].flatMap(([level, { multiInput, reused }]) => [
    [`reuse ${level} (${percent(reused, 1)}), all wallets`, ...pairs(multiInput.all)],
    [`reuse ${level}, without exchanges`, ...pairs(multiInput.users)],
  ]);
  return [
    "Inputs of the samples (see the CoinJoin pages), in pairs, by whether they are one participant's:",
    table(head, [
      ["with the CoinJoin detectors", ...pairs(guarded)],
      ["without them", ...pairs(unguarded)],
    ]),
    `Addresses of chains of ${number(transactions)} transactions whose wallets are known, in pairs, by whether they are one ` +
      "wallet's. “Reuse” is the part of outputs that pay an address that was paid before:",
    table(head, levels),
  ].join("\n\n");
}

function changeRows(text: string, wallets: ReadonlyMap<string, WalletResults>): readonly (readonly string[])[] {
  return [...wallets].map(([level, { change, reused }]) => {
    const { right, wrong, withChange } = change.get(text) ?? { right: 0, wrong: 0, withChange: 0 };
    return [
      `${level} (${percent(reused, 1)})`,
      number(right),
      number(wrong),
      number(withChange),
      percent(right, right + wrong),
      percent(right, withChange),
    ];
  });
}

const changeHead = [
  "address reuse",
  "change named rightly",
  "wrongly",
  "transactions with one change",
  "precision",
  "recall",
];
const changePages: Readonly<Record<string, string>> = {
  "address-type": "change-address-type",
  "optimal-change": "change-optimal",
  fresh: "change-fresh",
  "one-time": "change-one-time",
  "address-reuse": "change-address-reuse",
  "power-of-ten": "change-power-of-ten",
  "peeling-chain": "change-peeling-chain",
};

const coinjoins = await evaluateCoinjoins(samples);
for (const name of coinjoinNames) write(`coinjoin-${name}`, detectorPage(name, coinjoins));
const wallets = new Map<string, WalletResults>();
for (const [level, habits] of Object.entries(reuseLevels))
  wallets.set(level, await evaluateWallets(habits, transactions));
write("multi-input", multiInputPage(coinjoins, wallets));
for (const [rule, page] of Object.entries(changePages)) write(page, table(changeHead, changeRows(rule, wallets)));
const combined = measuredChanges.filter((text) => changePages[text] === undefined);
write(
  "change-rules",
  combined.map((text) => `\`change:${text}\`\n\n${table(changeHead, changeRows(text, wallets))}`).join("\n\n"),
);
for (const [kind, row] of coinjoins.counts)
  process.stdout.write(`${kind}: ${JSON.stringify(Object.fromEntries(row))}\n`);
for (const [level, found] of wallets)
  process.stdout.write(`${level}: ${found.addresses} addresses, ${found.coinjoinsNamed} named as CoinJoins\n`);

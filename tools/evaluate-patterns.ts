import { evaluateScenarios, type ScenarioCounts } from "../bench/evaluate/pattern-scenarios.ts";
import { evaluateOrdinary, type OrdinaryResults } from "../bench/evaluate/pattern-wallets.ts";
import type { PatternName } from "../src/trace/patterns/pattern.ts";
import { number, percent, table, write } from "./method-page.ts";

/** How often each scenario is told, among how many random transactions, and how many ordinary payments are traced. */
const times = 20;
const around = 500;
const traces = 4_000;

type Told = readonly {
  readonly chain: string;
  readonly policy: string;
  readonly counts: ReadonlyMap<PatternName, ScenarioCounts>;
}[];

/** Measures the patterns of a trace, and writes the figures into their pages. */
export async function evaluatePatterns(transactions: number): Promise<void> {
  const told: Told[number][] = [];
  for (const model of ["utxo", "transfers"] as const) {
    for (const policy of ["fifo", "haircut"] as const) {
      const counts = await evaluateScenarios(model, { times, transactions: around, policy });
      told.push({ chain: model === "utxo" ? "outputs" : "accounts", policy, counts });
    }
  }
  const ordinary = await evaluateOrdinary(transactions, traces);
  write(
    "peel-chain",
    [scenarioPart(told, "peel-chain"), peelPart(ordinary), ordinaryPart(ordinary, "peel-chain")].join("\n\n"),
  );
  for (const name of ["fan-out", "fan-in"] as const) {
    write(name, [scenarioPart(told, name), ordinaryPart(ordinary, name)].join("\n\n"));
  }
  write(
    "round-amounts",
    [
      scenarioPart(told, "round-amounts"),
      `Among ordinary payments, ${number(ordinary.round.right + ordinary.round.wrong)} tainted outputs were round beside one that ` +
        `was not; ${number(ordinary.round.right)} of them paid another wallet (precision ` +
        `${percent(ordinary.round.right, ordinary.round.right + ordinary.round.wrong)}), of ${number(ordinary.round.truly)} that ` +
        `did (recall ${percent(ordinary.round.right, ordinary.round.truly)}).`,
      ordinaryPart(ordinary, "round-amounts"),
    ].join("\n\n"),
  );
  write("dormancy", scenarioPart(told, "dormancy"));
  const { returned } = ordinary;
  write(
    "victim-return",
    `Among ordinary payments, ${number(returned.truly)} tainted outputs went back to the wallet that the origin came from: ` +
      `${number(returned.right)} were found, ${number(returned.wrong)} were named that were none (precision ` +
      `${percent(returned.right, returned.right + returned.wrong)}, recall ${percent(returned.right, returned.truly)}). So few say ` +
      `little.\n\n${ordinaryPart(ordinary, "victim-return")}`,
  );
  write("commingling", [twoTheftsPart(told), meetingsPart(ordinary)].join("\n\n"));
}

function scenarioPart(told: Told, pattern: PatternName): string {
  const rows = told.flatMap(({ chain, policy, counts }) => {
    const one = counts.get(pattern);
    if (one === undefined) return [];
    const wrong = [...one.wrong.values()].reduce((sum, count) => sum + count, 0);
    return [
      [
        `${chain}, ${policy}`,
        number(one.told),
        number(one.found),
        number(one.others),
        number(wrong),
        percent(one.found, one.found + wrong),
        percent(one.found, one.told),
        [...one.wrong.keys()].join(", "),
      ],
    ];
  });
  const head = [
    "chain, policy",
    "scenarios that tell it",
    "found",
    "others",
    "found in",
    "precision",
    "recall",
    "which",
  ];
  return `In scenarios, each told ${times} times among about ${number(around)} random transactions:\n\n${table(head, rows)}`;
}

/** Only one scenario has two thefts to be held against each other. */
function twoTheftsPart(told: Told): string {
  const found = told.map(({ chain, policy, counts }) => {
    const one = counts.get("commingling");
    return `${number(one?.found ?? 0)} of ${number(one?.told ?? 0)} (${chain}, ${policy})`;
  });
  return `In the scenario in which two thefts meet, told ${times} times among about ${number(around)} random transactions, found: ${found.join(", ")}.`;
}

function ordinaryPart({ traces: all, visited, shown }: OrdinaryResults, pattern: PatternName): string {
  const { traces: some, findings } = shown.get(pattern) ?? { traces: 0, findings: 0 };
  return (
    `Base rate: of ${number(all)} ordinary payments, each traced over up to 30 hops (${number(visited)} transactions in all, in ` +
    `which nobody launders anything, exchanges being stops), ${number(some)} show it (${percent(some, all)}), ` +
    `${number(findings)} times.`
  );
}

function peelPart({ peels }: OrdinaryResults): string {
  const rows = [...peels].map(([most, { right, wrong, truly }]) => [
    `at most ${most}% peeled`,
    number(right),
    number(wrong),
    number(truly),
    percent(right, right + wrong),
    percent(right, truly),
  ]);
  const head = ["", "of one wallet throughout", "not", "such chains in all", "precision", "recall"];
  return `Among ordinary payments, chains found by whether one wallet made all of it:\n\n${table(head, rows)}`;
}

function meetingsPart({ met }: OrdinaryResults): string {
  const rows = met.map(({ hops, pairs, stopped, open }) => [
    number(hops),
    number(pairs),
    `${number(stopped)} (${percent(stopped, pairs)})`,
    `${number(open)} (${percent(open, pairs)})`,
  ]);
  return (
    "Base rate: pairs of ordinary payments by different wallets, which have nothing to do with each other, that met all the same " +
    `(other pairs for each number of hops):\n\n` +
    table(["hops followed", "pairs", "met, exchanges being stops", "met, no stops"], rows)
  );
}

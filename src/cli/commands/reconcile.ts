import { formatMillions, formatUsd, zeroUsd, type Usd } from "../../base/usd.ts";
import { findPublished } from "../../incidents/find.ts";
import type { PublishedFigure } from "../../incidents/published-set.ts";
import type { Register } from "../../incidents/register.ts";
import { isOnRecord } from "../../losses/candidates.ts";
import { rangeWords } from "../../losses/describe.ts";
import { reconciliationJson } from "../../losses/json.ts";
import { reconcile as reconcileSet, type ReconciledFigure, type Reconciliation } from "../../losses/reconcile.ts";
import { countryRules, studySelection } from "../../losses/selection.ts";
import { oneOf, readArguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { readConfidence } from "../losses-options.ts";
import { loadValidRegister } from "../register.ts";
import { plainText, textTable } from "../table.ts";
import type { Command, Terminal } from "../terminal.ts";

/** `fundtrail reconcile [PUBLISHED-ID]`: published figures beside the register's. */
export const reconcile: Command = async (args, terminal) => {
  const options = readArguments(
    args,
    {
      confidence: { type: "string" },
      "country-rule": { type: "string" },
      register: { type: "string", multiple: true },
      json: { type: "boolean" },
    },
    1,
  );
  const chosen = {
    confidence: readConfidence(options, studySelection.confidence),
    countryRule: oneOf(countryRules, options.text("country-rule") ?? studySelection.countryRule, "--country-rule"),
  };
  const register = await loadValidRegister(options.texts("register"));
  const [id] = options.words;
  if (id === undefined) {
    const all = [...register.published.values()].map((set) => reconcileSet(register, set, chosen));
    terminal.out(options.flag("json") ? jsonText({ sets: all.map(reconciliationJson) }) : listText(all, terminal));
    return 0;
  }
  const result = reconcileSet(register, findPublished(register, id), chosen);
  terminal.out(options.flag("json") ? jsonText(reconciliationJson(result)) : setText(result, register, terminal));
  return 0;
};

/** One line a set: its main figure beside ours. */
function listText(all: readonly Reconciliation[], terminal: Terminal): string {
  const sorted = all.toSorted((left, right) =>
    left.set.published.first === right.set.published.first
      ? left.set.id < right.set.id
        ? -1
        : 1
      : left.set.published.first < right.set.published.first
        ? -1
        : 1,
  );
  return textTable(
    {
      columns: [
        { title: "Set", align: "left" },
        { title: "Published", align: "left" },
        { title: "Figure", align: "left" },
        { title: "Theirs $m", align: "right" },
        { title: "Ours $m", align: "right" },
        { title: "Range", align: "right" },
        { title: "Agreement", align: "left" },
        { title: "Figures", align: "right" },
      ],
      rows: sorted.map(({ set, figures }) => {
        const main = figures.find(({ published }) => published.group === "world") ?? figures[0];
        return [
          set.id,
          set.published.text,
          main === undefined ? "" : main.published.key,
          main === undefined ? "" : printed(main.published),
          main === undefined ? "" : formatMillions(main.ours.usd),
          main === undefined ? "" : rangeWords(main.ours),
          main === undefined ? "" : agreementWords(main),
          String(figures.length),
        ];
      }),
      totals: 0,
    },
    terminal,
  );
}

function setText(result: Reconciliation, register: Register, terminal: Terminal): string {
  const { set, selection, figures, selfChecks } = result;
  const table = textTable(
    {
      columns: [
        { title: "Figure", align: "left" },
        { title: "Theirs $m", align: "right" },
        { title: "Ours $m", align: "right" },
        { title: "Range", align: "right" },
        { title: "Difference", align: "right" },
        { title: "Agreement", align: "left" },
        { title: "Unexplained", align: "right" },
      ],
      rows: figures.map((figure) => [
        figure.published.key,
        printed(figure.published),
        formatMillions(figure.ours.usd),
        rangeWords(figure.ours),
        signed(figure.difference),
        agreementWords(figure),
        formatMillions(figure.unexplained),
      ]),
      totals: 0,
    },
    terminal,
  );
  const actor = register.actors.get(set.actor)?.name ?? set.actor;
  return plainLines([
    `${set.publisher}: ${set.title} (${set.published.text})`,
    set.scope,
    `Ours: ${actor}, ${set.from ?? "from the beginning"} to ${set.to}, value at ${selection.value}, ` +
      `confidence ${selection.confidence ?? "any"} and above, country rule ${selection.countryRule}.`,
  ])
    .concat("\n", table)
    .concat("\n", figures.map((figure) => figureText(figure)).join(""))
    .concat(
      selfChecks.length === 0
        ? ""
        : plainLines([
            "The published figures held against themselves:",
            ...selfChecks.map(({ outcome, text }) => `  ${outcome}: ${text}`),
          ]),
    )
    .concat(
      plainLines([
        "",
        "Sources:",
        ...[...set.sources.values()].map(({ name, url }) => `  ${name}${url === undefined ? "" : ` ${url}`}`),
      ]),
    )
    .concat(
      "Our figures come from the register alone; no candidate is applied. Method: docs/methods/reconciliation.md\n",
    );
}

/** One figure: what ours is made of, what could close the gap, and what nothing explains. */
function figureText(figure: ReconciledFigure): string {
  const { published, ours, difference, candidates, unexplained, fits } = figure;
  const counted = ours.counted.map(
    ({ incident, central }) => `${incident.id} ${central === undefined ? "unknown" : formatMillions(central)}`,
  );
  const shown = candidates.slice(0, 12);
  return plainLines([
    `${published.key}: theirs ${printed(published)}, ours ${formatMillions(ours.usd)}, difference ${signed(difference)}`,
    ...(published.note === undefined ? [] : [`  ${published.note}`]),
    `  Ours: ${counted.length === 0 ? "no theft" : counted.slice(0, 40).join("; ")}${counted.length > 40 ? `; and ${counted.length - 40} more` : ""}`,
    ...shown.map(
      (candidate) =>
        `  ${isOnRecord(candidate) ? "candidate" : "open      "} ${signed(candidate.effect).padStart(8)}  ${candidate.incident.id}: ${candidate.why}`,
    ),
    ...(candidates.length > shown.length ? [`  and ${candidates.length - shown.length} smaller candidates`] : []),
    ...(figure.agreement === "equal" ? [] : [`  ${explanation(unexplained, candidates.length, fits)}`]),
    ...(figure.elsewhere.length === 0
      ? []
      : [
          `  Others for the same: ${figure.elsewhere.map((other) => `${other.set.id} ${printed(other.figure)}`).join("; ")}`,
        ]),
    "",
  ]);
}

function explanation(unexplained: Usd, candidates: number, fits: bigint | undefined): string {
  const open =
    unexplained === zeroUsd
      ? "The candidates on record reach the difference."
      : `Nothing on record explains ${formatMillions(unexplained)} of it.`;
  if (candidates === 0) return open;
  const ways =
    fits === undefined ? "more combinations than can be counted" : `${fits} combination${fits === 1n ? "" : "s"}`;
  const of = candidates === 1 ? "the one candidate" : `${candidates} candidates`;
  return `${open} Of ${of}, ${ways} would fit it to the digit: a fit proves nothing.`;
}

function agreementWords({ agreement }: ReconciledFigure): string {
  switch (agreement) {
    case "equal":
      return "equal as printed";
    case "in-range":
      return "within our range";
    case "apart":
      return "apart";
    default:
      return agreement satisfies never;
  }
}

function printed({ usd, qualifier }: PublishedFigure): string {
  return `${qualifier === undefined ? "" : `${qualifier.replace("-", " ")} `}${formatMillions(usd)}`;
}

function signed(usd: Usd): string {
  return `${usd > zeroUsd ? "+" : ""}${formatUsd(usd) === "0.00" ? "0.0" : formatMillions(usd)}`;
}

function plainLines(lines: readonly string[]): string {
  return `${lines.map((line) => plainText(line)).join("\n")}\n`;
}

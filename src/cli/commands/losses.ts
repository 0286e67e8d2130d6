import { Failure } from "../../base/failure.ts";
import { formatMillions, formatShare, formatUsd } from "../../base/usd.ts";
import type { Incident } from "../../incidents/incident.ts";
import type { Register } from "../../incidents/register.ts";
import { writeWhole } from "../../io/write-file.ts";
import {
  figureWords,
  groupWord,
  headline,
  partWords,
  rangeWords,
  selectionLines,
  theftRangeWords,
} from "../../losses/describe.ts";
import { lossesJson, openRowJson } from "../../losses/json.ts";
import { computeLosses, type Figure, type Losses, type LossRow } from "../../losses/losses.ts";
import { readArguments, oneOf } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { readGrouping, readOpenKey, readSelection, selectionOptions } from "../losses-options.ts";
import { loadValidRegister } from "../register.ts";
import { csvTable, markdownTable, markdownText, plainText, textTable, type Table } from "../table.ts";
import type { Command, Terminal } from "../terminal.ts";

export const lossFormats = ["table", "json", "csv", "md", "html"] as const;
export type LossFormat = (typeof lossFormats)[number];

/** `fundtrail losses`: who lost what, totalled by country or otherwise. */
export const losses: Command = async (args, terminal) => {
  const options = readArguments(
    args,
    {
      ...selectionOptions,
      open: { type: "string" },
      format: { type: "string" },
      json: { type: "boolean" },
      out: { type: "string" },
    },
    0,
  );
  const format = readFormat(options.text("format"), options.flag("json"));
  const by = readGrouping(options);
  const open = options.text("open");
  const key = open === undefined ? undefined : readOpenKey(open, by);
  const register = await loadValidRegister(options.texts("register"));
  const result = computeLosses(register, readSelection(options, register), by);
  const out = options.text("out");
  const target = out === undefined ? terminal : { ...terminal, isTerminal: false };
  const text =
    key === undefined
      ? await renderLosses(register, result, format, target)
      : renderRow(findRow(result, key), result, format, target);
  if (out === undefined) terminal.out(text);
  else await writeWhole(out, text);
  return 0;
};

function readFormat(text: string | undefined, isJson: boolean): LossFormat {
  const format = text === undefined ? undefined : oneOf(lossFormats, text, "--format");
  if (isJson && format !== undefined && format !== "json") {
    throw new Failure("USAGE", {
      what: `--json and --format ${format} contradict each other`,
      mend: "give one of them",
    });
  }
  return isJson ? "json" : (format ?? "table");
}

/** The losses in a format; html is the self-contained report. */
export async function renderLosses(
  register: Register,
  result: Losses,
  format: LossFormat,
  terminal: Pick<Terminal, "isTerminal">,
): Promise<string> {
  switch (format) {
    case "table":
      return lossesText(register, result, terminal);
    case "json":
      return jsonText(lossesJson(result));
    case "csv":
      return lossesCsv(result);
    case "md":
      return lossesMarkdown(register, result);
    case "html": {
      // The charts' libraries are large: only a report pays for loading them.
      const { renderReport } = await import("../../losses/report/report.ts");
      return renderReport(register, result);
    }
    default:
      return format satisfies never;
  }
}

function lossesText(register: Register, result: Losses, terminal: Pick<Terminal, "isTerminal">): string {
  const remarks = shownRemarks(result);
  return [
    `${headline(result, register.actors)}\n\n`,
    textTable(lossesTable(result), terminal),
    remarks.length === 0 ? "" : `\n${remarks.map((text) => `* ${plainText(text)}`).join("\n")}\n`,
    `\n${selectionLines(result).join("\n")}\n`,
    `Register ${result.registerDigest.slice(0, 16)}…; method: docs/methods/losses.md. ` +
      `Open a row: fundtrail losses --by ${result.by} --open ${result.rows[0]?.key ?? "KEY"}\n`,
  ].join("");
}

function lossesMarkdown(register: Register, result: Losses): string {
  const remarks = shownRemarks(result);
  return [
    `**${markdownText(headline(result, register.actors))}**\n\n`,
    markdownTable(lossesTable(result)),
    remarks.length === 0 ? "" : `\n${remarks.map((text) => `- ${markdownText(text)}`).join("\n")}\n`,
    `\n${selectionLines(result).map(markdownText).join(" ")} Register SHA-256 ${result.registerDigest}.\n`,
  ].join("");
}

/** What the table's reader must know; where a country differs by rule only of the thefts that count. */
function shownRemarks(result: Losses): readonly string[] {
  const remarks = result.rows
    .flatMap((row) => row.remarks)
    .filter(({ kind, counted }) => counted || kind !== "country");
  return [...new Set(remarks.map(({ text }) => text))];
}

function lossesTable(result: Losses): Table {
  const numbers = (figure: Figure): readonly string[] => [
    figureWords(figure),
    rangeWords(figure),
    String(figure.counted.length),
    partWords(figure, figure.recovered),
    partWords(figure, figure.net),
  ];
  return {
    columns: [
      { title: groupWord(result.by), align: "left" },
      { title: "$m", align: "right" },
      { title: "Range", align: "right" },
      { title: "Thefts", align: "right" },
      { title: "Recovered", align: "right" },
      { title: "Net", align: "right" },
      { title: "Share", align: "right" },
      { title: "Remarks", align: "left" },
    ],
    rows: [
      ...result.rows.map((row) => [
        row.label,
        ...numbers(row),
        row.share === undefined ? "" : formatShare(row.share),
        remarkWords(row),
      ]),
      ["World", ...numbers(result.total), result.total.usd > 0n ? "100.0%" : "", ""],
    ],
    totals: 1,
  };
}

/** What to look out for in a row, in a few words; the sentences follow the table. */
function remarkWords(row: LossRow): string {
  const count = (kind: string): number =>
    new Set(row.remarks.filter((remark) => remark.kind === kind).map(({ incident }) => incident)).size;
  const words = [
    [count("disputed"), "disputed"],
    [count("country"), "placed by rule"],
    [count("value"), "value unknown"],
    [row.rangeOnly.length, "in range only"],
  ] as const;
  return words
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(", ");
}

function lossesCsv(result: Losses): string {
  const header = [
    "key",
    "label",
    "usd",
    "low",
    "high",
    "share",
    "count",
    "recovered",
    "net",
    "unknown_values",
    "incidents",
    "range_only",
  ];
  const cells = (key: string, label: string, share: string, figure: Figure): readonly string[] => [
    key,
    label,
    formatUsd(figure.usd),
    formatUsd(figure.low),
    formatUsd(figure.high),
    share,
    String(figure.counted.length),
    formatUsd(figure.recovered),
    formatUsd(figure.net),
    String(figure.unknownValues),
    figure.counted.map(({ incident }) => incident.id).join(" "),
    figure.rangeOnly.map(({ incident }) => incident.id).join(" "),
  ];
  return csvTable(header, [
    ...result.rows.map((row) =>
      cells(row.key, row.label, row.share === undefined ? "" : String(row.share / 1_000_000), row),
    ),
    cells("total", "Total", result.total.usd > 0n ? "1" : "", result.total),
  ]);
}

function findRow(result: Losses, key: string): LossRow {
  const row = result.rows.find((candidate) => candidate.key === key);
  if (row !== undefined) return row;
  throw new Failure("UNKNOWN_NAME", {
    kind: "row",
    name: key,
    where: "--open",
    mend: `the rows are ${result.rows.map((known) => known.key).join(", ") || "none: widen the selection"}`,
  });
}

/** One row, opened: its thefts. */
function renderRow(row: LossRow, result: Losses, format: LossFormat, terminal: Pick<Terminal, "isTerminal">): string {
  const header = ["id", "date", "victim", "usd", "low", "high", "actor", "confidence", "counted"];
  const members = [...row.counted, ...row.rangeOnly].toSorted((left, right) =>
    left.incident.id < right.incident.id ? -1 : 1,
  );
  switch (format) {
    case "json":
      return jsonText(openRowJson(result, row));
    case "csv":
      return csvTable(
        header,
        members.map(({ incident, central, low, high, counted }) => [
          incident.id,
          incident.date.text,
          incident.victim.name,
          central === undefined ? "" : formatUsd(central),
          formatUsd(low),
          formatUsd(high),
          incident.attribution?.actor ?? "",
          incident.attribution?.confidence ?? "",
          counted ? "yes" : "range only",
        ]),
      );
    case "table":
    case "md": {
      const table = rowTable(row, members);
      const remarks = [...new Set(row.remarks.map(({ text }) => text))];
      return format === "md"
        ? `**${markdownText(row.label)}**\n\n${markdownTable(table)}`
        : `${plainText(row.label)}: ${formatMillions(row.usd)} ($m; range ${rangeWords(row)})\n\n${textTable(table, terminal)}` +
            (remarks.length === 0 ? "" : `\n${remarks.map((text) => `* ${plainText(text)}`).join("\n")}\n`) +
            `\nOne theft with its sources: fundtrail incident ${members[0]?.incident.id ?? "ID"}\n`;
    }
    case "html":
      throw new Failure("USAGE", {
        what: "--open has no html format",
        mend: "leave out --open: every row of the report opens, or choose another format",
      });
    default:
      return format satisfies never;
  }
}

function rowTable(row: LossRow, members: LossRow["counted"]): Table {
  return {
    columns: [
      { title: "Incident", align: "left" },
      { title: "Victim", align: "left" },
      { title: "$m", align: "right" },
      { title: "Range", align: "right" },
      { title: "Attribution", align: "left" },
      { title: "", align: "left" },
    ],
    rows: [
      ...members.map((member) => [
        member.incident.id,
        member.incident.victim.name,
        member.central === undefined ? "unknown" : formatMillions(member.central),
        theftRangeWords(member),
        attributionWords(member.incident),
        [member.counted ? "" : "in the range only", member.incident.disputed.length > 0 ? "disputed" : ""]
          .filter(Boolean)
          .join(", "),
      ]),
      [row.label, "", figureWords(row), rangeWords(row), "", ""],
    ],
    totals: 1,
  };
}

function attributionWords({ attribution }: Incident): string {
  return attribution === undefined ? "none" : `${attribution.actor}, ${attribution.confidence}`;
}

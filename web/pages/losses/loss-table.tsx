import { useMemo, type ReactNode } from "react";
import { percent } from "../../base/numbers.ts";
import { figureIn, isNothing, yearColumns, type YearColumn } from "../../data/losses.ts";
import type { Figure, Losses, WithYears } from "../../data/losses-types.ts";
import { useText } from "../../parts/settings.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { shell } from "../../text/shell-words.ts";
import { byTexts, labelOf, partWords, rangeWords, type Speech } from "./figure-words.ts";
import { OpenedThefts } from "./opened-thefts.tsx";
import { openText, readOpen, type Opened } from "./query.ts";
import { words } from "./words.ts";

const yearsMax = 8;
/** The key of the row above all others. */
export const totalKey = "total";

type Line = { readonly key: string; readonly label: string; readonly figure: WithYears; readonly share: number | null };

type LossTableProps = {
  readonly losses: Losses;
  readonly open: string | undefined;
  readonly onOpen: (open: string | undefined) => void;
};

/** The losses by group, the years as columns; a press on any figure opens its thefts in place. */
export function LossTable({ losses, open, onOpen }: LossTableProps): ReactNode {
  const speech = useText();
  const { t } = speech;
  const { by, rows, total } = losses;
  const opened = readOpen(open);
  const years = useMemo(() => (by === "year" ? [] : yearColumns(total, yearsMax)), [by, total]);
  const lines = useMemo(
    () => rows.map((row): Line => ({ key: row.key, label: labelOf(row, by, speech), figure: row, share: row.share })),
    [rows, by, speech],
  );
  const whole: Line = {
    key: totalKey,
    label: t(by === "country" ? words.world : words.total),
    figure: total,
    share: Number(total.usd) > 0 ? 1 : null,
  };
  const columns = useColumns({ by, years, opened, onOpen });
  const below = (line: Line): ReactNode =>
    opened?.key === line.key ? (
      <OpenedThefts losses={losses} opened={opened} label={line.label} years={years} close={() => onOpen(undefined)} />
    ) : undefined;
  return (
    <Table
      caption={t(words.caption, { by: t(byTexts[by]) })}
      columns={columns}
      rows={lines}
      rowKey={({ key }) => key}
      total={whole}
      below={below}
    />
  );
}

type Opening = {
  readonly opened: Opened | undefined;
  readonly onOpen: (open: string | undefined) => void;
};

function useColumns({
  by,
  years,
  ...opening
}: Opening & { readonly by: Losses["by"]; readonly years: readonly YearColumn[] }): readonly Column<Line>[] {
  const speech = useText();
  const { t } = speech;
  const cell = (line: Line, text: string, year?: YearColumn): ReactNode => (
    <OpenButton line={line} text={text} year={year} {...opening} />
  );
  return [
    { key: "label", title: t(byTexts[by]), kind: "text", name: "label", cell: (line) => cell(line, line.label) },
    {
      key: "usd",
      title: t(words.usd),
      kind: "figure",
      cell: (line) => cell(line, partWords(line.figure, "usd", speech)),
    },
    { key: "range", title: t(words.rangeTitle), kind: "figure", cell: ({ figure }) => rangeWords(figure, speech) },
    {
      key: "share",
      title: t(words.share),
      kind: "figure",
      cell: ({ share }) => (share === null ? t(shell.unknown) : percent(share)),
    },
    { key: "count", title: t(words.thefts), kind: "figure", cell: ({ figure }) => String(figure.count) },
    {
      key: "recovered",
      title: t(words.recovered),
      kind: "figure",
      cell: ({ figure }) => partWords(figure, "recovered", speech),
    },
    { key: "net", title: t(words.net), kind: "figure", cell: ({ figure }) => partWords(figure, "net", speech) },
    ...years.map((year, index): Column<Line> => {
      const figureOf = (line: Line): Figure => figureIn(line.figure, year);
      return {
        key: year.key,
        title: year.key === "earlier" ? t(words.earlier) : year.key,
        kind: "figure",
        name: index === 0 ? "first-year" : "year",
        cell: (line) => yearCell(figureOf(line), line, { speech, year, cell }),
      };
    }),
  ];
}

/** Nothing where there was no theft: a blank that means none, unlike a figure that is not known. */
function yearCell(
  figure: Figure,
  line: Line,
  {
    speech,
    year,
    cell,
  }: {
    readonly speech: Speech;
    readonly year: YearColumn;
    readonly cell: (line: Line, text: string, year?: YearColumn) => ReactNode;
  },
): ReactNode {
  return isNothing(figure) ? <span className="quiet">–</span> : cell(line, partWords(figure, "usd", speech), year);
}

function OpenButton({
  line,
  text,
  year,
  opened,
  onOpen,
}: Opening & { readonly line: Line; readonly text: string; readonly year: YearColumn | undefined }): ReactNode {
  const { t } = useText();
  const isOpen = opened?.key === line.key && opened.year === year?.key;
  const what = year === undefined ? line.label : `${line.label} ${year.key}`;
  const name = text === line.label ? text : t(words.openCell, { what, value: text });
  return (
    <button
      type="button"
      className="cell"
      aria-expanded={isOpen}
      aria-label={name}
      onClick={() => onOpen(isOpen ? undefined : openText(line.key, year?.key))}
    >
      {text}
    </button>
  );
}

import type { ReactNode } from "react";
import { periodText } from "../../base/dates.ts";
import { millionsUsd, parseUsd } from "../../base/usd.ts";
import { figureIn, isNothing } from "../../data/losses.ts";
import type { Losses, Row, Theft } from "../../data/losses-types.ts";
import { useText } from "../../parts/settings.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Link } from "../../routing/link.tsx";
import { paths } from "../../routing/routes.ts";
import { shell } from "../../text/shell-words.ts";
import { labelOf, partWords, rangeWords, theftRange } from "./figure-words.ts";
import { words } from "./words.ts";
import { partOf, yearName, yearsOf, type Series } from "./years-data.ts";

/** The map as a table. */
export function CountriesTable({ losses }: { readonly losses: Losses }): ReactNode {
  const speech = useText();
  const { t } = speech;
  const columns: readonly Column<Row>[] = [
    { key: "country", title: t(words.byCountry), kind: "text", cell: (row) => labelOf(row, "country", speech) },
    { key: "usd", title: t(words.usd), kind: "figure", cell: (row) => partWords(row, "usd", speech) },
    { key: "range", title: t(words.rangeTitle), kind: "figure", cell: (row) => rangeWords(row, speech) },
    { key: "count", title: t(words.thefts), kind: "figure", cell: ({ count }) => String(count) },
  ];
  return (
    <Table
      caption={t(words.caption, { by: t(words.byCountry) })}
      columns={columns}
      rows={losses.rows}
      rowKey={({ key }) => key}
    />
  );
}

/** The bars as a table: years down, countries across. */
export function YearsTable({
  losses,
  series,
}: {
  readonly losses: Losses;
  readonly series: readonly Series[];
}): ReactNode {
  const speech = useText();
  const { t } = speech;
  const rows = yearsOf(losses);
  type Year = (typeof rows)[number];
  const columns: readonly Column<Year>[] = [
    { key: "year", title: t(words.byYear), kind: "text", cell: (year) => yearName(year, speech) },
    ...series.map((one): Column<Year> => {
      return {
        key: one.key,
        title: one.label,
        kind: "figure",
        cell: (year) => {
          const figure = partOf(one, year);
          return isNothing(figure) ? "–" : partWords(figure, "usd", speech);
        },
      };
    }),
    {
      key: "all",
      title: t(shell.total),
      kind: "figure",
      cell: (year) => partWords(figureIn(losses.total, year), "usd", speech),
    },
    {
      key: "range",
      title: t(words.rangeTitle),
      kind: "figure",
      cell: (year) => rangeWords(figureIn(losses.total, year), speech),
    },
  ];
  return (
    <Table
      caption={t(words.caption, { by: t(words.byYear) })}
      columns={columns}
      rows={rows}
      rowKey={({ key }) => key}
    />
  );
}

/** The timeline as a table. */
export function TheftsTable({ losses }: { readonly losses: Losses }): ReactNode {
  const speech = useText();
  const { t, locale } = speech;
  const columns: readonly Column<Theft>[] = [
    {
      key: "victim",
      title: t(words.victim),
      kind: "text",
      cell: ({ id, victim }) => <Link to={paths.incident(id)}>{victim}</Link>,
    },
    { key: "date", title: t(words.date), kind: "text", cell: ({ date }) => periodText(date, locale) },
    {
      key: "usd",
      title: t(words.usd),
      kind: "figure",
      cell: ({ usd, counted }) =>
        usd === null ? t(shell.unknown) : counted ? millionsUsd(parseUsd(usd)) : t(words.rangeOnly),
    },
    { key: "range", title: t(words.rangeTitle), kind: "figure", cell: (theft) => theftRange(theft, speech) },
  ];
  return <Table caption={t(words.timeline)} columns={columns} rows={losses.thefts} rowKey={({ id }) => id} />;
}

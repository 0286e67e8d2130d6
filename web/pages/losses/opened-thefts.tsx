import type { ReactNode } from "react";
import { periodText } from "../../base/dates.ts";
import { millionsUsd, parseUsd } from "../../base/usd.ts";
import type { YearColumn } from "../../data/losses.ts";
import type { Losses, Theft } from "../../data/losses-types.ts";
import { useActorName } from "../../data/register.ts";
import { Chip } from "../../parts/chip.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useText } from "../../parts/settings.tsx";
import { English } from "../../parts/sources.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Link } from "../../routing/link.tsx";
import { paths } from "../../routing/routes.ts";
import { confidenceTexts } from "../../text/register-words.ts";
import { shell } from "../../text/shell-words.ts";
import { theftRange } from "./figure-words.ts";
import type { Opened } from "./query.ts";
import { words } from "./words.ts";

type OpenedThefts = {
  readonly losses: Losses;
  readonly opened: Opened;
  readonly label: string;
  readonly years: readonly YearColumn[];
  readonly close: () => void;
};

/** The thefts behind one figure, in place. */
export function OpenedThefts({ losses, opened, label, years, close }: OpenedThefts): ReactNode {
  const { t } = useText();
  const thefts = theftsBehind(losses, opened, years);
  const what =
    opened.year === undefined ? label : `${label} ${opened.year === "earlier" ? t(words.earlier) : opened.year}`;
  const ids = new Set(thefts.map(({ id }) => id));
  const remarks = new Set(
    (losses.rows.find(({ key }) => key === opened.key)?.remarks ?? [])
      .filter(({ incident }) => ids.has(incident))
      .map(({ text }) => text),
  );
  return (
    <section className="opened" aria-label={t(words.incidentsOf, { what })}>
      <header>
        <h3>{t(words.openTitle, { what, n: thefts.length })}</h3>
        <button type="button" className="icon" aria-label={t(shell.close)} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <Table caption={t(words.incidentsOf, { what })} columns={useColumns()} rows={thefts} rowKey={({ id }) => id} />
      {remarks.size === 0 ? undefined : (
        <details className="alternative" open>
          <summary>{t(words.remarks)}</summary>
          <ul>
            {[...remarks].map((text) => (
              <li key={text}>
                <English>{text}</English>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Those counted and those in the range, largest first. */
export function theftsBehind(
  { thefts }: Pick<Losses, "thefts">,
  { key, year }: Opened,
  years: readonly YearColumn[],
): readonly Theft[] {
  const column = years.find((one) => one.key === year);
  return thefts
    .filter((theft) => key === "total" || theft.key === key)
    .filter((theft) => {
      if (year === undefined) return true;
      const own = Number(theft.year);
      return column === undefined ? theft.year === year : column.first <= own && own <= column.last;
    })
    .toSorted((left, right) => {
      const [more, less] = [parseUsd(left.high), parseUsd(right.high)];
      if (left.counted !== right.counted) return left.counted ? -1 : 1;
      return more === less ? (left.id < right.id ? -1 : 1) : more > less ? -1 : 1;
    });
}

function useColumns(): readonly Column<Theft>[] {
  const speech = useText();
  const { t, locale } = speech;
  const actorName = useActorName();
  return [
    {
      key: "victim",
      title: t(words.victim),
      kind: "text",
      cell: ({ id, victim }) => <Link to={paths.incident(id)}>{victim}</Link>,
    },
    { key: "date", title: t(words.date), kind: "text", name: "nowrap", cell: ({ date }) => periodText(date, locale) },
    {
      key: "usd",
      title: t(words.usd),
      kind: "figure",
      cell: ({ usd, counted }) =>
        usd === null ? t(shell.unknown) : counted ? millionsUsd(parseUsd(usd)) : <span className="quiet">–</span>,
    },
    { key: "range", title: t(words.rangeTitle), kind: "figure", cell: (theft) => theftRange(theft, speech) },
    {
      key: "counted",
      title: t(words.countedAs),
      kind: "text",
      cell: ({ counted, disputed }) => (
        <span className="chips">
          {t(counted ? words.counted : words.rangeOnly)}
          {disputed ? <Chip kind="unknown">{t(shell.disputed)}</Chip> : undefined}
        </span>
      ),
    },
    {
      key: "actor",
      title: t(words.attributedTo),
      kind: "text",
      cell: ({ actor, confidence }) =>
        actor === null ? (
          <span className="quiet">{t(words.notAttributed)}</span>
        ) : (
          <span className="chips">
            <Link to={paths.actor(actor)}>{actorName(actor)}</Link>
            {confidence === null ? undefined : <Chip>{t(confidenceTexts[confidence] ?? shell.unknown)}</Chip>}
          </span>
        ),
    },
  ];
}

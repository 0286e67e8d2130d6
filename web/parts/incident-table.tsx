import type { ReactNode } from "react";
import { periodText } from "../base/dates.ts";
import { millionsUsd, parseUsd } from "../base/usd.ts";
import { useActorName } from "../data/register.ts";
import { countryOf, isDisputed, type Incident } from "../data/register-types.ts";
import { Chip, SimulatedChip, UnknownChip } from "./chip.tsx";
import { useText } from "./settings.tsx";
import { Table, type Column, type Sort } from "./table.tsx";
import { Link } from "../routing/link.tsx";
import { paths } from "../routing/routes.ts";
import { nameOfCountry } from "../text/country-names.ts";
import { confidenceTexts, register, sectorTexts } from "../text/register-words.ts";
import { shell } from "../text/shell-words.ts";
import { incidentWords } from "../text/incident-words.ts";

type IncidentTableProps = {
  readonly rows: readonly Incident[];
  readonly sort?: Sort;
  /** Given, its headings sort. */
  readonly onSort?: (sort: Sort) => void;
};

/** Thefts, a row each. */
export function IncidentTable({ rows, sort, onSort }: IncidentTableProps): ReactNode {
  const { t } = useText();
  const columns = useColumns();
  return (
    <Table
      caption={t(incidentWords.caption)}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      sort={sort}
      {...(onSort === undefined ? {} : { onSort })}
    />
  );
}

function useColumns(): readonly Column<Incident>[] {
  return [...useLossColumns(), ...useWhoColumns()];
}

/** Who lost how much, when and where. */
function useLossColumns(): readonly Column<Incident>[] {
  const { t, locale } = useText();
  return [
    {
      key: "victim",
      title: t(register.victim),
      kind: "text",
      sortable: "sortable",
      cell: (one) => (
        <span className="chips">
          <Link to={paths.incident(one.id)}>{one.victim.name}</Link>
          {one.simulated ? <SimulatedChip /> : undefined}
        </span>
      ),
    },
    {
      key: "date",
      title: t(register.date),
      kind: "text",
      sortable: "sortable",
      name: "nowrap",
      cell: ({ date }) => periodText(date, locale),
    },
    {
      key: "usd",
      title: t(incidentWords.usdTitle),
      kind: "figure",
      sortable: "sortable",
      cell: ({ valuesAtTheft: [first] }) => (first === undefined ? <UnknownChip /> : millionsUsd(parseUsd(first.usd))),
    },
    {
      key: "country",
      title: t(register.country),
      kind: "text",
      sortable: "sortable",
      cell: (one) => {
        const code = countryOf(one, "published");
        return code === null ? <UnknownChip /> : nameOfCountry(code, locale);
      },
    },
  ];
}

/** What kind of victim, and at whose hands. */
function useWhoColumns(): readonly Column<Incident>[] {
  const { t } = useText();
  const actorName = useActorName();
  return [
    {
      key: "sector",
      title: t(incidentWords.sector),
      kind: "text",
      cell: ({ victim }) => t(sectorTexts[victim.sector] ?? [victim.sector, victim.sector]),
    },
    {
      key: "actor",
      title: t(incidentWords.attribution),
      kind: "text",
      sortable: "sortable",
      cell: ({ attribution }) =>
        attribution === null ? (
          <span className="quiet">{t(register.notAttributed)}</span>
        ) : (
          <Link to={paths.actor(attribution.actor)}>{actorName(attribution.actor)}</Link>
        ),
    },
    {
      key: "confidence",
      title: t(register.confidence),
      kind: "text",
      cell: (one) => (
        <span className="chips">
          {one.attribution === null ? undefined : t(confidenceTexts[one.attribution.confidence] ?? shell.unknown)}
          {isDisputed(one) ? <Chip kind="unknown">{t(shell.disputed)}</Chip> : undefined}
        </span>
      ),
    },
  ];
}

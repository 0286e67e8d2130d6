import { useDeferredValue, useMemo, type ReactNode } from "react";
import { useActors, useIncidents } from "../../data/register.ts";
import { countryOf, type Incident } from "../../data/register-types.ts";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer, EmptyState } from "../../parts/states.tsx";
import { useQuery } from "../../routing/history.ts";
import { nameOfCountry } from "../../text/country-names.ts";
import { register } from "../../text/register-words.ts";
import { shell } from "../../text/shell-words.ts";
import { IncidentTable } from "../../parts/incident-table.tsx";
import { filterOf, selectIncidents, sortOf, sortText } from "./filter.ts";
import { words } from "./words.ts";

/** `/incidents`: every theft of the register, found by text, actor, country and time. */
export function IncidentsPage(): ReactNode {
  const { t } = useText();
  const asked = useIncidents();
  return (
    <Page title={t(words.title)}>
      <Answer asked={asked} rows={30}>
        {(incidents) => <IncidentList incidents={incidents} />}
      </Answer>
    </Page>
  );
}

function IncidentList({ incidents }: { readonly incidents: readonly Incident[] }): ReactNode {
  const { t } = useText();
  const query = useQuery();
  const actors = useActors();
  const filter = useMemo(() => filterOf(query), [query]);
  const sort = sortOf(query.get("sort"));
  const later = useDeferredValue(filter);
  const shown = useMemo(
    () => selectIncidents(incidents, { filter: later, sort, actors: "value" in actors ? actors.value : [] }),
    [incidents, later, sort, actors],
  );
  const reset = (): void =>
    query.set({ q: undefined, actor: undefined, country: undefined, from: undefined, to: undefined });
  return (
    <>
      <Filters incidents={incidents} />
      <p className="caption">{t(words.countOf, { n: shown.length, all: incidents.length })}</p>
      {shown.length === 0 ? (
        <EmptyState title={t(words.none)}>
          <button type="button" onClick={reset}>
            {t(shell.reset)}
          </button>
        </EmptyState>
      ) : (
        <IncidentTable rows={shown} sort={sort} onSort={(next) => query.set({ sort: sortText(next) })} />
      )}
    </>
  );
}

function Filters({ incidents }: { readonly incidents: readonly Incident[] }): ReactNode {
  const { t, locale } = useText();
  const query = useQuery();
  const actors = useActors();
  const countries = [...new Set(incidents.map((one) => countryOf(one, "published") ?? "unknown"))]
    .map((code) => [code, code === "unknown" ? t(register.countryUnknown) : nameOfCountry(code, locale)] as const)
    .toSorted(([, left], [, right]) => left.localeCompare(right, locale));
  return (
    <search className="filters">
      <label className="wide">
        {t(shell.search)}
        <input
          type="search"
          value={query.get("q") ?? ""}
          placeholder={t(words.find)}
          onChange={(event) => query.set({ q: event.currentTarget.value })}
        />
      </label>
      <label>
        {t(register.actor)}
        <select value={query.get("actor") ?? ""} onChange={(event) => query.set({ actor: event.currentTarget.value })}>
          <option value="">{t(shell.filterAll)}</option>
          {("value" in actors ? actors.value : []).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value="none">{t(register.notAttributed)}</option>
        </select>
      </label>
      <label>
        {t(register.country)}
        <select
          value={query.get("country") ?? ""}
          onChange={(event) => query.set({ country: event.currentTarget.value })}
        >
          <option value="">{t(shell.filterAll)}</option>
          {countries.map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {(["from", "to"] as const).map((name) => (
        <label key={name}>
          {t(words[name])}
          <input
            type="date"
            value={query.get(name) ?? ""}
            onChange={(event) => query.set({ [name]: event.currentTarget.value })}
          />
        </label>
      ))}
    </search>
  );
}

import { useMemo, type ReactNode } from "react";
import { headlineUsd, parseUsd } from "../../base/usd.ts";
import { sumUsd } from "../../../src/base/usd.ts";
import { useActors, useIncidents } from "../../data/register.ts";
import { withSubgroups, type Actor, type Incident } from "../../data/register-types.ts";
import { AskedPage, MissingPage } from "../../parts/asked-page.tsx";
import { Chip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { IncidentTable } from "../../parts/incident-table.tsx";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { English, SourceList, SourcesProvider } from "../../parts/sources.tsx";
import { Answer } from "../../parts/states.tsx";
import { Link, WebLink } from "../../routing/link.tsx";
import { paths, withQuery } from "../../routing/routes.ts";
import { shell } from "../../text/shell-words.ts";
import type { PageProps } from "../page-props.ts";
import { words } from "./words.ts";

/** `/actors/ID`: who it is, what it is called, and every theft that is laid to it. */
export function ActorPage({ params: { id = "" } }: PageProps): ReactNode {
  const { t } = useText();
  const missing = <MissingPage title={id} says={t(words.unknownId, { id })} to="/incidents" name={t(words.all)} />;
  return (
    <AskedPage asked={useActors()} title={id} rows={20} missing={missing}>
      {(actors) => {
        const actor = actors.find((one) => one.id === id);
        return actor === undefined ? missing : <Shown actor={actor} actors={actors} />;
      }}
    </AskedPage>
  );
}

function Shown({ actor, actors }: { readonly actor: Actor; readonly actors: readonly Actor[] }): ReactNode {
  const { t } = useText();
  const { id, name, notes, sources } = actor;
  const incidents = useIncidents();
  return (
    <SourcesProvider sources={sources}>
      <Page
        title={name}
        actions={
          <Link className="button" to={withQuery("/losses", { actor: id })}>
            {t(words.losses)}
          </Link>
        }
      >
        <div className="columns">
          <Facts actor={actor} actors={actors} />
          {notes === null ? undefined : (
            <Panel title={t(words.notes)}>
              <p className="reading">
                <English>{notes}</English>
              </p>
            </Panel>
          )}
        </div>
        <Answer asked={incidents} rows={60}>
          {(all) => <Thefts all={all} actor={actor} actors={actors} />}
        </Answer>
        <Panel title={t(shell.sources)}>
          <SourceList />
        </Panel>
      </Page>
    </SourcesProvider>
  );
}

function Facts({ actor, actors }: { readonly actor: Actor; readonly actors: readonly Actor[] }): ReactNode {
  const { t } = useText();
  const parent = actors.find(({ id }) => id === actor.parent);
  const parts = actors.filter((one) => one.parent === actor.id);
  return (
    <Panel title={t(words.who)}>
      <dl className="pairs">
        <dt>{t(words.kind)}</dt>
        <dd>{t(kindTexts[actor.kind] ?? [actor.kind, actor.kind])}</dd>
        {actor.aliases.length === 0 ? undefined : (
          <>
            <dt>{t(words.aliases)}</dt>
            <dd className="chips">
              {actor.aliases.map((alias) => (
                <Chip key={alias}>
                  <English>{alias}</English>
                </Chip>
              ))}
            </dd>
          </>
        )}
        {parent === undefined ? undefined : (
          <>
            <dt>{t(words.parent)}</dt>
            <dd>
              <Link to={paths.actor(parent.id)}>{parent.name}</Link>
            </dd>
          </>
        )}
        {parts.length === 0 ? undefined : (
          <>
            <dt>{t(words.parts)}</dt>
            <dd>
              <ul className="inline">
                {parts.map(({ id, name }) => (
                  <li key={id}>
                    <Link to={paths.actor(id)}>{name}</Link>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {actor.attack === null ? undefined : (
          <>
            <dt>{t(words.attack)}</dt>
            <dd>
              <WebLink url={`https://attack.mitre.org/groups/${actor.attack}/`}>{actor.attack}</WebLink>
            </dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

const kindTexts: Readonly<Record<string, readonly [string, string]>> = {
  group: words.group,
  person: words.person,
  state: words.state,
  cluster: words.cluster,
};

type TheftsProps = {
  readonly all: readonly Incident[];
  readonly actor: Actor;
  readonly actors: readonly Actor[];
};

function Thefts({ all, actor, actors }: TheftsProps): ReactNode {
  const { t, locale } = useText();
  const { own, suspected } = useMemo(() => {
    const group = withSubgroups(actors, actor.id);
    const newest = all.toReversed();
    return {
      own: newest.filter(({ attribution }) => attribution !== null && group.has(attribution.actor)),
      suspected: newest.filter(({ suspicions }) => suspicions.some((one) => group.has(one.actor))),
    };
  }, [all, actor, actors]);
  const known = own.flatMap(({ simulated, valuesAtTheft: [first] }) =>
    simulated || first === undefined ? [] : [parseUsd(first.usd)],
  );
  const sum = headlineUsd(sumUsd(known), locale);
  const usd = known.length < own.length ? t(words.atLeast, { usd: sum }) : sum;
  return (
    <>
      <section>
        <h2>{t(words.thefts)}</h2>
        {own.length === 0 ? (
          <p className="quiet">{t(words.none)}</p>
        ) : (
          <>
            <p className="caption">{t(words.summary, { n: own.length, usd })}</p>
            <IncidentTable rows={own} />
          </>
        )}
      </section>
      {suspected.length === 0 ? undefined : (
        <section>
          <h2>{t(words.suspected)}</h2>
          <IncidentTable rows={suspected} />
        </section>
      )}
    </>
  );
}

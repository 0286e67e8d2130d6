import { useState, type ReactNode } from "react";
import { periodText } from "../../base/dates.ts";
import { useIncident } from "../../data/register.ts";
import { countryOf, isDisputed, type Incident } from "../../data/register-types.ts";
import { AskedPage, MissingPage } from "../../parts/asked-page.tsx";
import { Chip, SimulatedChip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { English, SourceList, SourcesProvider } from "../../parts/sources.tsx";
import { Link } from "../../routing/link.tsx";
import { withQuery } from "../../routing/routes.ts";
import { nameOfCountry } from "../../text/country-names.ts";
import { register, sectorTexts } from "../../text/register-words.ts";
import { shell } from "../../text/shell-words.ts";
import type { PageProps } from "../page-props.ts";
import { Attribution } from "./attribution.tsx";
import { Figures, Values } from "./values.tsx";
import { Flow } from "./flow.tsx";
import { OnChain } from "./on-chain.tsx";
import { Verify } from "./verify.tsx";
import { words as verifyWords } from "./verify-words.ts";
import { words } from "./words.ts";
import "./incident.css";

/** `/incidents/ID`: what was taken, from whom, when, worth what, by whom and who says so, and where it went. */
export function IncidentPage({ params: { id = "" } }: PageProps): ReactNode {
  const { t } = useText();
  const to = withQuery("/incidents", { q: id });
  const missing = <MissingPage title={id} says={t(words.unknownId, { id })} to={to} name={t(words.all)} />;
  return (
    <AskedPage asked={useIncident(id)} title={id} rows={24} missing={missing}>
      {(incident) => <Shown incident={incident} />}
    </AskedPage>
  );
}

function Shown({ incident }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  const { id, victim, date, chain, notes, sources } = incident;
  const [isVerifying, setVerifying] = useState(false);
  return (
    <SourcesProvider sources={sources}>
      <Page
        title={`${victim.name}, ${date}`}
        heading={victim.name}
        actions={
          <>
            <Link className="button" to={withQuery("/trace", { incident: id })}>
              {t(words.traceIt)}
            </Link>
            {chain.theft.length === 0 ? undefined : (
              <button type="button" aria-expanded={isVerifying} onClick={() => setVerifying(!isVerifying)}>
                {t(verifyWords.verify)}
              </button>
            )}
          </>
        }
      >
        <Facts incident={incident} />
        <Figures incident={incident} />
        {isVerifying ? <Verify id={id} /> : undefined}
        <div className="columns">
          <Attribution incident={incident} />
          <div className="stack">
            <How incident={incident} />
            <Disputes incident={incident} />
            <Countries incident={incident} />
          </div>
        </div>
        <Flow incident={incident} />
        {chain.theft.length + chain.thief.length + chain.victim.length === 0 ? undefined : (
          <OnChain incident={incident} />
        )}
        <Values incident={incident} />
        {notes === undefined ? undefined : (
          <Panel title={t(words.notes)}>
            <p className="reading">
              <English>{notes}</English>
            </p>
          </Panel>
        )}
        <Panel title={t(shell.sources)}>
          <SourceList />
        </Panel>
      </Page>
    </SourcesProvider>
  );
}

function Facts({ incident }: { readonly incident: Incident }): ReactNode {
  const { t, locale } = useText();
  const { victim, date, time, attribution } = incident;
  const code = countryOf(incident, "published");
  const country = code === null ? t(register.countryUnknown) : nameOfCountry(code, locale);
  const isAttributionDisputed = (attribution?.disputes.length ?? 0) > 0;
  return (
    <p className="facts">
      <span>
        {periodText(date, locale)}
        {time === undefined ? "" : ` ${time} ${t(words.utc)}`}
      </span>
      <span>{country}</span>
      <span>{t(sectorTexts[victim.sector] ?? [victim.sector, victim.sector])}</span>
      {incident.simulated ? <SimulatedChip /> : undefined}
      {isDisputed(incident) ? (
        <Chip kind="unknown">{t(isAttributionDisputed ? words.attributionDisputed : shell.disputed)}</Chip>
      ) : undefined}
    </p>
  );
}

function How({ incident: { techniques } }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  return (
    <Panel title={t(words.how)}>
      {techniques.length === 0 ? <p className="quiet">{t(words.howUnknown)}</p> : undefined}
      <ul className="plain">
        {techniques.map((technique) => (
          <li key={technique.text}>
            {technique.id === undefined ? undefined : <Technique id={technique.id} />}{" "}
            <English>{technique.text}</English>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Disputes({ incident: { disputed } }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  if (disputed.length === 0) return undefined;
  return (
    <Panel title={t(words.disputes)}>
      <ul className="plain">
        {disputed.map(({ what, why }) => (
          <li key={what}>
            <b>
              <English>{what}</English>
            </b>{" "}
            <English>{why}</English>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** A technique of MITRE ATT&CK: leads to the losses by it. */
function Technique({ id }: { readonly id: string }): ReactNode {
  return (
    <Link className="mono" to={withQuery("/losses", { technique: id, actor: "all" })}>
      {id}
    </Link>
  );
}

function Countries({ incident }: { readonly incident: Incident }): ReactNode {
  const { t, locale } = useText();
  const { seat, operator, published, claimed } = incident.victim.country;
  const name = (code: string | null | undefined): string =>
    code === null || code === undefined ? t(register.notEstablished) : nameOfCountry(code, locale);
  return (
    <Panel title={t(words.where)}>
      <dl className="pairs">
        <dt>{t(register.ruleSeat)}</dt>
        <dd>{name(seat)}</dd>
        <dt>{t(register.ruleOperator)}</dt>
        <dd>{name(operator)}</dd>
        {published === null ? undefined : (
          <>
            <dt>{t(register.rulePublished)}</dt>
            <dd>
              {name(published.code)} <span className="quiet">{t(words.counted, { who: published.by })}</span>{" "}
              {published.basis === undefined ? undefined : <English>{published.basis}</English>}
            </dd>
          </>
        )}
        {claimed.map(({ code, basis }) => (
          <div key={`${code} ${basis}`} className="pair">
            <dt>{t(words.claimed)}</dt>
            <dd>
              {name(code)} <English>{basis}</English>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

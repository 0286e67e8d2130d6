import type { ReactNode } from "react";
import { periodText } from "../../base/dates.ts";
import { useActorName } from "../../data/register.ts";
import type { Claim, Incident } from "../../data/register-types.ts";
import { Chip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { useText } from "../../parts/settings.tsx";
import { English, SourceRef } from "../../parts/sources.tsx";
import { Link } from "../../routing/link.tsx";
import { paths } from "../../routing/routes.ts";
import { confidenceTexts, register } from "../../text/register-words.ts";
import { shell } from "../../text/shell-words.ts";
import { words } from "./words.ts";

/** Who is said to have done it: whoever says so beside whoever disputes it. */
export function Attribution({ incident }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  const actorName = useActorName();
  const { attribution, suspicions } = incident;
  return (
    <Panel title={t(words.who)}>
      {attribution === null ? (
        <p className="quiet">{t(words.nobody)}</p>
      ) : (
        <>
          <p className="lead">
            <Link to={paths.actor(attribution.actor)}>{actorName(attribution.actor)}</Link>{" "}
            <Chip>
              {t(register.confidence)}: {t(confidenceTexts[attribution.confidence] ?? shell.unknown)}
            </Chip>
          </p>
          <div className="sides">
            <section>
              <h3>{t(words.saidBy)}</h3>
              <Claims claims={attribution.claims} />
            </section>
            <section>
              <h3>{t(words.disputedBy)}</h3>
              {attribution.disputes.length === 0 ? (
                <p className="quiet">{t(words.notDisputed)}</p>
              ) : (
                <Claims claims={attribution.disputes} />
              )}
            </section>
          </div>
        </>
      )}
      {suspicions.length === 0 ? undefined : (
        <section>
          <h3>{t(words.suspectedBy)}</h3>
          <ul className="plain">
            {suspicions.map(({ actor, by, basis, source }) => (
              <li key={`${actor} ${by}`}>
                <Link to={paths.actor(actor)}>{actorName(actor)}</Link>:{" "}
                <b>
                  <English>{by}</English>
                </b>{" "}
                <English>{basis}</English> <SourceRef id={source} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </Panel>
  );
}

function Claims({ claims }: { readonly claims: readonly Claim[] }): ReactNode {
  const { locale } = useText();
  return (
    <ul className="plain claims">
      {claims.map(({ by, date, says, source }) => (
        <li key={`${by} ${date ?? ""}`}>
          <b>
            <English>{by}</English>
          </b>
          {date === null ? undefined : <span className="quiet"> {periodText(date, locale)}</span>}{" "}
          <SourceRef id={source} />
          {says === null ? undefined : (
            <p>
              <English>{says}</English>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

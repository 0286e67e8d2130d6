import type { ReactNode } from "react";
import { periodText, spanText } from "../../base/dates.ts";
import { millionsUsd, parseUsd, signedMillions } from "../../base/usd.ts";
import { useReconciliations } from "../../data/losses.ts";
import type { ReconciledFigure, Reconciliation } from "../../data/losses-types.ts";
import { Panel } from "../../parts/dialog.tsx";
import { useText } from "../../parts/settings.tsx";
import { English } from "../../parts/sources.tsx";
import { Answer } from "../../parts/states.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Link } from "../../routing/link.tsx";
import { paths } from "../../routing/routes.ts";
import { nameOfCountry } from "../../text/country-names.ts";
import type { Text } from "../../text/text.ts";
import type { LossesAsked } from "./query.ts";
import { words } from "./words.ts";

/** What others published for the same actor and period, and how far it is from ours. */
export function PublishedBeside({ asked }: { readonly asked: LossesAsked }): ReactNode {
  const { t } = useText();
  const { confidence, countryRule } = asked;
  const sets = useReconciliations({ countryRule, ...(confidence === undefined ? {} : { confidence }) });
  return (
    <Panel title={t(words.published)}>
      <Answer asked={sets} rows={8}>
        {(all) => <Sets sets={all} asked={asked} />}
      </Answer>
    </Panel>
  );
}

function Sets({ sets, asked }: { readonly sets: readonly Reconciliation[]; readonly asked: LossesAsked }): ReactNode {
  const { t, locale } = useText();
  const ofActor = sets.filter(({ selection }) => selection.actor === asked.actor);
  const same = ofActor.filter(({ selection }) => selection.from === asked.from && selection.to === asked.to);
  const others = (same.length > 0 ? ofActor : sets).filter((set) => !same.includes(set));
  return (
    <>
      {same.length === 0 ? <p className="quiet">{t(words.noPublished)}</p> : undefined}
      {same.map((set) => (
        <section key={set.id} className="published-set">
          <p>
            <Link to={paths.published(set.id)}>
              <English>{set.publisher}</English>
            </Link>{" "}
            <span className="quiet">{periodText(set.published, locale)}</span>
          </p>
          <SetTable set={set} />
        </section>
      ))}
      <details className="alternative">
        <summary>
          {t(words.othersPublished)} <span className="quiet">{others.length}</span>
        </summary>
        <ul className="plain">
          {others.map(({ id, publisher, selection }) => (
            <li key={id}>
              <Link to={paths.published(id)}>
                <English>{publisher}</English>
              </Link>{" "}
              <span className="quiet">{spanText(selection.from, selection.to, locale)}</span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

const agreements: Readonly<Record<ReconciledFigure["agreement"], Text>> = {
  equal: words.agreeEqual,
  "in-range": words.agreeRange,
  apart: words.agreeApart,
};

function SetTable({ set }: { readonly set: Reconciliation }): ReactNode {
  const { t, locale } = useText();
  const columns: readonly Column<ReconciledFigure>[] = [
    {
      key: "what",
      title: t(words.usd),
      kind: "text",
      cell: ({ group, key }) =>
        group === "world"
          ? t(words.worldFigure)
          : group === "country"
            ? nameOfCountry(key, locale)
            : periodText(key, locale),
    },
    { key: "ours", title: t(words.ours), kind: "figure", cell: ({ ours }) => millionsUsd(parseUsd(ours.usd)) },
    {
      key: "theirs",
      title: t(words.theirs),
      kind: "figure",
      cell: ({ published }) => millionsUsd(parseUsd(published.usd)),
    },
    {
      key: "difference",
      title: t(words.difference),
      kind: "figure",
      cell: ({ difference }) => signedMillions(parseUsd(difference)),
    },
    {
      key: "agreement",
      title: <span className="unseen">{t(words.agreement)}</span>,
      kind: "text",
      cell: ({ agreement }) => t(agreements[agreement]),
    },
  ];
  return (
    <Table
      caption={`${set.publisher}: ${t(words.published)}`}
      columns={columns}
      rows={set.figures}
      rowKey={({ group, key, from, to }) => `${group} ${key} ${from ?? ""} ${to}`}
    />
  );
}

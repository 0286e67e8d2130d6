import type { ReactNode } from "react";
import { periodText } from "../../base/dates.ts";
import { exactUsd, headlineUsd, millionsUsd, parseUsd, signedMillions } from "../../base/usd.ts";
import type { ReconciledFigure } from "../../data/losses-types.ts";
import { Chip } from "../../parts/chip.tsx";
import { useText } from "../../parts/settings.tsx";
import { English } from "../../parts/sources.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Link } from "../../routing/link.tsx";
import { paths } from "../../routing/routes.ts";
import { words } from "./words.ts";

type Candidate = ReconciledFigure["candidates"][number];

/** What would close the gap between a published figure and ours, and what others published. */
export function Candidates({ figure }: { readonly figure: ReconciledFigure }): ReactNode {
  const { t, locale } = useText();
  const { candidates, unexplained, elsewhere } = figure;
  const columns: readonly Column<Candidate>[] = [
    {
      key: "incident",
      title: t(words.candidate),
      kind: "text",
      cell: ({ incident }) => <Link to={paths.incident(incident)}>{incident}</Link>,
    },
    { key: "effect", title: t(words.effect), kind: "figure", cell: ({ effect }) => signedMillions(parseUsd(effect)) },
    { key: "why", title: t(words.reason), kind: "text", name: "prose", cell: ({ why }) => <English>{why}</English> },
    {
      key: "record",
      title: <span className="unseen">{t(words.basis)}</span>,
      kind: "text",
      cell: ({ onRecord }) => (
        <Chip kind={onRecord ? "plain" : "unknown"}>{t(onRecord ? words.onRecord : words.supposed)}</Chip>
      ),
    },
  ];
  const onRecord = candidates.filter((one) => one.onRecord).length;
  return (
    <section>
      {candidates.length === 0 ? undefined : (
        <>
          <h3>{t(words.why)}</h3>
          <p className="caption">
            {t(words.whyIntro, { onRecord, unexplained: headlineUsd(parseUsd(unexplained), locale) })}
          </p>
          <Table
            caption={t(words.why)}
            columns={columns}
            rows={candidates}
            rowKey={({ incident, kind, effect }) => `${incident} ${kind} ${effect}`}
          />
        </>
      )}
      {elsewhere.length === 0 ? undefined : (
        <>
          <h3>{t(words.elsewhere)}</h3>
          <ul className="plain">
            {elsewhere.map(({ id, publisher, published, usd }) => (
              <li key={id}>
                <Link to={paths.published(id)}>
                  <English>{publisher}</English>
                </Link>{" "}
                <span className="quiet">{periodText(published, locale)}</span>{" "}
                <span className="figure" title={exactUsd(parseUsd(usd), locale)}>
                  {millionsUsd(parseUsd(usd))}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

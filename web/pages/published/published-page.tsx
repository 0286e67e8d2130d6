import { useState, type ReactNode } from "react";
import { periodText, spanText } from "../../base/dates.ts";
import { millionsUsd, parseUsd, signedMillions } from "../../base/usd.ts";
import { useReconciliation } from "../../data/losses.ts";
import type { ReconciledFigure, Reconciliation } from "../../data/losses-types.ts";
import { AskedPage, MissingPage } from "../../parts/asked-page.tsx";
import { Chip, UnknownChip, type ChipKind } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { Page } from "../../parts/page.tsx";
import { usePrinting } from "../../parts/printing.ts";
import { useText } from "../../parts/settings.tsx";
import { English, SourceList, SourceRef, SourcesProvider } from "../../parts/sources.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Link } from "../../routing/link.tsx";
import { withQuery } from "../../routing/routes.ts";
import { nameOfCountry } from "../../text/country-names.ts";
import { shell } from "../../text/shell-words.ts";
import type { Text } from "../../text/text.ts";
import type { PageProps } from "../page-props.ts";
import { Candidates } from "./candidates.tsx";
import { words } from "./words.ts";

/** `/published/ID`: what somebody published, figure by figure, beside the register's own. */
export function PublishedPage({ params: { id = "" } }: PageProps): ReactNode {
  const { t } = useText();
  const missing = <MissingPage title={id} says={t(words.unknownId, { id })} to="/losses" name={t(words.all)} />;
  return (
    <AskedPage asked={useReconciliation(id)} title={id} rows={20} missing={missing}>
      {(set) => <Shown set={set} />}
    </AskedPage>
  );
}

function Shown({ set }: { readonly set: Reconciliation }): ReactNode {
  const { t, locale } = useText();
  const { publisher, title, published, selection, figures, scope, notes, selfChecks, sources } = set;
  const count = (wanted: ReconciledFigure["agreement"]): number =>
    figures.filter(({ agreement }) => agreement === wanted).length;
  const { actor, from, to } = selection;
  return (
    <SourcesProvider sources={sources}>
      <Page
        title={publisher}
        actions={
          <Link className="button" to={withQuery("/losses", { actor, from, to })}>
            {t(words.losses)}
          </Link>
        }
      >
        <p className="facts">
          <English>{title}</English>
          <span>{periodText(published, locale)}</span>
          <span>{spanText(from, to, locale)}</span>
        </p>
        <Panel title={t(words.reconciliation)}>
          <p className="caption">
            {t(words.summary, {
              n: figures.length,
              equal: count("equal"),
              range: count("in-range"),
              apart: count("apart"),
            })}
            {" · "}
            {t(words.method)}
          </p>
          <Figures figures={figures} />
        </Panel>
        <div className="columns">
          <Panel title={t(words.scope)}>
            <p className="reading">
              <English>{scope}</English>
            </p>
          </Panel>
          <SelfChecks checks={selfChecks} />
        </div>
        {notes === null ? undefined : (
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

const agreements: Readonly<Record<ReconciledFigure["agreement"], readonly [ChipKind, Text]>> = {
  equal: ["plain", words.equal],
  "in-range": ["plain", words.inRange],
  apart: ["unknown", words.apart],
};

const qualifiers: Readonly<Record<string, Text>> = {
  about: words.about,
  over: words.over,
  nearly: words.nearly,
  "up-to": words.upTo,
};

function Figures({ figures }: { readonly figures: readonly ReconciledFigure[] }): ReactNode {
  const { t } = useText();
  const [open, setOpen] = useState<string | undefined>(undefined);
  const isPrinting = usePrinting();
  const columns = useColumns(open, setOpen);
  return (
    <Table
      caption={t(words.caption)}
      columns={columns}
      rows={figures}
      rowKey={keyOf}
      below={(figure) =>
        (isPrinting || open === keyOf(figure)) && hasMore(figure) ? <Candidates figure={figure} /> : undefined
      }
    />
  );
}

/** Whether there is anything to open below it. */
function hasMore({ candidates, elsewhere }: ReconciledFigure): boolean {
  return candidates.length + elsewhere.length > 0;
}

function keyOf({ group, key, from, to }: ReconciledFigure): string {
  return `${group} ${key} ${from ?? ""} ${to}`;
}

function useColumns(
  open: string | undefined,
  setOpen: (open: string | undefined) => void,
): readonly Column<ReconciledFigure>[] {
  const { t, locale } = useText();
  const nameOf = ({ group, key }: ReconciledFigure): string =>
    group === "world" ? t(words.world) : group === "country" ? nameOfCountry(key, locale) : periodText(key, locale);
  const toggle = (figure: ReconciledFigure): ReactNode => {
    const key = keyOf(figure);
    if (!hasMore(figure)) return nameOf(figure);
    return (
      <button
        type="button"
        className="link"
        aria-expanded={open === key}
        onClick={() => setOpen(open === key ? undefined : key)}
      >
        {nameOf(figure)}
      </button>
    );
  };
  return [
    { key: "figure", title: t(words.figure), kind: "text", cell: toggle },
    {
      key: "period",
      title: t(words.period),
      kind: "text",
      name: "nowrap",
      cell: ({ from, to }) => (from === null ? `–${periodText(to, locale)}` : spanText(from, to, locale)),
    },
    { key: "ours", title: t(words.ours), kind: "figure", cell: ({ ours }) => <Ours figure={ours} /> },
    {
      key: "range",
      title: t(words.range),
      kind: "figure",
      cell: ({ ours }) => `${millionsUsd(parseUsd(ours.low))}–${millionsUsd(parseUsd(ours.high))}`,
    },
    {
      key: "theirs",
      title: t(words.theirs),
      kind: "figure",
      cell: ({ published: { usd, qualifier }, sources }) => (
        <>
          {qualifier === null ? "" : `${t(qualifiers[qualifier] ?? [qualifier, qualifier])} `}
          {millionsUsd(parseUsd(usd))} <SourceRef id={sources[0]} />
        </>
      ),
    },
    {
      key: "difference",
      title: t(words.difference),
      kind: "figure",
      cell: ({ difference }) => signedMillions(parseUsd(difference)),
    },
    {
      key: "agreement",
      title: t(words.agreement),
      kind: "text",
      cell: ({ agreement }) => <Chip kind={agreements[agreement][0]}>{t(agreements[agreement][1])}</Chip>,
    },
    {
      key: "note",
      title: t(words.notes),
      kind: "text",
      name: "prose",
      cell: ({ note }) => (note === null ? "" : <English>{note}</English>),
    },
  ];
}

function Ours({ figure }: { readonly figure: ReconciledFigure["ours"] }): ReactNode {
  if (figure.count > 0 && figure.unknownValues === figure.count) return <UnknownChip />;
  return `${figure.unknownValues > 0 ? "≥ " : ""}${millionsUsd(parseUsd(figure.usd))}`;
}

type Check = { readonly outcome: "agrees" | "contradicts" | "incomplete"; readonly text: string };

const outcomes: Readonly<Record<Check["outcome"], readonly [ChipKind, Text]>> = {
  agrees: ["plain", words.agrees],
  contradicts: ["unknown", words.contradicts],
  incomplete: ["plain", words.incomplete],
};

function SelfChecks({ checks }: { readonly checks: readonly unknown[] }): ReactNode {
  const { t } = useText();
  if (checks.length === 0) return undefined;
  return (
    <Panel title={t(words.selfChecks)}>
      <ul className="plain">
        {(checks as readonly Check[]).map(({ outcome, text }) => (
          <li key={text}>
            <Chip kind={outcomes[outcome][0]}>{t(outcomes[outcome][1])}</Chip> <English>{text}</English>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

import type { ReactNode } from "react";
import { whole } from "../base/numbers.ts";
import { shareText, type Fact, type Party } from "../data/verdict.ts";
import { Usd } from "./amount.tsx";
import { UnknownChip } from "./chip.tsx";
import { Panel } from "./dialog.tsx";
import { useText } from "./settings.tsx";
import { Table, type Column } from "./table.tsx";
import { CategoryWord, ConfidenceWord } from "./tags-table.tsx";
import { Units } from "./units.tsx";
import { screenWords as words } from "../text/screen-words.ts";

type Row = { readonly fact: Fact; readonly key: string };

function rowsOf(facts: readonly Fact[], wanted: (fact: Fact) => boolean): readonly Row[] {
  return facts
    .filter(wanted)
    .map((fact, index) => ({ fact, key: `${fact.origin} ${fact.policy ?? ""} ${String(index)}` }));
}

/** Value that came from origins: the view behind the verdict, whole. */
export function ExposuresTable({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  const { t } = useText();
  const rows = rowsOf(facts, ({ evidence }) => evidence === "exposure");
  const columns: readonly Column<Row>[] = [
    {
      key: "origin",
      title: t(words.origin),
      kind: "text",
      cell: ({ fact: { name, category } }) => (
        <>
          {name}{" "}
          <span className="symbol">
            (<CategoryWord category={category} />)
          </span>
        </>
      ),
    },
    {
      key: "policy",
      title: t(words.policy),
      kind: "text",
      cell: ({ fact: { policy } }) => (policy === null ? "" : t(words[policy])),
    },
    {
      key: "amount",
      title: t(words.amount),
      kind: "figure",
      cell: ({ fact: { amount, asset } }) =>
        asset === null ? <UnknownChip /> : amount === null ? <UnknownChip /> : <Units units={amount} asset={asset} />,
    },
    { key: "share", title: t(words.share), kind: "figure", cell: ({ fact }) => shareText(fact) ?? <UnknownChip /> },
    { key: "usd", title: t(words.usd), kind: "figure", cell: ({ fact: { usd } }) => <Usd usd={usd} /> },
    {
      key: "hops",
      title: t(words.hops),
      kind: "figure",
      cell: ({ fact: { hops } }) => (hops === null ? <UnknownChip /> : whole(hops)),
    },
    {
      key: "direct",
      title: t(words.direct),
      kind: "text",
      cell: ({ fact: { reach } }) =>
        reach === null ? <UnknownChip /> : t(reach === "direct" ? words.directAll : words.indirect),
    },
    { key: "sources", title: t(words.sources), kind: "text", cell: ({ fact: { sources } }) => sources.join(", ") },
    {
      key: "confidence",
      title: t(words.confidence),
      kind: "text",
      cell: ({ fact: { confidence } }) => <ConfidenceWord confidence={confidence} />,
    },
  ];
  return (
    <Panel title={t(words.exposures)}>
      {rows.length === 0 ? (
        <p>{t(words.noExposures)}</p>
      ) : (
        <Table caption={t(words.exposures)} columns={columns} rows={rows} rowKey={({ key }) => key} />
      )}
    </Panel>
  );
}

/** What tags and clusters say of the parties. */
export function EvidenceTable({
  facts,
  parties,
}: {
  readonly facts: readonly Fact[];
  readonly parties: readonly Party[];
}): ReactNode {
  const { t } = useText();
  const rows = rowsOf(facts, ({ evidence }) => evidence !== "exposure");
  if (rows.length === 0) return undefined;
  const columns: readonly Column<Row>[] = [
    { key: "name", title: t(words.origin), kind: "text", cell: ({ fact: { name } }) => name },
    {
      key: "category",
      title: t(words.category),
      kind: "text",
      cell: ({ fact: { category } }) => <CategoryWord category={category} />,
    },
    {
      key: "kind",
      title: t(words.kind),
      kind: "text",
      cell: ({ fact: { evidence } }) => t(evidence === "tag" ? words.kindTag : words.kindCluster),
    },
    {
      key: "party",
      title: t(words.subject),
      kind: "text",
      cell: ({ fact: { party } }) => (party === null ? "" : (parties[party]?.address ?? "")),
    },
    { key: "sources", title: t(words.sources), kind: "text", cell: ({ fact: { sources } }) => sources.join(", ") },
    {
      key: "confidence",
      title: t(words.confidence),
      kind: "text",
      cell: ({ fact: { confidence } }) => <ConfidenceWord confidence={confidence} />,
    },
  ];
  return (
    <Panel title={t(words.evidence)}>
      <Table caption={t(words.evidence)} columns={columns} rows={rows} rowKey={({ key }) => key} />
    </Panel>
  );
}

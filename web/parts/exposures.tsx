import type { ReactNode } from "react";
import { whole } from "../base/numbers.ts";
import { shareText, type Fact, type Party } from "../data/verdict.ts";
import { exposureWords as words } from "../text/exposure-words.ts";
import type { GapLike } from "../text/gap-words.ts";
import type { Say } from "../text/text.ts";
import { Usd } from "./amount.tsx";
import { UnknownChip } from "./chip.tsx";
import { Panel } from "./dialog.tsx";
import { GapItems } from "./gaps.tsx";
import { useText } from "./settings.tsx";
import { Table, type Column } from "./table.tsx";
import { Units } from "./units.tsx";
import { CategoryWord, ConfidenceWord } from "./words.tsx";

type Row = { readonly fact: Fact; readonly key: string };

function rowsOf(facts: readonly Fact[], wanted: (fact: Fact) => boolean): readonly Row[] {
  return facts
    .filter(wanted)
    .map((fact, index) => ({ fact, key: `${fact.origin} ${fact.policy ?? ""} ${String(index)}` }));
}

/** How far exposures were searched for: without that an empty list says nothing. */
export type Searched = {
  /** Thefts and entities that are followed on the chain. */
  readonly followed: number;
  readonly block: { readonly height: number } | null;
  /** What is not known, also what rules accept. */
  readonly missing: readonly GapLike[];
  /** Whether the page says beside the table what is missing. */
  readonly isToldElsewhere: boolean;
};

/** Value that came from origins: the view behind the verdict, whole. */
export function ExposuresTable({
  facts,
  searched,
}: {
  readonly facts: readonly Fact[];
  readonly searched: Searched;
}): ReactNode {
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
        asset === null || amount === null ? <UnknownChip /> : <Units units={amount} asset={asset} />,
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
    ...whoSays(t),
  ];
  return (
    <Panel title={t(words.exposures)}>
      {rows.length === 0 ? (
        <NoExposures searched={searched} />
      ) : (
        <Table caption={t(words.exposures)} columns={columns} rows={rows} rowKey={({ key }) => key} />
      )}
    </Panel>
  );
}

const unsearched: ReadonlySet<string> = new Set([
  "ledger-empty",
  "chain-not-loaded",
  "not-in-ledger",
  "index-none",
  "index-lost",
]);

/** Whether a gap is why exposures were not searched at all, which an empty table says. */
export function isWhyUnsearched({ gap }: GapLike): boolean {
  return unsearched.has(gap);
}

/** An empty list: none there, none found so far, or not looked for. Never to be taken for clean. */
function NoExposures({
  searched: { followed, block, missing, isToldElsewhere },
}: {
  readonly searched: Searched;
}): ReactNode {
  const { t } = useText();
  const why = missing.filter(isWhyUnsearched);
  if (why.length > 0 || followed === 0) {
    return (
      <div className="notice unknown">
        <p className="lead">{t(words.notSearched)}</p>
        {why.length === 0 ? <p>{t(words.nothingFollowed)}</p> : isToldElsewhere ? undefined : <GapItems gaps={why} />}
      </div>
    );
  }
  if (missing.length > 0) return <p className="notice unknown">{t(words.noneSoFar)}</p>;
  return <p>{t(words.noneFound, { block: whole(block?.height ?? 0), n: followed })}</p>;
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
      title: t(words.party),
      kind: "text",
      cell: ({ fact: { party } }) => (party === null ? "" : (parties[party]?.address ?? "")),
    },
    ...whoSays(t),
  ];
  return (
    <Panel title={t(words.evidence)}>
      <Table caption={t(words.evidence)} columns={columns} rows={rows} rowKey={({ key }) => key} />
    </Panel>
  );
}

/** The columns that every fact has: by whose word, and how sure. */
function whoSays(t: Say): readonly Column<Row>[] {
  return [
    {
      key: "sources",
      title: t(words.sources),
      kind: "text",
      cell: ({ fact: { sources } }) => sources.join(", "),
    },
    {
      key: "confidence",
      title: t(words.confidence),
      kind: "text",
      cell: ({ fact: { confidence } }) => <ConfidenceWord confidence={confidence} />,
    },
  ];
}

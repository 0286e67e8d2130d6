import type { ReactNode } from "react";
import { periodText } from "../../base/dates.ts";
import { decimal } from "../../base/numbers.ts";
import { exactUsd, headlineUsd, parseUsd } from "../../base/usd.ts";
import type { Appraisal, Incident, Stolen } from "../../data/register-types.ts";
import { Usd } from "../../parts/amount.tsx";
import { UnknownChip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { useText } from "../../parts/settings.tsx";
import { English, SourceRef } from "../../parts/sources.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { register } from "../../text/register-words.ts";
import type { Text } from "../../text/text.ts";
import { words } from "./words.ts";

/** The line of figures below the heading. */
export function Figures({ incident }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  const { valuesAtTheft, valuesDisclosed, now, recovered, stolen, stolenComplete } = incident;
  return (
    <dl className="figures">
      <div className="first">
        <dt>{t(register.atTheft)}</dt>
        <dd>
          <Usd usd={valuesAtTheft[0]?.usd} /> <SourceRef id={valuesAtTheft[0]?.source} />
        </dd>
      </div>
      <div>
        <dt>{t(register.disclosed)}</dt>
        <dd>
          <Usd usd={valuesDisclosed[0]?.usd} /> <SourceRef id={valuesDisclosed[0]?.source} />
        </dd>
      </div>
      <div>
        <dt>{t(register.now)}</dt>
        <dd>
          {now.usd !== null && !now.complete ? <span className="quiet">{t(words.atLeast)} </span> : undefined}
          <Usd usd={now.usd} />
        </dd>
      </div>
      <div>
        <dt>{t(register.recovered)}</dt>
        <dd>
          {recovered.length === 0 ? <span className="quiet">{t(words.noRecovery)}</span> : undefined}
          {recovered.map(({ usd, basis, source }) => (
            <span key={basis}>
              <Usd usd={usd} /> <SourceRef id={source} />
            </span>
          ))}
        </dd>
      </div>
      <div className="taken">
        <dt>{t(words.taken)}</dt>
        <dd>
          {stolen.length === 0 ? <span className="quiet">{t(words.takenUnknown)}</span> : undefined}
          <ul className="inline">
            {stolen.map((item) => (
              <li key={`${nameOf(item)} ${item.chain ?? ""} ${item.amount ?? ""}`}>
                <StolenItem item={item} />
              </li>
            ))}
            {stolen.length === 0 || stolenComplete ? undefined : <li className="quiet">{t(words.takenMore)}</li>}
          </ul>
        </dd>
      </div>
    </dl>
  );
}

function nameOf({ symbol, token, lot }: Stolen): string {
  return symbol ?? token ?? lot ?? "";
}

function StolenItem({ item }: { readonly item: Stolen }): ReactNode {
  if (item.amount === undefined) return <English>{nameOf(item)}</English>;
  return (
    <data value={item.amount} title={item.asset}>
      <span className="figure">{decimal(item.amount)}</span> <span className="symbol">{nameOf(item)}</span>
    </data>
  );
}

type Stated = { readonly kind: Text; readonly usd: string; readonly basis: string; readonly source: string };

/** Every published value with its basis, and what amounts and prices come to. */
export function Values({ incident }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  const rows: readonly Stated[] = [
    ...incident.valuesAtTheft.map((value) => ({ kind: register.atTheft, ...value })),
    ...incident.valuesDisclosed.map((value) => ({ kind: register.disclosed, ...value })),
    ...incident.recovered.map(({ usd, basis, source }) => ({ kind: register.recovered, usd, basis, source })),
  ];
  const columns: readonly Column<Stated>[] = [
    {
      key: "kind",
      title: t(words.kind),
      kind: "text",
      name: "nowrap",
      cell: (row) => (
        <>
          {t(row.kind)}
          {row === rows[0] && incident.valuesAtTheft.length > 1 ? (
            <span className="quiet"> {t(words.central)}</span>
          ) : undefined}
        </>
      ),
    },
    { key: "usd", title: t(words.value), kind: "figure", cell: ({ usd }) => decimal(usd.replace(/\.00$/u, "")) },
    {
      key: "basis",
      title: t(words.basis),
      kind: "text",
      name: "prose",
      cell: ({ basis }) => <English>{basis}</English>,
    },
    { key: "source", title: t(words.source), kind: "text", cell: ({ source }) => <SourceRef id={source} /> },
  ];
  return (
    <Panel title={t(words.values)}>
      {rows.length === 0 ? (
        <UnknownChip />
      ) : (
        <Table
          caption={t(words.values)}
          columns={columns}
          rows={rows}
          rowKey={(row) => `${row.kind[0]} ${row.usd} ${row.source} ${row.basis}`}
        />
      )}
      <Appraised title={words.pricesDay} appraisal={incident.atPricesOfTheDay} />
      <Appraised title={words.pricesNow} appraisal={incident.now} />
    </Panel>
  );
}

type Line = { readonly item: Stolen; readonly priced: Appraisal["priced"][number] | undefined };

/** Amounts times prices: a check on what was published. */
function Appraised({ title, appraisal }: { readonly title: Text; readonly appraisal: Appraisal }): ReactNode {
  const { t, locale } = useText();
  const lines: readonly Line[] = [
    ...appraisal.priced.map((priced) => ({ item: priced.item, priced })),
    ...appraisal.unpriced.map((item) => ({ item, priced: undefined })),
  ];
  if (lines.length === 0) return undefined;
  const columns: readonly Column<Line>[] = [
    { key: "item", title: t(words.item), kind: "text", cell: ({ item }) => nameOf(item) },
    {
      key: "amount",
      title: t(words.amount),
      kind: "figure",
      cell: ({ item }) => (item.amount === undefined ? "" : decimal(item.amount)),
    },
    {
      key: "price",
      title: t(words.price),
      kind: "figure",
      cell: ({ priced }) => (priced?.price ? decimal(priced.price.usd) : priced === undefined ? <UnknownChip /> : ""),
    },
    {
      key: "day",
      title: t(words.priceOf),
      kind: "text",
      name: "nowrap",
      cell: ({ priced }) => (priced?.price ? periodText(priced.price.day, locale) : ""),
    },
    {
      key: "usd",
      title: t(words.value),
      kind: "figure",
      cell: ({ priced }) => (priced === undefined ? <UnknownChip /> : decimal(priced.usd.replace(/\.00$/u, ""))),
    },
    {
      key: "source",
      title: t(words.source),
      kind: "text",
      cell: ({ priced }) => (priced?.price ? <English>{priced.price.source}</English> : ""),
    },
  ];
  return (
    <details className="alternative">
      <summary>
        {t(title)}: {appraisal.usd !== null && !appraisal.complete ? `${t(words.atLeast)} ` : ""}
        {appraisal.usd === null ? (
          <UnknownChip />
        ) : (
          <span title={exactUsd(parseUsd(appraisal.usd), locale)}>{headlineUsd(parseUsd(appraisal.usd), locale)}</span>
        )}{" "}
        <span className="quiet">{t(words.check)}</span>
      </summary>
      <Table
        caption={t(title)}
        columns={columns}
        rows={lines}
        rowKey={({ item }) => `${nameOf(item)} ${item.amount ?? ""} ${item.chain ?? ""}`}
      />
    </details>
  );
}

import type { ReactNode } from "react";
import { formatUsd, type Millionths, type Usd as Cents } from "../../../src/base/usd.ts";
import { Usd } from "../../parts/amount.tsx";
import { UnknownChip } from "../../parts/chip.tsx";
import { useText } from "../../parts/settings.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { shell } from "../../text/shell-words.ts";
import type { Text } from "../../text/text.ts";
import { partText, shareText, toneOf } from "./flow-part.ts";
import type { FlowPart, FlowShares } from "./flow-shares.ts";
import { words } from "./flow-words.ts";

/** So many services of a kind are named. */
const namedMax = 3;

type Line = Pick<FlowPart, "share" | "range" | "services"> & {
  readonly key: string;
  readonly name: Text;
  /** Undefined: the row of all. */
  readonly tone: string | undefined;
  readonly usd: Cents | undefined;
};

/** The bar's parts as a table, which also is its legend. */
export function FlowTable({ shares, chain }: { readonly shares: FlowShares; readonly chain: string }): ReactNode {
  const { t } = useText();
  const lines = shares.parts.map((part): Line => {
    return { ...part, key: `${part.kind} ${part.category}`, name: partText(part), tone: toneOf(part) };
  });
  const all: Line = {
    key: "total",
    name: words.total,
    tone: undefined,
    usd: shares.total,
    share: 1_000_000 as Millionths,
    range: undefined,
    services: [],
  };
  const columns: readonly Column<Line>[] = [
    {
      key: "where",
      title: t(words.where),
      kind: "text",
      cell: ({ name, tone }) => (
        <>
          {tone === undefined ? undefined : <i className={`swatch flow-${tone}`} />} {t(name)}
        </>
      ),
    },
    {
      key: "usd",
      title: t(words.usd),
      kind: "figure",
      cell: ({ usd }) => <Usd usd={usd === undefined ? undefined : formatUsd(usd)} />,
    },
    { key: "share", title: t(words.share), kind: "figure", cell: ({ share }) => shareText(share) ?? <UnknownChip /> },
    {
      key: "range",
      title: t(words.range),
      kind: "figure",
      cell: (line) => (line.tone === undefined ? "" : (rangeText(line.range) ?? <UnknownChip />)),
    },
    {
      key: "services",
      title: t(words.services),
      kind: "text",
      name: "prose",
      cell: (line) => <Services line={line} />,
    },
  ];
  return (
    <Table
      caption={`${t(words.flow)}: ${chain}`}
      columns={columns}
      rows={lines}
      rowKey={({ key }) => key}
      total={all}
    />
  );
}

function Services({ line: { services } }: { readonly line: Line }): ReactNode {
  const { t } = useText();
  if (services.length === 0) return undefined;
  const named = services.slice(0, namedMax).map(({ name, share }) => `${name} ${shareText(share) ?? t(shell.unknown)}`);
  const left = services.length - named.length;
  return [...named, ...(left === 0 ? [] : [t(words.others, { n: left })])].join(" · ");
}

function rangeText(range: FlowPart["range"]): string | undefined {
  if (range === undefined) return undefined;
  const [least = "", most = ""] = range.map((share) => shareText(share) ?? "");
  return least === most ? least : `${least.replace(/%$/u, "")}–${most}`;
}

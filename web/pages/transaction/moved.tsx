import type { ReactNode } from "react";
import { assetName, coins } from "../../base/assets.ts";
import { chainAlias, nativeAsset } from "../../base/chains.ts";
import { whole } from "../../base/numbers.ts";
import { shortenAll, type Shortened } from "../../base/shorten.ts";
import type { AnswerOf, Contract } from "../../data/api.ts";
import { Address, Txid } from "../../parts/address.tsx";
import { Amount } from "../../parts/amount.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { useText } from "../../parts/settings.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Units } from "../../parts/units.tsx";
import { Link } from "../../routing/link.tsx";
import { withQuery } from "../../routing/routes.ts";
import { explorer } from "../../text/explorer-words.ts";
import type { Text } from "../../text/text.ts";

type TransactionAnswer = AnswerOf<Contract["getTransaction"]>;
type Input = TransactionAnswer["inputs"][number];
type Output = TransactionAnswer["outputs"][number];
type Transfer = TransactionAnswer["transfers"][number];
type MovedProps = { readonly chain: string; readonly value: TransactionAnswer };

/** The kinds of transfers that ledgers have. */
const kindTexts: Readonly<Record<string, Text>> = {
  fee: explorer.fee,
  native: explorer.kindNative,
  internal: explorer.kindInternal,
  token: explorer.kindToken,
  wrap: explorer.kindWrap,
  credit: explorer.kindCredit,
};

/** What a transaction spends. */
export function Inputs({ chain, value: { inputs, totals, outputs } }: MovedProps): ReactNode {
  const { t } = useText();
  const shortened = shortenedOf([...inputs, ...outputs]);
  const columns: readonly Column<Input & { readonly at: number }>[] = [
    {
      key: "from",
      title: t(explorer.from),
      kind: "text",
      cell: (row) => <Party chain={chain} of={row} shortened={shortened} />,
    },
    {
      key: "amount",
      title: t(explorer.amount),
      kind: "figure",
      cell: ({ amount }) => <Native chain={chain} amount={amount} />,
    },
    {
      key: "reference",
      title: t(explorer.reference),
      kind: "text",
      cell: ({ ref }) => (ref === null ? t(explorer.protocol) : <Txid chain={chainAlias(chain)} txid={txidOf(ref)} />),
    },
  ];
  return (
    <Panel title={t(explorer.inputs)} aside={<Part shown={inputs.length} of={totals.inputs} />}>
      <Table
        caption={t(explorer.inputs)}
        columns={columns}
        rows={inputs.map((input, at) => ({ ...input, at }))}
        rowKey={({ at }) => String(at)}
      />
    </Panel>
  );
}

/** What a transaction pays, and where each of it went on. */
export function Outputs({ chain, value: { inputs, outputs, totals } }: MovedProps): ReactNode {
  const { t } = useText();
  const shortened = shortenedOf([...inputs, ...outputs]);
  const columns: readonly Column<Output>[] = [
    {
      key: "to",
      title: t(explorer.to),
      kind: "text",
      cell: (row) => <Party chain={chain} of={row} shortened={shortened} />,
    },
    {
      key: "amount",
      title: t(explorer.amount),
      kind: "figure",
      cell: ({ amount }) => <Native chain={chain} amount={amount} />,
    },
    {
      key: "spent",
      title: t(explorer.spentBy),
      kind: "text",
      cell: ({ spentBy }) =>
        spentBy === null ? t(explorer.unspent) : <Txid chain={chainAlias(chain)} txid={spentBy} />,
    },
    {
      key: "trace",
      title: t(explorer.traceIt),
      kind: "text",
      cell: ({ ref }) => <TraceFrom chain={chain} origin={ref} />,
    },
  ];
  return (
    <Panel title={t(explorer.outputs)} aside={<Part shown={outputs.length} of={totals.outputs} />}>
      <Table caption={t(explorer.outputs)} columns={columns} rows={outputs} rowKey={({ ref }) => ref} />
    </Panel>
  );
}

/** What a transaction moves between accounts. */
export function Transfers({ chain, value: { transfers, totals } }: MovedProps): ReactNode {
  const { t } = useText();
  const shortened = shortenAll(transfers.flatMap(({ from, to }) => [from ?? [], to ?? []].flat()));
  const side = (address: string | null, none: string): ReactNode =>
    address === null ? (
      none
    ) : (
      <Address chain={chainAlias(chain)} address={address} shortened={shortened.get(address)} />
    );
  const columns: readonly Column<Transfer>[] = [
    { key: "from", title: t(explorer.from), kind: "text", cell: ({ from }) => side(from, t(explorer.protocol)) },
    { key: "to", title: t(explorer.to), kind: "text", cell: ({ to }) => side(to, t(explorer.burnt)) },
    {
      key: "amount",
      title: t(explorer.amount),
      kind: "figure",
      cell: ({ amount, asset }) => <Units units={amount} asset={asset} />,
    },
    {
      key: "kind",
      title: t(explorer.kind),
      kind: "text",
      cell: ({ kind }) => t(kindTexts[kind] ?? [kind, kind]),
    },
    {
      key: "trace",
      title: t(explorer.traceIt),
      kind: "text",
      cell: ({ ref, kind }) => (kind === "fee" ? undefined : <TraceFrom chain={chain} origin={ref} />),
    },
  ];
  return (
    <Panel title={t(explorer.transfers)} aside={<Part shown={transfers.length} of={totals.transfers} />}>
      <Table caption={t(explorer.transfers)} columns={columns} rows={transfers} rowKey={({ ref }) => ref} />
    </Panel>
  );
}

function shortenedOf(rows: readonly { readonly address: string | null }[]): ReadonlyMap<string, Shortened> {
  return shortenAll(rows.flatMap(({ address }) => address ?? []));
}

type PartyProps = {
  readonly chain: string;
  readonly of: { readonly address: string | null };
  readonly shortened: ReadonlyMap<string, Shortened>;
};

function Party({ chain, of: { address }, shortened }: PartyProps): ReactNode {
  const { t } = useText();
  if (address === null) return t(explorer.noAddress);
  return <Address chain={chainAlias(chain)} address={address} shortened={shortened.get(address)} />;
}

function Native({ chain, amount }: { readonly chain: string; readonly amount: string | null }): ReactNode {
  const native = nativeAsset(chain);
  return <Amount amount={amount === null ? null : coins(amount, native)} symbol={assetName(native).symbol} />;
}

function TraceFrom({ chain, origin }: { readonly chain: string; readonly origin: string }): ReactNode {
  const { t } = useText();
  return <Link to={withQuery("/trace", { origin, chain: chainAlias(chain) })}>{t(explorer.traceFrom)}</Link>;
}

/** How much of a long transaction is shown. */
function Part({ shown, of }: { readonly shown: number; readonly of: number }): ReactNode {
  const { t } = useText();
  return (
    <span className="caption">
      {shown < of ? t(explorer.partShown, { shown: whole(shown), n: whole(of) }) : whole(of)}
    </span>
  );
}

function txidOf(reference: string): string {
  return reference.slice(0, reference.lastIndexOf(":"));
}

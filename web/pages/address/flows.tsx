import { useCallback, type ReactNode } from "react";
import { assetName, coins } from "../../base/assets.ts";
import { chainAlias, nativeAsset } from "../../base/chains.ts";
import { instantText } from "../../base/dates.ts";
import { shortenAll } from "../../base/shorten.ts";
import { api, type AnswerOf, type Contract } from "../../data/api.ts";
import { usePages, type ListPage } from "../../data/use-pages.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { Address, Txid } from "../../parts/address.tsx";
import { Amount } from "../../parts/amount.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { More } from "../../parts/more.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer } from "../../parts/states.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Units } from "../../parts/units.tsx";
import { explorer } from "../../text/explorer-words.ts";

type Transfer = AnswerOf<Contract["listTransfers"]>["transfers"][number];
type Output = AnswerOf<Contract["listOutputs"]>["outputs"][number];
type FlowsProps = { readonly chain: string; readonly address: string; readonly isUtxo: boolean };

const pageRows = 50;

/** What came to an address and what left it, page by page in chain order. */
export function Flows({ chain, address, isUtxo }: FlowsProps): ReactNode {
  return isUtxo ? <Outputs chain={chain} address={address} /> : <Transfers chain={chain} address={address} />;
}

type Of = { readonly chain: string; readonly address: string };

function Transfers({ chain, address }: Of): ReactNode {
  const { t } = useText();
  const ask = useCallback(
    async (cursor?: string, signal?: AbortSignal): Promise<ListPage<Transfer>> => {
      const query = { limit: pageRows, ...(cursor === undefined ? {} : { cursor }) };
      const asked = { params: { chain, address }, query, ...(signal === undefined ? {} : { signal }) };
      const { transfers, next } = await api().get("/v1/chains/{chain}/addresses/{address}/transfers", asked);
      return { items: transfers, next };
    },
    [chain, address],
  );
  const first = useAnswer(`transfers ${chain} ${address}`, async (signal) => ask(undefined, signal));
  return (
    <Panel title={t(explorer.flows)}>
      <Answer asked={first} rows={8}>
        {(page) => <TransferPages chain={chain} address={address} first={page} ask={ask} />}
      </Answer>
    </Panel>
  );
}

type Asking<Item> = {
  readonly first: ListPage<Item>;
  readonly ask: (cursor: string) => Promise<ListPage<Item>>;
};

function TransferPages({ chain, address, first, ask }: Of & Asking<Transfer>): ReactNode {
  const { t, locale } = useText();
  const pages = usePages(first.next, ask);
  const rows = [...first.items, ...pages.more];
  const other = ({ from, to }: Transfer): string | null => (from === address ? to : from);
  const shortened = shortenAll(rows.flatMap((row) => other(row) ?? []));
  const columns: readonly Column<Transfer>[] = [
    { key: "time", title: t(explorer.time), kind: "text", cell: ({ time }) => instantText(time, locale) },
    { key: "direction", title: t(explorer.direction), kind: "text", cell: (row) => t(directionOf(row, address)) },
    {
      key: "other",
      title: t(explorer.counterparty),
      kind: "text",
      cell: (row) => {
        const name = other(row);
        if (name === null) return t(row.from === null ? explorer.protocol : explorer.burnt);
        return <Address chain={chainAlias(chain)} address={name} shortened={shortened.get(name)} />;
      },
    },
    {
      key: "amount",
      title: t(explorer.amount),
      kind: "figure",
      cell: ({ amount, asset }) => <Units units={amount} asset={asset} />,
    },
    {
      key: "transaction",
      title: t(explorer.transaction),
      kind: "text",
      cell: ({ ref }) => <Reference chain={chain} reference={ref} />,
    },
  ];
  return (
    <>
      <Table caption={t(explorer.flows)} columns={columns} rows={rows} rowKey={({ ref }) => ref} />
      <More shown={rows.length} pages={pages} />
    </>
  );
}

function directionOf({ from, to, kind }: Transfer, address: string) {
  if (from === address && to === address) return explorer.self;
  if (to === address) return explorer.in;
  return kind === "fee" ? explorer.fee : explorer.out;
}

/** A reference `TXID:INDEX`, to its transaction; what a block itself credits has none. */
function Reference({ chain, reference }: { readonly chain: string; readonly reference: string }): ReactNode {
  const txid = reference.slice(0, reference.lastIndexOf(":"));
  return txid.startsWith("block ") ? txid : <Txid chain={chainAlias(chain)} txid={txid} />;
}

function Outputs({ chain, address }: Of): ReactNode {
  const { t } = useText();
  const ask = useCallback(
    async (cursor?: string, signal?: AbortSignal): Promise<ListPage<Output>> => {
      const query = { limit: pageRows, ...(cursor === undefined ? {} : { cursor }) };
      const asked = { params: { chain, address }, query, ...(signal === undefined ? {} : { signal }) };
      const { outputs, next } = await api().get("/v1/chains/{chain}/addresses/{address}/outputs", asked);
      return { items: outputs, next };
    },
    [chain, address],
  );
  const first = useAnswer(`outputs ${chain} ${address}`, async (signal) => ask(undefined, signal));
  return (
    <Panel title={t(explorer.flows)}>
      <Answer asked={first} rows={8}>
        {(page) => <OutputPages chain={chain} first={page} ask={ask} />}
      </Answer>
    </Panel>
  );
}

function OutputPages({ chain, first, ask }: { readonly chain: string } & Asking<Output>): ReactNode {
  const { t, locale } = useText();
  const pages = usePages(first.next, ask);
  const rows = [...first.items, ...pages.more];
  const native = nativeAsset(chain);
  const columns: readonly Column<Output>[] = [
    {
      key: "time",
      title: t(explorer.receivedAt),
      kind: "text",
      cell: ({ time }) => (time === null ? t(explorer.before) : instantText(time, locale)),
    },
    { key: "in", title: t(explorer.in), kind: "text", cell: ({ ref }) => <Reference chain={chain} reference={ref} /> },
    {
      key: "amount",
      title: t(explorer.amount),
      kind: "figure",
      cell: ({ amount }) => (
        <Amount amount={amount === null ? null : coins(amount, native)} symbol={assetName(native).symbol} />
      ),
    },
    {
      key: "out",
      title: t(explorer.spentBy),
      kind: "text",
      cell: ({ spentBy }) =>
        spentBy === null ? t(explorer.unspent) : <Txid chain={chainAlias(chain)} txid={spentBy} />,
    },
  ];
  return (
    <>
      <Table caption={t(explorer.flows)} columns={columns} rows={rows} rowKey={({ ref }) => ref} />
      <More shown={rows.length} pages={pages} />
    </>
  );
}

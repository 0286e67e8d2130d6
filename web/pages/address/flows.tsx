import { useCallback, type ReactNode } from "react";
import { assetName, coins } from "../../base/assets.ts";
import { chainAlias, nativeAsset } from "../../base/chains.ts";
import { instantText } from "../../base/dates.ts";
import { whole } from "../../base/numbers.ts";
import { shortenAll } from "../../base/shorten.ts";
import { api, type AnswerOf, type Contract } from "../../data/api.ts";
import { usePages, type ListPage } from "../../data/use-pages.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { Address, Txid } from "../../parts/address.tsx";
import { Amount, Usd } from "../../parts/amount.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { More } from "../../parts/more.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer } from "../../parts/states.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Units } from "../../parts/units.tsx";
import { replace, useQuery } from "../../routing/history.ts";
import { paths, withQuery } from "../../routing/routes.ts";
import { explorer } from "../../text/explorer-words.ts";

type Transfer = AnswerOf<Contract["listTransfers"]>["transfers"][number];
type Output = AnswerOf<Contract["listOutputs"]>["outputs"][number];
/** Over which rows an order by dollars goes; null: in chain order. */
type Sorted = AnswerOf<Contract["listOutputs"]>["sorted"];
type SortedPage<Item> = ListPage<Item> & { readonly sorted: Sorted };
type Of = { readonly chain: string; readonly address: string };
type FlowsProps = Of & { readonly isUtxo: boolean };

const pageRows = 50;
const orders = ["usd", "chain"] as const;
type Order = (typeof orders)[number];

/** What came to an address and what left it, page by page: the largest by dollars first, or in chain order. */
export function Flows({ chain, address, isUtxo }: FlowsProps): ReactNode {
  const { t } = useText();
  const query = useQuery();
  const order = orders.find((one) => one === query.get("sort")) ?? "usd";
  const choose = (to: string): void => {
    // The largest first is what is shown where nothing is said.
    replace(withQuery(paths.address(chain, address), { sort: to === "usd" ? undefined : to }));
  };
  const Rows = isUtxo ? Outputs : Transfers;
  return (
    <Panel
      title={t(explorer.flows)}
      aside={
        <label className="row">
          <span>{t(explorer.order)}</span>
          <select value={order} onChange={(event) => choose(event.currentTarget.value)}>
            <option value="usd">{t(explorer.byUsd)}</option>
            <option value="chain">{t(explorer.byChain)}</option>
          </select>
        </label>
      }
    >
      <Rows key={order} chain={chain} address={address} order={order} />
    </Panel>
  );
}

type RowsProps = Of & { readonly order: Order };

function Transfers({ chain, address, order }: RowsProps): ReactNode {
  const ask = useCallback(
    async (cursor?: string, signal?: AbortSignal): Promise<SortedPage<Transfer>> => {
      const query = { limit: pageRows, sort: order, ...(cursor === undefined ? {} : { cursor }) };
      const asked = { params: { chain, address }, query, ...(signal === undefined ? {} : { signal }) };
      const { transfers, ...page } = await api().get("/v1/chains/{chain}/addresses/{address}/transfers", asked);
      return { items: transfers, ...page };
    },
    [chain, address, order],
  );
  const first = useAnswer(`transfers ${order} ${chain} ${address}`, async (signal) => ask(undefined, signal));
  return (
    <Answer asked={first} rows={8}>
      {(page) => <TransferPages chain={chain} address={address} first={page} ask={ask} />}
    </Answer>
  );
}

type Asking<Item> = {
  readonly first: SortedPage<Item>;
  readonly ask: (cursor: string) => Promise<ListPage<Item>>;
};

/** In what order the rows stand, and of how many: an order over a part of them is never taken for one over all. */
function OrderNote({ sorted }: { readonly sorted: Sorted }): ReactNode {
  const { t } = useText();
  const words =
    sorted === null
      ? t(explorer.orderChain)
      : sorted.isAll
        ? t(explorer.orderUsd)
        : t(explorer.orderUsdPart, { rows: whole(sorted.rows) });
  return <p className={sorted?.isAll === false ? "notice unknown" : "caption"}>{words}</p>;
}

function TransferPages({ chain, address, first, ask }: Of & Asking<Transfer>): ReactNode {
  const { t, locale } = useText();
  const pages = usePages(first.next, ask);
  const rows = [...first.items, ...pages.more];
  const other = ({ from, to }: Transfer): string | null => (from === address ? to : from);
  const shortened = shortenAll(rows.flatMap((row) => other(row) ?? []));
  const columns: readonly Column<Transfer>[] = [
    {
      key: "time",
      title: t(explorer.time),
      kind: "text",
      name: "nowrap",
      cell: ({ time }) => instantText(time, locale),
    },
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
    { key: "usd", title: t(explorer.usd), kind: "figure", cell: ({ usd }) => <Usd usd={usd} /> },
    {
      key: "transaction",
      title: t(explorer.transaction),
      kind: "text",
      cell: ({ ref }) => <Reference chain={chain} reference={ref} />,
    },
  ];
  return (
    <>
      <OrderNote sorted={first.sorted} />
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

function Outputs({ chain, address, order }: RowsProps): ReactNode {
  const ask = useCallback(
    async (cursor?: string, signal?: AbortSignal): Promise<SortedPage<Output>> => {
      const query = { limit: pageRows, sort: order, ...(cursor === undefined ? {} : { cursor }) };
      const asked = { params: { chain, address }, query, ...(signal === undefined ? {} : { signal }) };
      const { outputs, ...page } = await api().get("/v1/chains/{chain}/addresses/{address}/outputs", asked);
      return { items: outputs, ...page };
    },
    [chain, address, order],
  );
  const first = useAnswer(`outputs ${order} ${chain} ${address}`, async (signal) => ask(undefined, signal));
  return (
    <Answer asked={first} rows={8}>
      {(page) => <OutputPages chain={chain} first={page} ask={ask} />}
    </Answer>
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
      name: "nowrap",
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
    { key: "usd", title: t(explorer.usd), kind: "figure", cell: ({ usd }) => <Usd usd={usd} /> },
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
      <OrderNote sorted={first.sorted} />
      <Table caption={t(explorer.flows)} columns={columns} rows={rows} rowKey={({ ref }) => ref} />
      <More shown={rows.length} pages={pages} />
    </>
  );
}

import { useState, type ReactNode } from "react";
import { formatUsd } from "../../../src/base/usd.ts";
import { assetName, coins } from "../../base/assets.ts";
import { chainName } from "../../base/chains.ts";
import { instantText, periodText } from "../../base/dates.ts";
import { decimal, whole } from "../../base/numbers.ts";
import { leftIn, type Verification, type VerifiedTransaction } from "../../data/verification.ts";
import { Txid } from "../../parts/address.tsx";
import { UnknownChip } from "../../parts/chip.tsx";
import { usePrinting } from "../../parts/printing.ts";
import { useText } from "../../parts/settings.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import type { Text } from "../../text/text.ts";
import { words } from "./verify-words.ts";

/** So many stand there at first. */
const shownMax = 50;

const kindTexts: Readonly<Record<string, Text>> = {
  close: words.close,
  opening: words.open,
  stated: words.stated,
};

type Asset = Verification["assets"][number];

/** By asset: what left, what the register says, the difference, the worth and by which prices. */
export function VerifiedAssets({ verification }: { readonly verification: Verification }): ReactNode {
  const { t, locale } = useText();
  const columns: readonly Column<Asset>[] = [
    { key: "asset", title: t(words.asset), kind: "text", cell: ({ asset }) => assetName(asset).symbol },
    { key: "left", title: t(words.left), kind: "figure", cell: ({ asset, amount }) => coinText(amount, asset) },
    {
      key: "register",
      title: t(words.inRegister),
      kind: "figure",
      cell: ({ asset, registered }) =>
        registered === null ? <span className="quiet">{t(words.notNamed)}</span> : coinText(registered, asset),
    },
    {
      key: "difference",
      title: t(words.difference),
      kind: "figure",
      cell: ({ asset, difference }) => (difference === null ? "" : signed(difference, asset)),
    },
    {
      key: "usd",
      title: t(words.usd),
      kind: "figure",
      cell: ({ usd, unpriced }) => (
        <>
          {usd === null ? <UnknownChip /> : `${unpriced > 0 ? "≥ " : ""}${dollars(usd)}`}
          {unpriced === 0 ? undefined : <span className="quiet"> {t(words.unpriced, { n: unpriced })}</span>}
        </>
      ),
    },
    {
      key: "prices",
      title: t(words.prices),
      kind: "text",
      name: "prose",
      cell: ({ prices }) =>
        prices
          .map(
            ({ day, usd, kind }) => `${periodText(day, locale)} ${t(kindTexts[kind] ?? [kind, kind])} ${decimal(usd)}`,
          )
          .join(", "),
    },
  ];
  return (
    <section>
      <h3>{t(words.assets)}</h3>
      <Table caption={t(words.assets)} columns={columns} rows={verification.assets} rowKey={({ asset }) => asset} />
    </section>
  );
}

/** By transaction: what left the victim, and its worth by the price of the block's day. */
export function VerifiedTransactions({ verification }: { readonly verification: Verification }): ReactNode {
  const { t } = useText();
  const [isOpened, setOpened] = useState(false);
  const isWhole = usePrinting() || isOpened;
  const all = verification.chains.flatMap(({ chain, transactions }) =>
    transactions.map((one): VerifiedTransaction => ({ ...one, chain })),
  );
  return (
    <section>
      <h3>{t(words.transactions)}</h3>
      <Table
        caption={t(words.transactions)}
        columns={useTransactionColumns(verification)}
        rows={isWhole ? all : all.slice(0, shownMax)}
        rowKey={({ chain, transaction }) => `${chain} ${transaction}`}
      />
      {all.length > shownMax && !isWhole ? (
        <button type="button" onClick={() => setOpened(true)}>
          {t(words.showAll, { n: whole(all.length) })}
        </button>
      ) : undefined}
    </section>
  );
}

function useTransactionColumns(verification: Verification): readonly Column<VerifiedTransaction>[] {
  const { t, locale } = useText();
  const ruleTexts = { thief: words.thief, victim: words.victim, others: words.others } as const;
  return [
    {
      key: "transaction",
      title: t(words.transaction),
      kind: "text",
      cell: ({ chain, transaction }) => <Txid chain={chain} txid={transaction} />,
    },
    { key: "chain", title: t(words.chain), kind: "text", cell: ({ chain }) => chainName(chain) },
    { key: "block", title: t(words.block), kind: "figure", cell: ({ block }) => whole(block) },
    { key: "time", title: t(words.time), kind: "text", name: "nowrap", cell: ({ time }) => instantText(time, locale) },
    {
      key: "left",
      title: t(words.left),
      kind: "figure",
      cell: (row) =>
        leftIn(row, verification).map(({ asset, amount }) => <div key={asset}>{coinText(String(amount), asset)}</div>),
    },
    {
      key: "usd",
      title: t(words.usd),
      kind: "figure",
      cell: (row) =>
        leftIn(row, verification).map(({ asset, usd }) => (
          <div key={asset}>{usd === undefined ? <UnknownChip /> : dollars(formatUsd(usd))}</div>
        )),
    },
    {
      key: "rule",
      title: t(words.rule),
      kind: "text",
      name: "prose",
      cell: ({ rule, paidAway, unknownInputs }) =>
        [
          t(ruleTexts[rule]),
          ...paidAway.map(({ asset, amount }) => t(words.paidAway, { amount: coinText(amount, asset) })),
          ...(unknownInputs === 0 ? [] : [t(words.unknownInputs, { n: unknownInputs })]),
        ].join("; "),
    },
  ];
}

function coinText(units: string, asset: string): string {
  return `${decimal(coins(units, asset))} ${assetName(asset).symbol}`;
}

function signed(units: string, asset: string): string {
  if (units === "0") return "0";
  return units.startsWith("-") ? `−${coinText(units.slice(1), asset)}` : `+${coinText(units, asset)}`;
}

/** Whole dollars without their cents where there are none. */
function dollars(usd: string): string {
  return decimal(usd.replace(/\.00$/u, ""));
}

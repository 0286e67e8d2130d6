import type { ReactNode } from "react";
import { instantText } from "../../base/dates.ts";
import { whole } from "../../base/numbers.ts";
import { useLedger, type Ledger } from "../../data/ledger.ts";
import { Chip, SimulatedChip } from "../../parts/chip.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { Page } from "../../parts/page.tsx";
import { Answer, EmptyState } from "../../parts/states.tsx";
import { useText } from "../../parts/settings.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { ledgerWords } from "../../text/ledger-words.ts";
import type { Say } from "../../text/text.ts";
import "../../styles/explorer.css";
import { RunningIngest } from "./running-ingest.tsx";

type Chain = Ledger["chains"][number];

/** What is loaded: which chains, to which block, how far behind, with which gaps. */
export function LedgerPage(): ReactNode {
  const { t } = useText();
  const asked = useLedger();
  const hasNone = asked.state === "failed" && asked.error.kind === "problem" && asked.error.status === 404;
  return (
    <Page title={t(ledgerWords.ledgerTitle)}>
      {hasNone ? (
        <HowToLoad title={t(ledgerWords.noLedger)} />
      ) : (
        <Answer asked={asked} rows={8}>
          {(ledger) => <Loaded ledger={ledger} />}
        </Answer>
      )}
    </Page>
  );
}

function Loaded({ ledger }: { readonly ledger: Ledger }): ReactNode {
  const { t } = useText();
  if (ledger.chains.length === 0) return <HowToLoad title={t(ledgerWords.noChains)} />;
  const hasGaps = ledger.chains.some(({ gaps }) => gaps > 0);
  return (
    <>
      <RunningIngest />
      <ChainsTable chains={ledger.chains} />
      {hasGaps ? <GapList chains={ledger.chains} /> : undefined}
      <p className="caption">
        {t(ledgerWords.registerDigest)} <span className="mono">{ledger.register.slice(0, 16)}…</span>{" "}
        <CopyButton text={ledger.register} />
      </p>
    </>
  );
}

function ChainsTable({ chains }: { readonly chains: readonly Chain[] }): ReactNode {
  const { t, locale } = useText();
  const figure = (key: string, title: string, value: (chain: Chain) => number): Column<Chain> => ({
    key,
    title,
    kind: "figure",
    cell: (chain) => whole(value(chain)),
  });
  const columns: readonly Column<Chain>[] = [
    {
      key: "chain",
      title: t(ledgerWords.chain),
      kind: "text",
      cell: (chain) => (
        <>
          {chain.alias} {chain.simulated ? <SimulatedChip /> : undefined}
        </>
      ),
    },
    {
      key: "model",
      title: t(ledgerWords.model),
      kind: "text",
      cell: ({ model }) => t(model === "utxo" ? ledgerWords.utxo : ledgerWords.account),
    },
    {
      key: "blocks",
      title: t(ledgerWords.blocks),
      kind: "figure",
      cell: ({ firstHeight, tip }) =>
        tip === null ? t(ledgerWords.none) : `${whole(firstHeight ?? 0)}–${whole(tip.height)}`,
    },
    {
      key: "tip",
      title: t(ledgerWords.tipTime),
      kind: "text",
      cell: ({ tip }) => (tip === null ? t(ledgerWords.none) : instantText(tip.time, locale)),
    },
    { key: "behind", title: t(ledgerWords.behind), kind: "figure", cell: ({ tip }) => behind(tip, t) },
    {
      key: "gaps",
      title: t(ledgerWords.gaps),
      kind: "figure",
      cell: ({ gaps }) => (gaps === 0 ? "0" : <Chip kind="unknown">{whole(gaps)}</Chip>),
    },
    { key: "internals", title: t(ledgerWords.internals), kind: "text", cell: (chain) => <Internals chain={chain} /> },
    figure("transactions", t(ledgerWords.transactions), ({ transactions }) => transactions),
    figure("addresses", t(ledgerWords.addresses), ({ owners }) => owners),
    figure("unseen", t(ledgerWords.unseen), ({ unseen }) => unseen),
  ];
  return (
    <Table
      caption={t(ledgerWords.ledgerTable)}
      columns={columns}
      rows={chains}
      rowKey={({ chain }) => chain}
      density="roomy"
    />
  );
}

function Internals({ chain }: { readonly chain: Chain }): ReactNode {
  const { t } = useText();
  if (chain.model === "utxo") return t(ledgerWords.internalsNone);
  if (chain.internalUnknown === 0) return t(ledgerWords.internalsKnown);
  return <Chip kind="unknown">{t(ledgerWords.internalsUnknown, { n: whole(chain.internalUnknown) })}</Chip>;
}

/** The time from the last block to now, in its largest unit. */
function behind(tip: Chain["tip"], t: Say): string {
  if (tip === null) return "";
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(tip.time)) / 60_000));
  if (minutes < 120) return t(ledgerWords.minutes, { n: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? t(ledgerWords.hours, { n: hours }) : t(ledgerWords.days, { n: whole(Math.round(hours / 24)) });
}

/** Between which blocks some are missing, and how that is mended. */
function GapList({ chains }: { readonly chains: readonly Chain[] }): ReactNode {
  const { t } = useText();
  return (
    <div className="notice unknown">
      <p>{t(ledgerWords.gapMend)}</p>
      <ul>
        {chains.flatMap(({ alias, gapsAt }) =>
          gapsAt.map(({ after, before }) => (
            <li key={`${alias} ${after}`}>
              {alias}: {whole(after + 1)}–{whole(before - 1)}
            </li>
          )),
        )}
      </ul>
    </div>
  );
}

const commands = [
  "npx fundtrail ingest --ledger my-ledger --chain bitcoin --from bitcoin-blk ~/.bitcoin/blocks",
  "npx fundtrail serve --ledger my-ledger",
] as const;

function HowToLoad({ title }: { readonly title: string }): ReactNode {
  const { t } = useText();
  return (
    <EmptyState title={title}>
      <p>{t(ledgerWords.noLedgerHint)}</p>
      {commands.map((command) => (
        <p key={command} className="command">
          <code>{command}</code> <CopyButton text={command} />
        </p>
      ))}
    </EmptyState>
  );
}

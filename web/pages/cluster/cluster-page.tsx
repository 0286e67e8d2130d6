import { useCallback, type ReactNode } from "react";
import { chainAlias, chainName } from "../../base/chains.ts";
import { whole } from "../../base/numbers.ts";
import { shortenAll } from "../../base/shorten.ts";
import { api, type AnswerOf, type Contract } from "../../data/api.ts";
import { useSimulated } from "../../data/ledger.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { usePages, type ListPage } from "../../data/use-pages.ts";
import { Address, Txid } from "../../parts/address.tsx";
import { Chip, SimulatedChip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { EntityWords, type ShownEntity } from "../../parts/entity.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { More } from "../../parts/more.tsx";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer, EmptyState } from "../../parts/states.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { explorer } from "../../text/explorer-words.ts";
import "../../styles/explorer.css";
import type { PageProps } from "../page-props.ts";

type ClusterAnswer = AnswerOf<Contract["getCluster"]>;
type Evidence = {
  readonly rule: string;
  readonly transaction: string;
  readonly block: number;
  readonly addresses: readonly [string, string];
  readonly struckOut: boolean;
};
type Member = { readonly address: string; readonly evidence: Evidence | null };
type Held = { readonly clusters: readonly string[]; readonly services: readonly string[]; readonly evidence: Evidence };
type SameKey = { readonly chain: string; readonly address: string; readonly by: string };
const pageRows = 50;

/** The addresses that evidence says one owner controls, with the evidence. A cluster is named by its chain and an address in it. */
export function ClusterPage({ params: { id = "" } }: PageProps): ReactNode {
  const { t } = useText();
  const isSimulated = useSimulated();
  const at = id.indexOf(":");
  const [chain, address] = [id.slice(0, Math.max(0, at)), id.slice(at + 1)];
  const isNamed = chain !== "" && address !== "";
  const ask = useCallback(
    async (cursor?: string, signal?: AbortSignal) => {
      const query = { limit: pageRows, ...(cursor === undefined ? {} : { cursor }) };
      const asked = { params: { chain, address }, query, ...(signal === undefined ? {} : { signal }) };
      return api().get("/v1/chains/{chain}/clusters/{address}", asked);
    },
    [chain, address],
  );
  const asked = useAnswer(isNamed ? `cluster ${id}` : undefined, async (signal) => ask(undefined, signal));
  const size = "value" in asked ? asked.value.cluster.size : undefined;
  const title = size === undefined ? t(explorer.cluster) : t(explorer.clusterOf, { n: size });
  const heading = (
    <>
      <span className="kicker">
        {t(explorer.cluster)} · {chainName(chain)} {isSimulated ? <SimulatedChip /> : undefined}
      </span>
      {title}
    </>
  );
  return (
    <Page title={title} heading={heading}>
      {isNamed ? (
        <Answer asked={asked} rows={12}>
          {(value) => <Shown key={id} chain={chain} value={value} ask={ask} />}
        </Answer>
      ) : (
        <EmptyState title={t(explorer.clusterUnnamed)} />
      )}
    </Page>
  );
}

type ShownProps = {
  readonly chain: string;
  readonly value: ClusterAnswer;
  readonly ask: (cursor: string) => Promise<ClusterAnswer>;
};

function Shown({ chain, value, ask }: ShownProps): ReactNode {
  const { t } = useText();
  const entity = value.entity as unknown as ShownEntity | null;
  const rules = Array.isArray(value.rules) ? value.rules.map(String).join(", ") : "";
  return (
    <>
      <p className="reading">{t(explorer.clusterNote)}</p>
      <Facts>
        <Fact name={t(explorer.entity)}>
          <EntityWords entity={entity} />
        </Fact>
        <Fact name={t(explorer.rules)}>{rules}</Fact>
        {value.rowsBehind > 0 ? (
          <Fact name={t(explorer.behind)}>{t(explorer.clusterBehind, { n: value.rowsBehind })}</Fact>
        ) : undefined}
      </Facts>
      <Members chain={chain} value={value} ask={ask} />
      <HeldBack chain={chain} held={value.held as unknown as readonly Held[]} />
      <SameKeys sameKey={value.sameKey} />
    </>
  );
}

function Members({ chain, value, ask }: ShownProps): ReactNode {
  const { t } = useText();
  const next = useCallback(
    async (cursor: string): Promise<ListPage<Member>> => {
      const page = await ask(cursor);
      return { items: page.members as unknown as readonly Member[], next: page.next };
    },
    [ask],
  );
  const pages = usePages(value.next, next);
  const rows = [...(value.members as unknown as readonly Member[]), ...pages.more];
  const other = ({ address, evidence }: Member): string | undefined =>
    evidence?.addresses.find((one) => one !== address);
  const shortened = shortenAll(rows.flatMap((row) => [row.address, other(row) ?? row.address]));
  const alias = chainAlias(chain);
  const columns: readonly Column<Member>[] = [
    {
      key: "member",
      title: t(explorer.member),
      kind: "text",
      cell: ({ address }) => <Address chain={alias} address={address} shortened={shortened.get(address)} />,
    },
    {
      key: "rule",
      title: t(explorer.rule),
      kind: "text",
      cell: ({ evidence }) => (evidence === null ? t(explorer.evidenceFirst) : <RuleOf evidence={evidence} />),
    },
    {
      key: "other",
      title: t(explorer.joinedWith),
      kind: "text",
      cell: (row) => {
        const name = other(row);
        return name === undefined ? "" : <Address chain={alias} address={name} shortened={shortened.get(name)} />;
      },
    },
    {
      key: "transaction",
      title: t(explorer.transaction),
      kind: "text",
      cell: ({ evidence }) => (evidence === null ? "" : <Txid chain={alias} txid={evidence.transaction} />),
    },
    {
      key: "block",
      title: t(explorer.block),
      kind: "figure",
      cell: ({ evidence }) => (evidence === null ? "" : whole(evidence.block)),
    },
  ];
  return (
    <Panel title={t(explorer.members)}>
      <Table caption={t(explorer.members)} columns={columns} rows={rows} rowKey={({ address }) => address} />
      <More shown={rows.length} pages={pages} />
    </Panel>
  );
}

/** The rule that joins two addresses; struck out evidence joins nothing any more. */
function RuleOf({ evidence: { rule, struckOut } }: { readonly evidence: Evidence }): ReactNode {
  const { t } = useText();
  return (
    <>
      {rule} {struckOut ? <Chip>{t(explorer.struckOut)}</Chip> : undefined}
    </>
  );
}

function HeldBack({ chain, held }: { readonly chain: string; readonly held: readonly Held[] }): ReactNode {
  const { t } = useText();
  if (held.length === 0) return undefined;
  return (
    <Panel title={t(explorer.held)}>
      <p>{t(explorer.heldNote)}</p>
      <ul>
        {held.map(({ services, evidence }) => (
          <li key={`${evidence.transaction} ${evidence.addresses.join(" ")}`}>
            {services.join(" / ")} · <RuleOf evidence={evidence} /> ·{" "}
            <Txid chain={chainAlias(chain)} txid={evidence.transaction} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function SameKeys({ sameKey }: { readonly sameKey: readonly SameKey[] }): ReactNode {
  const { t } = useText();
  if (sameKey.length === 0) return undefined;
  return (
    <Panel title={t(explorer.sameKey)}>
      <ul>
        {sameKey.map(({ chain, address }) => (
          <li key={`${chain} ${address}`}>
            {chainName(chain)} <Address chain={chainAlias(chain)} address={address} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

import { lazy, Suspense, type ReactNode } from "react";
import { instantText } from "../../base/dates.ts";
import { chainAlias, chainName } from "../../base/chains.ts";
import { whole } from "../../base/numbers.ts";
import { api, type AnswerOf, type Contract } from "../../data/api.ts";
import { errorOf, type AnswerError } from "../../data/answers.ts";
import { useSimulated } from "../../data/ledger.ts";
import { exposuresOf, type Exposures } from "../../data/screenings.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { Chip, SimulatedChip, UnknownChip } from "../../parts/chip.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { EntityWords } from "../../parts/entity.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer, ErrorState, Loading } from "../../parts/states.tsx";
import { TagsTable } from "../../parts/tags-table.tsx";
import { Link } from "../../routing/link.tsx";
import { paths, withQuery } from "../../routing/routes.ts";
import { explorer } from "../../text/explorer-words.ts";
import "../../styles/explorer.css";
import type { PageProps } from "../page-props.ts";
import { Balance } from "./balance.tsx";

/** At the page's end, so that it may come last. */
const Flows = lazy(async () => ({ default: (await import("./flows.tsx")).Flows }));

type AddressAnswer = AnswerOf<Contract["getAddress"]>;
type TagsAnswer = AnswerOf<Contract["getAddressTags"]>;
type BalanceAnswer = AnswerOf<Contract["getBalance"]>;

/** A part of what there is to say, or why it could not be had. */
type Part<Value> = { readonly value: Value } | { readonly error: AnswerError };

/** What there is to say of an address. */
type All = {
  readonly who: AddressAnswer;
  readonly tags: Part<TagsAnswer>;
  readonly exposures: Part<Exposures>;
  /** What shows exposures comes with them, so that the heading is there first. */
  readonly exposed: typeof import("./exposed.tsx");
  readonly balance: Part<BalanceAnswer>;
};

/** Asked at once and shown at once, so that no part moves another; one that fails leaves the others, and says so. */
async function askAll(chain: string, address: string, signal: AbortSignal): Promise<All> {
  const asked = { params: { chain, address }, signal };
  const orError = async <Value,>(part: Promise<Value>): Promise<Part<Value>> => {
    try {
      return { value: await part };
    } catch (thrown) {
      return { error: errorOf(thrown) };
    }
  };
  const path = "/v1/chains/{chain}/addresses/{address}" as const;
  const [who, tags, exposures, balance, exposed] = await Promise.all([
    api().get(path, asked),
    orError(api().get(`${path}/tags`, asked)),
    orError(exposuresOf(chain, address, signal)),
    orError(api().get(`${path}/balance`, asked)),
    import("./exposed.tsx"),
  ]);
  return { who, tags, exposures, balance, exposed };
}

/** Who an address is, what it holds, what came and went. */
export function AddressPage({ params: { chain = "", address = "" } }: PageProps): ReactNode {
  const { t } = useText();
  const isSimulated = useSimulated();
  const asked = useAnswer(`address ${chain} ${address}`, async (signal) => askAll(chain, address, signal));
  const known = "value" in asked ? asked.value.who.address : address;
  return (
    <Page
      title={`${t(explorer.address)} ${known}`}
      heading={
        <>
          <span className="kicker">
            {t(explorer.address)} · {chainName(chain)} {isSimulated ? <SimulatedChip /> : undefined}
          </span>
          <span className="id whole">
            {known} <CopyButton text={known} />
          </span>
        </>
      }
      actions={<Actions chain={chain} address={known} />}
    >
      <Answer asked={asked} rows={3}>
        {({ who, tags, exposures, balance, exposed }) => (
          <>
            <Known chain={chain} value={who} />
            <PartOf part={tags} title={t(explorer.tagsTitle)} retry={asked.retry}>
              {(value) => <Tags tags={value} />}
            </PartOf>
            {who.seen ? (
              <>
                <PartOf part={exposures} title={t(explorer.exposuresTitle)} retry={asked.retry}>
                  {(value) => <exposed.Exposed exposures={value} />}
                </PartOf>
                <PartOf part={balance} title={t(explorer.balance)} retry={asked.retry}>
                  {(value) => <Balance balance={value} />}
                </PartOf>
                <Suspense fallback={<Loading rows={8} />}>
                  <Flows key={who.address} chain={chain} address={who.address} isUtxo={isUtxo(who)} />
                </Suspense>
              </>
            ) : undefined}
          </>
        )}
      </Answer>
    </Page>
  );
}

type PartProps<Value> = {
  readonly part: Part<Value>;
  readonly title: string;
  readonly retry: () => void;
  readonly children: (value: Value) => ReactNode;
};

/** A part of the page; where it could not be had its error, since nothing there would read as nothing known. */
function PartOf<Value>({ part, title, retry, children }: PartProps<Value>): ReactNode {
  if ("value" in part) return children(part.value);
  return (
    <Panel title={title}>
      <ErrorState error={part.error} retry={retry} />
    </Panel>
  );
}

function isUtxo({ chain }: AddressAnswer): boolean {
  return chain.startsWith("bip122:");
}

function Actions({ chain, address }: { readonly chain: string; readonly address: string }): ReactNode {
  const { t } = useText();
  const alias = chainAlias(chain);
  const traced = { address, chain: alias };
  return (
    <>
      <Link className="button primary" to={withQuery("/screen", { q: address, chain: alias })}>
        {t(explorer.screen)}
      </Link>
      <Link className="button" to={withQuery("/trace", { ...traced, backward: "on" })}>
        {t(explorer.traceBack)}
      </Link>
      <Link className="button" to={withQuery("/trace", traced)}>
        {t(explorer.traceOn)}
      </Link>
    </>
  );
}

function Known({ chain, value }: { readonly chain: string; readonly value: AddressAnswer }): ReactNode {
  const { t, locale } = useText();
  const { tip, seen, firstReceived } = value;
  const entity = (
    <Fact name={t(explorer.entity)}>
      <EntityWords entity={value.entity} />
    </Fact>
  );
  if (!seen) {
    return (
      <>
        <div className="notice unknown">
          <p className="lead">{t(explorer.notSeen, { block: tip === null ? t(explorer.none) : whole(tip.height) })}</p>
          <p>{t(explorer.notSeenHint)}</p>
        </div>
        <Facts>{entity}</Facts>
      </>
    );
  }
  return (
    <Facts>
      {entity}
      <Fact name={t(explorer.cluster)}>
        <ClusterWords chain={chain} value={value} />
      </Fact>
      <Fact name={t(explorer.firstReceived)}>
        {firstReceived === null ? (
          <UnknownChip />
        ) : (
          `${instantText(firstReceived.time, locale)} · ${t(explorer.block)} ${whole(firstReceived.block)}`
        )}
      </Fact>
      <Fact name={t(explorer.ledgerTitle)}>
        {tip === null
          ? t(explorer.none)
          : t(explorer.toBlock, { block: whole(tip.height), time: instantText(tip.time, locale) })}
      </Fact>
    </Facts>
  );
}

function ClusterWords({ chain, value }: { readonly chain: string; readonly value: AddressAnswer }): ReactNode {
  const { t } = useText();
  const { cluster } = value;
  if (cluster === null) return <Chip kind="unknown">{t(explorer.clusterUnbuilt)}</Chip>;
  if (cluster.size < 2) return t(explorer.clusterNone);
  return (
    <>
      {t(explorer.clusterOf, { n: cluster.size })} (
      <Link to={paths.cluster(`${chainAlias(chain)}:${value.address}`)}>{t(explorer.why)}</Link>)
      {cluster.rowsBehind > 0 ? ` · ${t(explorer.clusterBehind, { n: cluster.rowsBehind })}` : ""}
    </>
  );
}

function Tags({ tags: { tags, conflicts, elsewhere } }: { readonly tags: TagsAnswer }): ReactNode {
  const { t } = useText();
  return (
    <Panel title={t(explorer.tagsTitle)}>
      <TagsTable tags={tags} conflicts={conflicts} />
      {elsewhere.length === 0 ? undefined : (
        <p className="caption">{t(explorer.elsewhere, { chains: elsewhere.join(", ") })}</p>
      )}
    </Panel>
  );
}

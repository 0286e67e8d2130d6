import { lazy, Suspense, type ReactNode } from "react";
import { instantText } from "../../base/dates.ts";
import { chainAlias, chainName } from "../../base/chains.ts";
import { whole } from "../../base/numbers.ts";
import { api, type AnswerOf, type Contract } from "../../data/api.ts";
import { useSimulated } from "../../data/ledger.ts";
import { exposuresOf, type Exposures } from "../../data/screenings.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { Chip, SimulatedChip, UnknownChip } from "../../parts/chip.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { English } from "../../parts/sources.tsx";
import { Answer, Loading } from "../../parts/states.tsx";
import { CategoryWord, ConfidenceWord, TagsTable } from "../../parts/tags-table.tsx";
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

/** What there is to say of an address; undefined: that part could not be had. */
type All = {
  readonly who: AddressAnswer;
  readonly tags: TagsAnswer | undefined;
  readonly exposures: Exposures | undefined;
  /** What shows exposures comes with them, so that the heading is there first. */
  readonly shown: typeof import("../../parts/exposures.tsx");
  readonly balance: BalanceAnswer | undefined;
};

/** Asked at once and shown at once, so that no part moves another; one that fails leaves the others. */
async function askAll(chain: string, address: string, signal: AbortSignal): Promise<All> {
  const asked = { params: { chain, address }, signal };
  const orNothing = async <Part,>(part: Promise<Part>): Promise<Part | undefined> => {
    try {
      return await part;
    } catch {
      return undefined;
    }
  };
  const path = "/v1/chains/{chain}/addresses/{address}" as const;
  const [who, tags, exposures, balance, shown] = await Promise.all([
    api().get(path, asked),
    orNothing(api().get(`${path}/tags`, asked)),
    orNothing(exposuresOf(chain, address, signal)),
    orNothing(api().get(`${path}/balance`, asked)),
    import("../../parts/exposures.tsx"),
  ]);
  return { who, tags, exposures, balance, shown };
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
        {({ who, tags, exposures, balance, shown }) => (
          <>
            <Known chain={chain} value={who} />
            {tags === undefined ? undefined : <Tags tags={tags} />}
            {who.seen ? (
              <>
                {exposures === undefined ? undefined : <Exposed exposures={exposures} shown={shown} />}
                {balance === undefined ? undefined : <Balance balance={balance} />}
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
      <EntityWords value={value} />
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

function EntityWords({ value: { entity } }: { readonly value: AddressAnswer }): ReactNode {
  const { t } = useText();
  if (entity === null) return <Chip kind="unknown">{t(explorer.noEntity)}</Chip>;
  return (
    <>
      <strong>{entity.entity}</strong>
      {entity.category === null ? undefined : (
        <>
          {" · "}
          <CategoryWord category={entity.category} />
        </>
      )}
      {" · "}
      {t(explorer.confidenceIs)} <ConfidenceWord confidence={entity.confidence} />{" "}
      {entity.conflicts.length > 0 ? <Chip kind="unknown">{t(explorer.conflictTags)}</Chip> : undefined}
    </>
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
    <Panel title={t(explorer.tagsOf)}>
      <TagsTable tags={tags} conflicts={conflicts} />
      {elsewhere.length === 0 ? undefined : (
        <p className="caption">{t(explorer.elsewhere, { chains: elsewhere.join(", ") })}</p>
      )}
    </Panel>
  );
}

type ExposedProps = { readonly exposures: Exposures; readonly shown: All["shown"] };

/** What came from known thefts and illicit entities; that nothing is known is not to say clean. */
function Exposed({ exposures: { exposures, missing }, shown }: ExposedProps): ReactNode {
  const { t } = useText();
  const { ExposuresTable } = shown;
  return (
    <>
      <ExposuresTable facts={exposures} />
      {missing.length === 0 ? undefined : (
        <div className="notice unknown">
          <p className="lead">{t(explorer.exposuresIncomplete)}</p>
          <ul>
            {missing.map(({ gap, what }) => (
              <li key={`${gap} ${what}`}>
                <English>{what}</English>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

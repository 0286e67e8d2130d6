import { Fragment, type ReactNode } from "react";
import { formatShare, type Millionths } from "../../../src/base/usd.ts";
import { assetName, coinsBrief } from "../../base/assets.ts";
import { chainName } from "../../base/chains.ts";
import { instantText } from "../../base/dates.ts";
import { decimal, whole } from "../../base/numbers.ts";
import { headlineUsd } from "../../base/usd.ts";
import { transactionsMax, useFlow, type Flow as Followed, type LedgerChain } from "../../data/flow.ts";
import { useLedger } from "../../data/ledger.ts";
import { chainOf, restOf, type Incident } from "../../data/register-types.ts";
import type { AnswerError } from "../../data/answers.ts";
import { Panel } from "../../parts/dialog.tsx";
import { useText } from "../../parts/settings.tsx";
import { ErrorState, Loading, StaleBar } from "../../parts/states.tsx";
import { Link } from "../../routing/link.tsx";
import { withQuery } from "../../routing/routes.ts";
import { shell } from "../../text/shell-words.ts";
import { FlowBar } from "./flow-bar.tsx";
import { flowShares, isCut, type FlowShares } from "./flow-shares.ts";
import { FlowTable } from "./flow-table.tsx";
import { words } from "./flow-words.ts";

/** What became of the funds: followed where the ledger has them, else what is missing for it. */
export function Flow({ incident }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  const ledger = useLedger();
  const chains = [...new Set(incident.chain.theft.map(chainOf))];
  const known = "value" in ledger ? ledger.value.chains : [];
  const isOf = (named: string, { alias, chain }: LedgerChain): boolean => named === alias || named === chain;
  // A made-up chain holds nothing of a theft that happened, and no real one of a theft that did not.
  const held = known.filter((one) => one.simulated === incident.simulated && chains.some((named) => isOf(named, one)));
  const absent = chains.filter((named) => !held.some((one) => isOf(named, one)));
  const names = absent.map(chainName).join(", ");
  return (
    <Panel title={t(words.flow)}>
      {chains.length === 0 ? <p className="quiet">{t(words.none)}</p> : undefined}
      {held.map((chain) => (
        <section key={chain.chain} className="flow">
          {chains.length > 1 ? <h3>{chainName(chain.chain)}</h3> : undefined}
          <OnOneChain incident={incident} chain={chain} />
        </section>
      ))}
      {absent.length === 0 || ledger.state === "loading" ? undefined : (
        <p className="quiet">
          {t(ledger.state === "failed" ? words.noLedger : words.notLoaded, { chain: names })}{" "}
          <Link to="/ledger">{t(words.howToLoad)}</Link>
        </p>
      )}
    </Panel>
  );
}

type OnOneChainProps = { readonly incident: Incident; readonly chain: LedgerChain };

function OnOneChain({ incident, chain }: OnOneChainProps): ReactNode {
  const { t, locale } = useText();
  const { tip } = chain;
  if (tip !== null && tip.time.slice(0, 10) < incident.date) {
    const time = instantText(tip.time, locale);
    return <p className="quiet">{t(words.endsBefore, { chain: chainName(chain.chain), time })}</p>;
  }
  return <FollowedFunds incident={incident} chain={chain} />;
}

function FollowedFunds({ incident, chain }: OnOneChainProps): ReactNode {
  const { t } = useText();
  const asked = useFlow(incident.id, chain);
  const query = { incident: incident.id, chain: chain.alias, compare: "on" };
  const link = <Link to={withQuery("/trace", query)}>{t(words.trace)}</Link>;
  if (asked.state === "loading") {
    return (
      <>
        <p className="quiet">{t(words.following, { chain: chainName(chain.chain) })}</p>
        <Loading rows={9} />
      </>
    );
  }
  if (asked.state === "failed") {
    return <NotFollowed error={asked.error} retry={asked.retry} chain={chain} link={link} />;
  }
  return (
    <>
      <StaleBar asked={asked} />
      <Shown flow={asked.value} incident={incident} chain={chain} />
      <p className="on-screen">{link}</p>
      <p className="print-only caption">{t(shell.traceDigest, { digest: asked.value.job.result?.sha256 ?? "" })}</p>
    </>
  );
}

type NotFollowedProps = {
  readonly error: AnswerError;
  readonly retry: () => void;
  readonly chain: LedgerChain;
  readonly link: ReactNode;
};

/** Why it is not known where it went, in the reader's language where the reason is a usual one. */
function NotFollowed({ error, retry, chain, link }: NotFollowedProps): ReactNode {
  const { t } = useText();
  const code = error.kind === "problem" ? error.code : undefined;
  const height = whole(chain.tip?.height ?? 0);
  switch (code) {
    case "USAGE":
      return <p className="quiet">{t(words.notFound, { chain: chainName(chain.chain), height })}</p>;
    case "ROLE_MISSING":
      return <p className="quiet">{t(words.refused)}</p>;
    case "RESULT_TOO_LARGE":
      return (
        <p className="quiet">
          {t(words.tooLarge)} {link}
        </p>
      );
    case "SERVER_BUSY":
      return <ErrorState error={{ kind: "fault", detail: t(words.busy) }} retry={retry} />;
    default:
      return <ErrorState error={error} retry={retry} />;
  }
}

type ShownProps = OnOneChainProps & { readonly flow: Followed };

function Shown({ flow, incident, chain }: ShownProps): ReactNode {
  const { t } = useText();
  const shares = flowShares(flow);
  const named = incident.chain.theft.filter((id) => [chain.alias, chain.chain].includes(chainOf(id)));
  const found = new Set(flow.summary.origins.map(({ transaction }) => transaction.toLowerCase()));
  const present = named.filter((id) => found.has(restOf(id).toLowerCase())).length;
  return (
    <>
      <Finding flow={flow} shares={shares} />
      {present < named.length ? (
        <p className="limit">{t(words.partly, { found: whole(present), n: whole(named.length) })}</p>
      ) : undefined}
      {isCut(flow.summary) ? <p className="limit">{t(words.cut, { n: whole(transactionsMax) })}</p> : undefined}
      {shares.parts.length === 0 ? undefined : (
        <>
          <FlowBar parts={shares.parts} />
          <FlowTable shares={shares} chain={chainName(chain.chain)} />
        </>
      )}
      {shares.unpriced.length === 0 ? undefined : (
        <p className="limit">{t(words.unpriced, { amounts: shares.unpriced.map(amountWords).join(", ") })}</p>
      )}
    </>
  );
}

function amountWords({ asset, amount }: FlowShares["unpriced"][number]): string {
  return `${decimal(coinsBrief(String(amount), asset))} ${assetName(asset).symbol}`;
}

type FindingProps = { readonly flow: Followed; readonly shares: FlowShares };

/** What the bar says, in a sentence, and by which rule. */
function Finding({ flow: { job }, shares }: FindingProps): ReactNode {
  const { t, locale } = useText();
  const { parts, total, policies } = shares;
  if (parts.length === 0) return <p className="lead">{t(words.unweighed)}</p>;
  const share = (kind: string): Millionths =>
    parts.reduce((sum, part) => (part.kind === kind ? sum + (part.share ?? 0) : sum), 0) as Millionths;
  const of = total === undefined ? t(words.theFunds) : headlineUsd(total, locale);
  const unfollowed = share("unfollowed");
  const sentence = [
    t(words.reached, { share: formatShare(share("exit")), of }),
    t(words.rested, { share: formatShare(share("rests")) }),
    ...(unfollowed > 0 ? [t(words.wasCut, { share: formatShare(unfollowed) })] : []),
  ].join(locale === "en" ? ", " : "、");
  const rules = [
    t(words.fifo),
    t(words.ranges, { n: policies }),
    t(total === undefined ? words.byAmount : words.atTheft),
    ...(job.result?.tip === null || job.result === null
      ? []
      : [t(words.asOf, { height: whole(job.result.tip.height) })]),
  ];
  return (
    <>
      <p className="lead">{sentence}</p>
      <p className="caption">
        {rules.map((rule, index) => (
          <Fragment key={rule}>
            {index === 0 ? "" : " · "}
            {rule}
          </Fragment>
        ))}
      </p>
    </>
  );
}

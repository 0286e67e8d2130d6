import type { ReactNode } from "react";
import { chainAlias, chainName } from "../../base/chains.ts";
import { instantText } from "../../base/dates.ts";
import { whole } from "../../base/numbers.ts";
import { api, type AnswerOf, type Contract } from "../../data/api.ts";
import { useLedger, useSimulated } from "../../data/ledger.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { Chip, SimulatedChip } from "../../parts/chip.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer, ErrorState } from "../../parts/states.tsx";
import { TagsTable } from "../../parts/tags-table.tsx";
import { Link } from "../../routing/link.tsx";
import { withQuery } from "../../routing/routes.ts";
import { explorer } from "../../text/explorer-words.ts";
import "../../styles/explorer.css";
import type { PageProps } from "../page-props.ts";
import { Inputs, Outputs, Transfers } from "./moved.tsx";

type TransactionAnswer = AnswerOf<Contract["getTransaction"]>;

/** What a transaction moved. */
export function TransactionPage({ params: { chain = "", txid = "" } }: PageProps): ReactNode {
  const { t } = useText();
  const isSimulated = useSimulated();
  const params = { chain, txid };
  const asked = useAnswer(`transaction ${chain} ${txid}`, async (signal) =>
    api().get("/v1/chains/{chain}/transactions/{txid}", { params, signal }),
  );
  const isMissing = asked.state === "failed" && asked.error.kind === "problem" && asked.error.code === "UNKNOWN_NAME";
  const alias = chainAlias(chain);
  return (
    <Page
      title={`${t(explorer.transaction)} ${txid}`}
      heading={
        <>
          <span className="kicker">
            {t(explorer.transaction)} · {chainName(chain)} {isSimulated ? <SimulatedChip /> : undefined}
          </span>
          <span className="id whole">
            {txid} <CopyButton text={txid} />
          </span>
        </>
      }
      actions={
        <Link className="button primary" to={withQuery("/screen", { q: txid, chain: alias })}>
          {t(explorer.screen)}
        </Link>
      }
    >
      {isMissing ? (
        <NotSeen chain={chain} />
      ) : (
        <Answer asked={asked} rows={12}>
          {(value) => <Moved chain={chain} value={value} />}
        </Answer>
      )}
    </Page>
  );
}

/** The ledger does not hold it: said, with how far the ledger goes. */
function NotSeen({ chain }: { readonly chain: string }): ReactNode {
  const { t } = useText();
  const asked = useLedger();
  const chains = "value" in asked ? asked.value.chains : [];
  const tip = chains.find(({ alias, chain: id }) => alias === chain || id === chain)?.tip ?? null;
  return (
    <div className="notice unknown">
      <p className="lead">{t(explorer.notSeen, { block: tip === null ? t(explorer.none) : whole(tip.height) })}</p>
      <p>{t(explorer.notSeenHint)}</p>
    </div>
  );
}

function Moved({ chain, value }: { readonly chain: string; readonly value: TransactionAnswer }): ReactNode {
  const { t, locale } = useText();
  const { block, time, failed, model } = value;
  return (
    <>
      <Facts>
        <Fact name={t(explorer.time)}>{instantText(time, locale)}</Fact>
        <Fact name={t(explorer.block)}>{whole(block)}</Fact>
        {failed === true ? (
          <Fact name={t(explorer.kind)}>
            <Chip>{t(explorer.failed)}</Chip>
          </Fact>
        ) : undefined}
      </Facts>
      {model === "utxo" ? (
        <div className="beside">
          <Inputs chain={chain} value={value} />
          <Outputs chain={chain} value={value} />
        </div>
      ) : (
        <Transfers chain={chain} value={value} />
      )}
      <Tags chain={chain} txid={value.txid} />
    </>
  );
}

function Tags({ chain, txid }: { readonly chain: string; readonly txid: string }): ReactNode {
  const { t } = useText();
  const asked = useAnswer(`tags of ${chain} ${txid}`, async (signal) =>
    api().get("/v1/chains/{chain}/transactions/{txid}/tags", { params: { chain, txid }, signal }),
  );
  // What could not be had is not what is not there.
  if (asked.state === "failed") return <ErrorState error={asked.error} retry={asked.retry} />;
  if (!("value" in asked) || asked.value.tags.length === 0) return undefined;
  return (
    <Panel title={t(explorer.tagsTitle)}>
      <TagsTable tags={asked.value.tags} conflicts={asked.value.conflicts} />
    </Panel>
  );
}

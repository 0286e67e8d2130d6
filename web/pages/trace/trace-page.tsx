import { useMemo, type ReactNode } from "react";
import { whole } from "../../base/numbers.ts";
import { shortTxid } from "../../base/shorten.ts";
import { useLedger } from "../../data/ledger.ts";
import { useIncident } from "../../data/register.ts";
import { Page } from "../../parts/page.tsx";
import { Answer, ErrorState, Loading } from "../../parts/states.tsx";
import { useText } from "../../parts/settings.tsx";
import { Link } from "../../routing/link.tsx";
import { useQuery } from "../../routing/history.ts";
import { shell } from "../../text/shell-words.ts";
import { BackwardTrace } from "./page/backward.tsx";
import { Progress } from "./page/progress.tsx";
import { StartForm } from "./page/start-form.tsx";
import { Workbench } from "./page/workbench.tsx";
import { questionOf, receiptsMax, type Question } from "./state/question.ts";
import { useJob } from "./state/use-job.ts";
import { useTrace } from "./state/use-trace.ts";
import { words } from "./words.ts";
import "./trace.css";

/** `/trace`: three ways to begin; then where stolen value went, drawn and listed. */
export function TracePage(): ReactNode {
  const { t } = useText();
  const query = useQuery();
  // How it is looked at changes the address too, and asks nothing anew.
  const question = useMemo(() => JSON.stringify(questionOf(query) ?? null), [query]);
  const ledger = useLedger();
  const asked = useMemo(() => JSON.parse(question) as Question | null, [question]);
  if (asked === null) {
    return (
      <Page title={t(shell.trace)}>
        <Answer asked={ledger} rows={20}>
          {(value) => <StartForm ledger={value} />}
        </Answer>
      </Page>
    );
  }
  return <Traced key={question} question={asked} />;
}

function Traced({ question }: { readonly question: Question }): ReactNode {
  const { t } = useText();
  const asked = useJob(question);
  const { job } = asked;
  const done = job.state === "done" ? job.job : undefined;
  const isBackward = done?.asked.direction === "backward";
  const isWhole = useQuery().get("nodes") === "all";
  const answer = useTrace(isBackward ? undefined : done, isWhole);
  return (
    <Page
      title={`${t(shell.trace)} · ${nameOf(question)}`}
      heading={<Heading question={question} />}
      actions={
        <Link className="button" to="/trace">
          {t(words.again)}
        </Link>
      }
    >
      {job.state === "done" && job.note === "first-receipts" ? (
        <p className="trace-limit">{t(words.receiptsMost, { n: receiptsMax })}</p>
      ) : undefined}
      {question.budget === undefined ? undefined : (
        <p className="trace-limit">{t(words.partOnly, { n: whole(question.budget) })}</p>
      )}
      {done === undefined ? (
        <Progress asked={asked} question={question} />
      ) : isBackward ? (
        <BackwardTrace job={done} />
      ) : answer.state === "loading" ? (
        <Loading rows={24} />
      ) : answer.state === "failed" ? (
        <ErrorState error={answer.error} retry={asked.retry} />
      ) : (
        <Workbench job={done} data={answer.data} />
      )}
      {done?.result ? (
        <p className="print-only caption">{t(shell.traceDigest, { digest: done.result.sha256 })}</p>
      ) : undefined}
    </Page>
  );
}

function nameOf({ incident, origins, address }: Question): string {
  const [first = ""] = origins;
  const [txid = "", index = ""] = first.split(":");
  return incident ?? address ?? `${shortTxid(txid)}:${index}${origins.length > 1 ? ` +${origins.length - 1}` : ""}`;
}

function Heading({ question }: { readonly question: Question }): ReactNode {
  const { t } = useText();
  return (
    <>
      {t(shell.trace)} ·{" "}
      {question.incident === undefined ? (
        <span className="mono">{nameOf(question)}</span>
      ) : (
        <IncidentName id={question.incident} />
      )}
    </>
  );
}

function IncidentName({ id }: { readonly id: string }): ReactNode {
  const asked = useIncident(id);
  return "value" in asked ? `${asked.value.victim.name}, ${asked.value.date}` : id;
}

import { useEffect, useState, type ReactNode } from "react";
import { whole } from "../../../base/numbers.ts";
import { useAnnounce } from "../../../parts/live.tsx";
import { useText } from "../../../parts/settings.tsx";
import { EmptyState, ErrorState } from "../../../parts/states.tsx";
import { useQuery } from "../../../routing/history.ts";
import { Link } from "../../../routing/link.tsx";
import type { Job } from "../model/answers.ts";
import type { Question } from "../state/question.ts";
import type { Asked } from "../state/use-job.ts";
import { words } from "../words.ts";

/** A trace that is not finished: how far it is, why it ended, what to do. */
export function Progress({ asked, question }: { readonly asked: Asked; readonly question: Question }): ReactNode {
  const { t } = useText();
  const { job, stop, retry } = asked;
  switch (job.state) {
    case "failed":
      return <ErrorState error={job.error} retry={retry} />;
    case "cancelled":
      return <Stopped job={job.job} question={question} retry={retry} />;
    case "empty":
      return <EmptyState title={t(words.noReceipts, { address: question.address ?? "" })} />;
    case "running":
      return <Running job={job.job} isQueued={job.isQueued} stop={stop} />;
    default:
      return <Bar text={t(words.starting)} />;
  }
}

function Bar({ text, children }: { readonly text: string; readonly children?: ReactNode }): ReactNode {
  const announce = useAnnounce();
  useEffect(() => announce(text), [announce, text]);
  return (
    <div className="trace-progress" aria-busy="true">
      <div className="bar" aria-hidden="true" />
      <p className="figure">{text}</p>
      {children}
    </div>
  );
}

type RunningProps = { readonly job: Job; readonly isQueued: boolean; readonly stop: () => Promise<void> };

/** How far it is: what was looked at, how long it takes already, and a way to end it. */
function Running({ job, isQueued, stop }: RunningProps): ReactNode {
  const { t } = useText();
  const [isStopping, setStopping] = useState(false);
  const seconds = useSeconds();
  const { addresses, transactions } = job.progress;
  return (
    <Bar text={isQueued ? t(words.queued) : t(words.running, { n: whole(addresses) })}>
      <p className="quiet figure">
        {[
          ...(transactions > 0 ? [t(words.visited, { n: whole(transactions) })] : []),
          t(words.seconds, { n: whole(seconds) }),
        ].join(" · ")}
      </p>
      <p className="caption">{t(words.runningHint)}</p>
      <button
        type="button"
        disabled={isStopping}
        onClick={() => {
          setStopping(true);
          // Where it could not be told, it may be tried again.
          void stop().then(() => setStopping(false));
        }}
      >
        {t(isStopping ? words.stopping : words.stop)}
      </button>
    </Bar>
  );
}

/** Whole seconds since this came to be shown. */
function useSeconds(): number {
  const [start] = useState(() => performance.now());
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - start) / 1_000)), 1_000);
    return () => clearInterval(timer);
  }, [start]);
  return seconds;
}

type StoppedProps = { readonly job: Job; readonly question: Question; readonly retry: () => void };

/** One that was stopped has no result: what it had come to can be had as a trace of its own, which says that it is a part. */
function Stopped({ job, question, retry }: StoppedProps): ReactNode {
  const { t } = useText();
  const query = useQuery();
  const { addresses, transactions } = job.progress;
  // Compared, they were visited once for each policy.
  const hasPart = transactions > 0 && !question.isCompared && !question.isBackward;
  const part = new URLSearchParams(query.text);
  part.set("budget", String(transactions));
  return (
    <EmptyState title={t(words.cancelled)}>
      <p>{t(words.stoppedAt, { n: whole(addresses), transactions: whole(transactions) })}</p>
      <div className="trace-actions">
        <button type="button" onClick={retry}>
          {t(words.startAgain)}
        </button>
        {hasPart ? (
          <Link className="button" to={`/trace?${part.toString()}`}>
            {t(words.tracePart, { n: whole(transactions) })}
          </Link>
        ) : undefined}
      </div>
    </EmptyState>
  );
}

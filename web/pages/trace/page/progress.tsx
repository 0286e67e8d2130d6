import { useEffect, type ReactNode } from "react";
import { useAnnounce } from "../../../parts/live.tsx";
import { useText } from "../../../parts/settings.tsx";
import { EmptyState, ErrorState } from "../../../parts/states.tsx";
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
      return (
        <EmptyState title={t(words.cancelled)}>
          <button type="button" onClick={retry}>
            {t(words.start)}
          </button>
        </EmptyState>
      );
    case "empty":
      return <EmptyState title={t(words.noReceipts, { address: question.address ?? "" })} />;
    case "running":
      return (
        <Running
          text={job.isQueued ? t(words.queued) : t(words.running, { n: job.job.progress.addresses })}
          stop={stop}
        />
      );
    default:
      return <Running text={t(words.starting)} stop={undefined} />;
  }
}

function Running({ text, stop }: { readonly text: string; readonly stop: (() => void) | undefined }): ReactNode {
  const { t } = useText();
  const announce = useAnnounce();
  useEffect(() => announce(text), [announce, text]);
  return (
    <div className="trace-progress" aria-busy="true">
      <div className="bar" aria-hidden="true" />
      <p className="figure">{text}</p>
      {stop === undefined ? undefined : (
        <button type="button" onClick={stop}>
          {t(words.stop)}
        </button>
      )}
    </div>
  );
}

import { useEffect, type ReactNode } from "react";
import { chainAlias } from "../../base/chains.ts";
import { instantText } from "../../base/dates.ts";
import { percent, whole } from "../../base/numbers.ts";
import { useIngest, type Ingest } from "../../data/ledger.ts";
import { useAnnounce } from "../../parts/live.tsx";
import { useText } from "../../parts/settings.tsx";
import { ledgerWords } from "../../text/ledger-words.ts";
import { problemText } from "../../text/problem-words.ts";
import type { Say } from "../../text/text.ts";

/** How often a running ingest is looked at. */
const everyMs = 2_000;

/** The ingest that runs into the ledger and how far it is; or that the last one failed, with its cause. */
export function RunningIngest(): ReactNode {
  const asked = useIngest();
  const { retry } = asked;
  const ingest = "value" in asked ? asked.value : null;
  const isRunning = ingest?.state === "running";
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(retry, everyMs);
    return () => clearInterval(timer);
  }, [isRunning, retry]);
  if (ingest === null || ingest.state === "done") return undefined;
  return isRunning ? <Running ingest={ingest} /> : <Ended ingest={ingest} />;
}

function Running({ ingest }: { readonly ingest: Ingest }): ReactNode {
  const { t } = useText();
  const announce = useAnnounce();
  const part = partOf(ingest);
  const words = [
    `${t(ledgerWords.running)}: ${chainAlias(ingest.chain)}, ${ingest.source}`,
    ...(part === undefined ? [] : [percent(part)]),
    ...(ingest.secondsLeft === null ? [] : [left(ingest.secondsLeft, t)]),
    ...(ingest.height === null ? [] : [`${t(ledgerWords.block)} ${whole(ingest.height)}`]),
    `${whole(ingest.transactions)} ${t(ledgerWords.transactions)}`,
  ].join(" · ");
  useEffect(() => announce(words), [announce, words]);
  return (
    <div className="notice">
      <p className="figure">{words}</p>
      <progress className="list-progress" aria-label={words} max={1} {...(part === undefined ? {} : { value: part })} />
      {ingest.isStale ? <p className="caption">{t(ledgerWords.ingestStale)}</p> : undefined}
    </div>
  );
}

function Ended({ ingest }: { readonly ingest: Ingest }): ReactNode {
  const { t, locale } = useText();
  const { problem, height, updated, chain, source } = ingest;
  return (
    <div className="notice unknown">
      <p className="lead">
        {t(ingest.state === "died" ? ledgerWords.ingestDied : ledgerWords.ingestFailed)}: {chainAlias(chain)}, {source}
      </p>
      {problem === null ? undefined : (
        <p>
          {problemText({ ...problem, detail: problem.title }, locale).says} ({problem.code})
        </p>
      )}
      <p>
        {t(ledgerWords.lastProgress)}: {instantText(updated, locale)}
        {height === null ? "" : ` · ${t(ledgerWords.block)} ${whole(height)}`}
      </p>
    </div>
  );
}

/** By bytes of files, else by blocks; undefined where nobody knows. */
function partOf({ bytes, bytesTotal, height, lastHeight }: Ingest): number | undefined {
  if (bytesTotal !== null && bytesTotal > 0) return Math.min(1, bytes / bytesTotal);
  return height === null || lastHeight === null ? undefined : Math.min(1, (height + 1) / (lastHeight + 1));
}

function left(seconds: number, t: Say): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return t(ledgerWords.left, {
    time:
      minutes < 120 ? t(ledgerWords.minutes, { n: minutes }) : t(ledgerWords.hours, { n: Math.round(minutes / 60) }),
  });
}

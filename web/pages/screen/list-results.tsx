import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { chainAlias } from "../../base/chains.ts";
import { csv } from "../../base/csv.ts";
import { whole } from "../../base/numbers.ts";
import { shortAddress } from "../../base/shorten.ts";
import { errorOf } from "../../data/answers.ts";
import { useSimulated } from "../../data/ledger.ts";
import { screenOne, type Screening, type ScreeningAsked } from "../../data/screenings.ts";
import { Chip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { useAnnounce } from "../../parts/live.tsx";
import { saveFile } from "../../parts/save.ts";
import { useText } from "../../parts/settings.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Link } from "../../routing/link.tsx";
import { paths } from "../../routing/routes.ts";
import { screenWords as words } from "../../text/screen-words.ts";
import { verdictSentence, verdictWord, type Speaker } from "./sentence.ts";

/** One of a list: its verdict, or why there is none. */
export type Result =
  | { readonly subject: string; readonly screening: Screening }
  | { readonly subject: string; readonly failed: string };

type ListProps = { readonly subjects: readonly string[] } & Omit<ScreeningAsked, "subject">;

/** So many questions wait for an answer at once. */
const atOnce = 4;
const shownMax = 500;
/** How often the table takes in what has come meanwhile. */
const drawMs = 200;

/** The verdicts on a list, as they come; all of them as CSV. */
export function ListResults({ subjects, chain, direction }: ListProps): ReactNode {
  const { t, locale } = useText();
  const announce = useAnnounce();
  const isSimulated = useSimulated();
  const { results, isRunning, stop } = useScreenedList({ subjects, chain, direction });
  const counts = countsOf(results);
  const summary = `${t(words.listTitle, { done: whole(results.length), n: whole(subjects.length) })}: ${t(words.listCounts, counts)}`;
  useEffect(() => announce(summary), [announce, summary]);
  const columns = useMemo(() => columnsOf({ t, locale }), [t, locale]);
  return (
    <Panel
      title={t(words.listTitle, { done: whole(results.length), n: whole(subjects.length) })}
      aside={
        <div className="row">
          {isRunning ? (
            <button type="button" onClick={stop}>
              {t(words.stop)}
            </button>
          ) : undefined}
          <button
            type="button"
            disabled={results.length === 0}
            onClick={() => saveFile("screening.csv", csvOf(results, { t, locale }, isSimulated))}
          >
            {t(words.csv)}
          </button>
        </div>
      }
    >
      <progress className="list-progress" max={subjects.length} value={results.length} aria-label={summary} />
      <p className="counts">{t(words.listCounts, counts)}</p>
      <Table caption={summary} columns={columns} rows={results.slice(0, shownMax)} rowKey={({ subject }) => subject} />
      {results.length > shownMax ? <p className="caption">{t(words.listShown, { n: shownMax })}</p> : undefined}
    </Panel>
  );
}

type Screened = { readonly results: readonly Result[]; readonly isRunning: boolean; readonly stop: () => void };

/** Asks for one verdict after the other, some at once; in the list's order. */
function useScreenedList({ subjects, chain, direction }: ListProps): Screened {
  const [results, setResults] = useState<readonly Result[]>([]);
  const [isRunning, setRunning] = useState(true);
  const stopping = useRef<AbortController | undefined>(undefined);
  useEffect(() => {
    const stopped = new AbortController();
    stopping.current = stopped;
    const found: (Result | undefined)[] = Array.from({ length: subjects.length });
    let next = 0;
    const draw = (): void => {
      const until = found.findIndex((one) => one === undefined);
      setResults((until < 0 ? found : found.slice(0, until)).flatMap((one) => one ?? []));
    };
    const work = async (): Promise<void> => {
      for (let at = next; at < subjects.length && !stopped.signal.aborted; at = next) {
        next += 1;
        const subject = subjects[at] ?? "";
        try {
          found[at] = { subject, screening: await screenOne({ subject, chain, direction }, stopped.signal) };
        } catch (thrown) {
          const error = errorOf(thrown);
          if (!stopped.signal.aborted) found[at] = { subject, failed: "detail" in error ? error.detail : error.kind };
        }
      }
    };
    const drawing = setInterval(draw, drawMs);
    const run = async (): Promise<void> => {
      await Promise.all(Array.from({ length: atOnce }, work));
      clearInterval(drawing);
      if (!stopped.signal.aborted) {
        draw();
        setRunning(false);
      }
    };
    void run();
    return () => {
      stopped.abort();
      clearInterval(drawing);
    };
  }, [subjects, chain, direction]);
  const stop = (): void => {
    stopping.current?.abort();
    setRunning(false);
  };
  return { results, isRunning, stop };
}

function countsOf(results: readonly Result[]) {
  const of = (kind: string): string =>
    whole(results.filter((one) => ("failed" in one ? "failed" : one.screening.verdict.verdict) === kind).length);
  return { flagged: of("flagged"), clear: of("clear"), unknown: of("unknown"), failed: of("failed") };
}

function columnsOf({ t, locale }: Speaker): readonly Column<Result>[] {
  return [
    {
      key: "subject",
      title: t(words.subject),
      kind: "text",
      cell: (row) =>
        "failed" in row ? (
          <code title={row.subject}>{shortAddress(row.subject)}</code>
        ) : (
          <Link to={paths.screening(row.screening.id)} title={row.subject}>
            <code>{shortAddress(row.subject, 4)}</code>
          </Link>
        ),
    },
    {
      key: "verdict",
      title: t(words.verdict),
      kind: "text",
      cell: (row) =>
        "failed" in row ? (
          <Chip kind="unknown">{t(words.failed)}</Chip>
        ) : (
          <Chip kind={row.screening.verdict.verdict}>{t(verdictWord(row.screening.verdict.verdict))}</Chip>
        ),
    },
    {
      key: "why",
      title: t(words.reason),
      kind: "text",
      name: "prose",
      cell: (row) => ("failed" in row ? row.failed : verdictSentence(row.screening.verdict, { t, locale })),
    },
    {
      key: "chain",
      title: t(words.chain),
      kind: "text",
      cell: (row) =>
        "failed" in row || row.screening.verdict.chain === null ? "" : chainAlias(row.screening.verdict.chain),
    },
    {
      key: "block",
      title: t(words.block),
      kind: "figure",
      cell: (row) =>
        "failed" in row || row.screening.verdict.block === null ? "" : whole(row.screening.verdict.block.height),
    },
  ];
}

const csvHeader = [
  "subject",
  "chain",
  "direction",
  "verdict",
  "level",
  "rules",
  "why",
  "block",
  "screening",
  "simulated",
];

/** All results as CSV; its header is the same in both languages, so that scripts can read it. */
function csvOf(results: readonly Result[], speaker: Speaker, isSimulated: boolean): Blob {
  const mark = isSimulated ? "simulated" : "";
  const text = csv(
    csvHeader,
    results.map((row) => {
      if ("failed" in row) return [row.subject, "", "", "failed", "", "", row.failed, "", "", mark];
      const { id, verdict } = row.screening;
      const rules = verdict.matches.map(({ rule }) => rule).join(" ");
      const block = verdict.block === null ? "" : String(verdict.block.height);
      const why = verdictSentence(verdict, speaker);
      return [
        row.subject,
        verdict.chain ?? "",
        verdict.direction,
        verdict.verdict,
        verdict.level ?? "",
        rules,
        why,
        block,
        id,
        mark,
      ];
    }),
  );
  return new Blob([text], { type: "text/csv;charset=utf-8" });
}

import { useEffect, useRef, useState, type ReactNode } from "react";
import { chainAlias } from "../../base/chains.ts";
import { csv } from "../../base/csv.ts";
import { whole } from "../../base/numbers.ts";
import { shortenAll, type Shortened } from "../../base/shorten.ts";
import { errorOf, type AnswerError } from "../../data/answers.ts";
import { useSimulated } from "../../data/ledger.ts";
import { screenList, type Screening, type ScreeningAsked } from "../../data/screenings.ts";
import { Chip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { useAnnounce } from "../../parts/live.tsx";
import { saveFile } from "../../parts/save.ts";
import { useText } from "../../parts/settings.tsx";
import { ErrorState } from "../../parts/states.tsx";
import { Table, type Column } from "../../parts/table.tsx";
import { Link } from "../../routing/link.tsx";
import { paths } from "../../routing/routes.ts";
import { screenWords as words } from "../../text/screen-words.ts";
import { problemText, type Problem } from "../../text/problem-words.ts";
import { shell } from "../../text/shell-words.ts";
import { verdictSentence, verdictWord, type Speaker } from "./sentence.ts";

/** One of a list: its verdict, or why there is none. */
export type Result =
  | { readonly subject: string; readonly screening: Screening }
  | { readonly subject: string; readonly failed: Problem };

export type ListProps = { readonly subjects: readonly string[] } & Omit<ScreeningAsked, "subject">;

const shownMax = 500;
/** How often the table takes in what has come meanwhile. */
const drawMs = 200;

/** The verdicts on a list, as they come; all of them as CSV. */
export function ListResults({ subjects, chain, direction }: ListProps): ReactNode {
  const { t, locale } = useText();
  const announce = useAnnounce();
  const isSimulated = useSimulated();
  const { results, isRunning, error, stop } = useScreenedList({ subjects, chain, direction });
  const counts = countsOf(results);
  const summary = `${t(words.listTitle, { done: whole(results.length), n: whole(subjects.length) })}: ${t(words.listCounts, counts)}`;
  useEffect(() => announce(summary), [announce, summary]);
  const shown = results.slice(0, shownMax);
  const columns = columnsOf({ t, locale }, shortenAll(shown.map(({ subject }) => subject)));
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
      {error === undefined ? undefined : <ErrorState error={error} />}
      <progress className="list-progress" max={subjects.length} value={results.length} aria-label={summary} />
      <p className="counts">{t(words.listCounts, counts)}</p>
      <Table caption={summary} columns={columns} rows={shown} rowKey={({ subject }) => subject} />
      {results.length > shownMax ? <p className="caption">{t(words.listShown, { n: shownMax })}</p> : undefined}
    </Panel>
  );
}

type Screened = {
  readonly results: readonly Result[];
  readonly isRunning: boolean;
  /** Why it could not go on. */
  readonly error: AnswerError | undefined;
  readonly stop: () => void;
};

/** The verdicts of a list as they come, in its order. */
function useScreenedList({ subjects, chain, direction }: ListProps): Screened {
  const [results, setResults] = useState<readonly Result[]>([]);
  const [isRunning, setRunning] = useState(true);
  const [error, setError] = useState<AnswerError | undefined>(undefined);
  const stopping = useRef<AbortController | undefined>(undefined);
  useEffect(() => {
    const stopped = new AbortController();
    stopping.current = stopped;
    const found: Result[] = [];
    const run = async (): Promise<void> => {
      const drawing = setInterval(() => setResults([...found]), drawMs);
      try {
        const list = subjects.map((subject) => ({ subject, chain, direction }));
        for await (const one of screenList(list, stopped.signal)) {
          const subject = subjects[one.index] ?? "";
          found.push("problem" in one ? { subject, failed: one.problem } : { subject, screening: one.screening });
        }
      } catch (thrown) {
        if (!stopped.signal.aborted) setError(errorOf(thrown));
      } finally {
        clearInterval(drawing);
      }
      setResults([...found]);
      setRunning(false);
    };
    void run();
    return () => stopped.abort();
  }, [subjects, chain, direction]);
  return { results, isRunning, error, stop: () => stopping.current?.abort() };
}

function countsOf(results: readonly Result[]) {
  const of = (kind: string): string =>
    whole(results.filter((one) => ("failed" in one ? "failed" : one.screening.verdict.verdict) === kind).length);
  return { flagged: of("flagged"), clear: of("clear"), unknown: of("unknown"), failed: of("failed") };
}

type SubjectProps = { readonly row: Result; readonly shortened: Shortened | undefined };

/** What was screened, to its record; one that could be taken for another of the list is marked. */
function Subject({ row, shortened }: SubjectProps): ReactNode {
  const { t } = useText();
  const text = <code className="nowrap">{shortened?.text ?? row.subject}</code>;
  return (
    <span title={row.subject}>
      {"failed" in row ? text : <Link to={paths.screening(row.screening.id)}>{text}</Link>}{" "}
      {shortened?.lookAlike === true ? <Chip kind="unknown">{t(shell.lookAlike)}</Chip> : undefined}
    </span>
  );
}

function columnsOf({ t, locale }: Speaker, shortened: ReadonlyMap<string, Shortened>): readonly Column<Result>[] {
  return [
    {
      key: "subject",
      title: t(words.subject),
      kind: "text",
      cell: (row) => <Subject row={row} shortened={shortened.get(row.subject)} />,
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
      cell: (row) =>
        "failed" in row ? problemText(row.failed, locale).says : verdictSentence(row.screening.verdict, { t, locale }),
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
      if ("failed" in row)
        return [row.subject, "", "", "failed", "", "", problemText(row.failed, speaker.locale).says, "", "", mark];
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

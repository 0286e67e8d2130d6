import { Component, useEffect, useState, type ReactNode } from "react";
import { clockText } from "../base/dates.ts";
import type { Answered, AnswerError } from "../data/answers.ts";
import { problemText, type ProblemText } from "../text/problem-words.ts";
import { shell } from "../text/shell-words.ts";
import { useText } from "./settings.tsx";

/** Before this nothing is shown, so that a quick answer does not flicker. */
const patienceMs = 200;

/** Room for what is to come; a bar once the answer takes its time. @param rows - How much room, in rows of a table. */
export function Loading({ rows = 6 }: { readonly rows?: number }): ReactNode {
  const { t } = useText();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" style={{ minHeight: `${rows * 28}px` }} aria-busy="true">
      {isSlow ? (
        <>
          <div className="bar" aria-hidden="true" />
          <p>{t(shell.loading)}</p>
        </>
      ) : undefined}
    </div>
  );
}

/** Nothing to show, why, and what to do. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <p className="lead">{title}</p>
      {children}
    </div>
  );
}

/** What went wrong, in the reader's language; of a fault of the pages themselves its own words. */
export function useErrorText(error: AnswerError): ProblemText {
  const { t, locale } = useText();
  if (error.kind === "silent") return { says: t(shell.noAnswer) };
  return error.kind === "fault" ? { says: t(shell.fault), detail: error.detail } : problemText(error, locale);
}

/** What went wrong, and a way to try again. */
export function ErrorState({ error, retry }: { readonly error: AnswerError; readonly retry?: () => void }): ReactNode {
  const { t } = useText();
  const { says, detail } = useErrorText(error);
  // What was asked is wrong: asked again it is wrong again.
  const isFinal = error.kind === "problem" && error.status === 400;
  return (
    <div className="error" role="alert">
      <p className="lead">{says}</p>
      {detail === undefined ? undefined : (
        <p className="caption" lang="en">
          {detail}
        </p>
      )}
      {error.kind === "problem" ? <p className="caption">{error.code}</p> : undefined}
      {retry === undefined || isFinal ? undefined : (
        <button type="button" onClick={retry}>
          {t(shell.retry)}
        </button>
      )}
    </div>
  );
}

/** Above an answer that could not be asked for again: since when it stands, and why. */
export function StaleBar({ asked }: { readonly asked: Answered<unknown> & { readonly retry: () => void } }): ReactNode {
  const { t, locale } = useText();
  if (asked.state !== "stale") return undefined;
  const { error, at } = asked;
  const time = clockText(at, locale);
  const words =
    error.kind === "problem"
      ? t(shell.staleProblem, { time, why: problemText(error, locale).says })
      : t(error.kind === "silent" ? shell.stale : shell.staleFault, { time });
  return (
    <output className="stale">
      <span>{words}</span>
      <button type="button" onClick={asked.retry}>
        {t(shell.retry)}
      </button>
    </output>
  );
}

type AnswerProps<Value> = {
  readonly asked: Answered<Value> & { readonly retry: () => void };
  readonly rows?: number;
  readonly children: (value: Value) => ReactNode;
};

/** The three ways a page's answer can be: loading, failed, there (perhaps stale). */
export function Answer<Value>({ asked, rows = 6, children }: AnswerProps<Value>): ReactNode {
  if (asked.state === "loading") return <Loading rows={rows} />;
  if (asked.state === "failed") return <ErrorState error={asked.error} retry={asked.retry} />;
  return (
    <>
      <StaleBar asked={asked} />
      {children(asked.value)}
    </>
  );
}

type BoundaryProps = { readonly children: ReactNode; readonly fallback: (error: Error) => ReactNode };

/** A fault of one page leaves the others usable. */
export class Boundary extends Component<BoundaryProps, { readonly error: Error | undefined }> {
  override state: { readonly error: Error | undefined } = { error: undefined };
  static getDerivedStateFromError(thrown: unknown): { readonly error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }
  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : this.props.fallback(error);
  }
}

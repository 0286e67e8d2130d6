import type { ReactNode } from "react";
import type { Asked } from "../data/use-answer.ts";
import { Link } from "../routing/link.tsx";
import { Page } from "./page.tsx";
import { EmptyState, ErrorState, Loading, StaleBar } from "./states.tsx";

type MissingPageProps = {
  /** Its heading: what was asked for. */
  readonly title: string;
  /** That there is no such thing. */
  readonly says: string;
  /** Where to look instead. */
  readonly to: string;
  readonly name: string;
};

/** A page of something that there is not. */
export function MissingPage({ title, says, to, name }: MissingPageProps): ReactNode {
  return (
    <Page title={title}>
      <EmptyState title={says}>
        <Link to={to}>{name}</Link>
      </EmptyState>
    </Page>
  );
}

type AskedPageProps<Value> = {
  readonly asked: Asked<Value>;
  readonly title: string;
  readonly rows: number;
  /** Shown where the server has no such thing. */
  readonly missing: ReactNode;
  /** The page itself. */
  readonly children: (value: Value) => ReactNode;
};

/** A page of one thing that is asked for: loading, missing, failed, there (perhaps of an earlier answer). */
export function AskedPage<Value>({ asked, title, rows, missing, children }: AskedPageProps<Value>): ReactNode {
  if (asked.state === "loading") {
    return (
      <Page title={title}>
        <Loading rows={rows} />
      </Page>
    );
  }
  if (asked.state === "failed") {
    if (asked.error.kind === "problem" && asked.error.status === 404) return missing;
    return (
      <Page title={title}>
        <ErrorState error={asked.error} retry={asked.retry} />
      </Page>
    );
  }
  return (
    <>
      <StaleBar asked={asked} />
      {children(asked.value)}
    </>
  );
}

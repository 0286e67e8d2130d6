import { lazy, Suspense, type ReactNode } from "react";
import type { Screening } from "../../data/screenings.ts";
import { Loading } from "../../parts/states.tsx";
import type { ListProps } from "./list-results.tsx";

/** What shows a verdict comes while the verdict is waited for: the form is there first. */
const view = import("./verdict-view.tsx");
const LazyVerdict = lazy(async () => ({ default: (await view).VerdictView }));
const LazyList = lazy(async () => ({ default: (await import("./list-results.tsx")).ListResults }));

export function VerdictView({ screening }: { readonly screening: Screening }): ReactNode {
  return (
    <Suspense fallback={<Loading rows={14} />}>
      <LazyVerdict screening={screening} />
    </Suspense>
  );
}

export function ListResults(props: ListProps): ReactNode {
  return (
    <Suspense fallback={<Loading rows={14} />}>
      <LazyList {...props} />
    </Suspense>
  );
}

import { lazy, Suspense, type ReactNode } from "react";
import { Loading } from "../../parts/states.tsx";
import type { ListProps } from "./list-results.tsx";

const LazyList = lazy(async () => ({ default: (await import("./list-results.tsx")).ListResults }));

/** The results of a list, which few visits ask for. */
export function ListResults(props: ListProps): ReactNode {
  return (
    <Suspense fallback={<Loading rows={14} />}>
      <LazyList {...props} />
    </Suspense>
  );
}

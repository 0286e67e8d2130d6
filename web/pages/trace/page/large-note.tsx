import type { ReactNode } from "react";
import { whole } from "../../../base/numbers.ts";
import { useText } from "../../../parts/settings.tsx";
import { useQuery } from "../../../routing/history.ts";
import type { View } from "../group/view.ts";
import type { GraphFacts } from "../state/messages.ts";
import { words } from "../words.ts";

type LargeProps = { readonly facts: GraphFacts | undefined; readonly view: View | undefined };

/** A browser takes in so many nodes at most: some 80 MB of answer, and 1 GB of memory. */
const wholeMax = 50_000;

/** Of a trace that is too large to draw whole: what is drawn, where the rest is, and how to come to it. */
export function LargeNote({ facts, view }: LargeProps): ReactNode {
  const { t } = useText();
  const query = useQuery();
  const isWhole = query.get("nodes") === "all";
  const part = facts?.shown;
  const isPart = part !== undefined && part !== null && part.nodes < part.ofNodes;
  const hidden = view?.nodes.some(({ kind }) => kind === "rest") === true ? view.hiddenNodes : 0;
  if (!isPart && hidden === 0 && !isWhole) return undefined;
  return (
    <div className="trace-large" role="status">
      {isPart ? (
        <p>
          {t(words.largeNote, { of: whole(part.ofNodes), edges: whole(part.ofEdges), n: whole(part.nodes) })}
          {part.ofNodes > wholeMax ? ` ${t(words.largeBeyond)}` : undefined}
        </p>
      ) : undefined}
      {hidden > 0 ? <p>{t(words.hiddenNodes, { n: whole(hidden) })}</p> : undefined}
      {isPart && part.ofNodes <= wholeMax ? (
        <button type="button" onClick={() => query.set({ nodes: "all" })}>
          {t(words.largeLoad)}
        </button>
      ) : undefined}
      {isWhole ? (
        <button type="button" onClick={() => query.set({ nodes: undefined })}>
          {t(words.largeLess)}
        </button>
      ) : undefined}
    </div>
  );
}

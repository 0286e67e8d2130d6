import { useEffect, type ReactNode } from "react";
import { useAnnounce } from "../../../parts/live.tsx";
import { useText } from "../../../parts/settings.tsx";
import { marksAtlas } from "../canvas/gl-renderer.ts";
import type { ShowStage } from "../state/messages.ts";
import { words } from "../words.ts";

type DrawingProps = {
  /** Of the graph, how many bytes have come. */
  readonly bytes: number;
  /** What the worker does; undefined: the graph still comes. */
  readonly stage: ShowStage | undefined;
};

const stageTexts = { read: words.stageRead, group: words.stageGroup, draw: words.drawing } as const;
/** A graph below this is there before it can be read how much of it has come. */
const bytesTold = 1_000_000;

/** In the graph's place until it is there: what is being done. */
export function Drawing({ bytes, stage }: DrawingProps): ReactNode {
  const { t } = useText();
  const announce = useAnnounce();
  const doing = t(stage === undefined ? words.loadingGraph : stageTexts[stage]);
  useEffect(() => announce(doing), [announce, doing]);
  useEffect(() => {
    const timer = setTimeout(marksAtlas);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="trace-drawing" aria-busy="true">
      <div className="bar" aria-hidden="true" />
      <p className="figure">
        {stage === undefined && bytes >= bytesTold
          ? t(words.loadingBytes, { n: (bytes / 1_000_000).toFixed(1) })
          : doing}
      </p>
    </div>
  );
}

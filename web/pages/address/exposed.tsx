import type { ReactNode } from "react";
import type { Exposures } from "../../data/screenings.ts";
import { ExposuresTable, isWhyUnsearched } from "../../parts/exposures.tsx";
import { GapItems } from "../../parts/gaps.tsx";
import { useText } from "../../parts/settings.tsx";
import { explorer } from "../../text/explorer-words.ts";

/** What came from known thefts and illicit entities; that nothing is known is not to say clean. */
export function Exposed({ exposures }: { readonly exposures: Exposures }): ReactNode {
  const { t } = useText();
  const { exposures: facts, missing, followed, block } = exposures;
  const others = facts.length === 0 ? missing.filter((gap) => !isWhyUnsearched(gap)) : missing;
  return (
    <>
      <ExposuresTable facts={facts} searched={{ followed, block, missing, isToldElsewhere: false }} />
      {others.length === 0 ? undefined : (
        <div className="notice unknown">
          <p className="lead">{t(explorer.exposuresIncomplete)}</p>
          <GapItems gaps={others} />
        </div>
      )}
    </>
  );
}

import type { ReactNode } from "react";
import { explorer } from "../text/explorer-words.ts";
import { Chip } from "./chip.tsx";
import { useText } from "./settings.tsx";
import { CategoryWord, ConfidenceWord } from "./words.tsx";

export type ShownEntity = {
  readonly entity: string;
  readonly category: string | null;
  readonly confidence: string;
  readonly conflicts: readonly object[];
};

/** Who an address or a cluster is, as tags say; that nothing is known is not to say clean. */
export function EntityWords({ entity }: { readonly entity: ShownEntity | null }): ReactNode {
  const { t } = useText();
  if (entity === null) return <Chip kind="unknown">{t(explorer.noEntity)}</Chip>;
  return (
    <>
      <strong>{entity.entity}</strong>
      {entity.category === null ? undefined : (
        <>
          {" · "}
          <CategoryWord category={entity.category} />
        </>
      )}
      {" · "}
      {t(explorer.confidenceIs)} <ConfidenceWord confidence={entity.confidence} />{" "}
      {entity.conflicts.length > 0 ? <Chip kind="unknown">{t(explorer.conflictTags)}</Chip> : undefined}
    </>
  );
}

import type { ReactNode } from "react";
import { gapText, type GapLike } from "../text/gap-words.ts";
import { useText } from "./settings.tsx";

/** What is not known, and what to do about each. */
export function GapItems({ gaps }: { readonly gaps: readonly GapLike[] }): ReactNode {
  const { locale } = useText();
  return (
    <ul>
      {gaps.map((gap) => (
        <li key={`${gap.gap} ${gap.what}`}>{gapText(gap, locale)}</li>
      ))}
    </ul>
  );
}

import type { ReactNode } from "react";
import { categoryText } from "../text/category-words.ts";
import { confidenceTexts } from "../text/confidence-words.ts";
import { useText } from "./settings.tsx";

/** How sure something is, in words. */
export function ConfidenceWord({ confidence }: { readonly confidence: string }): ReactNode {
  const { t } = useText();
  const text = confidenceTexts[confidence];
  return text === undefined ? confidence : t(text);
}

/** What a category is called. */
export function CategoryWord({ category }: { readonly category: string }): ReactNode {
  const { t } = useText();
  return t(categoryText(category));
}

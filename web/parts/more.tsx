import type { ReactNode } from "react";
import type { Pages } from "../data/use-pages.ts";
import { shell } from "../text/shell-words.ts";
import { ErrorState } from "./states.tsx";
import { useText } from "./settings.tsx";

/** Below a list of which there may be more: how much is shown, and a button for the next page. */
export function More({ shown, pages }: { readonly shown: number; readonly pages: Pages<unknown> }): ReactNode {
  const { t } = useText();
  return (
    <div className="more">
      <span className="caption">{t(pages.next === null ? shell.listAll : shell.listPart, { n: shown })}</span>
      {pages.next === null ? undefined : (
        <button type="button" disabled={pages.isLoading} onClick={pages.load}>
          {t(shell.more)}
        </button>
      )}
      {pages.error === undefined ? undefined : <ErrorState error={pages.error} retry={pages.load} />}
    </div>
  );
}

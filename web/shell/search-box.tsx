import type { ReactNode, RefObject } from "react";
import { Icon } from "../parts/icon.tsx";
import { useText } from "../parts/settings.tsx";
import { push } from "../routing/history.ts";
import { withQuery } from "../routing/routes.ts";
import { shell } from "../text/shell-words.ts";

/** The one box for everything that has a page. */
export function SearchBox({ input }: { readonly input: RefObject<HTMLInputElement | null> }): ReactNode {
  const { t } = useText();
  return (
    <search className="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const typed = input.current?.value.trim() ?? "";
          if (typed !== "") push(withQuery("/incidents", { q: typed }));
        }}
      >
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          aria-label={t(shell.search)}
          placeholder={t(shell.searchKey)}
          title={t(shell.searchFor)}
        />
      </form>
    </search>
  );
}

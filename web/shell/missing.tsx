import type { ReactNode } from "react";
import { EmptyState } from "../parts/states.tsx";
import { Page } from "../parts/page.tsx";
import { useText } from "../parts/settings.tsx";
import { Link } from "../routing/link.tsx";
import { shell } from "../text/shell-words.ts";

/** A path that leads nowhere. */
export function Missing(): ReactNode {
  const { t } = useText();
  return (
    <Page title={t(shell.missing)}>
      <EmptyState title={t(shell.missingHint)}>
        <p>
          <Link to="/losses">{t(shell.losses)}</Link> · <Link to="/incidents">{t(shell.incidents)}</Link>
        </p>
      </EmptyState>
    </Page>
  );
}

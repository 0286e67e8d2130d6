import type { ReactNode } from "react";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { shell } from "../../text/shell-words.ts";
import type { PageProps } from "../page-props.ts";

export function LedgerPage({ params }: PageProps): ReactNode {
  const { t } = useText();
  return <Page title={t(shell.ledger)}>{Object.values(params).join(" ")}</Page>;
}

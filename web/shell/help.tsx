import type { ReactNode } from "react";
import { Dialog } from "../parts/dialog.tsx";
import { KeyList } from "../parts/key-list.tsx";
import { useSettings, useText } from "../parts/settings.tsx";
import { shell } from "../text/shell-words.ts";
import type { Text } from "../text/text.ts";

const keys: readonly (readonly [string, Text])[] = [
  ["/", shell.keySearch],
  ["Ctrl K, ⌘ K", shell.keySearch],
  ["?", shell.keyHelp],
  ["Esc", shell.keyClose],
];

/** The keys of every page, and the switch that turns single ones off. */
export function HelpDialog({ close }: { readonly close: () => void }): ReactNode {
  const { t } = useText();
  const { singleKeys, setSingleKeys } = useSettings();
  return (
    <Dialog title={t(shell.keys)} close={close}>
      <KeyList keys={keys} />
      <label className="check">
        <input type="checkbox" checked={singleKeys} onChange={(event) => setSingleKeys(event.currentTarget.checked)} />
        {t(shell.singleKeys)}
      </label>
    </Dialog>
  );
}

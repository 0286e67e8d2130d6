import type { ReactNode } from "react";
import type { Losses } from "../../data/losses-types.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { useText } from "../../parts/settings.tsx";
import { words } from "./words.ts";

const statements = [
  words.methodCentral,
  words.methodLow,
  words.methodHigh,
  words.methodUnknown,
  words.methodCountry,
  words.methodTechnique,
] as const;

/** How the figures are made, in short. */
export function MethodDialog({ losses, close }: { readonly losses: Losses; readonly close: () => void }): ReactNode {
  const { t } = useText();
  return (
    <Dialog title={t(words.methodTitle)} close={close}>
      <ul className="reading">
        {statements.map((statement) => (
          <li key={statement[0]}>{t(statement)}</li>
        ))}
      </ul>
      <p className="caption">{t(words.methodFile, { digest: losses.register.sha256 })}</p>
    </Dialog>
  );
}

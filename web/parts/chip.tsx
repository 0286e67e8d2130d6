import type { ReactNode } from "react";
import { shell } from "../text/shell-words.ts";
import { Icon } from "./icon.tsx";
import { useText } from "./settings.tsx";

export type ChipKind = "plain" | "flagged" | "clear" | "unknown" | "simulated";

const signs: Readonly<Record<ChipKind, ReactNode>> = {
  plain: undefined,
  // Drawn: not every machine has a letter for it.
  flagged: <Icon name="stop" />,
  clear: "✓",
  unknown: "?",
  simulated: undefined,
};

/** A word in a box: a state or a category; its sign and its word say it, its colour only repeats it. */
export function Chip({
  kind = "plain",
  children,
}: {
  readonly kind?: ChipKind;
  readonly children: ReactNode;
}): ReactNode {
  const sign = signs[kind];
  return (
    <span className={`chip ${kind}`}>
      {sign === undefined ? undefined : (
        <span aria-hidden="true" className="sign">
          {sign}
        </span>
      )}
      {children}
    </span>
  );
}

/** In rows whose data are made up. */
export function SimulatedChip(): ReactNode {
  const { t } = useText();
  return <Chip kind="simulated">{t(shell.simulatedChip)}</Chip>;
}

export function UnknownChip(): ReactNode {
  const { t } = useText();
  return <Chip kind="unknown">{t(shell.unknown)}</Chip>;
}

import type { ReactNode } from "react";
import { useReconciliations } from "../../data/losses.ts";
import type { Losses } from "../../data/losses-types.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { useText } from "../../parts/settings.tsx";
import type { LossesAsked } from "./query.ts";
import { words } from "./words.ts";

const statements = [
  words.methodCentral,
  words.methodLow,
  words.methodHigh,
  words.methodUnknown,
  words.methodCountry,
  words.methodTechnique,
] as const;

type MethodProps = { readonly losses: Losses; readonly asked: LossesAsked; readonly close: () => void };

/** How the figures are made, in short, and how far they were found from what others published. */
export function MethodDialog({ losses, asked, close }: MethodProps): ReactNode {
  const { t } = useText();
  return (
    <Dialog title={t(words.methodTitle)} close={close}>
      <ul className="reading">
        {statements.map((statement) => (
          <li key={statement[0]}>{t(statement)}</li>
        ))}
      </ul>
      <p className="reading">
        <Checked asked={asked} />
      </p>
      <p className="caption">{t(words.methodFile, { digest: losses.register.sha256 })}</p>
    </Dialog>
  );
}

/** The only error that is known of the figures: published ones that they agree with, and those that they do not. */
function Checked({ asked: { confidence, countryRule } }: { readonly asked: LossesAsked }): ReactNode {
  const { t } = useText();
  const sets = useReconciliations({ countryRule, ...(confidence === undefined ? {} : { confidence }) });
  if (!("value" in sets)) return t(words.methodUnchecked);
  const figures = sets.value.flatMap((set) => set.figures);
  const count = (wanted: string): number => figures.filter(({ agreement }) => agreement === wanted).length;
  return t(words.methodChecked, {
    n: figures.length,
    sets: sets.value.length,
    equal: count("equal"),
    range: count("in-range"),
    apart: count("apart"),
  });
}

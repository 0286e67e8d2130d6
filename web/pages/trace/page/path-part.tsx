import type { ReactNode } from "react";
import { instantText } from "../../../base/dates.ts";
import { percent, whole } from "../../../base/numbers.ts";
import { shortAddress } from "../../../base/shorten.ts";
import { Txid } from "../../../parts/address.tsx";
import { useText } from "../../../parts/settings.tsx";
import type { ViewNode } from "../group/view.ts";
import { amountText, symbolOf } from "../model/asset-text.ts";
import type { Followed } from "../state/use-path.ts";
import { words } from "../words.ts";
import type { Actions } from "./desk.ts";

type PathProps = {
  readonly chain: string;
  readonly node: ViewNode;
  readonly followed: Followed | "none" | undefined;
  readonly followedId: string | undefined;
  readonly actions: Actions;
};

const stepsShown = 50;

/** The way that is followed to what is selected: which of how many, and each of its steps. */
export function PathPart({ chain, node, followed, followedId, actions }: PathProps): ReactNode {
  const { t } = useText();
  if (followedId !== node.id || followed === undefined) return undefined;
  if (followed === "none") return <p className="quiet">{t(words.noPath)}</p>;
  const { number, total, part, hidden } = followed;
  return (
    <>
      <div className="trace-path" role="status">
        <span>
          {t(words.pathOf, { n: number, total: whole(total) })}
          {part === undefined ? "" : `, ${t(words.pathShare, { part: percent(part) })}`}
        </span>
        <span className="trace-actions">
          <button type="button" disabled={number <= 1} onClick={() => actions.nextPath(-1)}>
            {t(words.previousPath)}
          </button>
          <button type="button" disabled={number >= total} onClick={() => actions.nextPath(1)}>
            {t(words.nextPath)}
          </button>
        </span>
        {hidden > 0 ? <span className="caption">{t(words.pathBeyond, { n: hidden })}</span> : undefined}
      </div>
      <Steps chain={chain} followed={followed} />
    </>
  );
}

function Steps({ chain, followed }: { readonly chain: string; readonly followed: Followed }): ReactNode {
  const { t, locale } = useText();
  const { steps, before } = followed;
  const shown = steps.slice(-stepsShown);
  const left = before + steps.length - shown.length;
  const name = (address: string | null): string => (address === null ? "–" : shortAddress(address));
  return (
    <section>
      <h3>{t(words.pathSteps)}</h3>
      {left > 0 ? <p className="caption">{t(words.pathStepsBefore, { n: left })}</p> : undefined}
      <ol className="trace-steps" start={left + 1}>
        {shown.map((step) => (
          <li key={step.step}>
            <span className="mono" title={`${step.from ?? ""} → ${step.to ?? ""}`}>
              {name(step.from)} → {name(step.to)}
            </span>{" "}
            <span className="figure">
              {amountText(step.asset, BigInt(step.amount))} {symbolOf(step.asset)}
            </span>{" "}
            <span className="quiet">{instantText(step.time, locale)}</span>{" "}
            <Txid chain={chain} txid={step.transaction} />
          </li>
        ))}
      </ol>
    </section>
  );
}

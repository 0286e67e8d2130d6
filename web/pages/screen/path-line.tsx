import { useState, type ReactNode } from "react";
import { chainAlias } from "../../base/chains.ts";
import { shortenAll, type Shortened } from "../../base/shorten.ts";
import type { Fact, Verdict } from "../../data/verdict.ts";
import { Address, Txid } from "../../parts/address.tsx";
import { useText } from "../../parts/settings.tsx";
import { Units } from "../../parts/units.tsx";
import { screenWords as words } from "../../text/screen-words.ts";

type Step = Fact["path"][number];

/** Of a longer path so many steps are shown at its beginning and at its end, until it is opened. */
const [shownFirst, shownLast] = [2, 2];

/** The way of the largest receipt, from the origin to what is screened, in one line that wraps. */
export function PathLine({ verdict, fact }: { readonly verdict: Verdict; readonly fact: Fact }): ReactNode {
  const { t } = useText();
  const [isOpen, setOpen] = useState(false);
  const { path, skipped, name } = fact;
  const shortened = shortenAll(path.flatMap(({ address }) => address ?? []));
  const steps = path.map((step, index) => (
    <li key={`${step.txid ?? ""} ${step.address ?? ""} ${String(index)}`}>
      <Place verdict={verdict} step={step} isLast={index === path.length - 1} shortened={shortened} />{" "}
      <Units units={step.amount} asset={step.asset} />
    </li>
  ));
  const hidden = path.length - shownFirst - shownLast;
  const isShort = isOpen || hidden < 2;
  return (
    <div className="path">
      <span className="caption">{t(words.path)}</span>
      <ol>
        <li>{name}</li>
        {skipped > 0 ? <li>{t(words.skipped, { n: skipped })}</li> : undefined}
        {isShort ? steps : steps.slice(0, shownFirst)}
        {isShort ? undefined : (
          <li>
            <button type="button" className="link" onClick={() => setOpen(true)}>
              {t(words.skipped, { n: hidden })}
            </button>
          </li>
        )}
        {isShort ? undefined : steps.slice(-shownLast)}
      </ol>
    </div>
  );
}

type PlaceProps = {
  readonly verdict: Verdict;
  readonly step: Step;
  readonly isLast: boolean;
  readonly shortened: ReadonlyMap<string, Shortened>;
};

/** Who received at a step; what is screened itself is called so. */
function Place({ verdict, step: { address, txid }, isLast, shortened }: PlaceProps): ReactNode {
  const { t } = useText();
  const chain = verdict.chain === null ? undefined : chainAlias(verdict.chain);
  // A ledger may have an address in another case than its chain's form.
  const isSubject = address?.toLowerCase() === verdict.subject.text.toLowerCase();
  if (isLast && (isSubject || txid === verdict.subject.text)) return <strong>{t(words.thisOne)}</strong>;
  if (chain === undefined) return address ?? txid ?? "";
  if (address !== null) return <Address chain={chain} address={address} shortened={shortened.get(address)} />;
  return txid === null ? undefined : <Txid chain={chain} txid={txid} />;
}

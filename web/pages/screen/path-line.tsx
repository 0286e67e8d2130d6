import { Fragment, type ReactNode } from "react";
import { assetName, coins } from "../../base/assets.ts";
import { chainAlias } from "../../base/chains.ts";
import { shortenAll } from "../../base/shorten.ts";
import type { Fact, Verdict } from "../../data/verdict.ts";
import { Address, Txid } from "../../parts/address.tsx";
import { Amount } from "../../parts/amount.tsx";
import { useText } from "../../parts/settings.tsx";
import { screenWords as words } from "../../text/screen-words.ts";

/** The way of the largest receipt, from the origin to what is screened, in one line that wraps. */
export function PathLine({ verdict, fact }: { readonly verdict: Verdict; readonly fact: Fact }): ReactNode {
  const { t } = useText();
  const chain = verdict.chain === null ? undefined : chainAlias(verdict.chain);
  const shortened = shortenAll(fact.path.flatMap(({ address }) => address ?? []));
  return (
    <div className="path">
      <span className="caption">{t(words.path)}</span>
      <ol>
        <li>{fact.name}</li>
        {fact.skipped > 0 ? <li>{t(words.skipped, { n: fact.skipped })}</li> : undefined}
        {fact.path.map(({ txid, address, asset, amount }, index) => (
          <li key={`${txid ?? ""} ${address ?? ""} ${String(index)}`}>
            {index === fact.path.length - 1 && address === verdict.subject.text ? (
              <strong>{t(words.thisOne)}</strong>
            ) : (
              <Fragment>
                {address !== null && chain !== undefined ? (
                  <Address chain={chain} address={address} shortened={shortened.get(address)} />
                ) : txid !== null && chain !== undefined ? (
                  <Txid chain={chain} txid={txid} />
                ) : undefined}
              </Fragment>
            )}{" "}
            <Amount amount={coins(amount, asset)} symbol={assetName(asset).symbol} />
          </li>
        ))}
      </ol>
    </div>
  );
}

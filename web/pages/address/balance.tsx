import type { ReactNode } from "react";
import { assetName, coins } from "../../base/assets.ts";
import { api } from "../../data/api.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { Amount } from "../../parts/amount.tsx";
import { Chip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer } from "../../parts/states.tsx";
import { explorer } from "../../text/explorer-words.ts";

/** What an address holds by the ledger's rows; unknown where that cannot be said. */
export function Balance({ chain, address }: { readonly chain: string; readonly address: string }): ReactNode {
  const { t } = useText();
  const asked = useAnswer(`balance ${chain} ${address}`, async (signal) =>
    api().get("/v1/chains/{chain}/addresses/{address}/balance", { params: { chain, address }, signal }),
  );
  return (
    <Panel title={t(explorer.balance)}>
      <Answer asked={asked} rows={1}>
        {({ balances, why }) => {
          if (balances === null) return <Chip kind="unknown">{t(explorer.balanceUnknown, { why: why ?? "" })}</Chip>;
          if (balances.length === 0) return t(explorer.holdsNothing);
          return (
            <ul className="amounts">
              {balances.map(({ asset, amount }) => (
                <li key={asset}>
                  <Amount amount={coins(amount, asset)} symbol={assetName(asset).symbol} />
                </li>
              ))}
            </ul>
          );
        }}
      </Answer>
    </Panel>
  );
}

import type { ReactNode } from "react";
import { api } from "../../data/api.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { Chip, UnknownChip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer } from "../../parts/states.tsx";
import { Units } from "../../parts/units.tsx";
import { explorer } from "../../text/explorer-words.ts";

type Sum = { readonly asset: string; readonly amount: string };

/** What an address holds, and what came and went in all, by the ledger's rows; unknown where that cannot be said. */
export function Balance({ chain, address }: { readonly chain: string; readonly address: string }): ReactNode {
  const { t } = useText();
  const asked = useAnswer(`balance ${chain} ${address}`, async (signal) =>
    api().get("/v1/chains/{chain}/addresses/{address}/balance", { params: { chain, address }, signal }),
  );
  return (
    <Panel title={t(explorer.balance)}>
      <Answer asked={asked} rows={2}>
        {({ balances, received, sent, why }) => (
          <Facts>
            <Fact name={t(explorer.holds)}>
              {balances === null ? (
                <Chip kind="unknown">{t(explorer.balanceUnknown, { why: why ?? "" })}</Chip>
              ) : (
                <Sums sums={balances} />
              )}
            </Fact>
            <Fact name={t(explorer.received)}>{received === null ? <UnknownChip /> : <Sums sums={received} />}</Fact>
            <Fact name={t(explorer.sent)}>{sent === null ? <UnknownChip /> : <Sums sums={sent} />}</Fact>
          </Facts>
        )}
      </Answer>
    </Panel>
  );
}

function Sums({ sums }: { readonly sums: readonly Sum[] }): ReactNode {
  const { t } = useText();
  if (sums.length === 0) return t(explorer.holdsNothing);
  return (
    <ul className="amounts">
      {sums.map(({ asset, amount }) => (
        <li key={asset}>
          <Units units={amount} asset={asset} />
        </li>
      ))}
    </ul>
  );
}

import type { ReactNode } from "react";
import { whole } from "../../base/numbers.ts";
import type { AnswerOf, Contract } from "../../data/api.ts";
import { Chip, UnknownChip } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { useText } from "../../parts/settings.tsx";
import { Units } from "../../parts/units.tsx";
import { explorer } from "../../text/explorer-words.ts";
import type { Say } from "../../text/text.ts";

type Sum = { readonly asset: string; readonly amount: string };

/** What an address holds, and what came and went in all, by the ledger's rows; unknown where that cannot be said. */
export function Balance({ balance }: { readonly balance: AnswerOf<Contract["getBalance"]> }): ReactNode {
  const { t } = useText();
  const { balances, received, sent } = balance;
  return (
    <Panel title={t(explorer.balance)}>
      <Facts>
        <Fact name={t(explorer.holds)}>
          {balances === null ? (
            <>
              <Chip kind="unknown">{t(explorer.balanceUnknown)}</Chip> {reasonWords(balance, t)}
            </>
          ) : (
            <Sums sums={balances} />
          )}
        </Fact>
        <Fact name={t(explorer.received)}>{received === null ? <UnknownChip /> : <Sums sums={received} />}</Fact>
        <Fact name={t(explorer.sent)}>{sent === null ? <UnknownChip /> : <Sums sums={sent} />}</Fact>
      </Facts>
    </Panel>
  );
}

function reasonWords({ reason, count }: AnswerOf<Contract["getBalance"]>, t: Say): string {
  const number = { count: whole(count ?? 0) };
  switch (reason) {
    case "too-many-rows":
      return t(explorer.balanceTooMany, number);
    case "more-out-than-in":
      return t(explorer.balanceMoreOut);
    case "internal-unknown":
      return t(explorer.balanceInternal, number);
    default:
      return t(explorer.balanceNotSeen);
  }
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

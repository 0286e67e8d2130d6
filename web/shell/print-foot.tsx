import type { ReactNode } from "react";
import { chainName } from "../base/chains.ts";
import { instantText } from "../base/dates.ts";
import { whole } from "../base/numbers.ts";
import { useLedger, useRegisterDigest } from "../data/ledger.ts";
import { useText } from "../parts/settings.tsx";
import { usePlace, useQuery } from "../routing/history.ts";
import { shell } from "../text/shell-words.ts";

/** What a page on paper says of itself: its address and options, the register's version, up to where the ledger goes. */
export function PrintFoot(): ReactNode {
  const { t, locale } = useText();
  usePlace();
  const query = useQuery();
  const { href } = location;
  const ledger = useLedger();
  const digest = useRegisterDigest();
  const options = [...new URLSearchParams(query.text)].map(([name, value]) => `${name} ${value}`);
  const chains = "value" in ledger ? ledger.value.chains : undefined;
  return (
    <footer className="print-foot">
      <p>
        Fundtrail <span className="mono">{href}</span>
      </p>
      <p>
        {t(shell.footOptions)}: {options.length === 0 ? t(shell.footUsual) : options.join(" · ")}
      </p>
      <p>
        {t(shell.footRegister)}: <span className="mono">{digest ?? t(shell.unknown)}</span>
      </p>
      <p>
        {t(shell.footLedger)}:{" "}
        {chains === undefined
          ? t(ledger.state === "failed" ? shell.footNoLedger : shell.unknown)
          : chains.length === 0
            ? t(shell.footNoLedger)
            : chains
                .map(({ chain, tip, simulated }) => {
                  const end = tip === null ? "" : ` ${whole(tip.height)}, ${instantText(tip.time, locale)}`;
                  return `${chainName(chain)}${end}${simulated ? ` (${t(shell.simulatedChip)})` : ""}`;
                })
                .join(" · ")}
      </p>
    </footer>
  );
}

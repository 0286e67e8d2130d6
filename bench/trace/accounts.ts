import type { ChainReader } from "../../src/ledger/reader.ts";
import { traceAccounts } from "../../src/trace/account/account-trace.ts";
import { AccountView } from "../../src/trace/account/account-view.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { speedOf } from "./speed.ts";

const policies = ["fifo", "haircut", "poison"] as const;

/**
 * Traces on a chain of accounts: how many transfers a second are visited, for several policies and numbers of origins. Nothing is a
 * stop, so that taint comes to the accounts of exchanges, which are brought every one of their many transfers, whether it carries
 * anything tainted or not; how many do is told beside it.
 */
export function accountsBench(chain: ChainReader): void {
  const view = new AccountView(chain);
  const early = (view.rows / 10) | 0;
  const request = { stops: undefined, limits: noLimits, swaps: "on", price: () => undefined } as const;
  for (const count of [100, 3_000]) {
    const origins = Array.from({ length: count }, (_, at) => early + at * 7);
    for (const policy of policies) {
      let tainted = 0;
      speedOf(`${policy}, ${count.toLocaleString("en")} origins`, "transfers", () => {
        const trace = traceAccounts(chain, { ...request, policy, origins, hubTransfers: undefined }, view);
        tainted = trace.parts.walk.records.length;
        return trace.cost.rows;
      });
      process.stdout.write(`  of which ${tainted.toLocaleString("en")} carry something tainted\n`);
    }
  }
}

import type { Decimal } from "../../base/decimal.ts";
import { usdFromDecimal } from "../../base/usd.ts";
import type { Trace } from "../trace.ts";
import type { Valuer } from "../worth/valuer.ts";

const billion = 1_000_000_000n;

/** How much of a trace an amount is, in billionths of what it began with: by which the largest are chosen. */
export type Weigh = (asset: string, amount: bigint) => bigint;

/**
 * Weighs by US dollars at the theft. What has no price then is weighed by its part of all that the trace has of its asset, so
 * that an asset without a price is not taken for nothing.
 */
export function weighing(trace: Trace, valuer: Valuer): Weigh {
  const cents = (worth: Decimal | undefined): bigint => (worth === undefined ? 0n : usdFromDecimal(worth));
  const began = trace.totals.reduce(
    (sum, { asset, origin }) => sum + cents(valuer.worth(asset, origin, undefined).atTheft),
    0n,
  );
  const factors = new Map<string, { readonly times: bigint; readonly by: bigint }>();
  for (const { asset, origin, convertedInto } of trace.totals) {
    const unit = began > 0n ? valuer.worth(asset, 1n, undefined).atTheft : undefined;
    const whole = origin + convertedInto;
    factors.set(
      asset,
      unit === undefined
        ? { times: whole > 0n ? billion : 0n, by: whole > 0n ? whole : 1n }
        : { times: unit.digits * 100n * billion, by: 10n ** BigInt(unit.scale) * began },
    );
  }
  return (asset, amount) => {
    const factor = factors.get(asset);
    return factor === undefined ? 0n : (amount * factor.times) / factor.by;
  };
}

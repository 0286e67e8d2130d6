import { formatUnits } from "../../../../src/base/amount.ts";
import { asset, type Asset } from "../../../../src/base/assets.ts";
import type { Units } from "../../../../src/base/amount.ts";
import { decimal, whole } from "../../../base/numbers.ts";

const known = new Map<string, Pick<Asset, "symbol" | "decimals">>();

/** An asset's symbol; of one that is not known, its id's end. */
export function symbolOf(id: string): string {
  return assetOf(id).symbol;
}

/** An amount as people write it; in base units where the asset's decimals are not known. */
export function amountText(id: string, amount: bigint): string {
  const { decimals } = assetOf(id);
  return decimals === undefined ? whole(amount) : decimal(formatUnits(amount as Units, decimals));
}

/** The same, cut to what a column has room for; an ellipsis says where it was cut. */
export function amountShort(id: string, amount: bigint): string {
  const text = amountText(id, amount);
  const point = text.indexOf(".");
  return point < 0 || text.length - point <= shortDecimals + 1 ? text : `${text.slice(0, point + 1 + shortDecimals)}…`;
}

const shortDecimals = 4;

function assetOf(id: string): Pick<Asset, "symbol" | "decimals"> {
  const before = known.get(id);
  if (before !== undefined) return before;
  let found: Pick<Asset, "symbol" | "decimals">;
  try {
    found = asset(id);
  } catch {
    // Not a name that is known here: shown as it came.
    found = { symbol: id, decimals: undefined };
  }
  known.set(id, found);
  return found;
}

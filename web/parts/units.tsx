import type { ReactNode } from "react";
import { assetName, coins, coinsBrief } from "../base/assets.ts";
import { Amount } from "./amount.tsx";

/** Base units of an asset by its CAIP-19 id, as whole coins; its last decimals on hover where they are many. */
export function Units({ units, asset }: { readonly units: string; readonly asset: string }): ReactNode {
  return <Amount amount={coins(units, asset)} symbol={assetName(asset).symbol} brief={coinsBrief(units, asset)} />;
}

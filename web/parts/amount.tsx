import type { ReactNode } from "react";
import { decimal } from "../base/numbers.ts";
import { exactUsd, headlineUsd, parseUsd, rangeUsd } from "../base/usd.ts";
import { shell } from "../text/shell-words.ts";
import { UnknownChip } from "./chip.tsx";
import { copyText } from "./copy.tsx";
import { useAnnounce } from "./live.tsx";
import { useText } from "./settings.tsx";

/** Dollars to three digits, exact on focus, on hover and in the copy that a press makes; unknown is the word. */
export function Usd({ usd }: { readonly usd: string | null | undefined }): ReactNode {
  const { t, locale } = useText();
  const announce = useAnnounce();
  if (usd === null || usd === undefined) return <UnknownChip />;
  const cents = parseUsd(usd);
  const exact = exactUsd(cents, locale);
  const copy = async (): Promise<void> => announce(t((await copyText(usd)) ? shell.copied : shell.copyFailed));
  return (
    <button
      type="button"
      className="figure exact"
      data-exact={exact}
      aria-label={t(shell.exactly, { short: headlineUsd(cents, locale), exact })}
      onClick={() => void copy()}
    >
      {headlineUsd(cents, locale)}
    </button>
  );
}

/** A figure and its range: `$691m ($646–719m)`. */
export function UsdRange({ low, high }: { readonly low: string; readonly high: string }): ReactNode {
  const { locale } = useText();
  const [least, most] = [parseUsd(low), parseUsd(high)];
  return <span title={`${exactUsd(least, locale)} – ${exactUsd(most, locale)}`}>{rangeUsd(least, most, locale)}</span>;
}

type AmountProps = {
  /** Decimal text, as the chain counts. */
  readonly amount: string | null | undefined;
  readonly symbol: string;
  /** What is shown in its place where a column has no room for all of its decimals. */
  readonly brief?: string;
};

/** An amount of an asset, exact. */
export function Amount({ amount, symbol, brief }: AmountProps): ReactNode {
  const { t } = useText();
  if (amount === null || amount === undefined) return <UnknownChip />;
  return (
    <data className="figure" value={amount} title={`${amount} ${symbol}`}>
      {decimal(brief ?? amount)} <span className="symbol">{symbol === "" ? t(shell.unknown) : symbol}</span>
    </data>
  );
}

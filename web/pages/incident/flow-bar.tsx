import type { ReactNode } from "react";
import { useText } from "../../parts/settings.tsx";
import type { FlowPart } from "./flow-shares.ts";
import { partText, shareText, toneOf } from "./flow-part.ts";

const wholeShare = 1_000_000;
/** Wide enough to be named above, and apart enough to be drawn as a range, in millionths. */
const [namedFrom, rangedFrom] = [90_000, 2_000];

/** The funds as one bar to 100%, below it the range of each part over the policies; the table beside it says the same. */
export function FlowBar({ parts }: { readonly parts: readonly FlowPart[] }): ReactNode {
  const { t } = useText();
  const placed = placedParts(parts);
  return (
    <div className="flow-bar" aria-hidden="true">
      <div className="names">
        {placed.map(({ part, from, share, key }) =>
          share < namedFrom ? undefined : (
            <span key={key} style={{ left: percentOf(from), width: percentOf(share) }}>
              {t(partText(part))} {shareText(part.share)}
            </span>
          ),
        )}
      </div>
      <div className="parts">
        {placed.map(({ part, share, key }) =>
          share === 0 ? undefined : (
            <span
              key={key}
              className={`flow-${toneOf(part)}`}
              style={{ width: percentOf(share) }}
              title={`${t(partText(part))} ${shareText(part.share) ?? ""}`}
            />
          ),
        )}
      </div>
      <div className="ranges">
        {placed.map(({ part: { range }, from, key }, index) =>
          range === undefined || range[1] - range[0] < rangedFrom ? undefined : (
            <span
              key={key}
              className={index % 2 === 0 ? "upper" : "lower"}
              style={{
                left: percentOf(Math.min(from + range[0], wholeShare)),
                width: percentOf(Math.min(range[1] - range[0], wholeShare - Math.min(from + range[0], wholeShare))),
              }}
            />
          ),
        )}
      </div>
    </div>
  );
}

type PlacedPart = {
  readonly part: FlowPart;
  readonly key: string;
  /** Where it begins and how long it is, in millionths of the bar. */
  readonly from: number;
  readonly share: number;
};

function placedParts(parts: readonly FlowPart[]): readonly PlacedPart[] {
  const placed: PlacedPart[] = [];
  let from = 0;
  for (const part of parts) {
    const share = part.share ?? 0;
    placed.push({ part, key: `${part.kind} ${part.category}`, from, share });
    from += share;
  }
  return placed;
}

function percentOf(share: number): string {
  return `${share / 10_000}%`;
}

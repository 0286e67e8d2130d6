import type { ReactNode } from "react";
import { useText } from "../../../parts/settings.tsx";
import { markColour } from "../draw/marks.ts";
import { partsOf } from "../draw/symbols.ts";
import type { View } from "../group/view.ts";
import type { Picture } from "../layout/picture.ts";
import { shapes, type Shape } from "../layout/shapes.ts";
import { shareClass, shareClasses } from "../layout/widths.ts";
import { shapeTexts, shareTexts, words } from "../words.ts";
import type { Look } from "./use-look.ts";

type LegendProps = { readonly look: Look; readonly view: View; readonly picture: Picture };

/** The marks and colours that the picture has, and no others. */
export function Legend({ look, view, picture }: LegendProps): ReactNode {
  const { t } = useText();
  const { palette } = look;
  const used = new Map(picture.nodes.map((node) => [node.shape, node]));
  const shares = new Set(view.edges.map(({ share }) => shareClass(share)));
  return (
    <details className="trace-legend">
      <summary>{t(words.legend)}</summary>
      <ul className="plain">
        {shapes.flatMap((shape) => {
          const node = used.get(shape);
          if (node === undefined) return [];
          return (
            <li key={shape}>
              <Mark shape={shape} colour={markColour(view, node, palette)} surface={palette.surface} />
              {t(shapeTexts[shape] ?? words.kind)}
            </li>
          );
        })}
      </ul>
      <p className="caption">{t(words.taintedShare)}</p>
      <ul className="plain">
        {shareClasses.flatMap((one) =>
          shares.has(one) ? (
            <li key={one}>
              <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
                <path d="M1 10H19" stroke={palette.share[one]} strokeWidth="5" />
              </svg>
              {t(shareTexts[one] ?? words.kind)}
            </li>
          ) : (
            []
          ),
        )}
      </ul>
    </details>
  );
}

function Mark({
  shape,
  colour,
  surface,
}: {
  readonly shape: Shape;
  readonly colour: string;
  readonly surface: string;
}): ReactNode {
  const paint = { mark: colour, surface, none: "none" } as const;
  return (
    <svg width="20" height="20" viewBox="-18 -18 36 36" aria-hidden="true">
      {partsOf(shape, false).map(([{ d, fill, stroke, width, dash }]) => (
        <path key={d} d={d} fill={paint[fill]} stroke={paint[stroke]} strokeWidth={width} strokeDasharray={dash} />
      ))}
    </svg>
  );
}

import { useMemo, type ReactNode } from "react";
import { ChartFigure } from "../../charts/chart-figure.tsx";
import type { Frame } from "../../charts/drawn.ts";
import { drawSwarm } from "../../charts/theft-swarm.ts";
import { drawWorld } from "../../charts/world-map.ts";
import { drawYearBars, yearBarsHeight } from "../../charts/year-bars.ts";
import type { Losses } from "../../data/losses-types.ts";
import { useText } from "../../parts/settings.tsx";
import { push } from "../../routing/history.ts";
import { paths } from "../../routing/routes.ts";
import { Beside, CirclesLegend, MapLegend, YearsLegend } from "./legends.tsx";
import { fileNameOf, provenanceOf } from "./losses-csv.ts";
import { mapFinding, shadedCountries } from "./map-data.ts";
import { CountriesTable, TheftsTable, YearsTable } from "./chart-tables.tsx";
import { circlesOf, timelineFinding } from "./timeline-data.ts";
import { words } from "./words.ts";
import { barsOf, seriesOf, yearsFinding } from "./years-data.ts";

type ChartsProps = {
  /** By country. */
  readonly losses: Losses;
  readonly onOpen: (open: string) => void;
};

/** The map's middle: where most of its readers are. */
const middles = { en: 11, ja: 150 } as const;

/** Map, bars and timeline, each a view of the table below it, and what stands beside the first two. */
export function LossCharts({ losses, onOpen, children }: ChartsProps & { readonly children: ReactNode }): ReactNode {
  return (
    <>
      <MapFigure losses={losses} onOpen={onOpen} />
      <YearsFigure losses={losses} onOpen={onOpen} />
      {children}
      <TimelineFigure losses={losses} />
    </>
  );
}

function MapFigure({ losses, onOpen }: ChartsProps): ReactNode {
  const speech = useText();
  const { t, locale } = speech;
  const finding = mapFinding(losses, speech);
  const draw = useMemo(() => {
    const countries = shadedCountries(losses, speech);
    const label = speech.t(words.mapLabel, { finding });
    return (frame: Frame) => drawWorld(countries, frame, { label, middle: middles[locale] });
  }, [losses, speech, finding, locale]);
  return (
    <ChartFigure
      finding={finding}
      reading={t(words.mapReading)}
      draw={draw}
      onPick={onOpen}
      legend={
        <>
          <MapLegend losses={losses} />
          <Beside losses={losses} onOpen={onOpen} />
        </>
      }
      table={<CountriesTable losses={losses} />}
      fileName={fileNameOf(losses, "map")}
      provenance={provenanceOf(losses)}
      room={{ ratio: 0.475, least: 100 }}
    />
  );
}

function YearsFigure({ losses, onOpen }: ChartsProps): ReactNode {
  const speech = useText();
  const { t } = speech;
  const series = useMemo(() => seriesOf(losses, speech), [losses, speech]);
  const finding = yearsFinding(losses, speech);
  const bars = useMemo(() => barsOf(losses, series, speech), [losses, series, speech]);
  const draw = useMemo(() => {
    const label = speech.t(words.yearsLabel, { finding });
    return (frame: Frame) => drawYearBars(bars, frame, label);
  }, [bars, speech, finding]);
  return (
    <ChartFigure
      finding={finding}
      reading={t(words.yearsReading)}
      draw={draw}
      onPick={onOpen}
      legend={<YearsLegend series={series} />}
      table={<YearsTable losses={losses} series={series} />}
      fileName={fileNameOf(losses, "years")}
      provenance={provenanceOf(losses)}
      room={{ ratio: 0, least: yearBarsHeight(bars.length) }}
    />
  );
}

function TimelineFigure({ losses }: { readonly losses: Losses }): ReactNode {
  const speech = useText();
  const { t } = speech;
  const finding = timelineFinding(losses, speech);
  const draw = useMemo(() => {
    const circles = circlesOf(losses, speech);
    const label = speech.t(words.timelineLabel, { finding });
    return (frame: Frame) => drawSwarm(circles, frame, label);
  }, [losses, speech, finding]);
  return (
    <ChartFigure
      finding={finding}
      reading={t(words.timelineReading)}
      draw={draw}
      onPick={(id) => push(paths.incident(id))}
      legend={<CirclesLegend losses={losses} />}
      table={<TheftsTable losses={losses} />}
      fileName={fileNameOf(losses, "timeline")}
      provenance={provenanceOf(losses)}
      room={{ ratio: 0, least: 220 }}
    />
  );
}

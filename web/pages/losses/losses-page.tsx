import { lazy, Suspense, useDeferredValue, useMemo, useState, type ReactNode } from "react";
import { useLosses } from "../../data/losses.ts";
import type { Losses } from "../../data/losses-types.ts";
import { useLast } from "../../data/use-answer.ts";
import { useActors } from "../../data/register.ts";
import { saveFile } from "../../parts/save.ts";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { ErrorState, Loading, StaleBar } from "../../parts/states.tsx";
import { useQuery } from "../../routing/history.ts";
import { Filters } from "./filters.tsx";
import { byTexts } from "./figure-words.ts";
import { headlineText, Rule } from "./headline.tsx";
import { fileNameOf, lossesCsv, provenanceOf } from "./losses-csv.ts";
import { LossTable } from "./loss-table.tsx";
import { MethodDialog } from "./method.tsx";
import { NothingFits } from "./nothing-fits.tsx";
import { PublishedBeside } from "./published-beside.tsx";
import { apiQuery, askedOf, readOpen, type LossesAsked } from "./query.ts";
import { words } from "./words.ts";
import "./losses.css";

/** Plot and the map come beside the first figures, not before them. */
const LossCharts = lazy(async () => ({ default: (await import("./charts.tsx")).LossCharts }));

/** `/losses`: who lost what, by whom, when; one figure with its range, and everything that it is made of. */
export function LossesPage(): ReactNode {
  const speech = useText();
  const { t } = speech;
  const query = useQuery();
  const asked = useMemo(() => askedOf(query), [query]);
  const table = useLosses(useMemo(() => apiQuery(asked), [asked]));
  // Map and bars are of countries, whatever the rows are.
  const byCountry = useLosses(useMemo(() => apiQuery(asked, "country"), [asked]));
  const { value: losses, isOld } = useLast(table);
  const { value: countries } = useLast(byCountry);
  const actors = useActors();
  const headline =
    losses === undefined ? t(words.title) : headlineText(losses, "value" in actors ? actors.value : [], speech);
  const onOpen = (open: string | undefined): void => query.set({ open });
  return (
    <Page title={t(words.title)} heading={<span className="headline">{headline}</span>}>
      {losses === undefined ? <div className="rule-room" /> : <Rule losses={losses} />}
      <Filters asked={asked} />
      <StaleBar asked={table} />
      {losses === undefined && table.state === "failed" ? (
        <ErrorState error={table.error} retry={table.retry} />
      ) : undefined}
      {losses === undefined ? (
        <Loading rows={24} />
      ) : (
        <div className={isOld ? "old" : undefined} aria-busy={isOld}>
          {losses.thefts.length === 0 ? (
            <NothingFits asked={asked} />
          ) : (
            <Shown losses={losses} countries={countries} asked={asked} onOpen={onOpen} />
          )}
        </div>
      )}
      {table.state === "failed" && losses !== undefined ? (
        <ErrorState error={table.error} retry={table.retry} />
      ) : undefined}
    </Page>
  );
}

type ShownProps = {
  readonly losses: Losses;
  readonly countries: Losses | undefined;
  readonly asked: LossesAsked;
  readonly onOpen: (open: string | undefined) => void;
};

function Shown({ losses, countries, asked, onOpen }: ShownProps): ReactNode {
  const query = useQuery();
  const drawn = useDeferredValue(countries);
  /** A part of a chart opens its row, which is a country's. */
  const openCountry = (open: string): void => {
    query.set({ open, ...(asked.by === "country" ? {} : { by: undefined }) });
    const key = readOpen(open)?.key ?? "";
    // The row is there once the page has been drawn again.
    setTimeout(
      () => document.querySelector(`[data-row="${CSS.escape(key)}"]`)?.scrollIntoView({ block: "nearest" }),
      100,
    );
  };
  return (
    <>
      <div className="charts">
        {drawn === undefined ? (
          <ChartsRoom />
        ) : (
          <Suspense fallback={<ChartsRoom />}>
            <LossCharts losses={drawn} onOpen={openCountry}>
              <PublishedBeside asked={asked} />
            </LossCharts>
          </Suspense>
        )}
      </div>
      <section className="losses-table">
        <TableHead losses={losses} asked={asked} />
        <LossTable losses={losses} open={asked.open} onOpen={onOpen} />
        <p className="print-only caption">{provenanceOf(losses)}</p>
      </section>
    </>
  );
}

/** The room that the charts will take, so that nothing moves when they come. */
function ChartsRoom(): ReactNode {
  return (
    <>
      <div className="panel room-map" />
      <div className="panel" />
      <div className="panel" />
      <div className="panel room-timeline" />
    </>
  );
}

function TableHead({ losses, asked }: Pick<ShownProps, "losses" | "asked">): ReactNode {
  const speech = useText();
  const { t } = speech;
  const [isMethod, setMethod] = useState(false);
  const save = (): void => {
    // The mark at the beginning makes spreadsheets read UTF-8.
    const text = `\u{feff}${lossesCsv(losses, speech)}`;
    saveFile(`${fileNameOf(losses, "losses")}.csv`, new Blob([text], { type: "text/csv;charset=utf-8" }));
  };
  return (
    <div className="table-head">
      <h2>{t(words.caption, { by: t(byTexts[losses.by]) })}</h2>
      <div className="actions">
        <button type="button" className="link" onClick={save}>
          {t(words.csv)}
        </button>
        <button type="button" className="link" onClick={() => setMethod(true)}>
          {t(words.methodTitle)}
        </button>
      </div>
      {isMethod ? <MethodDialog losses={losses} asked={asked} close={() => setMethod(false)} /> : undefined}
    </div>
  );
}

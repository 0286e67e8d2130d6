import { useMemo, useState, type ReactNode } from "react";
import { useSimulated } from "../../../data/ledger.ts";
import { useText } from "../../../parts/settings.tsx";
import type { Job } from "../model/answers.ts";
import type { TraceData } from "../state/use-trace.ts";
import type { GraphFacts, Shown } from "../state/messages.ts";
import { words } from "../words.ts";
import { useBench, type Bench } from "./desk.ts";
import { Drawing } from "./drawing.tsx";
import { ExportMenu, NotesMenu } from "./export-menu.tsx";
import type { Carried } from "./carried.ts";
import { LargeNote } from "./large-note.tsx";
import { ShownTrace } from "./shown-trace.tsx";
import { svgOf } from "./still.ts";
import { SummaryText } from "./summary.tsx";
import { Toolbar, usePolicy } from "./toolbar.tsx";
import { useLook } from "./use-look.ts";

type WorkbenchProps = { readonly job: Job; readonly data: TraceData };

/** A finished trace: what it says, how it is shown, and what can be done with it. */
export function Workbench({ job, data }: WorkbenchProps): ReactNode {
  const digest = job.result?.sha256 ?? job.id;
  const bench = useBench({ trace: job.id, digest, graph: data.graph });
  const { laid } = bench;
  const { summary, comparison } = data;
  const [said, say] = useState("");
  const tip = tipOf(job);
  const hasTiho = summary.model === "utxo";
  const carried = useCarried(job, data);
  return (
    <div className="trace-bench">
      <SummaryText
        summary={summary}
        comparison={comparison}
        view={laid.shown?.view}
        tip={tip}
        given={givenPart(laid.facts)}
        isTheft={job.asked.incident !== undefined}
      />
      <LargeNote facts={laid.facts} view={laid.shown?.view} />
      {laid.fault === undefined ? undefined : (
        <p role="alert" className="trace-wrong">
          {laid.fault}
        </p>
      )}
      {laid.shown === undefined ? (
        <>
          <Toolbar bench={bench} policy={summary.policy} hasTiho={hasTiho} isCompared={job.asked.compare === "on"}>
            {undefined}
          </Toolbar>
          {laid.fault === undefined ? <Drawing bytes={data.graphBytes} stage={laid.stage} /> : undefined}
        </>
      ) : (
        <Laid {...{ job, data, bench, digest, carried, hasTiho, tip, say }} shown={laid.shown} />
      )}
      <output className="trace-said">{said === "" ? undefined : said}</output>
    </div>
  );
}

type LaidProps = WorkbenchProps & {
  readonly bench: Bench;
  readonly shown: Shown;
  readonly digest: string;
  readonly carried: Carried;
  readonly hasTiho: boolean;
  readonly tip: number;
  readonly say: (text: string) => void;
};

function Laid({ job, data, bench, shown, digest, carried, hasTiho, tip, say }: LaidProps): ReactNode {
  const [hovered, setHovered] = useState<number | undefined>(undefined);
  const { summary, destinations } = data;
  const look = useLook({ bench, shown, destinations, tip, hovered });
  const { t, locale } = useText();
  const asked = usePolicy(summary.policy, hasTiho);
  const svg = (): string => svgOf({ shown, look, carried, window: bench.state.window, locale, t });
  return (
    <>
      <Toolbar bench={bench} policy={summary.policy} hasTiho={hasTiho} isCompared={job.asked.compare === "on"}>
        <NotesMenu bench={bench} digest={digest} say={say} />
        <ExportMenu trace={job.id} digest={digest} carried={carried} svg={svg} say={say} />
      </Toolbar>
      <ShownTrace {...{ bench, shown, look, asked, svg, setHovered }} chain={summary.chain} />
    </>
  );
}

/** Of what ends, the part that the server gave one by one. */
function givenPart(facts: GraphFacts | undefined): number {
  const share = facts?.shown?.share;
  return share === undefined || share === null ? 1 : Math.min(1, Number(share) / 1_000_000);
}

function tipOf({ result }: Job): number {
  return result?.tip?.height ?? 0;
}

const originsNamed = 5;

function useCarried(job: Job, { summary }: TraceData): Carried {
  const { t } = useText();
  const isSimulated = useSimulated();
  return useMemo((): Carried => {
    const { asked, result } = job;
    const refs = summary.origins.map(({ ref }) => ref);
    const origin =
      asked.incident ??
      `${refs.slice(0, originsNamed).join(", ")}${refs.length > originsNamed ? ` +${refs.length - originsNamed}` : ""}`;
    return {
      origin,
      policy: summary.policy,
      stops: asked.tags === "off" ? t(words.stopsNone) : t(words.stopsTags),
      tip: String(result?.tip?.height ?? ""),
      digest: result?.sha256 ?? "",
      simulated: isSimulated,
    };
  }, [job, summary, t, isSimulated]);
}

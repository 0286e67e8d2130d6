import { parseCountry } from "../base/country.ts";
import { parsePeriod, yearOf, type Day } from "../base/day.ts";
import { parseUsd, type Millionths } from "../base/usd.ts";
import type { PublishedFigure, PublishedSet } from "./published-set.ts";
import { readSources } from "./read-sources.ts";
import { RegisterFile, type Path, type TextFile } from "./register-file.ts";
import type { PublishedFile } from "./schema.ts";

type File = RegisterFile<PublishedFile>;
type FigureFile = PublishedFile["figures"][number];

/** Reads one file of `data/published`; the set is undefined where the findings hold an error. */
export function readPublished(text: TextFile): { readonly file: File; readonly set: PublishedSet | undefined } {
  const file = new RegisterFile<PublishedFile>("published", text);
  const content = file.content;
  if (content === undefined) return { file, set: undefined };
  if (!text.path.endsWith(`/${content.id}.yaml`)) {
    file.error(["id"], `the id "${content.id}" differs from the file's name`, "name the file after the id");
  }
  const published = file.attempt(["published"], () => parsePeriod(content.published));
  const from = content.from === undefined ? undefined : readDay(file, ["from"], content.from, "first");
  const to = readDay(file, ["to"], content.to, "last");
  if (published === undefined || to === undefined) return { file, set: undefined };
  if (from !== undefined && from > to) file.error(["to"], "the period ends before it begins", "correct from or to");
  const set: PublishedSet = {
    id: content.id,
    file: file.path,
    publisher: content.publisher,
    title: content.title,
    published,
    actor: content.actor,
    from,
    to,
    scope: content.scope,
    value: content.value,
    yearsStated: content.years_stated === undefined ? undefined : Number(content.years_stated),
    figures: content.figures.flatMap((figure, index) => readFigure(file, ["figures", index], figure, { from, to })),
    notes: content.notes,
    sources: readSources(content.sources),
  };
  return { file, set: file.findings.some(({ severity }) => severity === "error") ? undefined : set };
}

function readFigure(
  file: File,
  path: Path,
  figure: FigureFile,
  period: { readonly from: Day | undefined; readonly to: Day },
): readonly PublishedFigure[] {
  const group = figure.group;
  const usd = file.attempt([...path, "usd"], () => parseUsd(String(figure.usd)));
  const window = readWindow(file, path, figure, period);
  if (group === "country") file.attempt([...path, "key"], () => parseCountry(figure.key, "a published figure"));
  if (group === "world" && figure.key !== "world")
    file.error([...path, "key"], "the key is not `world`", "write world");
  if (usd === undefined || window === undefined) return [];
  const { share } = figure;
  return [
    {
      group,
      key: figure.key,
      usd,
      qualifier: figure.qualifier,
      share: share === undefined ? undefined : { text: share, millionths: millionths(share) },
      incidents: figure.incidents === undefined ? undefined : Number(figure.incidents),
      ...window,
      note: figure.note,
      sources: figure.sources,
    },
  ];
}

/** The figure's own period: stated, or that of its year or month, or the set's. */
function readWindow(
  file: File,
  path: Path,
  figure: FigureFile,
  period: { readonly from: Day | undefined; readonly to: Day },
): { readonly from: Day | undefined; readonly to: Day } | undefined {
  const named =
    figure.group === "year" || figure.group === "month"
      ? file.attempt([...path, "key"], () => parsePeriod(figure.key))
      : undefined;
  if ((figure.group === "year" || figure.group === "month") && named === undefined) return undefined;
  const from =
    figure.from === undefined ? (named?.first ?? period.from) : readDay(file, [...path, "from"], figure.from, "first");
  const to = figure.to === undefined ? (named?.last ?? period.to) : readDay(file, [...path, "to"], figure.to, "last");
  if (to === undefined) return undefined;
  if (figure.group === "year" && from !== undefined && yearOf(from) !== figure.key) {
    file.error([...path, "from"], `the period does not begin in ${figure.key}`, "correct key or from");
  }
  return { from, to };
}

function readDay(file: File, path: Path, text: string, end: "first" | "last"): Day | undefined {
  return file.attempt(path, () => parsePeriod(text))?.[end];
}

/** The schema has made sure of `0.` and at most six digits. */
function millionths(text: string): Millionths {
  return Number(text.slice(2).padEnd(6, "0")) as Millionths;
}

/**
 * The losses by the most obvious means: YAML read as it is, cents in bigints, one loop, no shared code with `src/`.
 *
 * It answers the same question as `computeLosses` for theft and disclosed values, and is compared with it.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

type Yaml = Readonly<Record<string, never>> & {
  readonly id: string;
  readonly date: string;
  readonly victim: {
    readonly id: string;
    readonly sector: string;
    readonly country: {
      readonly seat?: string;
      readonly operator?: string;
      readonly published?: { readonly code: string };
    };
  };
  readonly values: readonly { readonly at: string; readonly usd: string }[];
  readonly attribution?: { readonly actor: string; readonly confidence: string };
  readonly techniques?: readonly { readonly id?: string }[];
};

export type Question = {
  readonly actor: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly value: "theft" | "disclosed";
  readonly confidence: string;
  readonly countryRule: "published" | "operator" | "seat";
  readonly technique: string | undefined;
  readonly by: "country" | "year" | "actor" | "victim" | "sector" | "technique";
};

export type Answer = ReadonlyMap<
  string,
  { usd: bigint; low: bigint; high: bigint; counted: string[]; rangeOnly: string[] }
>;

const data = path.resolve(import.meta.dirname, "../../data");
const readAll = (folder: string): readonly Yaml[] =>
  readdirSync(path.join(data, folder)).map(
    (file) => parse(readFileSync(path.join(data, folder, file), "utf8"), { schema: "failsafe" }) as Yaml,
  );
const incidents = readAll("incidents");
const parents = new Map(readAll("actors").map((actor) => [actor.id, (actor as { parent?: string }).parent]));
const ladder = ["low", "medium", "high", "confirmed"];

const cents = (text: string): bigint => {
  const [dollars = "", rest = ""] = text.split(".");
  return BigInt(dollars) * 100n + BigInt(`${rest}00`.slice(0, 2));
};

export function answer(question: Question): Answer {
  const rows = new Map<string, { usd: bigint; low: bigint; high: bigint; counted: string[]; rangeOnly: string[] }>();
  for (const incident of incidents) {
    const date = incident.date.length === 7 ? `${incident.date}-01` : incident.date;
    const [year = 0, month = 0] = incident.date.split("-").map(Number);
    const monthDays = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const last = incident.date.length === 7 ? `${incident.date}-${monthDays}` : incident.date;
    if (date < question.from || last > question.to) continue;
    const { attribution } = incident;
    if (question.actor !== undefined) {
      let up: string | undefined = attribution?.actor;
      while (up !== undefined && up !== question.actor) up = parents.get(up);
      if (up === undefined) continue;
    } else if (attribution === undefined) continue;
    const ids = (incident.techniques ?? []).map(({ id }) => id);
    const { technique } = question;
    if (technique !== undefined && !ids.some((id) => id === technique || id?.slice(0, 5) === technique)) continue;

    const level = ladder.indexOf(attribution?.confidence ?? "");
    const values = incident.values.filter(({ at }) => at === question.value).map(({ usd }) => cents(usd));
    const country = incident.victim.country;
    const key = {
      country:
        (question.countryRule === "seat"
          ? country.seat
          : question.countryRule === "operator"
            ? country.operator
            : (country.published?.code ?? country.operator)) ?? "unknown",
      year: date.slice(0, 4),
      actor: attribution?.actor ?? "unknown",
      victim: incident.victim.id,
      sector: incident.victim.sector,
      technique: ids[0] ?? "unknown",
    }[question.by];
    const row = rows.get(key) ?? { usd: 0n, low: 0n, high: 0n, counted: [], rangeOnly: [] };
    rows.set(key, row);
    const counted = level >= ladder.indexOf(question.confidence);
    (counted ? row.counted : row.rangeOnly).push(incident.id);
    const sorted = values.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
    if (counted) row.usd += values[0] ?? 0n;
    if (counted && level >= ladder.indexOf("high")) row.low += sorted[0] ?? 0n;
    row.high += sorted.at(-1) ?? 0n;
  }
  return rows;
}

import { formatUnits } from "../base/amount.ts";
import { countryName, type CountryCode } from "../base/country.ts";
import { formatDecimal } from "../base/decimal.ts";
import type { Source } from "../base/source.ts";
import { formatUsd, groupDigits, type Usd } from "../base/usd.ts";
import type { PriceTable } from "../prices/price-table.ts";
import { appraiseAtTheft, appraiseNow, type Appraisal } from "./appraisal.ts";
import type { Claim, Incident, Stolen } from "./incident.ts";
import type { Register } from "./register.ts";

/** One part of an incident as text: a heading and its lines. */
export type Section = { readonly title: string; readonly lines: readonly string[] };

/** An incident in words for a reader: what, from whom, worth what, by whom, how, where on chain, says who. */
export function incidentSections(incident: Incident, register: Register): readonly Section[] {
  const { victim, attribution } = incident;
  const sections: readonly Section[] = [
    { title: "Incident", lines: [incident.id] },
    { title: "Simulated", lines: incident.simulated ? ["it never happened, and counts in no total"] : [] },
    { title: "Date", lines: [dateWords(incident)] },
    { title: "Victim", lines: [`${victim.name} (${victim.kind}, ${victim.sector})`, ...countryLines(incident)] },
    { title: "Stolen", lines: stolenLines(incident) },
    {
      title: "At theft",
      lines: incident.valuesAtTheft.length === 0 ? ["unknown"] : incident.valuesAtTheft.map(valueLine(incident)),
    },
    {
      title: "Disclosed",
      lines: incident.valuesDisclosed.length === 0 ? ["unknown"] : incident.valuesDisclosed.map(valueLine(incident)),
    },
    { title: "At prices", lines: appraisalLines(appraiseAtTheft(incident, register.prices), "of the day") },
    { title: "Now", lines: appraisalLines(appraiseNow(incident, register.prices), "of today") },
    {
      title: "Recovered",
      lines: incident.recovered.map((item) => `${dollars(item.usd)} (${item.basis}) [${item.source}]`),
    },
    {
      title: "Attributed",
      lines:
        attribution === undefined
          ? [
              "to nobody on record",
              ...incident.suspicions.map(({ by, basis, actor }) => `suspected: ${actor}, by ${by}: ${basis}`),
            ]
          : [
              `${register.actors.get(attribution.actor)?.name ?? attribution.actor} (${attribution.actor}), confidence ${attribution.confidence}`,
              ...attribution.claims.map(claimLine),
              ...attribution.disputes.map((claim) => `disputed by ${claimLine(claim)}`),
            ],
    },
    { title: "Disputed", lines: incident.disputed.map(({ what, why }) => `${what}: ${why}`) },
    {
      title: "Technique",
      lines: incident.techniques.map(({ id, text }) => (id === undefined ? text : `${id} ${text}`)),
    },
    { title: "Theft tx", lines: incident.chain.theft },
    { title: "Thief", lines: incident.chain.thief },
    { title: "Robbed", lines: incident.chain.victim },
    { title: "Notes", lines: incident.notes === undefined ? [] : [incident.notes] },
    { title: "Sources", lines: [...incident.sources].map(([key, source]) => `[${key}] ${sourceWords(source)}`) },
    { title: "File", lines: [incident.file] },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** An incident as plain JSON values: amounts and dollars as decimal text. */
export function incidentJson(incident: Incident, prices: PriceTable): object {
  const country = incident.victim.country;
  return {
    ...incident,
    date: incident.date.text,
    disclosed: incident.disclosed?.text ?? null,
    victim: {
      ...incident.victim,
      country: {
        seat: country.seat ?? null,
        operator: country.operator ?? null,
        published: country.published ?? null,
        claimed: country.claimed,
      },
    },
    stolen: incident.stolen.map(stolenJson),
    valuesAtTheft: incident.valuesAtTheft.map((value) => ({ ...value, usd: formatUsd(value.usd) })),
    valuesDisclosed: incident.valuesDisclosed.map((value) => ({ ...value, usd: formatUsd(value.usd) })),
    atPricesOfTheDay: appraisalJson(appraiseAtTheft(incident, prices)),
    now: appraisalJson(appraiseNow(incident, prices)),
    recovered: incident.recovered.map(({ usd, returned, date, ...rest }) => ({
      usd: formatUsd(usd),
      ...rest,
      date: date?.text ?? null,
      returned: returned === undefined ? null : stolenJson({ kind: "asset", ...returned }),
    })),
    attribution:
      incident.attribution === undefined
        ? null
        : {
            ...incident.attribution,
            claims: incident.attribution.claims.map(claimJson),
            disputes: incident.attribution.disputes.map(claimJson),
          },
    sources: Object.fromEntries(incident.sources),
  };
}

/** What was taken, in words: `523,000,000 XEM`. */
export function stolenWords(item: Stolen): string {
  switch (item.kind) {
    case "asset":
      return `${grouped(formatUnits(item.units, item.asset.decimals ?? 0))} ${item.asset.symbol}`;
    case "token":
      return `${grouped(formatDecimal(item.amount))} ${item.symbol}${item.chain === undefined ? "" : ` on ${item.chain}`}`;
    case "lot":
      return `${item.text}, ${dollars(item.usd)}`;
    default:
      return item satisfies never;
  }
}

/** Dollars in full for a reader: `$234,337,668.88`, without cents where there are none. */
export function dollars(usd: Usd): string {
  return `$${grouped(formatUsd(usd).replace(/\.00$/u, ""))}`;
}

/** A source in words, its address last. */
export function sourceWords({ name, url, date }: Source): string {
  return [name, date === undefined ? "" : ` (${date})`, url === undefined ? "" : ` ${url}`].join("");
}

/** Who says what, and when. */
export function claimLine({ by, date, says, source }: Claim): string {
  return [
    by,
    date === undefined ? "" : ` (${date.text})`,
    says === undefined ? "" : `: ${says}`,
    source === undefined ? "" : ` [${source}]`,
  ].join("");
}

function dateWords({ date, time, disclosed }: Incident): string {
  return `${date.text}${time === undefined ? "" : ` ${time}`} UTC${disclosed === undefined ? "" : `; disclosed ${disclosed.text}`}`;
}

function countryLines(incident: Incident): readonly string[] {
  const { seat, operator, published, claimed } = incident.victim.country;
  const name = (code: CountryCode | undefined): string => (code === undefined ? "not established" : countryName(code));
  return [
    `legal seat ${name(seat)}; operated from ${name(operator)}`,
    ...(published === undefined
      ? []
      : [
          `counted under ${name(published.code)} by ${published.by}${published.basis === undefined ? "" : ` (${published.basis})`}`,
        ]),
    ...claimed.map(({ code, basis, source }) => `also placed in ${name(code)}: ${basis} [${source}]`),
  ];
}

function stolenLines(incident: Incident): readonly string[] {
  if (incident.stolen.length === 0) return ["amounts not on record"];
  return [
    ...incident.stolen.map(stolenWords),
    ...(incident.stolenComplete ? [] : ["and other assets, amounts not on record"]),
  ];
}

function valueLine(incident: Incident): (value: Incident["valuesAtTheft"][number], index: number) => string {
  return ({ usd, basis, source }, index) =>
    `${dollars(usd)} (${basis}) [${source}]${index === 0 && incident.valuesAtTheft.length > 1 ? "; the central value" : ""}`;
}

function appraisalLines(appraisal: Appraisal, which: string): readonly string[] {
  if (appraisal.priced.length === 0 && appraisal.unpriced.length === 0) return ["unknown: no amounts on record"];
  if (appraisal.priced.length === 0) return [`unknown: no price ${which} is known`];
  return [
    `${appraisal.complete ? "" : "at least "}${dollars(appraisal.usd)} at the prices ${which}`,
    ...appraisal.priced.flatMap(({ item, price, usd }) =>
      price === undefined
        ? []
        : [
            `${stolenWords(item)} × ${formatDecimal(price.usd)} = ${dollars(usd)} (${price.kind} ${price.day}, ${price.source})`,
          ],
    ),
    ...appraisal.unpriced.map((item) => `${stolenWords(item)}: price unknown`),
  ];
}

function appraisalJson(appraisal: Appraisal): object {
  return {
    usd: appraisal.priced.length === 0 ? null : formatUsd(appraisal.usd),
    complete: appraisal.complete,
    priced: appraisal.priced.map(({ item, price, usd }) => ({
      item: stolenJson(item),
      usd: formatUsd(usd),
      price:
        price === undefined
          ? null
          : { usd: formatDecimal(price.usd), at: price.at, day: price.day, kind: price.kind, source: price.source },
    })),
    unpriced: appraisal.unpriced.map(stolenJson),
  };
}

function stolenJson(item: Stolen): object {
  switch (item.kind) {
    case "asset":
      return {
        asset: item.asset.id,
        symbol: item.asset.symbol,
        units: item.units.toString(),
        amount: formatUnits(item.units, item.asset.decimals ?? 0),
      };
    case "token":
      return { token: item.symbol, chain: item.chain ?? null, amount: formatDecimal(item.amount) };
    case "lot":
      return { lot: item.text, usd: formatUsd(item.usd) };
    default:
      return item satisfies never;
  }
}

function claimJson({ by, date, says, source }: Claim): object {
  return { by, date: date?.text ?? null, says: says ?? null, source: source ?? null };
}

function grouped(decimal: string): string {
  const [whole = "", fraction] = decimal.split(".");
  return fraction === undefined ? groupDigits(whole) : `${groupDigits(whole)}.${fraction}`;
}

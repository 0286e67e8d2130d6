import type { Locale } from "./locale.ts";

/** A day, month or year as the register writes it. @example periodText("2018-01-26", "ja") // => "2018年1月26日" */
export function periodText(text: string, locale: Locale): string {
  if (locale === "en") return text;
  const [year, month, day] = text.split("-");
  return [
    `${year}年`,
    month === undefined ? "" : `${Number(month)}月`,
    day === undefined ? "" : `${Number(day)}日`,
  ].join("");
}

/**
 * An instant of the API, to the minute, UTC.
 *
 * @example instantText("2018-01-26T14:02:31Z", "en") // => "2018-01-26 14:02 UTC"
 * @example instantText("2018-01-26T14:02:31Z", "ja") // => "2018年1月26日 14:02（UTC）"
 */
export function instantText(iso: string, locale: Locale): string {
  const match = /^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?<time>[0-9]{2}:[0-9]{2})/u.exec(iso)?.groups;
  if (match === undefined) return iso;
  const day = periodText(match["day"] ?? "", locale);
  return locale === "en" ? `${day} ${match["time"]} UTC` : `${day} ${match["time"]}（UTC）`;
}

/** The time of a moment of this machine's clock, UTC. @example "14:02 UTC", "14:02（UTC）" */
export function clockText(ms: number, locale: Locale): string {
  const time = new Date(ms).toISOString().slice(11, 16);
  return locale === "en" ? `${time} UTC` : `${time}（UTC）`;
}

/** Whole years as such, else both days. @example spanText("2017-01-01", "2022-12-31", "en") // => "2017–2022" */
export function spanText(from: string, to: string, locale: Locale): string {
  const isWhole = from.endsWith("-01-01") && to.endsWith("-12-31");
  const [first, last] = isWhole ? [from.slice(0, 4), to.slice(0, 4)] : [from, to];
  const between = locale === "en" ? (isWhole ? "–" : " to ") : "〜";
  if (first === last) return periodText(first, locale);
  if (locale === "ja" && isWhole) return `${first}〜${last}年`;
  return `${periodText(first, locale)}${between}${periodText(last, locale)}`;
}

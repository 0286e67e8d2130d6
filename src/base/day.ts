import { Failure } from "./failure.ts";

/** A calendar day in UTC, `YYYY-MM-DD`; compares as text. */
export type Day = string & { readonly __brand: "Day" };

/** A day, a month or a year as a source gives it, with the first and last day that it may mean. */
export type Period = { readonly text: string; readonly first: Day; readonly last: Day };

/** A moment in UTC, `YYYY-MM-DDTHH:MM:SSZ`; compares as text. */
export type Instant = string & { readonly __brand: "Instant" };

const dayMs = 86_400_000;

/**
 * Reads a calendar day that exists.
 *
 * @throws {Failure} `INVALID_VALUE` for another form, or for a day such as 2023-02-30.
 */
export function parseDay(text: string): Day {
  const match = /^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})$/u.exec(text)?.groups;
  if (match === undefined) throw new Failure("INVALID_VALUE", { kind: "a day", text, why: "write it as YYYY-MM-DD" });
  if (!dayExists(text)) {
    throw new Failure("INVALID_VALUE", { kind: "a day", text, why: "there is no such day in the calendar" });
  }
  return text as Day;
}

/** Reads a day, a month (`YYYY-MM`) or a year (`YYYY`). */
export function parsePeriod(text: string): Period {
  if (/^[0-9]{4}$/u.test(text)) return { text, first: parseDay(`${text}-01-01`), last: parseDay(`${text}-12-31`) };
  if (/^[0-9]{4}-[0-9]{2}$/u.test(text)) {
    const first = parseDay(`${text}-01`);
    return { text, first, last: lastDayOfMonth(first) };
  }
  const day = parseDay(text);
  return { text, first: day, last: day };
}

/**
 * Reads an ISO 8601 instant in UTC, to the second; a bare day means its beginning.
 *
 * @throws {Failure} `INVALID_VALUE` for another form or an hour that does not exist.
 */
export function parseInstant(text: string): Instant {
  if (/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u.test(text)) return `${parseDay(text)}T00:00:00Z` as Instant;
  const match = /^(?<day>[0-9-]{10})T(?<time>(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])Z$/u.exec(text)?.groups;
  if (match === undefined) {
    throw new Failure("INVALID_VALUE", { kind: "an instant", text, why: "write it as YYYY-MM-DDTHH:MM:SSZ" });
  }
  return `${parseDay(match["day"] ?? "")}T${match["time"]}Z` as Instant;
}

/** The day on which an instant falls. */
export function dayOf(instant: Instant): Day {
  return instant.slice(0, 10) as Day;
}

/** The day `count` days later, or earlier where negative. */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10) as Day;
}

/** Whole days from `from` to `to`. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs;
}

export function yearOf(day: Day): string {
  return day.slice(0, 4);
}

function dayExists(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function lastDayOfMonth(first: Day): Day {
  const year = Number(first.slice(0, 4));
  const month = Number(first.slice(5, 7));
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) as Day;
}

import { percent } from "../../base/numbers.ts";
import { periodText } from "../../base/dates.ts";
import { headlineUsd, parseUsd } from "../../base/usd.ts";
import { sumUsd } from "../../../src/base/usd.ts";
import { millions } from "../../charts/pixels.ts";
import type { Circle } from "../../charts/theft-swarm.ts";
import type { Losses, Theft } from "../../data/losses-types.ts";
import { shell } from "../../text/shell-words.ts";
import { theftRange, type Speech } from "./figure-words.ts";
import { words } from "./words.ts";

const nameMax = 24;
/** So many make the finding. */
const few = 3;

export function kindOf({ counted, disputed, hasValue }: Theft): Circle["kind"] {
  if (!hasValue) return "unknown";
  return counted ? (disputed ? "disputed" : "counted") : "range";
}

/** The thefts as circles: the loss; where only the range counts it, the most that it may be. */
export function circlesOf({ thefts }: Losses, speech: Speech): readonly Circle[] {
  const { t, locale } = speech;
  return thefts.map((theft) => {
    const kind = kindOf(theft);
    const usd = theft.counted ? (theft.usd ?? "0.00") : theft.high;
    const value = kind === "unknown" ? t(shell.unknown) : `${theftRange(theft, speech)} ${t(words.usd)}`;
    return {
      open: theft.id,
      label: `${theft.victim}, ${periodText(theft.date, locale)}: ${value}; ${t(theft.counted ? words.counted : words.rangeOnly)}`,
      time: middleOf(theft.date),
      drawn: kind === "unknown" ? 0 : millions(usd),
      kind,
      name: shortName(theft.victim),
      amount: headlineUsd(parseUsd(usd), locale),
    };
  });
}

/** A day, or the middle of a month or a year that is known no better. */
function middleOf(date: string): Date {
  if (date.length === 10) return new Date(`${date}T00:00:00Z`);
  return new Date(date.length === 7 ? `${date}-15T00:00:00Z` : `${date}-07-01T00:00:00Z`);
}

/** A victim's name without what stands in brackets after it, cut where it is long. */
function shortName(victim: string): string {
  const name = victim.replace(/ \(.*$/u, "");
  return name.length > nameMax ? `${name.slice(0, nameMax - 1)}…` : name;
}

export function timelineFinding({ thefts, total }: Losses, { t, locale }: Speech): string {
  const largest = thefts
    .flatMap(({ counted, usd, victim }) => (counted && usd !== null ? [{ victim, usd: parseUsd(usd) }] : []))
    .filter(({ usd }) => usd > 0n)
    .toSorted((left, right) => (left.usd > right.usd ? -1 : 1));
  const [first] = largest;
  const whole = parseUsd(total.usd);
  if (first === undefined || whole === 0n) return t(words.timelineNothing);
  if (largest.length < 2 * few) {
    return t(words.timelineLargest, { victim: first.victim, usd: headlineUsd(first.usd, locale) });
  }
  const sum = sumUsd(largest.slice(0, few).map(({ usd }) => usd));
  // In tenths of a percent, a ratio and no money.
  const share = percent(Number((sum * 1_000_000n) / whole) / 1_000_000);
  return t(words.timelineFinding, { few, n: total.count, share, usd: headlineUsd(sum, locale) });
}

import { formatUsd } from "../../base/usd.ts";
import type { Link } from "../links/links.ts";
import type { MeetingSide } from "../patterns/commingling.ts";
import type { Evidence, Pattern } from "../patterns/pattern.ts";
import { isoTime } from "./json.ts";

/** A pattern as a value of JSON. */
export function patternJson({ amount, seconds, evidence, ...one }: Pattern): object {
  return {
    ...one,
    amount: String(amount),
    ...(seconds === undefined ? {} : { seconds }),
    evidence: evidence.map(momentJson),
  };
}

/** A link as a value of JSON; dollars as decimal text, null where they are not known. */
export function linkJson({ thefts, meeting, usd }: Link): object {
  const { kind, place, at, sides } = meeting;
  const side = (of: 0 | 1): object => {
    const { amounts, first, last, count }: MeetingSide = sides[of];
    const worth = usd[of];
    return {
      theft: thefts[of],
      amounts: [...amounts].map(([asset, amount]) => ({ asset, amount: String(amount) })),
      usd: worth === undefined ? null : formatUsd(worth),
      count,
      first: momentJson(first),
      last: momentJson(last),
    };
  };
  return { thefts, kind, place, ...momentJson(at), sides: [side(0), side(1)] };
}

function momentJson({ txid, height, time }: Evidence): object {
  return { transaction: txid, block: height, time: isoTime(time) };
}

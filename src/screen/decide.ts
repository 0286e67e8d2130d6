import { applies } from "./applies.ts";
import type { ScreeningBasis } from "./basis.ts";
import type { Findings } from "./chain-screener.ts";
import type { Fact } from "./fact.ts";
import type { Placed } from "./place.ts";
import type { RuleSet } from "./rules.ts";
import type { Match, Missing, Verdict } from "./verdict.ts";
import { levels, type Direction } from "./words.ts";

/** Asks every rule of every fact, and says what follows. */
export function decide(
  basis: ScreeningBasis,
  asked: { readonly placed: Placed; readonly direction: Direction; readonly to: string | undefined },
  found: Findings,
): Verdict {
  const { rules, register, known } = basis;
  const { placed, direction, to } = asked;
  const { matches, undecided } = askRules(rules, found.facts, { direction, time: found.block?.time ?? 0 });
  const all = distinct([...found.missing, ...undecided]);
  const accepted = all.filter(({ gap }) => rules.accept.some((one) => one === gap));
  const missing = all.filter((one) => !accepted.includes(one));
  return {
    verdict: matches.length > 0 ? "flagged" : missing.length > 0 ? "unknown" : "clear",
    subject: { kind: placed.kind, text: placed.text, to: to ?? null },
    chain: placed.chain?.id ?? null,
    simulated: placed.reader?.simulated === true,
    direction,
    block: found.block,
    rules,
    registerDigest: register.digest,
    tagsDigest: known.digest,
    lists: known.lists,
    matches,
    facts: found.facts,
    parties: found.parties,
    missing,
    accepted,
    checked: found.checked,
  };
}

/** The rules that hold, the gravest first, and what others could not be decided for. */
export function askRules(
  rules: RuleSet,
  facts: readonly Fact[],
  at: { readonly direction: Direction; readonly time: number },
): { readonly matches: readonly Match[]; readonly undecided: readonly Missing[] } {
  const undecided: Missing[] = [];
  const matches = rules.rules.flatMap((rule): readonly Match[] => {
    const holding = facts.filter((fact) => {
      const outcome = applies(rule, fact, at);
      if (outcome.kind === "unknown") undecided.push(outcome.missing);
      return outcome.kind === "holds";
    });
    return holding.length === 0 ? [] : [{ rule, facts: holding }];
  });
  const gravity = (match: Match): number => levels.indexOf(match.rule.level);
  return { matches: matches.toSorted((left, right) => gravity(right) - gravity(left)), undecided };
}

function distinct(missing: readonly Missing[]): readonly Missing[] {
  return [...new Map(missing.map((one) => [`${one.gap} ${one.what}`, one])).values()];
}

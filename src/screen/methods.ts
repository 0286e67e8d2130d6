import { isChangeRule } from "../clusters/rules.ts";
import type { Fact } from "./fact.ts";

/** A heuristic or a convention that a fact rests on. */
export type Method = {
  readonly name: string;
  /** Its page, from the project's root. */
  readonly page: string;
  /** Its error rate, as the page has it. */
  readonly error: string;
};

const convention = "a convention, not a fact: no error rate can be measured";
const page = (name: string): string => `docs/methods/${name}.md`;

/** A test holds the figures against the pages. */
const known: Readonly<Record<string, Omit<Method, "name">>> = {
  fifo: { page: page("exposure"), error: convention },
  haircut: { page: page("exposure"), error: convention },
  "multi-input": {
    page: page("multi-input"),
    error: "of pairs joined 99.5% rightly on generated CoinJoins; on real chains not measured",
  },
  "deposit-reuse": {
    page: page("deposit-reuse"),
    error: "of payers linked 79.1% rightly on generated transfers; on real chains not measured",
  },
  "airdrop-reuse": { page: page("airdrop-reuse"), error: "not measured" },
  "thief-address": {
    page: page("exposure"),
    error: "how much of what came to thieves' addresses was not stolen is not measured",
  },
  "same-key": { page: page("same-key"), error: "not measured" },
  "actor-by-name": { page: page("tags"), error: "how many names lead to a wrong actor is not known" },
};
const changeError = "by rule and chain from 19.1% to 96.8% rightly on generated chains; see the page of the rule";

/** The methods that facts rest on, by name. */
export function methodsOf(facts: readonly Pick<Fact, "methods">[]): readonly Method[] {
  const names = [...new Set(facts.flatMap(({ methods }) => methods))].toSorted();
  return names.map((name) => {
    if (isChangeRule(name)) return { name, page: page("change-rules"), error: changeError };
    return { name, ...(known[name] ?? { page: page("exposure"), error: "not measured" }) };
  });
}

import type { Register } from "../../incidents/register.ts";
import { knownTags } from "../../screen/basis.ts";
import type { RuleSet } from "../../screen/rules.ts";
import { Screener } from "../../screen/screener.ts";
import { tagReaderOf } from "../../tags/memory-tags.ts";
import { folderName, type LedgerView } from "../ledger-view.ts";

/** Gives the screener of a state of the ledger; each state has one, which keeps what it has looked up. */
export function screenersBy(register: Register, rules: RuleSet): (view: LedgerView) => Screener {
  const opened = new WeakMap<LedgerView, Screener>();
  return (view) => {
    const known = opened.get(view);
    if (known !== undefined) return known;
    const [first] = view.chains;
    const tags = view.tags ?? tagReaderOf([], () => undefined);
    const lists = first === undefined ? { lists: [], digest: "" } : knownTags(first.snapshot, folderName);
    const screener = new Screener(view.chains, { tags, known: lists, register, rules });
    opened.set(view, screener);
    return screener;
  };
}

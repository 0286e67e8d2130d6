import type { ReactNode } from "react";
import { confidences, countryRules, groupings, valueKinds } from "../../data/losses-types.ts";
import { useActors, useIncidents } from "../../data/register.ts";
import { useText } from "../../parts/settings.tsx";
import { useQuery } from "../../routing/history.ts";
import { confidenceTexts } from "../../text/register-words.ts";
import { shell } from "../../text/shell-words.ts";
import { byTexts, ruleTexts, valueTexts } from "./figure-words.ts";
import { study, type LossesAsked } from "./query.ts";
import { words } from "./words.ts";

type Choice = readonly [value: string, text: string];

/** Everything that selects, kept in the address. */
export function Filters({ asked }: { readonly asked: LossesAsked }): ReactNode {
  const { t } = useText();
  const query = useQuery();
  const actors = useActors();
  const set = (name: string, usual: string) => (value: string) =>
    query.set({ [name]: value === usual ? undefined : value, open: undefined });
  const known = "value" in actors ? actors.value : [];
  const names: readonly Choice[] = [
    ...(known.some(({ id }) => id === asked.actor) || asked.actor === "all"
      ? []
      : [[asked.actor, asked.actor] as const]),
    ...known.map(({ id, name }): Choice => [id, name]),
    ["all", t(words.allActors)],
  ];
  const usualConfidence = asked.actor === "all" ? "" : (study.confidence ?? "");
  const reset = (): void => {
    const all = ["actor", "from", "to", "by", "value", "country-rule", "confidence", "technique", "open"];
    query.set(Object.fromEntries(all.map((name) => [name, undefined])));
  };
  return (
    <search className="filters">
      <Select name="actor" label={t(words.actor)} value={asked.actor} choices={names} onChange={setActor(query)} />
      <Period asked={asked} />
      <Select
        label={t(words.countryRule)}
        value={asked.countryRule}
        choices={countryRules.map((rule) => [rule, t(ruleTexts[rule])])}
        onChange={set("country-rule", study.countryRule)}
      />
      <Select
        label={t(words.value)}
        value={asked.value}
        choices={valueKinds.map((kind) => [kind, t(valueTexts[kind])])}
        onChange={set("value", study.value)}
      />
      <Select
        label={t(words.confidence)}
        value={asked.confidence ?? ""}
        choices={[
          ...(asked.actor === "all" ? [["", t(words.any)] as const] : []),
          ...confidences.map((one): Choice => {
            const confidence = t(confidenceTexts[one] ?? shell.unknown);
            return [one, one === "confirmed" ? confidence : t(words.orBetter, { confidence })];
          }),
        ]}
        onChange={set("confidence", usualConfidence)}
      />
      <Technique asked={asked} onChange={set("technique", "")} />
      <Select
        label={t(words.by)}
        value={asked.by}
        choices={groupings.map((one) => [one, t(byTexts[one])])}
        onChange={set("by", study.by)}
      />
      <button type="button" onClick={reset}>
        {t(shell.reset)}
      </button>
    </search>
  );
}

/** Without an actor no confidence is asked for, unless the reader does. */
function setActor(query: ReturnType<typeof useQuery>): (actor: string) => void {
  return (actor) =>
    query.set({ actor: actor === study.actor ? undefined : actor, confidence: undefined, open: undefined });
}

function Technique({
  asked,
  onChange,
}: {
  readonly asked: LossesAsked;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { t } = useText();
  const incidents = useIncidents();
  const ids = new Set(
    ("value" in incidents ? incidents.value : []).flatMap(({ techniques }) =>
      techniques.flatMap(({ id }) => (id === undefined ? [] : [id])),
    ),
  );
  if (asked.technique !== undefined) ids.add(asked.technique);
  const choices: readonly Choice[] = [["", t(words.any)], ...[...ids].toSorted().map((id): Choice => [id, id])];
  const value = asked.technique ?? "";
  return <Select name="technique" label={t(words.technique)} value={value} choices={choices} onChange={onChange} />;
}

const firstYear = 2011;
const thisYear = new Date().getUTCFullYear();

/** Whole years; a day that is none of a year's ends stands as it is. */
function Period({ asked: { from, to } }: { readonly asked: LossesAsked }): ReactNode {
  const { t } = useText();
  const query = useQuery();
  const years = Array.from({ length: thisYear - firstYear + 1 }, (_, index) => String(firstYear + index));
  const choices = (end: string, given: string): readonly Choice[] => {
    const whole = years.map((year): Choice => [`${year}-${end}`, t(words.yearName, { year })]);
    return whole.some(([day]) => day === given) ? whole : [...whole, [given, given]];
  };
  const set = (changed: { readonly from?: string; readonly to?: string }): void => {
    const [first, end] = [changed.from ?? from, changed.to ?? to];
    // Whichever was set holds; the other end comes along.
    const start = first <= end ? first : changed.from === undefined ? `${end.slice(0, 4)}-01-01` : first;
    const stop = first <= end ? end : changed.from === undefined ? end : `${first.slice(0, 4)}-12-31`;
    query.set({
      from: start === study.from ? undefined : start,
      to: stop === study.to ? undefined : stop,
      open: undefined,
    });
  };
  return (
    <>
      <Select
        label={t(words.from)}
        value={from}
        choices={choices("01-01", from)}
        onChange={(day) => set({ from: day })}
      />
      <Select label={t(words.to)} value={to} choices={choices("12-31", to)} onChange={(day) => set({ to: day })} />
    </>
  );
}

type SelectProps = {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  /** Of those whose choices come later than the page: their width must not depend on them. */
  readonly name?: "actor" | "technique";
};

function Select({ label, value, choices, onChange, name }: SelectProps): ReactNode {
  return (
    <label>
      {label}
      <select className={name} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

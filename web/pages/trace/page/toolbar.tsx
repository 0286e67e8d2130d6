import type { ReactNode } from "react";
import { useText } from "../../../parts/settings.tsx";
import { useQuery } from "../../../routing/history.ts";
import { push } from "../../../routing/history.ts";
import { policyTexts, words } from "../words.ts";
import type { Bench } from "./desk.ts";
import { PolicyOptions } from "./start-form.tsx";

type ToolbarProps = {
  readonly bench: Bench;
  readonly policy: string;
  readonly hasTiho: boolean;
  readonly isCompared: boolean;
  readonly children: ReactNode;
};

/** What changes the question, and what changes its look. */
export function Toolbar({ bench, policy, hasTiho, isCompared, children }: ToolbarProps): ReactNode {
  const { t } = useText();
  const asked = usePolicy(policy, hasTiho);
  const { state, actions, kept } = bench;
  return (
    <div className="trace-toolbar" role="toolbar" aria-label={t(words.view)}>
      <label>
        {t(words.policy)}{" "}
        <select value={policy} onChange={(event) => asked.set(event.currentTarget.value)}>
          <PolicyOptions hasTiho={hasTiho} />
        </select>
      </label>
      <label className="check" title={t(words.compareHint)}>
        <input type="checkbox" checked={isCompared} onChange={() => asked.toggleCompare()} />
        {t(words.compare)}
      </label>
      <span className="trace-gap" />
      <Switch
        label={t(words.view)}
        choices={[
          [t(words.graph), !state.isList],
          [t(words.list), state.isList],
        ]}
        choose={(at) => actions.setList(at === 1)}
      />
      <Switch
        label={t(words.layout)}
        choices={[
          [t(words.byTime), state.mode === "time"],
          [t(words.byHop), state.mode === "hop"],
        ]}
        choose={(at) => actions.setMode(at === 1 ? "hop" : "time")}
      />
      <button type="button" disabled={!kept.canUndo} onClick={kept.undo}>
        {t(words.undo)}
      </button>
      <button type="button" disabled={!kept.canRedo} onClick={kept.redo}>
        {t(words.redo)}
      </button>
      {children}
    </div>
  );
}

type SwitchProps = {
  readonly label: string;
  readonly choices: readonly (readonly [text: string, isOn: boolean])[];
  readonly choose: (at: number) => void;
};

function Switch({ label, choices, choose }: SwitchProps): ReactNode {
  return (
    <span className="trace-switch" role="group" aria-label={label}>
      {choices.map(([text, isOn], at) => (
        <button key={text} type="button" aria-pressed={isOn} onClick={() => choose(at)}>
          {text}
        </button>
      ))}
    </span>
  );
}

export type PolicyAsked = {
  readonly set: (policy: string) => void;
  /** The next or the one before, around. */
  readonly step: (by: 1 | -1) => void;
  readonly toggleCompare: () => void;
};

/** Another policy is another trace: one step of the history. What was selected stays. */
export function usePolicy(policy: string, hasTiho: boolean): PolicyAsked {
  const query = useQuery();
  const go = (changes: Readonly<Record<string, string | undefined>>): void => {
    const next = new URLSearchParams(query.text);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) next.delete(name);
      else next.set(name, value);
    }
    push(`/trace?${next.toString()}`);
  };
  const set = (next: string): void => go({ policy: next === "fifo" ? undefined : next, path: undefined });
  const all = Object.keys(policyTexts).filter((one) => hasTiho || one !== "tiho");
  return {
    set,
    step: (by) => set(all[(all.indexOf(policy) + by + all.length) % all.length] ?? "fifo"),
    toggleCompare: () => go({ compare: query.get("compare") === "on" ? undefined : "on" }),
  };
}

import { useId, useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { whole } from "../../base/numbers.ts";
import { useLedger } from "../../data/ledger.ts";
import type { ScreeningAsked } from "../../data/screenings.ts";
import { useText } from "../../parts/settings.tsx";
import { screenWords as words } from "../../text/screen-words.ts";
import { subjectsIn } from "./subjects.ts";

export type FormValues = {
  readonly text: string;
  readonly chain: string | undefined;
  readonly direction: ScreeningAsked["direction"];
};

export const directions = ["deposit", "withdrawal", "either"] as const;

type FormProps = {
  readonly values: FormValues;
  readonly onScreen: (values: FormValues, subjects: readonly string[]) => void;
};

/** Where what is to be screened is pasted. It grows with what is in it. */
export function ScreenForm({ values, onScreen }: FormProps): ReactNode {
  const { t } = useText();
  const [text, setText] = useState(values.text);
  const [direction, setDirection] = useState(values.direction);
  const [chain, setChain] = useState(values.chain ?? "");
  const id = useId();
  const [before, setBefore] = useState(values);
  // Back and forward change what was asked.
  if (before.text !== values.text || before.direction !== values.direction || before.chain !== values.chain) {
    setBefore(values);
    setText(values.text);
    setDirection(values.direction);
    setChain(values.chain ?? "");
  }
  const subjects = subjectsIn(text);
  const submit = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault();
    if (subjects.length > 0) onScreen({ text, direction, chain: chain === "" ? undefined : chain }, subjects);
  };
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // One line is sent by Enter; of a list Enter begins a new line, and Ctrl or ⌘ with it sends.
    const isList = text.includes("\n");
    if (
      event.key === "Enter" &&
      !event.nativeEvent.isComposing &&
      !event.shiftKey &&
      (!isList || event.ctrlKey || event.metaKey)
    ) {
      submit(event);
    }
  };
  const lines = Math.min(8, text.split("\n").length);
  return (
    <form className="screen-form" onSubmit={submit}>
      <div className="what">
        <label htmlFor={id}>{t(words.what)}</label>
        <textarea
          id={id}
          rows={lines}
          value={text}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          onKeyDown={pressed}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <label>
        <span>{t(words.direction)}</span>
        <select
          value={direction}
          onChange={(event) => setDirection(directions.find((one) => one === event.currentTarget.value) ?? "deposit")}
        >
          {directions.map((one) => (
            <option key={one} value={one}>
              {t(words[one])}
            </option>
          ))}
        </select>
      </label>
      <ChainSelect value={chain} onChange={setChain} />
      <button type="submit" className="primary" disabled={subjects.length === 0}>
        {subjects.length > 1 ? t(words.submitMany, { n: whole(subjects.length) }) : t(words.submit)}
      </button>
    </form>
  );
}

function ChainSelect({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (chain: string) => void;
}): ReactNode {
  const { t } = useText();
  const asked = useLedger();
  const loaded = "value" in asked ? asked.value.chains.map(({ alias }) => alias) : [];
  const choices = value === "" || loaded.includes(value) ? loaded : [...loaded, value];
  return (
    <label>
      <span>{t(words.chain)}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{t(words.anyChain)}</option>
        {choices.map((alias) => (
          <option key={alias} value={alias}>
            {alias}
          </option>
        ))}
      </select>
    </label>
  );
}

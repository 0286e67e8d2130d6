import { useEffect, useState, type ChangeEvent, type ClipboardEvent, type FocusEvent, type KeyboardEvent } from "react";
import { keepPasted, linesOf } from "../data/pasted-list.ts";
import { askSearch, useSearch } from "../data/search.ts";
import { useAnnounce } from "../parts/live.tsx";
import { useText } from "../parts/settings.tsx";
import { push } from "../routing/history.ts";
import { choicesOf, type Choice } from "./search-choices.ts";
import { words } from "./search-words.ts";

/** A pause this long in typing asks. */
const pauseMs = 120;

/** What the search box knows and does. */
export type SearchBoxState = {
  readonly text: string;
  readonly choices: readonly Choice[];
  /** Which choice arrows have reached; -1: none. */
  readonly active: number;
  readonly isShown: boolean;
  readonly go: (choice: Choice) => void;
  readonly handlers: {
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: () => void;
    readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void;
    readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
    readonly onPaste: (event: ClipboardEvent) => void;
  };
};

export function useSearchBox(): SearchBoxState {
  const { t } = useText();
  const announce = useAnnounce();
  const [text, setText] = useState("");
  const [pasted, setPasted] = useState<readonly string[]>([]);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [before, setBefore] = useState<Element | null>(null);
  const typed = text.trim();
  const asked = useSearch(useSettled(text));
  const found = "value" in asked && asked.value.q === typed ? asked.value : undefined;
  const choices = choicesOf({ found, text: typed, pasted, t });
  const isShown = isOpen && choices.length > 0;
  const show = (now: { readonly text: string; readonly pasted: readonly string[]; readonly active: number }): void => {
    setText(now.text);
    setPasted(now.pasted);
    setActive(now.active);
    setOpen(true);
  };
  const close = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const go = (choice: Choice): void => {
    if (choice.kind === "list") keepPasted(pasted);
    show({ text: "", pasted: [], active: -1 });
    close();
    push(choice.to);
  };
  const enter = async (): Promise<void> => {
    setOpen(true);
    const chosen = choices[active];
    if (chosen !== undefined) return go(chosen);
    // Enter may come before the answer.
    const answer = pasted.length > 0 || typed === "" ? undefined : (found ?? (await askSearch(typed)));
    const now = choicesOf({ found: answer, text: typed, pasted, t });
    const exact = now.filter((choice) => choice.isExact);
    const [only] = exact.length > 0 ? exact : now;
    if (only !== undefined && (exact.length > 0 ? exact : now).length === 1) go(only);
  };
  const escape = (input: HTMLInputElement): void => {
    if (isShown) close();
    else if (before instanceof HTMLElement) before.focus();
    else input.blur();
  };
  const move = (step: 1 | -1): void => {
    setOpen(true);
    if (choices.length > 0)
      setActive((now) =>
        now === -1 && step === -1 ? choices.length - 1 : (now + step + choices.length) % choices.length,
      );
  };
  const paste = (lines: readonly string[]): void => {
    show({ text: "", pasted: lines, active: 0 });
    announce(t(words.screenMany, { n: lines.length }));
  };
  const type = (now: string): void => show({ text: now, pasted: [], active: -1 });
  const handlers = handlersOf({ move, escape, enter, paste, type, close, came: setBefore });
  return { text, choices, active, isShown, go, handlers };
}

type Acts = {
  readonly move: (step: 1 | -1) => void;
  readonly escape: (input: HTMLInputElement) => void;
  readonly enter: () => Promise<void>;
  readonly paste: (lines: readonly string[]) => void;
  readonly type: (text: string) => void;
  readonly close: () => void;
  readonly came: (from: Element | null) => void;
};

function handlersOf({ move, escape, enter, paste, type, close, came }: Acts): SearchBoxState["handlers"] {
  const keys: Readonly<Record<string, (input: HTMLInputElement) => void>> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: escape,
    Enter: () => void enter(),
  };
  return {
    onFocus: (event) => came(event.relatedTarget),
    onBlur: close,
    onChange: (event) => type(event.currentTarget.value),
    onKeyDown: (event) => {
      const act = event.nativeEvent.isComposing ? undefined : keys[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act(event.currentTarget);
    },
    onPaste: (event) => {
      const lines = linesOf(event.clipboardData.getData("text"));
      if (lines.length < 2) return;
      event.preventDefault();
      paste(lines);
    },
  };
}

/** A text once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

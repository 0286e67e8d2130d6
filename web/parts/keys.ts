import { useEffect, useRef } from "react";
import { useSettings } from "./settings.tsx";

export type KeyBindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/**
 * Keys of the whole page. `mod+k` is Ctrl or ⌘; single keys act only where nothing is being typed and the reader has not turned them
 * off. Keys of one part of a page belong to its own `onKeyDown` instead.
 */
export function usePageKeys(bindings: KeyBindings): void {
  const { singleKeys } = useSettings();
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const isMod = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      if (!isMod && (!singleKeys || isTyping(event.target))) return;
      const bound = latest.current[`${isMod ? "mod+" : ""}${event.key.toLowerCase()}`];
      if (bound === undefined) return;
      event.preventDefault();
      bound(event);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [singleKeys]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName) ||
      target.closest("dialog") !== null)
  );
}

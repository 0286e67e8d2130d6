import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from "react";

type Announce = (text: string) => void;

const Context = createContext<Announce>(() => undefined);
/** Progress is said at most this often. */
const leastMs = 5_000;

/** A region that screen readers speak: verdicts, progress, what was copied. At most one sentence in five seconds, the newest. */
export function LiveRegion({ children }: { readonly children: ReactNode }): ReactNode {
  const [text, setText] = useState("");
  const next = useRef<string | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const announce = useCallback((said: string) => {
    if (timer.current !== undefined) {
      next.current = said;
      return;
    }
    const speak = (one: string): void => {
      setText(one);
      timer.current = setTimeout(() => {
        timer.current = undefined;
        const waiting = next.current;
        next.current = undefined;
        if (waiting === undefined) setText("");
        else speak(waiting);
      }, leastMs);
    };
    speak(said);
  }, []);
  return (
    <Context value={announce}>
      {children}
      <output className="unseen" aria-live="polite">
        {text}
      </output>
    </Context>
  );
}

/** Says something to who does not see it. */
export function useAnnounce(): Announce {
  return use(Context);
}

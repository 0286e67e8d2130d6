import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { localeOf, locales, type Locale } from "../base/locale.ts";
import { say, type Say } from "../text/text.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** What a reader has chosen, kept by the browser. */
export type Settings = {
  readonly locale: Locale;
  readonly theme: Theme;
  /** Whether keys without Ctrl or ⌘ do something (WCAG 2.1.4). */
  readonly singleKeys: boolean;
  readonly setLocale: (locale: Locale) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly setSingleKeys: (on: boolean) => void;
};

const Context = createContext<Settings | undefined>(undefined);

export function SettingsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [locale, setLocale] = useKept("locale", locales, localeOf(navigator.languages));
  const [theme, setTheme] = useKept("theme", themes, "system");
  const [keys, setKeys] = useKept("single-keys", ["on", "off"], "on");
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  const settings = useMemo(
    (): Settings => ({
      locale,
      theme,
      singleKeys: keys === "on",
      setLocale,
      setTheme,
      setSingleKeys: (on) => setKeys(on ? "on" : "off"),
    }),
    [locale, theme, keys, setLocale, setTheme, setKeys],
  );
  return <Context value={settings}>{children}</Context>;
}

export function useSettings(): Settings {
  const settings = use(Context);
  if (settings === undefined) throw new Error("outside the settings");
  return settings;
}

/** Says texts in the reader's language. */
export function useText(): { readonly t: Say; readonly locale: Locale } {
  const { locale } = useSettings();
  return useMemo(() => ({ locale, t: ((text, ...given) => say(locale, text, ...given)) as Say }), [locale]);
}

/** The theme that is seen: what the reader chose, else the system's. */
export function useDark(): boolean {
  const { theme } = useSettings();
  const [system, setSystem] = useState(() => matchMedia(darkQuery).matches);
  useEffect(() => {
    const query = matchMedia(darkQuery);
    const changed = (): void => setSystem(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return theme === "dark" || (theme === "system" && system);
}

const darkQuery = "(prefers-color-scheme: dark)";

function useKept<const Choice extends string>(
  name: string,
  choices: readonly Choice[],
  usual: NoInfer<Choice>,
): readonly [Choice, (choice: Choice) => void] {
  const key = `fundtrail.${name}`;
  const [chosen, setChosen] = useState<Choice>(() => choices.find((one) => one === kept(key)) ?? usual);
  const choose = useCallback(
    (choice: Choice) => {
      setChosen(choice);
      try {
        localStorage.setItem(key, choice);
      } catch {
        // Storage is refused: the choice holds for this visit.
      }
    },
    [key],
  );
  return [chosen, choose];
}

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

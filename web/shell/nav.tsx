import type { ReactNode, RefObject } from "react";
import { Icon, type IconName } from "../parts/icon.tsx";
import { themes, useSettings, useText, type Theme } from "../parts/settings.tsx";
import { Link } from "../routing/link.tsx";
import type { PageName, Place } from "../routing/routes.ts";
import { shell } from "../text/shell-words.ts";
import type { Text } from "../text/text.ts";
import { SearchBox } from "./search-box.tsx";

type Section = { readonly to: string; readonly text: Text; readonly pages: readonly PageName[] };

const sections: readonly Section[] = [
  { to: "/losses", text: shell.losses, pages: ["losses"] },
  { to: "/incidents", text: shell.incidents, pages: ["incidents", "incident", "actor", "published"] },
  { to: "/trace", text: shell.trace, pages: ["trace"] },
  { to: "/screen", text: shell.screen, pages: ["screen", "screening", "address", "transaction", "cluster"] },
  { to: "/ledger", text: shell.ledger, pages: ["ledger"] },
];

type NavProps = {
  readonly place: Place;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly openHelp: () => void;
};

/** The bar above every page. */
export function Nav({ place, search, openHelp }: NavProps): ReactNode {
  const { t } = useText();
  return (
    <header className="nav">
      <Link to="/" className="brand">
        <img src="/icon.svg" alt="" width="20" height="20" />
        Fundtrail
      </Link>
      <nav aria-label={t(shell.nav)}>
        {sections.map(({ to, text, pages }) => (
          <Link key={to} to={to} aria-current={pages.some((one) => one === place.page) ? "page" : undefined}>
            {t(text)}
          </Link>
        ))}
      </nav>
      <SearchBox input={search} />
      <div className="tools">
        <LanguageButton />
        <ThemeButton />
        <button type="button" className="icon" aria-label={t(shell.help)} title={t(shell.help)} onClick={openHelp}>
          ?
        </button>
      </div>
    </header>
  );
}

function LanguageButton(): ReactNode {
  const { t, locale } = useText();
  const { setLocale } = useSettings();
  const other = locale === "en" ? "ja" : "en";
  return (
    <button type="button" title={t(shell.languageName)} onClick={() => setLocale(other)}>
      <span lang={other}>{t(shell.language)}</span>
    </button>
  );
}

const themeIcons: Readonly<Record<Theme, IconName>> = { system: "system", light: "sun", dark: "moon" };
const themeTexts: Readonly<Record<Theme, Text>> = {
  system: shell.themeSystem,
  light: shell.themeLight,
  dark: shell.themeDark,
};

function ThemeButton(): ReactNode {
  const { t } = useText();
  const { theme, setTheme } = useSettings();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  const words = t(shell.themeNow, { theme: t(themeTexts[theme]) });
  return (
    <button type="button" className="icon" aria-label={words} title={words} onClick={() => setTheme(next)}>
      <Icon name={themeIcons[theme]} />
    </button>
  );
}

import { createContext, use, type ReactNode } from "react";
import type { Source } from "../data/register-types.ts";
import { WebLink } from "../routing/link.tsx";
import { shell } from "../text/shell-words.ts";
import { useText } from "./settings.tsx";

type Sources = Readonly<Record<string, Source>>;

const Context = createContext<Sources>({});

/** The sources that statements below it refer to by key. */
export function SourcesProvider({
  sources,
  children,
}: {
  readonly sources: Sources;
  readonly children: ReactNode;
}): ReactNode {
  return <Context value={sources}>{children}</Context>;
}

/** A reference to a source by its number, as the list below counts. */
export function SourceRef({ id }: { readonly id: string | null | undefined }): ReactNode {
  const { t } = useText();
  const sources = use(Context);
  const index = Object.keys(sources).indexOf(id ?? "");
  if (index === -1) return undefined;
  return (
    <a
      className="ref"
      href={`#source-${index + 1}`}
      title={sources[id ?? ""]?.name}
      aria-label={`${t(shell.sources)} ${index + 1}`}
    >
      [{index + 1}]
    </a>
  );
}

/** Every source, numbered, each leading to where it can be read. */
export function SourceList(): ReactNode {
  const { locale } = useText();
  const sources = use(Context);
  return (
    <ol className="sources">
      {Object.entries(sources).map(([key, { name, url, date }], index) => (
        <li key={key} id={`source-${index + 1}`}>
          <span lang={locale === "en" ? undefined : "en"}>
            {url === undefined ? name : <WebLink url={url}>{name}</WebLink>}
          </span>
          {date === undefined ? undefined : <span className="quiet"> {date}</span>}
        </li>
      ))}
    </ol>
  );
}

/** A text that the register holds in English only, marked as such for who hears it. */
export function English({ children }: { readonly children: string }): ReactNode {
  const { locale } = useText();
  return <span lang={locale === "en" ? undefined : "en"}>{children}</span>;
}

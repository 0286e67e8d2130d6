import { useId, type ReactNode, type RefObject } from "react";
import { Icon } from "../parts/icon.tsx";
import { useText } from "../parts/settings.tsx";
import { shell } from "../text/shell-words.ts";
import type { Choice } from "./search-choices.ts";
import { words } from "./search-words.ts";
import { useSearchBox } from "./use-search-box.ts";

/** The one box for everything that has a page. Enter opens the one exact hit, else what is chosen; Esc gives the focus back. */
export function SearchBox({ input }: { readonly input: RefObject<HTMLInputElement | null> }): ReactNode {
  const { t } = useText();
  const id = useId();
  const { text, choices, active, isShown, go, handlers } = useSearchBox();
  return (
    <search className="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={t(shell.search)}
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-activedescendant={isShown && active >= 0 ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={t(shell.searchKey)}
        title={t(shell.searchFor)}
        value={text}
        {...handlers}
      />
      <Choices id={id} choices={isShown ? choices : []} active={active} go={go} />
    </search>
  );
}

type ChoicesProps = {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly active: number;
  readonly go: (choice: Choice) => void;
};

function Choices({ id, choices, active, go }: ChoicesProps): ReactNode {
  const { t } = useText();
  return (
    <div
      id={`${id}-list`}
      role="listbox"
      aria-label={t(words.results)}
      className="choices"
      hidden={choices.length === 0}
    >
      {choices.map((choice, index) => (
        // Keys go to the box, which says which is active.
        // eslint-disable-next-line jsx-a11y/interactive-supports-focus, jsx-a11y/click-events-have-key-events
        <div
          key={choice.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          className="choice"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => go(choice)}
        >
          <span className="what">{choice.label}</span>
          <span className="caption">{choice.note}</span>
        </div>
      ))}
    </div>
  );
}

import { useState, type ReactNode } from "react";
import { forgetFailures } from "../data/answers.ts";
import { keepToken, keptToken } from "../data/token.ts";
import { Dialog } from "../parts/dialog.tsx";
import { useText } from "../parts/settings.tsx";
import { shell } from "../text/shell-words.ts";

/** Asks for the token of a server that wants one. */
export function TokenDialog({ close }: { readonly close: () => void }): ReactNode {
  const { t } = useText();
  const [text, setText] = useState("");
  const wasRefused = keptToken() !== undefined;
  const take = (): void => {
    keepToken(text.trim());
    forgetFailures();
    // Every question of the page is asked again, with the token.
    location.reload();
  };
  return (
    <Dialog title={t(shell.tokenTitle)} close={close}>
      <p>{t(wasRefused ? shell.tokenRefused : shell.tokenHint)}</p>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          take();
        }}
      >
        <label>
          {t(shell.token)}
          <input
            type="password"
            autoComplete="off"
            required
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" className="primary">
          {t(shell.tokenUse)}
        </button>
      </form>
    </Dialog>
  );
}

import { useEffect, useId, useRef, type ReactNode } from "react";
import { shell } from "../text/shell-words.ts";
import { Icon } from "./icon.tsx";
import { useText } from "./settings.tsx";

type DialogProps = {
  readonly title: string;
  readonly close: () => void;
  readonly children: ReactNode;
};

/** A dialog of the browser's own: it keeps the focus, gives it back, and Esc closes it. */
export function Dialog({ title, close, children }: DialogProps): ReactNode {
  const { t } = useText();
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={element} aria-labelledby={id} onClose={close}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" className="icon" aria-label={t(shell.close)} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** A part of a page with its own heading. */
export function Panel({
  title,
  children,
  aside,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly aside?: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

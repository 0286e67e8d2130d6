import { useEffect, useRef, type ReactNode } from "react";
import { useLast } from "../data/use-answer.ts";

export { useLast };

type PageProps = {
  /** The page's heading, and the document's title. */
  readonly title: string;
  /** In place of the heading's text, where there is more to it. */
  readonly heading?: ReactNode;
  /** Beside the heading: buttons. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

/** A page: its heading first, which has the focus after a navigation, so that a screen reader begins there. */
export function Page({ title, heading, actions, children }: PageProps): ReactNode {
  const element = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Fundtrail`;
  }, [title]);
  useEffect(() => {
    // At the first page of a visit the browser's own order holds; and a page that comes late takes nothing from who types meanwhile.
    if (hasMoved && !isHeld()) element.current?.focus({ preventScroll: true });
    hasMoved = true;
  }, []);
  return (
    <article className="page">
      <div className="page-head">
        <h1 ref={element} tabIndex={-1}>
          {heading ?? title}
        </h1>
        {actions === undefined ? undefined : <div className="actions">{actions}</div>}
      </div>
      {children}
    </article>
  );
}

let hasMoved = false;

function isHeld(): boolean {
  const at = document.activeElement;
  return at !== null && at !== document.body && at !== document.documentElement;
}

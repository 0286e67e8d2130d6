import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from "react";
import { push } from "./history.ts";

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> & {
  readonly to: string;
  readonly children: ReactNode;
};

/** A link to another page of ours: a true link, followed without loading the document again. */
export function Link({ to, children, onClick, ...rest }: LinkProps): ReactNode {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isPlain) return;
    event.preventDefault();
    push(to);
  };
  return (
    <a {...rest} href={to} onClick={follow}>
      {children}
    </a>
  );
}

/** A link to a web address of a source: only `http` and `https` become something to click. */
export function WebLink({ url, children }: { readonly url: string; readonly children: ReactNode }): ReactNode {
  if (!/^https?:\/\//iu.test(url) || !URL.canParse(url))
    return (
      <span>
        {children} {url}
      </span>
    );
  return (
    <a href={url} rel="noreferrer noopener" target="_blank" className="web">
      {children}
    </a>
  );
}

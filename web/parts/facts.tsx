import type { ReactNode } from "react";

/** What is known of one thing: names beside values. */
export function Facts({ children }: { readonly children: ReactNode }): ReactNode {
  return <dl className="known">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

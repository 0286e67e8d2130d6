import type { ReactNode } from "react";

export type NamedFact = readonly [name: string, value: ReactNode];

/** What is known of one thing: names beside values. */
export function Facts({ facts }: { readonly facts: readonly NamedFact[] }): ReactNode {
  return (
    <dl className="known">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

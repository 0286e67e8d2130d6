import type { ReactNode } from "react";
import { useLosses } from "../../data/losses.ts";
import { useText } from "../../parts/settings.tsx";
import { EmptyState } from "../../parts/states.tsx";
import { useQuery } from "../../routing/history.ts";
import type { Text } from "../../text/text.ts";
import { apiQuery, askedOf, type LossesAsked } from "./query.ts";
import { words } from "./words.ts";

type Drop = { readonly text: Text; readonly changes: Readonly<Record<string, string | undefined>> };

/** What may be dropped, the narrowest first. */
const drops: readonly Drop[] = [
  { text: words.technique, changes: { technique: undefined } },
  { text: words.confidence, changes: { confidence: "low" } },
  { text: words.from, changes: { from: "2011-01-01", to: "2099-12-31" } },
  { text: words.actor, changes: { actor: "all", confidence: undefined } },
];

/** No theft fits: names the filter to drop, and how many there are without it. */
export function NothingFits({ asked }: { readonly asked: LossesAsked }): ReactNode {
  const { t } = useText();
  return (
    <EmptyState title={t(words.nothing)}>
      <ul className="plain">
        {drops
          .filter(({ text }) => text !== words.technique || asked.technique !== undefined)
          .filter(({ text }) => text !== words.actor || asked.actor !== "all")
          .map((drop) => (
            <Without key={drop.text[0]} drop={drop} />
          ))}
      </ul>
    </EmptyState>
  );
}

function Without({ drop }: { readonly drop: Drop }): ReactNode {
  const { t } = useText();
  const query = useQuery();
  const given = new URLSearchParams(query.text);
  const get = (name: string): string | undefined =>
    Object.hasOwn(drop.changes, name) ? drop.changes[name] : (given.get(name) ?? undefined);
  const found = useLosses(apiQuery(askedOf({ get })));
  if (!("value" in found) || found.value.thefts.length === 0) return undefined;
  const filter = drop.text === words.from ? `${t(words.from)}–${t(words.to)}` : t(drop.text);
  return (
    <li>
      <button type="button" onClick={() => query.set(drop.changes)}>
        {t(words.drop, { filter })}
      </button>{" "}
      {t(words.dropIt, { filter, n: found.value.thefts.length })}
    </li>
  );
}

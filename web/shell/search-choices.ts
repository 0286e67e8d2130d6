import { shortAddress } from "../base/shorten.ts";
import { pageOf, type Found, type Hit } from "../data/search.ts";
import { withQuery } from "../routing/routes.ts";
import type { Say } from "../text/text.ts";
import { words } from "./search-words.ts";

/** One line below the search box. */
export type Choice = {
  readonly kind: "hit" | "screen" | "incidents" | "list";
  readonly key: string;
  readonly to: string;
  readonly label: string;
  readonly note: string;
  /** Whether it is what was typed: Enter opens it where it is the only one. */
  readonly isExact: boolean;
};

type Situation = {
  readonly found: Found | undefined;
  readonly text: string;
  /** Lines that were pasted: they are screened as a list. */
  readonly pasted: readonly string[];
  readonly t: Say;
};

const shownMax = 60;

/** What may be chosen: what was found; else to screen it, or to look for it among the incidents. */
export function choicesOf({ found, text, pasted, t }: Situation): readonly Choice[] {
  if (pasted.length > 0) {
    const label = t(words.screenMany, { n: pasted.length });
    return [{ kind: "list", key: "list", to: "/screen", label, note: "", isExact: true }];
  }
  if (text === "" || found === undefined) return [];
  const hits = found.hits.map((hit): Choice => {
    return { kind: "hit", key: `${hit.kind} ${hit.chain ?? ""} ${hit.id}`, to: pageOf(hit), ...wordsOf(hit, found, t) };
  });
  if (hits.length > 0) return hits;
  const what = shown(text);
  const note = found.notes.join(" ") || t(words.none);
  return [
    {
      kind: "screen",
      key: "screen",
      to: withQuery("/screen", { q: text }),
      label: t(words.screenThis, { what }),
      note,
      isExact: false,
    },
    {
      kind: "incidents",
      key: "incidents",
      to: withQuery("/incidents", { q: text }),
      label: t(words.inIncidents, { what }),
      note: "",
      isExact: false,
    },
  ];
}

function wordsOf(hit: Hit, { exact, hits }: Found, t: Say): Pick<Choice, "label" | "note" | "isExact"> {
  const isOneOfSeveral = hit.isExact && exact === null && hits.filter(({ isExact }) => isExact).length > 1;
  const notes = [
    t(words[hit.kind]),
    ...(hit.chain === null ? [] : [hit.chain]),
    ...(hit.seen === false ? [t(words.unseen)] : []),
    ...(isOneOfSeveral ? [t(words.several)] : []),
  ];
  const isIdentifier = hit.kind === "address" || hit.kind === "transaction";
  return { label: isIdentifier ? shown(hit.label) : hit.label, note: notes.join(" · "), isExact: hit.isExact };
}

function shown(text: string): string {
  return text.length > shownMax ? shortAddress(text, 16) : text;
}

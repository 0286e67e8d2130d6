import type { ChainId } from "../base/caip.ts";
import { entityOf, strongestFirst, type ResolveActor } from "./entity.ts";
import type { Tag, TagSubject } from "./tag.ts";
import type { TagReader } from "./tag-reader.ts";

/**
 * A reader of tags that are at hand, such as a user's own list of services, instead of a ledger's.
 *
 * Cost: a map of all tags; look-ups are constant.
 */
export function tagReaderOf(tags: readonly Tag[], resolve: ResolveActor): TagReader {
  const bySubject = new Map<string, Tag[]>();
  for (const tag of tags) {
    const key = subjectKey(tag.subject);
    bySubject.set(key, [...(bySubject.get(key) ?? []), tag]);
  }
  const of = (subject: TagSubject): readonly Tag[] => strongestFirst(bySubject.get(subjectKey(subject)) ?? []);
  const addressed = tags.map(({ subject }) => subject).filter((subject) => subject.kind === "address");
  return {
    tagsOf: (chain, address) => of({ kind: "address", chain, address }),
    tagsOfTransaction: (chain, txid) => of({ kind: "transaction", chain, txid }),
    tagsOfIncident: (incident) => of({ kind: "incident", incident }),
    entityAt: (chain, address) => entityOf(of({ kind: "address", chain, address }), resolve),
    chains: [
      ...new Set(tags.flatMap(({ subject }) => (subject.kind === "incident" ? [] : [subject.chain]))),
    ].toSorted(),
    tags: () => [...bySubject.values()].flatMap(strongestFirst),
    taggedAddresses: (chain: ChainId) => {
      const addresses = new Set(addressed.filter((subject) => subject.chain === chain).map(({ address }) => address));
      return [...addresses].map((address) => ({ address, tags: of({ kind: "address", chain, address }) }));
    },
    resolve,
  };
}

/** A text that two subjects share only where they are the same. */
export function subjectKey(subject: TagSubject): string {
  switch (subject.kind) {
    case "address":
      return `address ${subject.chain} ${subject.address}`;
    case "transaction":
      return `transaction ${subject.chain} ${subject.txid}`;
    case "incident":
      return `incident ${subject.incident}`;
    default:
      return subject satisfies never;
  }
}

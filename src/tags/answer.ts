import { chain as chainNamed } from "../base/chains.ts";
import { conflictsOf, entityOf, type TagConflict, type TaggedEntity } from "./entity.ts";
import { taggedElsewhere } from "./same-address.ts";
import { stands, type Tag, type TagSubject } from "./tag.ts";
import type { TagReader } from "./tag-reader.ts";

/** What is known of a subject, and what of the same address on other chains of its kind. */
export type TagAnswer = {
  readonly subject: TagSubject;
  readonly tags: readonly Tag[];
  readonly entity: TaggedEntity | undefined;
  readonly conflicts: readonly TagConflict[];
  readonly elsewhere: readonly string[];
};

/** All tags of a subject. */
export function tagsOf(reader: TagReader, subject: TagSubject): readonly Tag[] {
  switch (subject.kind) {
    case "address":
      return reader.tagsOf(subject.chain, subject.address);
    case "transaction":
      return reader.tagsOfTransaction(subject.chain, subject.txid);
    case "incident":
      return reader.tagsOfIncident(subject.incident);
    default:
      return subject satisfies never;
  }
}

/** Everything that the tags of a ledger say of a subject. */
export function tagAnswer(reader: TagReader, subject: TagSubject): TagAnswer {
  const tags = tagsOf(reader, subject);
  return {
    subject,
    tags,
    entity: entityOf(tags, reader.resolve),
    conflicts: conflictsOf(tags, reader.resolve),
    elsewhere:
      subject.kind === "address"
        ? taggedElsewhere(reader, subject.chain, subject.address).map((chain) => chainNamed(chain).alias)
        : [],
  };
}

/** An answer as a value of JSON. */
export function tagAnswerJson({ subject, tags, entity, conflicts, elsewhere }: TagAnswer, reader: TagReader): object {
  return {
    subject,
    // What has no tag is unknown, never clean.
    known: tags.length > 0,
    entity: entity === undefined ? null : { ...entity, tags: entity.tags.map(({ id }) => id), conflicts: undefined },
    conflicts: conflicts.map(({ kind, values, tags: of }) => ({ kind, values, tags: of.map(({ id }) => id) })),
    tags: tags.map((tag) => ({ ...tag, stands: stands(tag), resolved: reader.resolve(tag) ?? null })),
    elsewhere,
  };
}

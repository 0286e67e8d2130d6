import type { ResolveActor } from "../entity.ts";
import { categoryKind } from "../category.ts";
import { extensionId, stixConfidence, stixId, transactionExtensionId, walletExtensionId } from "../stix-words.ts";
import type { Tag } from "../tag.ts";
import { ownFields, subjectText } from "./tag-fields.ts";

/**
 * Tags as a STIX 2.1 bundle: for each subject an observable, for each tag a note on it, and for each actor a threat actor or
 * an identity that the observable is related to. Ids are made from the content: the same tags give the same bytes.
 *
 * STIX has no property for a tag's category, licence and so on: they stand in the note's extension, from which they come
 * back. Memory: the ids of the subjects and actors.
 *
 * Source: STIX 2.1, sections 4.9 (note), 5.1 (relationship), 7.3 (extension definition)
 */
export function* tagsAsStix(tags: Iterable<Tag>, resolve: ResolveActor): Generator<string> {
  yield `{\n  "type": "bundle",\n  "id": "${stixId("bundle", "Fundtrail tags")}",\n  "objects": [\n    `;
  yield JSON.stringify(author);
  yield `,\n    ${JSON.stringify(extensionDefinition)}`;
  const written = new Set<string>();
  for (const tag of tags) {
    for (const object of objectsOf(tag, resolve)) {
      if (written.has(object.id)) continue;
      // Notes are one for each tag; what several tags share is written once.
      if (object.type !== "note") written.add(object.id);
      yield `,\n    ${JSON.stringify(object)}`;
    }
  }
  yield "\n  ]\n}\n";
}

type StixObject = { readonly type: string; readonly id: string };

/** The day on which Fundtrail's own objects of each bundle are said to have been made; STIX requires one. */
const founded = "2026-01-01T00:00:00.000Z";
const author = {
  type: "identity",
  spec_version: "2.1",
  id: stixId("identity", "Fundtrail"),
  created: founded,
  modified: founded,
  name: "Fundtrail",
  identity_class: "system",
};
const extensionDefinition = {
  type: "extension-definition",
  spec_version: "2.1",
  id: extensionId,
  created_by_ref: author.id,
  created: founded,
  modified: founded,
  name: "Fundtrail tag",
  description:
    "What a tag on an address, a transaction or an incident says beside its label: its fields, as in docs/tags.md",
  schema: "https://json-schema.org/draft/2020-12/schema",
  version: "1.0.0",
  extension_types: ["property-extension"],
};

function* objectsOf(tag: Tag, resolve: ResolveActor): Generator<StixObject> {
  const subject = observableOf(tag);
  yield subject;
  const stamp = `${tag.checked}T00:00:00.000Z`;
  const own = { spec_version: "2.1", created_by_ref: author.id, created: stamp, modified: stamp };
  const reference = { source_name: tag.source.name, ...(tag.source.url === undefined ? {} : { url: tag.source.url }) };
  const external_references = [{ ...reference, description: `set ${tag.source.set}` }];
  const confidence = stixConfidence[tag.confidence];
  yield {
    type: "note",
    id: stixId("note", `${subject.id} ${tag.id}`),
    ...own,
    confidence,
    abstract: tag.label,
    content: tag.label,
    object_refs: [subject.id],
    external_references,
    extensions: { [extensionId]: extensionOf(tag) },
  } as StixObject;
  const actor = tag.actor;
  if (actor === undefined || tag.subject.kind !== "address") return;
  const named = resolve(tag)?.name ?? actor;
  const isIllicit = [tag.category, tag.abuse, ...tag.concepts].some(
    (word) => word !== undefined && categoryKind(word) === "illicit",
  );
  const type = isIllicit ? "threat-actor" : "identity";
  const party = { type, id: stixId(type, named), ...own, created: founded, modified: founded, name: named };
  yield party;
  yield {
    type: "relationship",
    id: stixId("relationship", `${subject.id} ${party.id}`),
    ...own,
    relationship_type: "related-to",
    source_ref: subject.id,
    target_ref: party.id,
    confidence,
    external_references,
    // Says that the note tells the same, and more: an import takes one of them.
    extensions: { [extensionId]: { extension_type: "property-extension", tag: tag.id } },
  } as StixObject;
}

function observableOf(tag: Tag): StixObject {
  const { chain, text } = subjectText(tag);
  const name = JSON.stringify([chain, text]);
  switch (tag.subject.kind) {
    case "address": {
      const extensions = { [walletExtensionId]: { extension_type: "new-sco" } };
      const id = stixId("cryptocurrency-wallet", name);
      return { type: "cryptocurrency-wallet", spec_version: "2.1", id, address: text, extensions } as StixObject;
    }
    case "transaction": {
      const extensions = { [transactionExtensionId]: { extension_type: "new-sco" } };
      const id = stixId("cryptocurrency-transaction", name);
      return { type: "cryptocurrency-transaction", spec_version: "2.1", id, hash: text, extensions } as StixObject;
    }
    case "incident": {
      const stamps = { created_by_ref: author.id, created: founded, modified: founded };
      return {
        type: "incident",
        spec_version: "2.1",
        id: stixId("incident", name),
        ...stamps,
        name: text,
      } as StixObject;
    }
    default:
      return tag.subject satisfies never;
  }
}

function extensionOf(tag: Tag): object {
  const { chain } = subjectText(tag);
  return {
    extension_type: "property-extension",
    ...(chain === "" ? {} : { chain }),
    ...(tag.category === undefined ? {} : { category: tag.category }),
    ...(tag.abuse === undefined ? {} : { abuse: tag.abuse }),
    ...(tag.actor === undefined ? {} : { actor: tag.actor }),
    concepts: tag.concepts,
    clusterDefiner: tag.clusterDefiner,
    ...(tag.source.url === undefined ? {} : { url: tag.source.url }),
    ...ownFields(tag),
  };
}

import type { PackActor } from "../actor-resolver.ts";
import { packEntries, readPackHeader } from "./pack-file.ts";
import { isPair } from "./pairs.ts";
import type { YamlFields } from "./strict-yaml.ts";
import type { ChainHint, ReadTags, TagInput, TagSink } from "./tag-input.ts";

/** The fields of a TagPack's tags. Source: `tagpack_schema.yaml` of graphsense-tagpack-tool. */
const tagFields = new Set(
  "address tx_hash incident currency network label source category abuse actor confidence concepts context lastmod is_cluster_definer tag_type".split(
    " ",
  ),
);

/**
 * Reads a GraphSense TagPack: each tag inherits what the header says and it does not.
 *
 * A pack without a confidence is read as GraphSense reads it, with the lowest one. What Fundtrail itself exports beside the
 * pack's own fields stands in `context`, and is taken from there.
 *
 * Source: README_tagpacks.md of graphsense-tagpack-tool
 */
export const readTagPack: ReadTags = async (file, sink) => {
  const { fields: header } = await readPackHeader(file);
  const title = header.texts.get("title");
  const creator = header.texts.get("creator");
  const sourceName = [creator, title].filter((text) => text !== undefined).join(": ");
  for await (const entries of packEntries(file, "tags")) {
    for (const entry of entries) sink.tag(tagOf(entry, { header, sourceName, sink }));
    await sink.rest();
  }
};

type Pack = { readonly header: YamlFields; readonly sourceName: string; readonly sink: TagSink };

function tagOf(entry: YamlFields, { header, sourceName, sink }: Pack): TagInput {
  const text = (name: string): string | undefined => entry.texts.get(name) ?? header.texts.get(name);
  const odd = [...entry.texts.keys(), ...entry.lists.keys(), ...entry.maps.keys()].filter(
    (name) => !tagFields.has(name),
  );
  for (const name of odd) sink.warn(entry.line, `"${name}" is no field of a TagPack's tag`, "it is kept as a detail");
  if (text("confidence") === undefined) {
    sink.warn(entry.line, "the pack gives no confidence", "its tags are taken in with the lowest, unknown");
  }
  const { rest, ours } = contextOf(text("context") ?? json(entry.maps.get("context")));
  const { name, url } = sourceOf(text("source"), sourceName);
  const details: (readonly [string, string])[] = odd.map((field) => [
    field,
    entry.texts.get(field) ?? JSON.stringify(entry.lists.get(field) ?? entry.maps.get(field)),
  ]);
  if (rest !== undefined) details.push(["context", rest]);
  return {
    line: entry.line,
    subject: subjectOf(text, entry),
    label: text("label"),
    category: text("category"),
    abuse: text("abuse"),
    actor: text("actor"),
    confidence: text("confidence") ?? "unknown",
    concepts: entry.lists.get("concepts") ?? header.lists.get("concepts") ?? listed(text("concepts")),
    sourceName: name,
    url,
    date: text("lastmod")?.replace(/[T ].*$/u, ""),
    clusterDefiner: text("is_cluster_definer"),
    details,
    ...ours,
  };
}

function subjectOf(text: (name: string) => string | undefined, entry: YamlFields): TagInput["subject"] {
  const code = text("network") ?? text("currency");
  const chain: ChainHint = code === undefined ? { kind: "form" } : { kind: "code", code: code.trim() };
  const incident = entry.texts.get("incident");
  if (incident !== undefined) return { kind: "incident", text: incident };
  const txid = entry.texts.get("tx_hash");
  if (txid !== undefined) return { kind: "transaction", text: txid, chain };
  return { kind: "address", text: text("address") ?? "", chain };
}

/** A source that is a URL is where it can be read; any other text names who says so. */
function sourceOf(
  source: string | undefined,
  pack: string,
): { readonly name: string | undefined; readonly url?: string } {
  const text = source?.trim();
  if (text === undefined || text === "") return { name: undefined };
  if (/^(?:https?:\/\/|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/|$))/iu.test(text)) {
    return { name: pack === "" ? undefined : pack, url: text };
  }
  return { name: text };
}

/** The name under which Fundtrail's exports keep in `context` what a TagPack has no field for. */
export const contextKey = "fundtrail";

type Ours = Pick<
  TagInput,
  "sourceName" | "url" | "date" | "confidence" | "grade" | "licence" | "from" | "to" | "details"
>;

/** Splits a context into what the pack's author wrote and what Fundtrail's export added. */
function contextOf(context: string | undefined): { readonly rest: string | undefined; readonly ours: Partial<Ours> } {
  if (context?.includes(`"${contextKey}"`) !== true) return { rest: context, ours: {} };
  try {
    const parsed = JSON.parse(context) as Record<string, unknown>;
    const own = parsed[contextKey];
    if (typeof own !== "object" || own === null) return { rest: context, ours: {} };
    return { rest: undefined, ours: textsOf(own as Record<string, unknown>) };
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return { rest: context, ours: {} };
  }
}

const ourTexts = ["sourceName", "confidence", "grade", "licence", "from", "to", "date", "url"] as const;

/** Only texts are taken: the file is anybody's. */
function textsOf(own: Record<string, unknown>): Partial<Ours> {
  const texts = ourTexts.flatMap((name) => (typeof own[name] === "string" ? [[name, own[name]] as const] : []));
  const { details } = own;
  const pairs = Array.isArray(details) ? details.filter(isPair) : [];
  // Our exports write the source's URL in any case: none is none, and not the pack's.
  return { url: undefined, date: undefined, ...Object.fromEntries(texts), details: pairs };
}

function listed(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(/[,;]/u);
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/**
 * Reads a GraphSense ActorPack. Source: `actorpack_schema.yaml` of graphsense-tagpack-tool
 */
export const readActorPack: ReadTags = async (file, sink) => {
  await readPackHeader(file);
  for await (const entries of packEntries(file, "actors")) {
    for (const entry of entries) {
      const actor = actorOf(entry);
      if (actor === undefined) sink.reject(entry.line, "no id", "an actor lacks its id or its label");
      else sink.actor(actor);
    }
    await sink.rest();
  }
};

const actorTextMax = 1_000;

function actorOf({ texts, lists, maps }: YamlFields): PackActor | undefined {
  const [id, name] = [texts.get("id")?.trim(), texts.get("label")?.trim()];
  if (id === undefined || name === undefined || id === "" || name === "") return undefined;
  if (id.length > actorTextMax || name.length > actorTextMax) return undefined;
  const context = (maps.get("context") ?? {}) as { readonly aliases?: unknown };
  const further = Array.isArray(context.aliases) ? context.aliases.filter((alias) => typeof alias === "string") : [];
  return {
    id,
    name,
    uri: texts.get("uri"),
    categories: lists.get("categories") ?? [],
    jurisdictions: lists.get("jurisdictions") ?? [],
    aliases: [...new Set([...(lists.get("aliases") ?? []), ...further])],
  };
}

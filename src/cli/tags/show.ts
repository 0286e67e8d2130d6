import { chain as chainNamed } from "../../base/chains.ts";
import { categories } from "../../tags/category.ts";
import { tagAnswer, tagAnswerJson, type TagAnswer } from "../../tags/answer.ts";
import type { TaggedEntity } from "../../tags/entity.ts";
import { stands, type Tag } from "../../tags/tag.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { subjectText } from "../../tags/write/tag-fields.ts";
import type { Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { plainText } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { clusterAnswer, type ClusterAnswer } from "./cluster.ts";
import { withTags } from "./open-tags.ts";
import { readSubjects } from "./subject.ts";

/** What the tags say of a subject, and whose the cluster of its address is. */
type Answer = TagAnswer & { readonly cluster: ClusterAnswer | undefined };

/** `fundtrail tags show ADDRESS`: all tags of it, with their sources. */
export async function show(options: Arguments, word: string | undefined, terminal: Terminal): Promise<number> {
  return withTags(options, async ({ reader, store, folder }) => {
    const answers = readSubjects(options, reader, word).map((subject) => ({
      ...tagAnswer(reader, subject),
      cluster: clusterAnswer(store, folder, subject, reader),
    }));
    if (options.flag("json")) terminal.out(jsonText({ answers: answers.map((answer) => answerJson(answer, reader)) }));
    else for (const answer of answers) terminal.out(answerText(answer, reader, terminal));
    return Promise.resolve(0);
  });
}

function answerText(
  { subject, tags, entity, conflicts, elsewhere, cluster }: Answer,
  reader: TagReader,
  terminal: Terminal,
): string {
  const { text } = subjectText({ subject });
  const where = subject.kind === "incident" ? "incident" : `${subject.kind} on ${chainNamed(subject.chain).name}`;
  const lines = [`${bold(plainText(text), terminal)} (${where})`];
  if (tags.length === 0) lines.push("No tag is known: unknown, which is not to say clean.");
  else lines.push(entityLine(entity));
  if (elsewhere.length > 0) lines.push(`The same address has tags on ${elsewhere.join(", ")}: see them with --chain.`);
  if (cluster !== undefined) {
    const who = cluster.entity === undefined ? "none of them has a tag" : entityLine(cluster.entity);
    lines.push(`In cluster ${plainText(cluster.id)}, of ${cluster.size} addresses; ${who}`);
    for (const { kind, values } of cluster.entity?.conflicts ?? []) {
      lines.push(`CONFLICT within the cluster, by ${kind}: ${plainText(values.join(" | "))}`);
    }
  }
  for (const { kind, values } of conflicts) {
    lines.push(
      `CONFLICT: its tags name ${values.length} that cannot all be right, by ${kind}: ${plainText(values.join(" | "))}`,
    );
  }
  for (const tag of tags) lines.push("", ...tagLines(tag, reader, terminal));
  return `${lines.join("\n")}\n\n`;
}

function entityLine(entity: TaggedEntity | undefined): string {
  if (entity === undefined) return "No tag stands: all are withdrawn or disputed, so it is unknown.";
  const { actor, category, kind, confidence } = entity;
  const what = category === undefined ? "" : `, ${categories.get(category)?.name ?? category}`;
  const pooled = kind === "pooled" ? " (a service that pools its customers' money)" : "";
  const who =
    actor === undefined
      ? ""
      : ` [${actor.id}, of the ${actor.from === "pack" ? "actor packs" : "register"}, by its ${actor.rule}]`;
  return plainText(`Entity: ${entity.entity}${who}${what}${pooled}; confidence ${confidence}`);
}

function tagLines(tag: Tag, reader: TagReader, terminal: Terminal): readonly string[] {
  const actor = reader.resolve(tag);
  const resolved =
    actor === undefined ? "" : ` = ${actor.name} [${actor.id}, by its ${actor.rule}, ${actor.certainty}]`;
  const { source } = tag;
  const published = [source.date === undefined ? [] : [`of ${source.date}`], source.licence ?? []].flat().join(", ");
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["category", categoryText(tag)],
    ["actor", tag.actor === undefined ? undefined : `${tag.actor}${resolved}`],
    ["confidence", tag.grade === undefined ? tag.confidence : `${tag.confidence} (${tag.grade})`],
    ["source", published === "" ? source.name : `${source.name}, ${published}`],
    ["", source.url],
    ["valid", validText(tag)],
    ["seen", `in ${source.set} on ${tag.checked}, SHA-256 ${source.hash.slice(0, 16)}…`],
    ...tag.details.map(([name, text]) => [name, text] as const),
    ["withdrawn", tag.withdrawn === undefined ? undefined : `gone from its source since ${tag.withdrawn}`],
    ...tag.remarks.map(({ kind, by, why, day, changes }): readonly [string, string] => [
      kind,
      `${day} by ${by}: ${why}${Object.keys(changes).length === 0 ? "" : ` (${JSON.stringify(changes)})`}`,
    ]),
    ["given", tag.given === undefined ? undefined : JSON.stringify(tag.given)],
  ];
  const status = tag.withdrawn !== undefined ? "  WITHDRAWN" : stands(tag) ? "" : "  DISPUTED";
  const head = `${tag.id}  ${bold(plainText(tag.label), terminal)}${status}`;
  return [
    head,
    ...rows.flatMap(([name, text]) =>
      text === undefined ? [] : [`  ${plainText(name).padEnd(12)}${plainText(text)}`],
    ),
  ];
}

function categoryText({ category, abuse, concepts }: Tag): string | undefined {
  const words = [category, abuse, ...concepts].filter((word) => word !== undefined);
  const named = words.map((word) => (categories.has(word) ? word : `${word} (not in the taxonomy)`));
  return words.length === 0 ? undefined : [...new Set(named)].join(", ");
}

function validText({ from, to }: Tag): string | undefined {
  if (from === undefined && to === undefined) return undefined;
  return `${from ?? "unknown"} to ${to ?? "unknown"}`;
}

function answerJson(answer: Answer, reader: TagReader): object {
  const { cluster } = answer;
  return {
    ...tagAnswerJson(answer, reader),
    cluster:
      cluster === undefined
        ? null
        : {
            id: cluster.id,
            size: cluster.size,
            entity: cluster.entity?.entity ?? null,
            tags: cluster.entity?.tags.map(({ id }) => id) ?? [],
            conflicts: cluster.entity?.conflicts.map(({ kind, values }) => ({ kind, values })) ?? [],
          },
  };
}

function bold(text: string, terminal: Terminal): string {
  return terminal.isTerminal ? `\u001b[1m${text}\u001b[22m` : text;
}

import { chain as chainNamed } from "../../base/chains.ts";
import { groupDigits } from "../../base/usd.ts";
import { checkTags, type TagsChecked } from "../../tags/check-tags.ts";
import { subjectText } from "../../tags/write/tag-fields.ts";
import type { Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { plainText } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { withTags } from "./open-tags.ts";

/** `fundtrail tags check`: reads every tag; 1 where the store is wrong. What tags contradict is said, and is no fault of it. */
export async function check(options: Arguments, terminal: Terminal): Promise<number> {
  return withTags(options, async ({ snapshot, reader, folder }) => {
    const checked = checkTags(snapshot, reader, folder);
    if (options.flag("json")) terminal.out(jsonText(asJson(checked)));
    else terminal.out(asText(checked));
    return Promise.resolve(checked.contradictions.length === 0 ? 0 : 1);
  });
}

function asJson(checked: TagsChecked): object {
  return {
    ...checked,
    conflicts: checked.conflicts.map(({ subject, conflict: { kind, values, tags } }) => ({
      subject,
      kind,
      values,
      tags: tags.map(({ id }) => id),
    })),
    unknownCategories: Object.fromEntries(checked.unknownCategories),
    unknownActors: Object.fromEntries(checked.unknownActors),
  };
}

function asText(checked: TagsChecked): string {
  const { contradictions, conflicts, conflictsCount, unknownCategories, unknownActors } = checked;
  const number = (count: number): string => groupDigits(String(count));
  if (contradictions.length > 0) return contradictions.map((text) => `${plainText(text)}\n`).join("");
  const lines = conflicts.map(({ subject, conflict: { kind, values } }) => {
    const chain = subject.kind === "incident" ? "incident" : chainNamed(subject.chain).alias;
    return `conflict, by ${kind}: ${chain} ${subjectText({ subject }).text}: ${values.join(" | ")}`;
  });
  const words = [...unknownCategories].map(([word, count]) => `not in the taxonomy: ${word} (${number(count)} tags)`);
  const names = [...unknownActors].map(([name, count]) => `unknown actor: ${name} (${number(count)} tags)`);
  const summary =
    `${number(checked.tags)} tags of ${number(checked.subjects)} subjects: sound; ` +
    `${number(checked.withdrawn)} withdrawn, ${number(checked.disputed)} disputed, ${number(conflictsCount)} conflicts`;
  return `${[...lines, ...words, ...names, summary].map(plainText).join("\n")}\n`;
}

import { chain as chainNamed } from "../../base/chains.ts";
import { confidenceReaches } from "../../tags/actor.ts";
import { isWithin } from "../../tags/category.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import type { Tag } from "../../tags/tag.ts";
import type { Arguments } from "../arguments.ts";
import { readConfidence } from "../losses-options.ts";

/** The options by which tags are selected. */
export const selectOptions = {
  set: { type: "string" },
  chain: { type: "string" },
  category: { type: "string" },
  actor: { type: "string" },
  confidence: { type: "string" },
} as const;

/** Whether a command's options select tags at all. */
export function selectsTags(options: Arguments): boolean {
  return Object.keys(selectOptions).some((name) => options.text(name) !== undefined);
}

/** Says whether the options select a tag; a category also selects those within it, an actor its groups. */
export function tagSelection(options: Arguments, reader: TagReader): (tag: Tag) => boolean {
  const [set, category, actor] = [options.text("set"), options.text("category"), options.text("actor")];
  const named = options.text("chain");
  const chain = named === undefined ? undefined : chainNamed(named).id;
  const least = readConfidence(options, undefined);
  return (tag) => {
    const { subject } = tag;
    if (set !== undefined && tag.source.set !== set) return false;
    if (chain !== undefined && (subject.kind === "incident" || subject.chain !== chain)) return false;
    if (least !== undefined && !confidenceReaches(tag.confidence, least)) return false;
    if (category !== undefined) {
      const words = [tag.category, tag.abuse, ...tag.concepts].filter((word) => word !== undefined);
      if (!words.some((word) => word === category || isWithin(word, category))) return false;
    }
    if (actor === undefined) return true;
    const resolved = reader.resolve(tag);
    return tag.actor === actor || resolved?.id === actor || resolved?.within.includes(actor) === true;
  };
}

import { chain as chainNamed } from "../../base/chains.ts";
import { groupDigits } from "../../base/usd.ts";
import type { TagManifest } from "../../tags/manifest.ts";
import { stands, type Tag } from "../../tags/tag.ts";
import { subjectText } from "../../tags/write/tag-fields.ts";
import { readCount, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { textTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { withTags } from "./open-tags.ts";
import { selectsTags, tagSelection } from "./select.ts";

const limitDefault = 100;
const left = (title: string): { title: string; align: "left" } => ({ title, align: "left" });
const right = (title: string): { title: string; align: "right" } => ({ title, align: "right" });
const number = (count: number): string => groupDigits(String(count));

/** `fundtrail tags list`: the sets of a ledger; with options that select tags, those tags. */
export async function list(options: Arguments, terminal: Terminal): Promise<number> {
  return withTags(options, async ({ manifest, reader }) => {
    if (!selectsTags(options)) {
      terminal.out(options.flag("json") ? setsJson(manifest) : setsTable(manifest, terminal));
      return Promise.resolve(0);
    }
    const limit = readCount(options, "limit", limitDefault);
    const isSelected = tagSelection(options, reader);
    const found: Tag[] = [];
    let count = 0;
    for (const tag of reader.tags()) {
      if (!isSelected(tag)) continue;
      count += 1;
      if (found.length < limit) found.push(tag);
    }
    if (options.flag("json")) {
      terminal.out(jsonText({ count, tags: found.map((tag) => ({ ...tag, resolved: reader.resolve(tag) ?? null })) }));
    } else {
      terminal.out(tagsTable(found, terminal));
      const more = count > found.length ? `: the first ${number(found.length)}, see more with --limit ${count}` : "";
      terminal.out(`${number(count)} tags${more}\n`);
    }
    return Promise.resolve(0);
  });
}

function setsJson({ sets, chains, addresses, revision }: TagManifest): string {
  return jsonText({ revision, addresses, chains, sets });
}

function setsTable({ sets, addresses }: TagManifest, terminal: Terminal): string {
  if (sets.length === 0) return "The ledger holds no tags yet: fundtrail help tags\n";
  const columns = [
    left("Set"),
    left("Format"),
    right("Tags"),
    right("Withdrawn"),
    right("Actors"),
    left("Seen"),
    left("SHA-256"),
  ];
  const rows = sets.map(({ name, format, live, withdrawn, actors, contents }) => {
    const last = contents.at(-1);
    const counts = [live, withdrawn, actors].map((count) => (count === 0 ? "" : number(count)));
    return [name, format, ...counts, last?.checked ?? "", last?.hash.slice(0, 16) ?? ""];
  });
  const total = (of: "live" | "withdrawn" | "actors"): string => number(sets.reduce((sum, set) => sum + set[of], 0));
  const totals = [`${number(addresses)} addresses`, "", total("live"), total("withdrawn"), total("actors"), "", ""];
  return textTable({ columns, rows: [...rows, totals], totals: 1 }, terminal);
}

function tagsTable(tags: readonly Tag[], terminal: Terminal): string {
  const columns = [left("Chain"), left("Subject"), left("Label"), left("Category"), left("Actor"), left("Confidence")];
  const rows = tags.map((tag) => {
    const { subject, label, category, abuse, actor, confidence, source, withdrawn } = tag;
    const chain = subject.kind === "incident" ? "incident" : chainNamed(subject.chain).alias;
    const words = [category, abuse].filter((word) => word !== undefined).join(", ");
    const status = withdrawn !== undefined ? "withdrawn" : stands(tag) ? "" : "disputed";
    return [chain, subjectText(tag).text, label, words, actor ?? "", confidence, source.set, tag.id, status];
  });
  return textTable({ columns: [...columns, left("Set"), left("Tag"), left("")], rows, totals: 0 }, terminal);
}

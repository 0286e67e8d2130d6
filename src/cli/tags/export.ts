import { writeWhole } from "../../io/write-file.ts";
import { stands, type Tag } from "../../tags/tag.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { tagsAsCsv } from "../../tags/write/csv.ts";
import { tagsAsStix } from "../../tags/write/stix.ts";
import { tagsAsTagPack } from "../../tags/write/tagpack.ts";
import { oneOf, type Arguments } from "../arguments.ts";
import type { Terminal } from "../terminal.ts";
import { withTags } from "./open-tags.ts";
import { tagSelection } from "./select.ts";

const formats = ["tagpack", "stix", "csv"] as const;
/** How much is printed at a time. */
const pieceMax = 1 << 20;

/** `fundtrail tags export`: the tags that stand, in a format that can be imported again. */
export async function exportTags(options: Arguments, terminal: Terminal): Promise<number> {
  const format = oneOf(formats, options.text("format") ?? "csv", "--format");
  return withTags(options, async ({ reader }) => {
    const isSelected = tagSelection(options, reader);
    let [written, left] = [0, 0];
    const tags = function* (): Generator<Tag> {
      for (const tag of reader.tags()) {
        if (!isSelected(tag)) continue;
        if (!stands(tag)) {
          left += 1;
          continue;
        }
        written += 1;
        yield tag;
      }
    };
    const pieces = gathered(textOf(format, tags(), reader));
    const out = options.text("out");
    if (out === undefined) for (const piece of pieces) terminal.out(piece);
    else await writeWhole(out, pieces);
    const others = left === 0 ? "" : `; ${left} withdrawn or disputed ones are left out`;
    terminal.error(`${written} tags exported${others}\n`);
    return 0;
  });
}

function textOf(format: (typeof formats)[number], tags: Iterable<Tag>, reader: TagReader): Iterable<string> {
  switch (format) {
    case "tagpack":
      return tagsAsTagPack(tags);
    case "stix":
      return tagsAsStix(tags, reader.resolve);
    case "csv":
      return tagsAsCsv(tags);
    default:
      return format satisfies never;
  }
}

function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = "";
  for (const piece of pieces) {
    text += piece;
    if (text.length < pieceMax) continue;
    yield text;
    text = "";
  }
  yield text;
}

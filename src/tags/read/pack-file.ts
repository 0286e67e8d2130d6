import { isSeq } from "yaml";
import { linesOf, invalid } from "./lines.ts";
import { plainEntries } from "./plain-entries.ts";
import { fieldsOf, parseYaml, type YamlFields } from "./strict-yaml.ts";
import type { TagFile } from "./tag-input.ts";

/** A pack's list is parsed in pieces of about this many characters. */
const pieceMax = 65_536;
const headerMax = 1024 * 1024;
/** One entry is at most this long. */
const entryMax = 1024 * 1024;

/** The header of a pack: its fields but for the list. */
export type PackHeader = { readonly fields: YamlFields; readonly list: "tags" | "actors" };

const listLine = /^(?:(?<name>tags|actors)|"(?<double>tags|actors)"|'(?<single>tags|actors)')\s*:\s*(?<rest>.*)$/u;

/**
 * Reads the header of a TagPack or an ActorPack: everything that stands beside its list, before it or after.
 *
 * Cost: one pass over the lines; the list is not parsed.
 *
 * @throws {Failure} `SOURCE_INVALID` where the file is no such pack.
 */
export async function readPackHeader(file: TagFile): Promise<PackHeader> {
  const header: string[] = [];
  /** The line of the file that each of the header's lines is. */
  const numbers: number[] = [];
  let list: PackHeader["list"] | undefined;
  let [isInList, size, number] = [false, 0, 0];
  for await (const lines of linesOf(file.path, file.open())) {
    for (const line of lines) {
      number += 1;
      const begins = listBegun(line);
      if (begins !== undefined) {
        if (list !== undefined) throw invalid(file.path, number, "it has two lists", "keep one of tags or actors");
        requireBlock(file.path, number, begins.rest);
        list = begins.name;
      }
      isInList = begins !== undefined || (isInList && belongsToList(line));
      if (isInList) continue;
      header.push(line);
      numbers.push(number);
      size += line.length;
      if (size > headerMax) throw invalid(file.path, number, "its header is over 1 MiB", "see docs/tags.md");
    }
  }
  if (list === undefined) throw invalid(file.path, undefined, "it has no list of tags or actors", "see docs/tags.md");
  const { node, lineOf } = parseYaml(file.path, header.join("\n"), (line) => numbers[line - 1] ?? 1);
  const fields = fieldsOf(node, lineOf) ?? { line: 1, texts: new Map(), lists: new Map(), maps: new Map() };
  return { fields: merged(file.path, fields), list };
}

/** Reads the entries of a pack's list, a piece at a time. */
export async function* packEntries(file: TagFile, list: PackHeader["list"]): AsyncGenerator<readonly YamlFields[]> {
  let piece: string[] = [];
  let [first, size, number] = [1, 0, 0];
  let indent: string | undefined;
  let isInList = false;
  for await (const lines of linesOf(file.path, file.open())) {
    for (const line of lines) {
      number += 1;
      const begins = listBegun(line);
      if (begins !== undefined || !isInList) {
        isInList = begins?.name === list;
        continue;
      }
      isInList = belongsToList(line);
      if (!isInList) continue;
      indent ??= /^(?<indent> *)-(?: |$)/u.exec(line)?.groups?.["indent"];
      const isEntry =
        indent !== undefined && line.startsWith(`${indent}-`) && /^-(?: |$)/u.test(line.slice(indent.length));
      if (isEntry && size > pieceMax) {
        yield parsePiece(file.path, piece, first);
        [piece, size] = [[], 0];
      }
      if (piece.length === 0) first = number;
      piece.push(line);
      size += line.length;
      if (size > pieceMax + entryMax) throw invalid(file.path, first, "an entry is over 1 MiB", "correct the file");
    }
  }
  if (piece.length > 0) yield parsePiece(file.path, piece, first);
}

function parsePiece(file: string, lines: readonly string[], first: number): readonly YamlFields[] {
  const plain = plainEntries(lines, first);
  if (plain !== undefined) return plain;
  const { node, lineOf } = parseYaml(file, lines.join("\n"), (line) => first + line - 1);
  if (node === null) return [];
  if (!isSeq(node)) throw invalid(file, first, "its list is none", "write each entry after a hyphen");
  return node.items.map((item) => {
    const fields = fieldsOf(item, lineOf);
    if (fields === undefined) throw invalid(file, lineOf(item), "an entry is not a mapping", "write it as name: value");
    return fields;
  });
}

type Begun = { readonly name: PackHeader["list"]; readonly rest: string };

function listBegun(line: string): Begun | undefined {
  const groups = listLine.exec(line)?.groups;
  const name = groups?.["name"] ?? groups?.["double"] ?? groups?.["single"];
  return name === "tags" || name === "actors" ? { name, rest: groups?.["rest"] ?? "" } : undefined;
}

/** A line belongs to the list before it where it is indented, empty, a comment, or an entry. */
function belongsToList(line: string): boolean {
  return line === "" || /^(?:[ \t#]|-(?: |$))/u.test(line);
}

function requireBlock(file: string, line: number, rest: string): void {
  if (rest === "" || rest.startsWith("#")) return;
  const why = "its list does not stand below it, an entry a hyphen";
  throw invalid(file, line, why, "write the list in YAML's block style, without anchors");
}

/** Newer packs keep their header's fields below `header`. */
function merged(file: string, fields: YamlFields): YamlFields {
  const below = fields.maps.get("header");
  const included = fields.texts.get("header");
  if (included !== undefined) {
    throw invalid(file, 1, "its header stands in another file", "write the header's fields into this one");
  }
  if (below === undefined) return fields;
  const texts = new Map(fields.texts);
  for (const [name, value] of Object.entries(below as object)) if (typeof value === "string") texts.set(name, value);
  return { ...fields, texts };
}

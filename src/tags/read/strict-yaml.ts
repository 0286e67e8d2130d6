import { LineCounter, isMap, isNode, isScalar, isSeq, parseDocument, visit, type Node } from "yaml";
import { invalid } from "./lines.ts";

/** A YAML mapping of a pack: its fields as text, lists of text, or other values as JSON; with the line of each. */
export type YamlFields = {
  readonly line: number;
  readonly texts: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly maps: ReadonlyMap<string, unknown>;
};

const depthMax = 16;

/**
 * Parses a piece of a YAML file strictly: no aliases (a few of them can stand for gigabytes), no tags, all scalars as text.
 *
 * @param fileLine - The line of the file that a line of the piece is, both from 1.
 * @throws {Failure} `SOURCE_INVALID` with the line.
 */
export function parseYaml(
  file: string,
  text: string,
  fileLine: (line: number) => number,
): { readonly node: Node | null; readonly lineOf: LineOf } {
  const lines = new LineCounter();
  const lineAt = (offset: number): number => fileLine(Math.max(1, lines.linePos(offset).line));
  const wrong = (offset: number, why: string): Error => invalid(file, lineAt(offset), why, "correct the file's syntax");
  try {
    const document = parseDocument(text, { schema: "failsafe", prettyErrors: false, lineCounter: lines });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) {
      throw wrong(problem.pos[0], `not valid YAML: ${problem.message.split("\n", 1)[0] ?? ""}`);
    }
    visit(document, {
      Alias: (_key, { range }) => {
        throw wrong(range?.[0] ?? 0, "aliases (*name) are not allowed");
      },
      Node: (_key, node, path) => {
        if (path.length > depthMax * 2) throw wrong(rangeOf(node), "it is nested too deeply");
      },
    });
    return { node: document.contents, lineOf: (node) => lineAt(rangeOf(node)) };
  } catch (thrown) {
    // The parser is recursive: a text of brackets alone can exhaust the stack.
    if (!(thrown instanceof RangeError)) throw thrown;
    throw invalid(file, fileLine(1), "it is nested too deeply", "correct the file's syntax");
  }
}

export type LineOf = (node: unknown) => number;

/** The fields of a mapping; undefined where the node is none. */
export function fieldsOf(node: unknown, lineOf: LineOf): YamlFields | undefined {
  if (!isMap(node)) return undefined;
  const texts = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  const maps = new Map<string, unknown>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? textOf(key.value) : "";
    if (name === "" || value === null) continue;
    if (isScalar(value)) {
      const text = textOf(value.value);
      if (!isEmpty(text, value.type)) texts.set(name, text);
    } else if (isSeq(value) && value.items.every(isScalar)) {
      lists.set(
        name,
        value.items.map((item) => textOf(item.value)),
      );
    } else if (isNode(value)) {
      maps.set(name, value.toJSON());
    }
  }
  return { line: lineOf(node), texts, lists, maps };
}

/** YAML's ways to write nothing; quoted they are words. */
function isEmpty(text: string, type: string | undefined): boolean {
  return text === "" || (type === "PLAIN" && /^(?:~|null|Null|NULL)$/u.test(text));
}

/** In the failsafe schema every scalar is text. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function rangeOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

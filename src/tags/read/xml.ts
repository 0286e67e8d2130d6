import { SaxesParser } from "saxes";
import { invalid } from "./lines.ts";
import type { TagFile } from "./tag-input.ts";

/** An element that is being read. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Where it begins. */
  readonly line: number;
};

/** What is told of a document as it is read. `path` holds the open elements' names, from the root, without prefixes. */
export type XmlHandler = {
  readonly open: (path: readonly string[], element: XmlElement) => void;
  /** @param text - The element's own text, trimmed. */
  readonly close: (path: readonly string[], element: XmlElement, text: string) => void;
};

const depthMax = 64;
const textMax = 1024 * 1024;

/**
 * Reads an XML file as it comes, whatever its size. Document type declarations are refused, so no entity but XML's five is
 * ever expanded.
 *
 * @param rest - Awaited after each piece of the file.
 * @throws {Failure} `SOURCE_INVALID` with the line where the file is not well formed, is cut short, or is nested too deeply.
 */
export async function readXml(file: TagFile, handler: XmlHandler, rest: () => Promise<void>): Promise<void> {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const fail = (why: string): Error => invalid(file.path, parser.line, why, "get the file again");
  const path: string[] = [];
  const open: { readonly element: XmlElement; text: string }[] = [];
  parser.on("error", (error) => {
    throw fail(`not valid XML: ${error.message.replace(/^[0-9]+:[0-9]+: /u, "")}`);
  });
  parser.on("doctype", () => {
    throw fail("it declares a document type, which no such list does");
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (path.length >= depthMax) throw fail("it is nested too deeply");
    const local = name.slice(name.indexOf(":") + 1);
    path.push(local);
    const element = { name: local, attributes, line: parser.line };
    open.push({ element, text: "" });
    handler.open(path, element);
  });
  const text = (piece: string): void => {
    const top = open.at(-1);
    if (top === undefined) return;
    top.text += piece;
    if (top.text.length > textMax) throw fail("a text of it is over 1 MiB");
  };
  parser.on("text", text);
  parser.on("cdata", text);
  parser.on("closetag", () => {
    const top = open.pop();
    if (top !== undefined) handler.close(path, top.element, top.text.trim());
    path.pop();
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch {
      throw fail("it is not UTF-8 text");
    }
  };
  for await (const piece of file.open()) {
    parser.write(decode(piece));
    await rest();
  }
  parser.write(decode());
  parser.close();
}

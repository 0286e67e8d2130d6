import { listFields } from "./address-list.ts";
import { etherscanTags } from "./etherscan.ts";
import { isObject, text, type JsonDocument } from "./json-document.ts";
import { invalid, textOf } from "./lines.ts";
import { ofacTag } from "./ofac-words.ts";
import { isStixBundle, stixTags } from "./stix.ts";
import type { ReadTags, TagFile, TagInput, TagSink } from "./tag-input.ts";

/** A JSON document is read whole, so its size is bounded. */
const jsonBytesMax = 256 * 1024 * 1024;
const restEvery = 1_000;

/** The kinds of JSON document that are known, told apart by what is in them. */
export type JsonFormat = "stix" | "etherscan-labels" | "ofac-json" | "address-list-json";

/** Says which kind of document a parsed JSON text is; undefined where it is none that is known. */
export function jsonFormat(value: unknown): JsonFormat | undefined {
  if (Array.isArray(value)) return value.every((one) => typeof one === "string") ? "address-list-json" : undefined;
  if (!isObject(value)) return undefined;
  if (isStixBundle(value)) return "stix";
  if (isObject(value["metadata"]) && isObject(value["addresses"])) return "ofac-json";
  const first = Object.values(value)[0];
  return isObject(first) && "name" in first && Array.isArray(first["labels"]) ? "etherscan-labels" : undefined;
}

/**
 * Reads a JSON document of a known kind: a STIX 2.1 bundle, Etherscan's labels by address, addresses by OFAC entity, or a
 * list of addresses.
 *
 * @param expected - The kind that it must be; undefined for any.
 */
export function jsonReader(expected: JsonFormat | undefined): ReadTags {
  return async (file, sink) => {
    const document = await readJsonFile(file);
    const format = jsonFormat(document.value);
    if (format === undefined || (expected !== undefined && format !== expected)) {
      const why = expected === undefined ? "it is no JSON document of a kind that is known" : `it is no ${expected}`;
      throw invalid(file.path, undefined, why, "see docs/tags.md for the formats");
    }
    sink.format(format);
    let count = 0;
    for (const tag of tagsOf(format, document, file, sink)) {
      sink.tag(tag);
      count += 1;
      if (count % restEvery === 0) await sink.rest();
    }
    await sink.rest();
  };
}

async function readJsonFile(file: TagFile): Promise<JsonDocument> {
  const content = (await textOf(file.path, file.open(), jsonBytesMax)).replace(/^\ufeff/u, "");
  try {
    const value: unknown = JSON.parse(content);
    return { value, lineOf: jsonFormat(value) === "stix" ? idLines(content) : lineFinder(content) };
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const position = /position (?<at>[0-9]+)/u.exec(thrown.message)?.groups?.["at"];
    const line =
      position === undefined ? undefined : content.slice(0, Number.parseInt(position, 10)).split("\n").length;
    throw invalid(file.path, line, "it is not valid JSON", "get the file again");
  }
}

/** So many entries that are not found as they are written (escaped, say) end the search for lines. */
const missesMax = 100;

/** Entries come in the order of the text, so that each is looked for behind the one before; one that is not found is at its line. */
function lineFinder(content: string): JsonDocument["lineOf"] {
  let [at, line, misses] = [0, 1, 0];
  return (wanted) => {
    const found = misses < missesMax ? content.indexOf(JSON.stringify(wanted), at) : -1;
    if (found === -1) {
      misses += 1;
      return line;
    }
    for (let next = content.indexOf("\n", at); next !== -1 && next < found; next = content.indexOf("\n", next + 1)) {
      line += 1;
    }
    at = found;
    return line;
  };
}

/** The objects of a bundle refer to each other in any order: their lines are found once, by their ids. */
function idLines(content: string): JsonDocument["lineOf"] {
  const lines = new Map<string, number>();
  let [at, line] = [0, 1];
  for (const match of content.matchAll(/"id"\s*:\s*"(?<id>[^"]+)"/gu)) {
    for (
      let next = content.indexOf("\n", at);
      next !== -1 && next < match.index;
      next = content.indexOf("\n", next + 1)
    ) {
      line += 1;
    }
    at = match.index;
    const id = match.groups?.["id"] ?? "";
    if (!lines.has(id)) lines.set(id, line);
  }
  return (id) => lines.get(id) ?? 1;
}

function tagsOf(format: JsonFormat, document: JsonDocument, file: TagFile, sink: TagSink): Iterable<TagInput> {
  switch (format) {
    case "stix":
      return stixTags(document, sink);
    case "etherscan-labels":
      return etherscanTags(document, sink);
    case "ofac-json":
      return ofacJsonTags(document, sink);
    case "address-list-json":
      return listTags(document, file);
    default:
      return format satisfies never;
  }
}

function* listTags({ value, lineOf }: JsonDocument, file: TagFile): Generator<TagInput> {
  const shared = listFields(file.name);
  for (const address of value as readonly string[]) {
    yield { line: lineOf(address), ...shared, subject: { kind: "address", text: address, chain: shared.chain } };
  }
}

/** Addresses with the entities that OFAC lists them for: `{"metadata": …, "addresses": {"…": {"entries": [{"entity", …}]}}}`. */
function* ofacJsonTags({ value, lineOf }: JsonDocument, sink: TagSink): Generator<TagInput> {
  const { addresses, metadata } = value as { readonly addresses: object; readonly metadata: Record<string, unknown> };
  const published = /^(?<month>[0-9]{2})\/(?<day>[0-9]{2})\/(?<year>[0-9]{4})$/u.exec(
    text(metadata["sdnListDate"]),
  )?.groups;
  const date = published === undefined ? undefined : `${published["year"]}-${published["month"]}-${published["day"]}`;
  for (const [address, listed] of Object.entries(addresses)) {
    const line = lineOf(address);
    const entries = isObject(listed) && Array.isArray(listed["entries"]) ? (listed["entries"] as unknown[]) : [];
    if (entries.length === 0) sink.reject(line, "no label", `nothing is said about ${address}`);
    for (const entry of entries.filter(isObject)) {
      const code = /-\s*(?<code>[A-Za-z0-9]+)$/u.exec(text(entry["type"]))?.groups?.["code"] ?? "";
      const programmes = text(entry["program"])
        .split(",")
        .map((one) => one.trim());
      const akas = Array.isArray(entry["akas"]) ? entry["akas"].map(text) : [];
      const shared = { programmes: programmes.filter((one) => one !== ""), akas: akas.filter((one) => one !== "") };
      yield ofacTag({
        line,
        code,
        address,
        entity: text(entry["entity"]),
        uid: text(entry["uid"]),
        date,
        type: undefined,
        ...shared,
      });
    }
  }
}

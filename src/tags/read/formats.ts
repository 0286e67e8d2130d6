import { readAddressList } from "./address-list.ts";
import { isCsvHeader, readCsv } from "./csv.ts";
import { jsonReader } from "./json.ts";
import { invalid } from "./lines.ts";
import { readOfacAdvanced } from "./ofac-advanced.ts";
import { readOfacClassic } from "./ofac-classic.ts";
import { readPackHeader } from "./pack-file.ts";
import type { ReadTags, TagFile } from "./tag-input.ts";
import { readActorPack, readTagPack } from "./tagpack.ts";

/** The formats that can be imported, by the name that `--format` takes. */
const readers = {
  tagpack: readTagPack,
  actorpack: readActorPack,
  "ofac-classic": readOfacClassic,
  "ofac-advanced": readOfacAdvanced,
  "ofac-json": jsonReader("ofac-json"),
  stix: jsonReader("stix"),
  "etherscan-labels": jsonReader("etherscan-labels"),
  csv: readCsv,
  "address-list": readAddressList,
  "address-list-json": jsonReader("address-list-json"),
} as const satisfies Readonly<Record<string, ReadTags>>;

export type TagFormat = keyof typeof readers;
export const tagFormats = Object.keys(readers) as readonly TagFormat[];

/** A format, and what reads it. `json`: any of the JSON formats, told apart when the document is read. */
export type Recognised = { readonly format: TagFormat | "json"; readonly read: ReadTags };

export function formatNamed(format: TagFormat): Recognised {
  return { format, read: readers[format] };
}

/** So much of a file tells its format. */
const headBytes = 65_536;

/**
 * Recognises a file's format by its content.
 *
 * @throws {Failure} `SOURCE_INVALID` where it is of none that is known.
 */
export async function recogniseFormat(file: TagFile): Promise<Recognised> {
  const head = await headOf(file);
  const start = head.trimStart();
  if (start.startsWith("<")) {
    if (/<(?:[\w.-]+:)?sdnList[\s>]/u.test(head)) return formatNamed("ofac-classic");
    if (/<(?:[\w.-]+:)?Sanctions[\s>]/u.test(head)) return formatNamed("ofac-advanced");
  } else if (start.startsWith("{") || start.startsWith("[")) {
    return { format: "json", read: jsonReader(undefined) };
  } else if (/^["']?(?:tags|actors|title|creator|header)["']?\s*:/mu.test(head)) {
    return formatNamed((await readPackHeader(file)).list === "tags" ? "tagpack" : "actorpack");
  } else {
    const lines = head.split("\n").map((line) => line.trim());
    const [first] = lines;
    if (first !== undefined && isCsvHeader(first)) return formatNamed("csv");
    const entries = lines.slice(0, -1).filter((line) => line !== "" && !line.startsWith("#"));
    const whole = entries.length > 0 ? entries : lines.filter((line) => line !== "");
    if (whole.length > 0 && whole.every((line) => /^[A-Za-z0-9:._-]{1,128}$/u.test(line))) {
      return formatNamed("address-list");
    }
  }
  const mend = `give --format, one of ${tagFormats.join(", ")}`;
  throw invalid(file.path, undefined, "it is of no format that is recognised", mend);
}

async function headOf(file: TagFile): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of file.open()) {
    pieces.push(piece);
    size += piece.length;
    if (size >= headBytes) break;
  }
  return new TextDecoder("utf-8").decode(Buffer.concat(pieces).subarray(0, headBytes));
}

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { Failure, isFailure } from "../base/failure.ts";
import { InvariantError } from "../base/assert.ts";
import { openPage, sealPage } from "../ledger/page.ts";
import { isCommitted, type TagManifest } from "./manifest.ts";

/** How an entry ended: its source no longer has it, or another version of it took its place. */
export type Ending = "none" | "withdrawn" | "superseded";

/** A tag as it is stored beside the others of its subject. What many tags share stands once, as attributes. */
export type Entry = {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly set: number;
  readonly attributes: number;
  readonly label: string;
  /** The tag's own URL; empty where the attributes' holds. */
  readonly url: string;
  readonly details: readonly (readonly [string, string])[];
  /** The revision that wrote it. */
  readonly since: number;
  /** The revision that ended it; 0 where none did. */
  readonly until: number;
  readonly ending: Ending;
};

/** The tags of one subject. */
export type TagRecord = { readonly subject: string; readonly entries: readonly Entry[] };

const endings: readonly Ending[] = ["none", "withdrawn", "superseded"];

export function encodeRecord({ subject, entries }: TagRecord): Uint8Array {
  const writer = new ByteWriter(256);
  const text = (value: string): void => {
    const bytes = Buffer.from(value, "utf8");
    writer.varint(bytes.length);
    writer.bytes(bytes);
  };
  text(subject);
  writer.varint(entries.length);
  for (const entry of entries) {
    writer.bytes(Buffer.from(entry.id, "hex"));
    writer.varint(entry.set);
    writer.varint(entry.attributes);
    writer.varint(entry.since);
    writer.varint(entry.until);
    writer.byte(endings.indexOf(entry.ending));
    text(entry.label);
    text(entry.url);
    writer.varint(entry.details.length);
    for (const [name, value] of entry.details) {
      text(name);
      text(value);
    }
  }
  return sealPage(writer.toBytes());
}

/**
 * What {@link encodeRecord} wrote.
 *
 * @throws {Failure} `LEDGER_DAMAGED`.
 */
export function decodeRecord(sealed: Uint8Array): TagRecord {
  const what = "the tags of a subject";
  const content = openPage(sealed, what);
  try {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
    const reader = new ByteReader(bytes);
    const text = (): string => {
      const { length } = reader.bytes(reader.varint());
      return bytes.toString("utf8", reader.position - length, reader.position);
    };
    const subject = text();
    const entries: Entry[] = [];
    for (let left = reader.varint(); left > 0; left -= 1) {
      reader.bytes(8);
      const id = bytes.toString("hex", reader.position - 8, reader.position);
      const [set, attributes, since, until] = [reader.varint(), reader.varint(), reader.varint(), reader.varint()];
      const ending = endings[reader.byte()] ?? "none";
      const [label, url] = [text(), text()];
      const details: [string, string][] = [];
      for (let pairs = reader.varint(); pairs > 0; pairs -= 1) details.push([text(), text()]);
      entries.push({ id, set, attributes, label, url, details, since, until, ending });
    }
    return { subject, entries };
  } catch (thrown) {
    if (isFailure(thrown) || !(thrown instanceof InvariantError)) throw thrown;
    throw new Failure("LEDGER_DAMAGED", { what, why: thrown.message }, thrown);
  }
}

/**
 * The entries that readers see, one for each id: what revisions that did not end wrote is as if it were not there.
 */
export function visibleEntries({ entries }: TagRecord, manifest: TagManifest): readonly Entry[] {
  const newest = new Map<string, Entry>();
  for (const entry of entries) {
    if (!isCommitted(manifest, entry.since)) continue;
    const ended = entry.until !== 0 && isCommitted(manifest, entry.until);
    if (ended && entry.ending === "superseded") continue;
    const shown: Entry = ended || entry.until === 0 ? entry : { ...entry, until: 0, ending: "none" };
    const other = newest.get(entry.id);
    if (other === undefined || other.since < entry.since) newest.set(entry.id, shown);
  }
  return [...newest.values()];
}

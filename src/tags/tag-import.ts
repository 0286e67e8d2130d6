import { assert } from "../base/assert.ts";
import type { Day } from "../base/day.ts";
import { Failure } from "../base/failure.ts";
import type { PageStore } from "../store/page-store.ts";
import type { PackActor } from "./actor-resolver.ts";
import { ActorWriter } from "./actor-writer.ts";
import { IdSet } from "./id-set.ts";
import type { SetContent, TagSet } from "./manifest.ts";
import { tagId, type NewTag } from "./new-tag.ts";
import type { Entry } from "./record.ts";
import { TagWriter } from "./tag-writer.ts";

/** What became of the tags of a file. */
export type SetCounts = {
  /** Not in the ledger before, or withdrawn before. */
  added: number;
  /** There already, with other content. */
  updated: number;
  unchanged: number;
  /** Said twice by the file in the same words. */
  repeated: number;
  /** In the ledger from an earlier import, and gone from the file. */
  withdrawn: number;
};

/**
 * `guarded`: a file that has lost more than half of the tags it had, and more than ten, is taken for a wrong or a cut one, and
 * refused. `allowed`: it is what its publisher means.
 */
export type Vanishing = "guarded" | "allowed";

const vanishedAlways = 10;

export type TagImportPlace = {
  /** Where the ledger is, for messages. */
  readonly folder: string;
  readonly today: Day;
  /** How many subjects are kept in memory before a part is committed. */
  readonly partSubjects: number;
};

/** The import of some files' tags into a ledger: all of it is seen at once, or nothing. */
export class TagImport {
  readonly #writer: TagWriter;
  readonly #actors: ActorWriter;
  readonly #today: Day;
  readonly #sets: SetImport[] = [];
  #newAddresses = 0;

  /** @throws {Failure} `LEDGER_FORMAT`, `LEDGER_DAMAGED`. */
  constructor(store: PageStore, { folder, today, partSubjects }: TagImportPlace) {
    this.#writer = new TagWriter(store, folder, partSubjects);
    this.#actors = new ActorWriter(this.#writer, today);
    this.#today = today;
  }

  /**
   * Begins a set: the tags of one file.
   *
   * @param name - What tells it from the others of the ledger, and is the same at its next import.
   * @throws {Failure} `USAGE` where this import has a set of that name already.
   */
  begin(name: string, format: string): SetImport {
    if (this.#sets.some((set) => set.name === name)) {
      const mend = "rename one, or import it on its own with --set NAME";
      throw new Failure("USAGE", { what: `two files are named ${name}, which is what tells sets of tags apart`, mend });
    }
    const { sets } = this.#writer.manifest;
    const known = sets.findIndex((set) => set.name === name);
    const added = this.#sets.filter(({ before }) => before === undefined).length;
    const set = new SetImport(this.#writer, {
      name,
      format,
      number: known === -1 ? sets.length + added : known,
      before: sets[known],
      onNewAddress: () => (this.#newAddresses += 1),
    });
    this.#sets.push(set);
    return set;
  }

  /** Adds an actor that a set describes; what it replaces of another set stays. */
  addActor(set: SetImport, actor: PackActor): "added" | "updated" | "unchanged" | "elsewhere" {
    return this.#actors.add(set.number, actor);
  }

  /** Writes what has come together, where it is enough: memory stays bounded. */
  async rest(): Promise<void> {
    await this.#writer.commitPart();
  }

  /**
   * Ends the import: what vanished is marked, and everything is seen.
   *
   * @throws {Failure} `SOURCE_INVALID` where a file lost most of its tags, `LEDGER_BUSY`, `STORE_FULL`; nothing is seen then.
   */
  async finish(vanishing: Vanishing): Promise<void> {
    await this.#withdraw(vanishing);
    for (const set of this.#sets) set.withdrawnActors = this.#actors.withdrawOthers(set.number);
    const { manifest, revision, hasChanges } = this.#writer;
    const after = hasChanges ? revision : manifest.revision;
    const sets = [...manifest.sets];
    for (const set of this.#sets) sets[set.number] = this.#setAfter(set, after);
    if (hasChanges) {
      const withdrew = this.#sets.some(({ counts }) => counts.withdrawn > 0);
      const days = withdrew ? [...manifest.days, [revision, this.#today] as const] : manifest.days;
      await this.#writer.finish(sets, days, manifest.addresses + this.#newAddresses);
    } else if (JSON.stringify(sets) !== JSON.stringify(manifest.sets)) {
      await this.#writer.touch(sets);
    }
  }

  close(): void {
    this.#writer.close();
  }

  async #withdraw(vanishing: Vanishing): Promise<void> {
    const losing = new Map(this.#sets.filter(({ vanished }) => vanished > 0).map((set) => [set.number, set]));
    if (losing.size === 0) return;
    for (const { name, vanished, before } of losing.values()) {
      const live = before?.live ?? 0;
      if (vanishing === "allowed" || vanished <= vanishedAlways || vanished * 2 <= live) continue;
      const why = `${vanished} of the ${live} tags that it had are gone from it`;
      const mend = "get it again if it was cut short; if it is right so, import it with --vanishing allowed";
      throw new Failure("SOURCE_INVALID", { source: name, where: "", why, mend });
    }
    await this.#writer.commitRest();
    for (const { key, record } of this.#writer.records()) {
      const gone = (entry: Entry): SetImport | undefined => {
        const set = entry.until === 0 ? losing.get(entry.set) : undefined;
        return set === undefined || set.hasSeen(entry.id) ? undefined : set;
      };
      if (!record.entries.some((entry) => gone(entry) !== undefined)) continue;
      const entries = record.entries.map((entry): Entry => {
        const set = gone(entry);
        if (set === undefined) return entry;
        set.counts.withdrawn += 1;
        return { ...entry, until: this.#writer.revision, ending: "withdrawn" };
      });
      this.#writer.write({ key, record: { ...record, entries } });
      await this.#writer.commitPart();
    }
  }

  #setAfter(set: SetImport, revision: number): TagSet {
    const { before, counts, hash } = set;
    assert(hash !== undefined, "tags: a set was begun and not ended");
    const content: SetContent = { revision, hash, checked: this.#today };
    const contents = before?.contents ?? [];
    const last = contents.at(-1);
    const live = (before?.live ?? 0) + counts.added - counts.withdrawn;
    return {
      name: set.name,
      format: set.format,
      contents:
        last?.hash === hash ? [...contents.slice(0, -1), { ...last, checked: this.#today }] : [...contents, content],
      live,
      withdrawn: (before?.withdrawn ?? 0) + counts.withdrawn - set.restored,
      actors: this.#actors.count(set.number, before?.actors ?? 0),
    };
  }
}

type SetOptions = {
  readonly name: string;
  readonly format: string;
  readonly number: number;
  readonly before: TagSet | undefined;
  readonly onNewAddress: () => void;
};

/** The tags of one file, on their way into the ledger. */
export class SetImport {
  readonly name: string;
  /** As it was recognised, or, of one of several like it, as it was read. */
  format: string;
  readonly number: number;
  readonly before: TagSet | undefined;
  readonly counts: SetCounts = { added: 0, updated: 0, unchanged: 0, repeated: 0, withdrawn: 0 };
  /** How many of the added ones had been withdrawn. */
  restored = 0;
  withdrawnActors = 0;
  hash: string | undefined;
  readonly #writer: TagWriter;
  readonly #onNewAddress: () => void;
  readonly #seen = new IdSet();

  constructor(writer: TagWriter, { name, format, number, before, onNewAddress }: SetOptions) {
    this.name = name;
    this.format = format;
    this.number = number;
    this.before = before;
    this.#writer = writer;
    this.#onNewAddress = onNewAddress;
  }

  /** Takes a tag in. */
  add(tag: NewTag): keyof SetCounts {
    const outcome = this.#put(tag);
    this.counts[outcome] += 1;
    return outcome;
  }

  /** The file has been read to its end. @param hash - SHA-256 of its content, in hexadecimal. */
  end(hash: string): void {
    this.hash = hash;
  }

  /** How many tags of before the file no longer has. */
  get vanished(): number {
    return (this.before?.live ?? 0) - this.counts.unchanged - this.counts.updated;
  }

  hasSeen(id: string): boolean {
    return this.#seen.has(id);
  }

  #put(tag: NewTag): keyof SetCounts {
    const { key, record } = this.#writer.read(tag);
    const attributes = this.#writer.attributes(tag.attributes);
    const isSame = (entry: Entry): boolean =>
      entry.attributes === attributes &&
      entry.label === tag.label &&
      entry.url === (tag.url ?? "") &&
      JSON.stringify(entry.details) === JSON.stringify(tag.details);
    const liveOf = (wanted: string): Entry | undefined =>
      record.entries.find((entry) => entry.id === wanted && entry.until === 0);
    let id = tagId(this.name, tag, 0);
    for (let ordinal = 1; this.#seen.has(id); ordinal += 1) {
      const earlier = liveOf(id);
      if (earlier !== undefined && isSame(earlier)) return "repeated";
      id = tagId(this.name, tag, ordinal);
    }
    this.#seen.add(id);
    const live = liveOf(id);
    if (live !== undefined && isSame(live)) return "unchanged";
    const entry: Entry = {
      id,
      set: this.number,
      attributes,
      label: tag.label,
      url: tag.url ?? "",
      details: tag.details,
      since: this.#writer.revision,
      until: 0,
      ending: "none",
    };
    const others = record.entries.map((other): Entry =>
      other === live ? { ...other, until: this.#writer.revision, ending: "superseded" } : other,
    );
    if (record.entries.length === 0 && tag.subject.kind === "address") this.#onNewAddress();
    if (live === undefined && record.entries.some((other) => other.id === id)) this.restored += 1;
    this.#writer.write({ key, record: { ...record, entries: [...others, entry] } });
    return live === undefined ? "added" : "updated";
  }
}

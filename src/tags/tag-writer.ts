import { assert } from "../base/assert.ts";
import type { ChainId } from "../base/caip.ts";
import { Failure } from "../base/failure.ts";
import { sealPage } from "../ledger/page.ts";
import type { Change, PageStore, StoreSnapshot } from "../store/page-store.ts";
import { attributesText, type Attributes } from "./attributes.ts";
import { allSubjects, attributesByHashKey, attributesKey, manifestKey, subjectKey, textHash } from "./keys.ts";
import { isCommitted, readJson, readManifest, sealJson, writeManifest, type TagManifest } from "./manifest.ts";
import type { NewTag } from "./new-tag.ts";
import { decodeRecord, encodeRecord, type Entry, type TagRecord } from "./record.ts";

/** How many subjects are kept in memory before a part is committed, where nobody says otherwise. */
export const partSubjectsDefault = 16_384;
/** Attributes by their text, remembered while importing; a source has few. */
const attributesMax = 65_536;

type Pending = { readonly key: Uint8Array; readonly record: TagRecord };

/**
 * Writes the records of tags for one import: parts as they fill, which nobody sees, and the manifest at last.
 *
 * What the parts hold is burnt from the first one on, until {@link TagWriter.finish} says otherwise; a process that dies
 * leaves nothing that anybody sees. Memory: the records of a part, whatever the import's size.
 */
export class TagWriter {
  readonly #store: PageStore;
  readonly #folder: string;
  readonly #partSubjects: number;
  #snapshot: StoreSnapshot;
  #manifest: TagManifest;
  /** What stands in the store, to notice another writer. */
  #stored: Uint8Array | undefined;
  #chains: readonly ChainId[];
  #nextAttributes: number;
  readonly #revision: number;
  readonly #pending = new Map<string, Pending>();
  readonly #attributes = new Map<string, number>();
  #changes: Change[] = [];
  #hasParts = false;

  constructor(store: PageStore, folder: string, partSubjects: number) {
    this.#store = store;
    this.#folder = folder;
    this.#partSubjects = partSubjects;
    this.#snapshot = store.snapshot();
    this.#manifest = readManifest(this.#snapshot, folder);
    this.#stored = copied(this.#snapshot.get(manifestKey));
    this.#revision = this.#manifest.next;
    this.#chains = this.#manifest.chains;
    this.#nextAttributes = this.#manifest.nextAttributes;
  }

  /** The state before this import. */
  get manifest(): TagManifest {
    return this.#manifest;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The store as it is now, parts included. Valid until the next part is committed. */
  get snapshot(): StoreSnapshot {
    return this.#snapshot;
  }

  /** Whether anything was written or is to be. */
  get hasChanges(): boolean {
    return this.#hasParts || this.#pending.size > 0 || this.#changes.length > 0;
  }

  /** The key and the record of a subject, as this import has left it so far. */
  read({ subject }: Pick<NewTag, "subject">): Pending {
    const chain = subject.kind === "incident" ? 0 : this.#chainNumber(subject.chain);
    const text =
      subject.kind === "incident" ? subject.incident : subject.kind === "address" ? subject.address : subject.txid;
    const key = subjectKey(subject.kind, chain, text);
    const pending = this.#pending.get(hexOf(key));
    if (pending !== undefined) return pending;
    const sealed = this.#snapshot.get(key);
    return { key, record: sealed === undefined ? { subject: text, entries: [] } : this.#cleaned(decodeRecord(sealed)) };
  }

  /** Replaces a subject's record. */
  write({ key, record }: Pending): void {
    this.#pending.set(hexOf(key), { key, record });
  }

  /** Adds a change that becomes part of the last commit: for what is small. */
  change(change: Change): void {
    this.#changes.push(change);
  }

  /** The number of attributes; they are stored where they are new. */
  attributes(attributes: Attributes): number {
    const text = attributesText(attributes);
    const known = this.#attributes.get(text);
    if (known !== undefined) return known;
    if (this.#attributes.size >= attributesMax) this.#attributes.clear();
    const hash = attributesByHashKey(textHash(text));
    const sealed = this.#snapshot.get(hash);
    let number = sealed === undefined ? undefined : (readJson(sealed, "an index of attributes") as { n: number }).n;
    if (number === undefined) {
      number = this.#nextAttributes;
      this.#nextAttributes += 1;
      this.#changes.push(
        { key: attributesKey(number), value: sealPage(Buffer.from(text, "utf8")) },
        { key: hash, value: sealJson({ n: number }) },
      );
    }
    this.#attributes.set(text, number);
    return number;
  }

  /** Commits a part where enough has come together. */
  async commitPart(): Promise<void> {
    if (this.#pending.size < this.#partSubjects && this.#changes.length < 2 * this.#partSubjects) return;
    await this.#commitPart();
  }

  /**
   * Every subject's record as it was before the parts that are still to come, with the key under which to write it.
   * Cost: one pass over all tags.
   */
  *records(): Generator<Pending> {
    assert(this.#pending.size === 0, "tags: a pass over the records while some are not committed");
    // A snapshot of its own: parts are committed meanwhile.
    const snapshot = this.#store.snapshot();
    try {
      for (const { key, value } of snapshot.range(allSubjects)) {
        yield { key: Uint8Array.from(key), record: this.#cleaned(decodeRecord(value)) };
      }
    } finally {
      snapshot.release();
    }
  }

  /** Commits what is pending as a part, however little, so that {@link TagWriter.records} sees it. */
  async commitRest(): Promise<void> {
    if (this.#pending.size > 0) await this.#commitPart();
  }

  /** The last commit: from it on all parts are seen, at once. */
  async finish(sets: TagManifest["sets"], days: TagManifest["days"], addresses: number): Promise<void> {
    await this.#commit({
      ...this.#manifest,
      revision: this.#revision,
      next: this.#revision + 1,
      burnt: this.#manifest.burnt.filter((one) => one !== this.#revision),
      chains: this.#chains,
      nextAttributes: this.#nextAttributes,
      sets,
      days,
      addresses,
    });
  }

  /** Changes only what the manifest says of the sets: no tag is another than before. */
  async touch(sets: TagManifest["sets"]): Promise<void> {
    await this.#commit({ ...this.#manifest, sets });
  }

  async #commitPart(): Promise<void> {
    await this.#commit({
      ...this.#manifest,
      burnt: [...this.#manifest.burnt.filter((one) => one !== this.#revision), this.#revision],
      next: this.#revision + 1,
      chains: this.#chains,
      nextAttributes: this.#nextAttributes,
    });
    this.#hasParts = true;
  }

  close(): void {
    this.#snapshot.release();
  }

  async #commit(manifest: TagManifest): Promise<void> {
    const current = this.#store.snapshot();
    const found = copied(current.get(manifestKey));
    current.release();
    if (!same(found, this.#stored)) throw new Failure("LEDGER_BUSY", { folder: this.#folder, what: "tags" });
    const change = writeManifest(manifest);
    const records = [...this.#pending.values()].map(({ key, record }) => ({ key, value: encodeRecord(record) }));
    await this.#store.commit([...this.#changes, ...records, change]);
    this.#pending.clear();
    this.#changes = [];
    this.#snapshot.release();
    this.#snapshot = this.#store.snapshot();
    this.#manifest = manifest;
    this.#stored = change.value;
  }

  #chainNumber(chain: ChainId): number {
    const known = this.#chains.indexOf(chain);
    if (known !== -1) return known + 1;
    this.#chains = [...this.#chains, chain];
    return this.#chains.length;
  }

  /** A record without what nobody sees any more: entries of imports that did not end, and those that others replaced. */
  #cleaned({ subject, entries }: TagRecord): TagRecord {
    const isSeen = (revision: number): boolean => revision === this.#revision || isCommitted(this.#manifest, revision);
    const kept: Entry[] = [];
    for (const entry of entries) {
      if (!isSeen(entry.since)) continue;
      const ended = entry.until !== 0 && isSeen(entry.until);
      // What this very import replaced stays until the import is seen.
      if (ended && entry.ending === "superseded" && entry.until !== this.#revision) continue;
      kept.push(ended || entry.until === 0 ? entry : { ...entry, until: 0, ending: "none" });
    }
    const shadowed = (entry: Entry): boolean =>
      kept.some((other) => other.id === entry.id && other.since > entry.since && other.since !== this.#revision);
    return { subject, entries: kept.filter((entry) => !shadowed(entry)) };
  }
}

function hexOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
}

function copied(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes === undefined ? undefined : Uint8Array.from(bytes);
}

function same(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return Buffer.compare(left, right) === 0;
}

import { chain as chainNamed } from "../base/chains.ts";
import { Failure } from "../base/failure.ts";
import type { PageStore } from "../store/page-store.ts";
import { remarksKey, subjectKey } from "./keys.ts";
import { readManifest, sealJson } from "./manifest.ts";
import { readRemarks } from "./open-tag-reader.ts";
import { subjectText } from "./write/tag-fields.ts";
import type { Tag, TagRemark } from "./tag.ts";

/** So many remarks on the tags of one subject are kept. */
const remarksMax = 1_000;

/**
 * Keeps a user's word on a tag: a record of its own, which no import changes. Whoever calls holds the ledger's writing lock.
 *
 * @throws {Failure} `USAGE` where the subject has very many remarks already, `LEDGER_DAMAGED`, `STORE_FULL`.
 */
export async function writeRemark(store: PageStore, folder: string, tag: Tag, remark: TagRemark): Promise<void> {
  const snapshot = store.snapshot();
  try {
    const { chains } = readManifest(snapshot, folder);
    const { subject } = tag;
    const number = subject.kind === "incident" ? 0 : chains.indexOf(subject.chain) + 1;
    const { text } = subjectText(tag);
    const key = remarksKey(subjectKey(subject.kind, number, text));
    const sealed = snapshot.get(key);
    const remarks = new Map(sealed === undefined ? [] : readRemarks(sealed));
    if ([...remarks.values()].flat().length >= remarksMax) {
      const where = subject.kind === "incident" ? "" : ` on ${chainNamed(subject.chain).name}`;
      throw new Failure("USAGE", { what: `${text}${where} has ${remarksMax} remarks`, mend: "no more are kept" });
    }
    remarks.set(tag.id, [...(remarks.get(tag.id) ?? []), remark]);
    await store.commit([{ key, value: sealJson({ remarks: [...remarks] }) }]);
  } finally {
    snapshot.release();
  }
}

import type { ChainId } from "../base/caip.ts";
import type { Day } from "../base/day.ts";
import type { Confidence } from "./actor.ts";
import type { Grade } from "./confidence.ts";

/** What a tag is about. Addresses and transaction ids are in the canonical form of their chain. */
export type TagSubject =
  | { readonly kind: "address"; readonly chain: ChainId; readonly address: string }
  | { readonly kind: "transaction"; readonly chain: ChainId; readonly txid: string }
  | { readonly kind: "incident"; readonly incident: string };

/** Where a tag comes from. */
export type TagSource = {
  /** Who says so; never empty. */
  readonly name: string;
  /** Where it can be read. */
  readonly url: string | undefined;
  /** When its publisher last changed it: a day, or as the source writes it. */
  readonly date: string | undefined;
  readonly licence: string | undefined;
  /** The set that the tag was imported with: a file's name, or what the user called it. */
  readonly set: string;
  /** SHA-256 of the file in which the tag stood last, in hexadecimal. */
  readonly hash: string;
};

/** A tag's id: 16 hexadecimal digits, made from its set, subject, label and source, so that it outlives re-imports. */
export type TagId = string & { readonly __brand: "TagId" };

/** What somebody says about a subject, with who says so and how sure it is. */
export type Tag = {
  readonly id: TagId;
  readonly subject: TagSubject;
  readonly label: string;
  /** An id of the taxonomy (`category.ts`), or a word that is none, as the source gives it. */
  readonly category: string | undefined;
  /** Further ids of the taxonomy. */
  readonly concepts: readonly string[];
  /** An id of the taxonomy for what the subject was used for: `ransomware`, `sanction`, … */
  readonly abuse: string | undefined;
  /** The actor as the source writes it: an id of a pack, or a name; which actor that is, a reader resolves. */
  readonly actor: string | undefined;
  readonly confidence: Confidence;
  /** How it came about, where the source says so in GraphSense's words. */
  readonly grade: Grade | undefined;
  readonly source: TagSource;
  /** The first and last day for which it is said; undefined where the source names none. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The day on which it was last seen to stand in its source. */
  readonly checked: Day;
  /** Whether the source says that it holds for the whole cluster of the address. */
  readonly clusterDefiner: "yes" | "no" | "unknown";
  /** Whatever else the source tells, by its own names: `programme`, `uid`, `context`, … */
  readonly details: readonly (readonly [name: string, text: string])[];
  /** The day on which it was found to be gone from its source; undefined while it stands there. */
  readonly withdrawn: Day | undefined;
  /** What users of this ledger said about it, the oldest first. Corrections are applied to the fields above. */
  readonly remarks: readonly TagRemark[];
  /** The fields as the source gives them, where a correction changed some. */
  readonly given: TagFields | undefined;
};

/** The fields that a correction may change. */
export type TagFields = Pick<Tag, "label" | "category" | "abuse" | "actor" | "confidence">;

/** A user's word on a single tag, kept beside it. */
export type TagRemark = {
  /** `dispute`: it is wrong, and nothing is decided by it. `correction`: with these fields it is right. `support`: it is right. */
  readonly kind: "dispute" | "correction" | "support";
  readonly by: string;
  readonly why: string;
  readonly day: Day;
  /** The fields that a correction changes. */
  readonly changes: Partial<TagFields>;
};

/** Whether a tag stands: in its source, and not disputed (by the latest of its remarks). Only such tags decide anything. */
export function stands(tag: Tag): boolean {
  return tag.withdrawn === undefined && tag.remarks.at(-1)?.kind !== "dispute";
}

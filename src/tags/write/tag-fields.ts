import type { Tag } from "../tag.ts";

/** What of a tag an export keeps beside the fields that a format has of its own, so that it comes back the same. */
export type OwnFields = {
  readonly sourceName: string;
  readonly confidence: Tag["confidence"];
  readonly grade?: string;
  readonly licence?: string;
  readonly from?: string;
  readonly to?: string;
  readonly date?: string;
  readonly details: Tag["details"];
};

export function ownFields({ source, confidence, grade, from, to, details }: Tag): OwnFields {
  return {
    sourceName: source.name,
    confidence,
    ...(grade === undefined ? {} : { grade }),
    ...(source.licence === undefined ? {} : { licence: source.licence }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(source.date === undefined ? {} : { date: source.date }),
    details,
  };
}

/** The chain and the text of a subject, as exports write them. */
export function subjectText({ subject }: Pick<Tag, "subject">): { readonly chain: string; readonly text: string } {
  switch (subject.kind) {
    case "address":
      return { chain: subject.chain, text: subject.address };
    case "transaction":
      return { chain: subject.chain, text: subject.txid };
    case "incident":
      return { chain: "", text: subject.incident };
    default:
      return subject satisfies never;
  }
}

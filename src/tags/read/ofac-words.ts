import type { TagInput } from "./tag-input.ts";

/** Where OFAC publishes its lists. */
export const ofacUrl = "https://sanctionslist.ofac.treas.gov/Home/SdnList";
export const ofacName = "US Treasury, OFAC: Specially Designated Nationals list";

const addressType = /^Digital Currency Address\s*-\s*(?<code>[A-Za-z0-9.-]{1,16})$/u;

/** The currency's code of "Digital Currency Address - XBT"; undefined for another kind of feature or document. */
export function currencyOf(type: string): string | undefined {
  return addressType.exec(type.trim())?.groups?.["code"];
}

/** The code in the name of a list made of OFAC's, such as `sanctioned_addresses_XBT.txt`. */
export function sanctionsListCode(name: string): string | undefined {
  return /^sanctioned_addresses_(?<code>[A-Z0-9]{2,8})\./u.exec(name)?.groups?.["code"];
}

/** An address that OFAC lists, with the entity that it is listed for. */
export type ListedAddress = {
  readonly line: number;
  readonly code: string;
  readonly address: string;
  readonly entity: string;
  readonly uid: string;
  readonly programmes: readonly string[];
  readonly akas: readonly string[];
  readonly date: string | undefined;
  readonly type: string | undefined;
};

/** So many other names of an entity are kept with each of its addresses. */
const akasMax = 32;

/** The tag of an address that OFAC lists: the entity is its actor, the programmes and other names its details. */
export function ofacTag({ line, code, address, entity, uid, programmes, akas, date, type }: ListedAddress): TagInput {
  return {
    line,
    subject: { kind: "address", text: address, chain: { kind: "code", code } },
    label: entity,
    category: "user",
    abuse: "sanction",
    actor: entity,
    confidence: "authority_data",
    sourceName: ofacName,
    url: ofacUrl,
    date,
    details: [
      ["entity", entity],
      ["uid", uid],
      ...(type === undefined ? [] : [["type", type] as const]),
      ...programmes.map((programme) => ["programme", programme] as const),
      ...akas.slice(0, akasMax).map((aka) => ["aka", aka] as const),
    ],
  };
}

import { currencyOf, ofacTag, type ListedAddress } from "./ofac-words.ts";
import type { ReadTags } from "./tag-input.ts";
import { readXml, type XmlElement } from "./xml.ts";

/** A party that has an address, until the list tells its programmes, which stand behind all parties. */
type Party = {
  readonly profile: string;
  readonly names: { readonly name: string; readonly isPrimary: boolean }[];
  readonly addresses: Pick<ListedAddress, "line" | "code" | "address">[];
  type: string | undefined;
};

type NamePart = { readonly text: string; readonly group: string };

/**
 * Reads OFAC's list in its advanced form (`sdn_advanced.xml`): the parties that have a feature "Digital Currency Address", by
 * the reference values of the file itself; names and programmes are joined by the profile.
 *
 * Memory: the parties that have an address. Source: `ADVANCED_XML` schema (`http://www.un.org/sanctions/1.0`): FeatureType,
 * DistinctParty, Profile, Identity, Alias, DocumentedName, Feature, VersionDetail, SanctionsEntry, SanctionsMeasure
 */
export const readOfacAdvanced: ReadTags = async (file, sink) => {
  const list = new AdvancedList();
  await readXml(file, list, sink.rest);
  for (const tag of list.listed()) sink.tag(ofacTag(tag));
  await sink.rest();
};

class AdvancedList {
  readonly #codes = new Map<string, string>();
  readonly #partyTypes = new Map<string, string>();
  readonly #partyTypeOf = new Map<string, string>();
  readonly #programmeTypes = new Set<string>();
  readonly #parties: Party[] = [];
  readonly #programmes = new Map<string, string[]>();
  #party: Party | undefined;
  #feature: string | undefined;
  readonly #profiles = new Set<string>();
  readonly #partTypes = new Map<string, string>();
  /** The names of the identity that is being read, until its groups say which part is which. */
  #aliases: { readonly parts: NamePart[]; readonly isPrimary: boolean }[] = [];
  readonly #groups = new Map<string, string>();
  #nameParts: NamePart[] = [];
  #isPrimary = false;
  #identityIsPrimary = false;
  #entry = "";
  #measureType = "";
  #issued: string[] = [];

  open(_path: readonly string[], { name, attributes }: XmlElement): void {
    switch (name) {
      case "Profile":
        this.#party = { profile: attributes["ID"] ?? "", names: [], addresses: [], type: this.#typeOf(attributes) };
        break;
      case "Identity":
        this.#identityIsPrimary = attributes["Primary"] !== "false";
        this.#aliases = [];
        this.#groups.clear();
        break;
      case "Alias":
        this.#isPrimary = this.#identityIsPrimary && attributes["Primary"] === "true";
        break;
      case "DocumentedName":
        this.#nameParts = [];
        break;
      case "Feature":
        this.#feature = this.#codes.get(attributes["FeatureTypeID"] ?? "");
        break;
      case "SanctionsEntry":
        this.#entry = attributes["ProfileID"] ?? "";
        break;
      case "SanctionsMeasure":
        this.#measureType = attributes["SanctionsTypeID"] ?? "";
        break;
      default:
    }
  }

  close(path: readonly string[], { name, attributes, line }: XmlElement, text: string): void {
    const id = attributes["ID"] ?? "";
    switch (name) {
      case "FeatureType": {
        const code = currencyOf(text);
        if (code !== undefined) this.#codes.set(id, code);
        break;
      }
      case "PartyType":
        this.#partyTypes.set(id, text);
        break;
      case "PartySubType":
        this.#partyTypeOf.set(id, attributes["PartyTypeID"] ?? "");
        break;
      case "SanctionsType":
        if (text === "Program") this.#programmeTypes.add(id);
        break;
      case "NamePartType":
        this.#partTypes.set(id, text);
        break;
      case "NamePartValue":
        this.#nameParts.push({ text, group: attributes["NamePartGroupID"] ?? "" });
        break;
      case "NamePartGroup":
        this.#groups.set(id, this.#partTypes.get(attributes["NamePartTypeID"] ?? "") ?? "");
        break;
      case "Alias":
        this.#aliases.push({ parts: this.#nameParts, isPrimary: this.#isPrimary });
        break;
      case "Identity":
        for (const { parts, isPrimary } of this.#aliases)
          this.#party?.names.push({ name: this.#named(parts), isPrimary });
        break;
      case "VersionDetail":
        if (this.#feature !== undefined && text !== "") {
          this.#party?.addresses.push({ line, code: this.#feature, address: text });
        }
        break;
      case "Feature":
        this.#feature = undefined;
        break;
      case "Profile":
        this.#endParty();
        break;
      case "Comment":
        this.#programme(path, text);
        break;
      case "Year":
      case "Month":
      case "Day":
        if (path[1] === "DateOfIssue") this.#issued.push(text.padStart(2, "0"));
        break;
      default:
    }
  }

  *listed(): Generator<ListedAddress> {
    const date = this.#issued.length === 3 ? this.#issued.join("-") : undefined;
    for (const { profile, names, addresses, type } of this.#parties) {
      const primary = names.find(({ isPrimary }) => isPrimary) ?? names[0];
      const akas = names.filter((other) => other !== primary).map(({ name }) => name);
      const programmes = [...new Set(this.#programmes.get(profile) ?? [])];
      const shared = { entity: primary?.name ?? "", uid: profile, programmes, akas, date, type };
      for (const address of addresses) yield { ...address, ...shared };
    }
  }

  /** A measure of the type "Program" names the programme in its comment. */
  #programme(path: readonly string[], text: string): void {
    if (path.at(-2) !== "SanctionsMeasure" || text === "") return;
    if (!this.#programmeTypes.has(this.#measureType)) return;
    if (!this.#profiles.has(this.#entry)) return;
    this.#programmes.set(this.#entry, [...(this.#programmes.get(this.#entry) ?? []), text]);
  }

  #endParty(): void {
    if (this.#party !== undefined && this.#party.addresses.length > 0) {
      this.#parties.push(this.#party);
      this.#profiles.add(this.#party.profile);
    }
    this.#party = undefined;
  }

  /** A name in the order in which the classic list gives it: first names, then the others as they stand. */
  #named(parts: readonly NamePart[]): string {
    const isFirst = ({ group }: NamePart): boolean => /^(?:First|Middle)/u.test(this.#groups.get(group) ?? "");
    return [...parts.filter(isFirst), ...parts.filter((part) => !isFirst(part))].map(({ text }) => text).join(" ");
  }

  #typeOf(attributes: XmlElement["attributes"]): string | undefined {
    return this.#partyTypes.get(this.#partyTypeOf.get(attributes["PartySubTypeID"] ?? "") ?? "");
  }
}

import { currencyOf, ofacTag } from "./ofac-words.ts";
import type { ReadTags } from "./tag-input.ts";
import { readXml } from "./xml.ts";

type Entry = {
  uid: string;
  firstName: string;
  lastName: string;
  type: string;
  readonly programmes: string[];
  readonly akas: string[];
  readonly addresses: { readonly line: number; readonly code: string; readonly address: string }[];
};

const newEntry = (): Entry => ({
  uid: "",
  firstName: "",
  lastName: "",
  type: "",
  programmes: [],
  akas: [],
  addresses: [],
});

/**
 * Reads OFAC's list in its classic form (`sdn.xml`): the entries whose documents are digital currency addresses.
 *
 * Source: `sdn.xsd`, elements sdnList, sdnEntry, programList, akaList, idList
 */
export const readOfacClassic: ReadTags = async (file, sink) => {
  let entry = newEntry();
  let [idType, idNumber, idLine] = ["", "", 0];
  let [akaFirst, akaLast] = ["", ""];
  let published: string | undefined;
  const close = (path: readonly string[], text: string, line: number): void => {
    switch (path.slice(1).join("/")) {
      case "publshInformation/Publish_Date":
        published = dayOf(text);
        break;
      case "sdnEntry/uid":
        entry.uid = text;
        break;
      case "sdnEntry/firstName":
        entry.firstName = text;
        break;
      case "sdnEntry/lastName":
        entry.lastName = text;
        break;
      case "sdnEntry/sdnType":
        entry.type = text;
        break;
      case "sdnEntry/programList/program":
        entry.programmes.push(text);
        break;
      case "sdnEntry/akaList/aka/firstName":
        akaFirst = text;
        break;
      case "sdnEntry/akaList/aka/lastName":
        akaLast = text;
        break;
      case "sdnEntry/akaList/aka":
        entry.akas.push(fullName(akaFirst, akaLast));
        [akaFirst, akaLast] = ["", ""];
        break;
      case "sdnEntry/idList/id/idType":
        idType = text;
        break;
      case "sdnEntry/idList/id/idNumber":
        [idNumber, idLine] = [text, line];
        break;
      case "sdnEntry/idList/id": {
        const code = currencyOf(idType);
        if (code !== undefined) entry.addresses.push({ line: idLine, code, address: idNumber });
        [idType, idNumber] = ["", ""];
        break;
      }
      case "sdnEntry": {
        const { uid, type, programmes, akas, addresses } = entry;
        const name = fullName(entry.firstName, entry.lastName);
        const shared = { uid, type: type === "" ? undefined : type, programmes, akas, date: published, entity: name };
        for (const address of addresses) sink.tag(ofacTag({ ...address, ...shared }));
        entry = newEntry();
        break;
      }
      default:
    }
  };
  await readXml(
    file,
    { open: () => undefined, close: (path, element, text) => close(path, text, element.line) },
    sink.rest,
  );
};

function fullName(first: string, last: string): string {
  return [first, last].filter((part) => part !== "").join(" ");
}

/** `08/20/2026` as a day. */
function dayOf(text: string): string | undefined {
  const { month, day, year } = /^(?<month>[0-9]{2})\/(?<day>[0-9]{2})\/(?<year>[0-9]{4})$/u.exec(text)?.groups ?? {};
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}

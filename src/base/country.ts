import codes from "i18n-iso-countries/codes.json" with { type: "json" };
import english from "i18n-iso-countries/langs/en.json" with { type: "json" };
import { Failure } from "./failure.ts";
import { nearest } from "./nearest.ts";

/** An ISO 3166-1 alpha-2 country code, upper case. */
export type CountryCode = string & { readonly __brand: "CountryCode" };

/** Names in everyday use where the ISO short name is an inversion or a formal title. */
const everydayNames: ReadonlyMap<string, string> = new Map([
  ["BO", "Bolivia"],
  ["CN", "China"],
  ["IR", "Iran"],
  ["LA", "Laos"],
  ["MD", "Moldova"],
  ["RU", "Russia"],
  ["SY", "Syria"],
  ["TW", "Taiwan"],
  ["TZ", "Tanzania"],
  ["US", "United States"],
  ["VE", "Venezuela"],
  ["VG", "British Virgin Islands"],
  ["VI", "US Virgin Islands"],
]);

// XK (Kosovo) is in use but user-assigned: it is not a code of ISO 3166-1.
const numericByCode: ReadonlyMap<string, string> = new Map(
  codes.flatMap(([alpha2, , numeric]) =>
    alpha2 === undefined || numeric === undefined || alpha2 === "XK" ? [] : [[alpha2, numeric] as const],
  ),
);
const names = english.countries as Readonly<Record<string, string | readonly string[]>>;

/**
 * Reads an ISO 3166-1 alpha-2 code.
 *
 * @param where - Where it stands, for the failure's message.
 * @throws {Failure} `UNKNOWN_NAME` where ISO 3166-1 assigns no such code.
 */
export function parseCountry(text: string, where: string): CountryCode {
  if (numericByCode.has(text)) return text as CountryCode;
  throw new Failure("UNKNOWN_NAME", {
    kind: "country",
    name: text,
    where,
    mend: nearest(text, [...numericByCode.keys()], "use an ISO 3166-1 code of two capitals, such as JP"),
  });
}

/** The country's English name. */
export function countryName(code: CountryCode): string {
  const everyday = everydayNames.get(code);
  if (everyday !== undefined) return everyday;
  const name = names[code];
  if (name === undefined) return code;
  return typeof name === "string" ? name : (name[0] ?? code);
}

/** The ISO 3166-1 numeric code, three digits, by which map data name countries. */
export function countryNumeric(code: CountryCode): string {
  return numericByCode.get(code) ?? "";
}

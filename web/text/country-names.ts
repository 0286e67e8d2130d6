import japanese from "i18n-iso-countries/langs/ja.json" with { type: "json" };
import { countryName, type CountryCode } from "../../src/base/country.ts";
import type { Locale } from "../base/locale.ts";

/** Names in everyday use where the table has the formal title. */
const everyday: ReadonlyMap<string, string> = new Map([
  ["AE", "アラブ首長国連邦"],
  ["CN", "中国"],
  ["GB", "英国"],
  ["IR", "イラン"],
  ["KP", "北朝鮮"],
  ["KR", "韓国"],
  ["KY", "ケイマン諸島"],
  ["RU", "ロシア"],
  ["SY", "シリア"],
  ["TW", "台湾"],
  ["US", "米国"],
  ["VE", "ベネズエラ"],
  ["VG", "英領バージン諸島"],
  ["VI", "米領バージン諸島"],
  ["VN", "ベトナム"],
]);

const names = japanese.countries as Readonly<Record<string, string | readonly string[]>>;

/** A country's name by its ISO 3166-1 alpha-2 code; the code itself where there is none. */
export function nameOfCountry(code: string, locale: Locale): string {
  if (locale === "en") return countryName(code as CountryCode);
  const name = names[code];
  return everyday.get(code) ?? (typeof name === "string" ? name : name?.[0]) ?? code;
}

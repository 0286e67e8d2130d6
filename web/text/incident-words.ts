import { bilingual } from "./text.ts";

/** Lists of thefts. */
export const incidentWords = bilingual({
  caption: ["The register's thefts", "事案台帳の一覧"],
  usdTitle: ["At theft, $m", "窃取時評価額（百万ドル）"],
  sector: ["Sector", "業種"],
  attribution: ["Attributed to", "特定された攻撃者"],
});

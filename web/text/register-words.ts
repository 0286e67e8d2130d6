import { bilingual, type Text } from "./text.ts";

export { confidenceTexts } from "./confidence-words.ts";

/** Words of the register that several pages use. */
export const register = bilingual({
  incident: ["Incident", "事案"],
  date: ["Date", "日付"],
  victim: ["Victim", "被害事業者"],
  country: ["Country", "国"],
  countryUnknown: ["Country unknown", "国不明"],
  actor: ["Actor", "攻撃者グループ"],
  notAttributed: ["not attributed", "攻撃者の特定なし"],
  suspected: ["suspected: {who}", "疑い：{who}"],
  atTheft: ["at theft", "窃取時評価額"],
  disclosed: ["disclosed", "公表額"],
  now: ["now", "現在評価額"],
  recovered: ["recovered", "回収額"],
  confidence: ["Confidence", "確度"],
  technique: ["Technique", "手口"],
  attribution: ["Attribution", "攻撃者の特定"],
  ruleSeat: ["legal seat", "登記地"],
  ruleOperator: ["operated from", "運営地"],
  rulePublished: ["as published", "公表値の区分"],
  notEstablished: ["not established", "未確認"],
});

/** The register's sectors, which it writes in English. */
export const sectorTexts: Readonly<Record<string, Text>> = bilingual({
  "centralised exchange": ["centralised exchange", "暗号資産交換業者（取引所）"],
  "decentralised exchange": ["decentralised exchange", "分散型取引所"],
  "NFT platform": ["NFT platform", "NFTプラットフォーム"],
  "health care": ["health care", "医療機関"],
  "private holder": ["private holder", "個人保有者"],
  "token issuer": ["token issuer", "トークン発行者"],
  "trading and investment": ["trading and investment", "取引・投資業"],
  bridge: ["bridge", "ブリッジ"],
  gambling: ["gambling", "賭博"],
  game: ["game", "ゲーム"],
  lending: ["lending", "貸付"],
  mining: ["mining", "マイニング"],
  payments: ["payments", "決済"],
  stablecoin: ["stablecoin", "ステーブルコイン"],
  unknown: ["unknown", "不明"],
  various: ["various", "各種"],
  wallet: ["wallet", "ウォレット"],
  yield: ["yield", "利回り運用"],
});

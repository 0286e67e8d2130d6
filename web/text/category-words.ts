import { bilingual, type Text } from "./text.ts";

/** The categories of tags that are met most; others are shown by their ids. */
const words: Readonly<Record<string, Text>> = bilingual({
  theft: ["theft", "窃取"],
  exchange: ["exchange", "暗号資産交換業者（取引所）"],
  wallet_service: ["wallet service", "ウォレットサービス"],
  mixing_service: ["mixer", "ミキサー"],
  payment_processor: ["payment processor", "決済代行"],
  gambling: ["gambling", "賭博"],
  market: ["market", "マーケット"],
  mining_service: ["mining", "マイニング"],
  miner: ["miner", "マイナー"],
  service: ["service", "サービス"],
  defi: ["DeFi", "DeFi"],
  defi_dex: ["decentralised exchange", "分散型取引所"],
  defi_lending: ["lending protocol", "レンディング"],
  defi_bridge: ["bridge", "ブリッジ"],
  sanction: ["sanctioned", "制裁対象"],
  terrorism: ["terrorism", "テロ"],
  service_hack: ["theft from a service", "サービスからの窃取"],
  hacking: ["hacking", "ハッキング"],
  scam: ["scam", "詐欺"],
  phishing: ["phishing", "フィッシング"],
  ransomware: ["ransomware", "ランサムウェア"],
  perpetrator: ["perpetrator", "実行者"],
  victim: ["victim", "被害者"],
  abuse: ["abuse", "不正利用"],
  cold_wallet: ["cold wallet", "コールドウォレット"],
  hot_wallet: ["hot wallet", "ホットウォレット"],
  user: ["user", "利用者"],
});

/** A category's name in both languages. */
export function categoryText(id: string): Text {
  return words[id] ?? [id.replaceAll("_", " "), id.replaceAll("_", " ")];
}

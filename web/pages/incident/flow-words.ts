import { bilingual } from "../../text/text.ts";

/** Where a theft's funds went. */
export const words = bilingual({
  flow: ["Where it went", "移転状況"],
  none: [
    "No theft transaction is known, so nothing can be followed.",
    "窃取のトランザクションが不明のため、追跡できません。",
  ],
  noLedger: [
    "No ledger is loaded. Load {chain} to follow these transactions.",
    "台帳がありません。{chain}を取り込むと追跡できます。",
  ],
  notLoaded: [
    "The ledger does not hold {chain}. Load it to follow these transactions.",
    "台帳に{chain}がありません。取り込むと追跡できます。",
  ],
  howToLoad: ["How to load a chain", "チェーンの取り込み方法"],
  endsBefore: [
    "The ledger of {chain} ends on {time}, before this theft: where it went is unknown. Load it further.",
    "{chain}の台帳は{time}までで、この窃取より前です。移転状況は不明です。以後を取り込んでください。",
  ],
  notFound: [
    "None of the theft transactions is in the ledger of {chain} (to block {height}): where it went is unknown.",
    "窃取のトランザクションは{chain}の台帳（ブロック{height}まで）にありません。移転状況は不明です。",
  ],
  refused: [
    "Following it takes a token of the role “screen”: where it went is not shown.",
    "追跡にはscreenロールのトークンが必要なため、移転状況を表示できません。",
  ],
  tooLarge: [
    "Too large to be followed on this page: where it went is not shown. The trace can be bounded by blocks and hops.",
    "このページで追跡するには規模が大きすぎます。追跡ページではブロックやホップ数で範囲を絞れます。",
  ],
  busy: [
    "Other traces are running; try again in a moment.",
    "他の追跡を実行中です。しばらくしてから再試行してください。",
  ],
  following: ["Following the funds on {chain}…", "{chain}で資金を追跡中…"],
  cut: [
    "Only the first {n} transactions were followed on this page; what lies beyond is unknown here.",
    "このページでは最初の{n}件のトランザクションのみ追跡しました。その先は不明です。",
  ],
  partly: [
    "{found} of {n} theft transactions are in the ledger: the others are not followed, and what became of them is unknown.",
    "窃取のトランザクション{n}件のうち台帳にあるのは{found}件です。残りは追跡しておらず、移転状況は不明です。",
  ],
  reached: ["{share} of {of} reached services", "{of}の{share}がサービスに到達"],
  rested: ["{share} rests", "{share}が滞留"],
  wasCut: ["{share} was not followed further", "{share}は追跡範囲外"],
  theFunds: ["the funds", "資金"],
  asOf: ["to block {height}", "ブロック{height}まで"],
  ranges: ["lines below the bar and ranges: least to most over {n} policies", "バー下の線と幅は{n}方式の最小〜最大"],
  atTheft: ["dollars of the day of the theft", "窃取日の米ドル換算"],
  byAmount: ["shares by amount, since no price is known", "価格が不明のため数量による構成比"],
  unweighed: [
    "Value unknown: its assets have no price of that day, so no shares can be told.",
    "評価額不明：当日の価格がない資産のため、構成比を計算できません。",
  ],
  unpriced: ["Not in the bar, since no price is known: {amounts}", "価格が不明のためバーに含まれないもの：{amounts}"],
  where: ["Where", "行き先"],
  usd: ["Value", "評価額"],
  share: ["Share", "構成比"],
  range: ["Range", "幅"],
  services: ["Services", "サービス"],
  others: ["{n} more|{n} more", "ほか{n}件"],
  rests: ["rests, not moved on", "滞留"],
  unfollowed: ["not followed further", "追跡範囲外"],
  fees: ["fees", "手数料"],
  otherServices: ["other services", "その他のサービス"],
  uncategorised: ["services of unknown kind", "種別不明のサービス"],
  total: ["Followed", "追跡した合計"],
  trace: ["Follow it in the trace", "追跡ページで見る"],
  fifo: ["first in, first out", "先入先出による"],
});

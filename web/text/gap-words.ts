import type { Locale } from "../base/locale.ts";
import { fill } from "./text.ts";

/** What is not known, as a verdict has it: an English sentence, and what one in another language is made of. */
export type GapLike = {
  readonly gap: string;
  readonly what: string;
  readonly data?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly mend?: string | null;
};

/** By the gap, or the gap and the `kind` in its data: what is not known and what to do. */
const japanese: Readonly<Record<string, string>> = {
  "ledger-empty": "台帳にこのチェーンのブロックがありません。取り込んでから再度照合してください。",
  "chain-not-loaded": "このチェーンは台帳に取り込まれていません。取り込むか、取り込み済みの台帳で照合してください。",
  "not-in-ledger address": "この台帳（ブロック{block}まで）にありません。安全という意味ではありません。",
  "not-in-ledger transaction":
    "この台帳（ブロック{block}まで）にありません。安全という意味ではありません。続きを取り込むか、IDを確認してください。",
  "not-synced": "台帳はブロック{tip}まで、対象はブロック{block}。{block}まで取り込み、再度照合してください。",
  "index-none": "汚染の索引がありません。fundtrail taint buildで作成し、再度照合してください。",
  "index-lost": "汚染の索引が再編成前のチェーンのものです。fundtrail taint buildで作り直してください。",
  "index-behind":
    "汚染の索引はブロック{index}まで、台帳はブロック{ledger}まで。fundtrail taint buildで更新してください。",
  "index-stale": "汚染の索引に反映されていない変更があります{changed}。fundtrail taint buildで更新してください。",
  "index-policy": "ルールが求める充当方式{policies}が索引にありません。fundtrail taint buildで作成してください。",
  "tags-none":
    "{chain}の不正なアドレスのタグが読み込まれていません。制裁リストをfundtrail tags importで読み込み、taint buildを実行してください。",
  "tag-unclear":
    "{address}のタグ「{label}」（{source}）の区分が不明です。fundtrail tags correctで区分を付けてください。",
  "clusters none": "クラスターが未作成です。fundtrail clusters buildで作成してください。",
  "clusters outdated": "クラスターが再編成前、または別の版のものです。fundtrail clusters buildで作り直してください。",
  "clusters behind": "クラスターが台帳より{count}行遅れています。fundtrail clusters buildで更新してください。",
  "begins-late": "台帳はブロック{first}から始まり、それ以前は不明です。ブロック{due}から取り込んでください。",
  "heights-left-out":
    "ブロック{first}以降の{count}ブロックが台帳に欠けています。fundtrail ledger infoで確認し、取り込んでください。",
  "internal-unknown": "トランザクション内部の移転が{count}ブロックで不明です。トレース付きで取り込んでください。",
  "outputs-unseen ledger": "台帳にない出力が{count}件使われています。fundtrail ledger checkで確認してください。",
  "outputs-unseen payers":
    "入力{count}件の所有者が不明です（台帳の開始前）。チェーンの最初のブロックから取り込んでください。",
  "theft-absent":
    "窃取事案{incident}のトランザクションが台帳にありません。該当ブロックを取り込み、fundtrail taint buildを実行してください。",
  "theft-partial":
    "{name}事案の窃取トランザクション{count}件が台帳にありません。該当ブロックを取り込み、fundtrail taint buildを実行してください。",
  "theft-unfollowed":
    "事案{incident}の犯人のアドレスは台帳にありますが、窃取トランザクションが不明なため、その先を追跡していません。アドレスをタグ（service_hack）として読み込み、fundtrail taint buildを実行してください。",
  "assumption shielded":
    "{origin}（{policy}）の追跡の前提：{chain}には公開されない部分があり、そこへ移った分は手数料に含まれます。",
  "assumption mixed":
    "{origin}（{policy}）の追跡の前提：盗難由来の価値{count}件が値の不明なものと混ざり、行き先を特定できません。",
  "assumption fees":
    "{origin}（{policy}）の追跡の前提：取り込んだ値が不明なため、トランザクション{count}件の手数料が不明です。",
  "assumption unpriced":
    "{origin}（{policy}）の追跡の前提：価格がないため、{count}件の交換で盗難由来の割合が不明です。",
  "assumption other": "{origin}（{policy}）の追跡は確認できない前提に依拠しています。",
  parties: "{role}のうち{count}件は調べていません（上限{known}件）。対象の支払いを1件指定してください（--to）。",
  price: "{day}の{asset}の価格がありません（ルール{rule}）。事案台帳に価格を追加してください。",
  share: "受取が多すぎて集計できず、{origin}に由来する割合が不明です（ルール{rule}）。",
};

/** Words of closed lists that stand in a gap's data. */
const words: Readonly<Record<string, string>> = {
  fifo: "先入先出",
  haircut: "按分",
  tags: "タグ",
  register: "事案台帳",
  prices: "価格",
  unfinished: "作成が未完了",
  payer: "支払元",
  receiver: "受取先",
};

/** What is not known and what to do about it; in English as the server says it. */
export function gapText(gap: GapLike, locale: Locale): string {
  return (locale === "ja" ? japaneseGap(gap) : undefined) ?? gapSentence(gap);
}

/** In Japanese; undefined: this page does not know the gap, which a newer server names. */
export function japaneseGap({ gap, data = {} }: GapLike): string | undefined {
  const { kind } = data;
  const text = japanese[typeof kind === "string" ? `${gap} ${kind}` : gap];
  if (text === undefined) return undefined;
  const values = Object.entries(data).map(([key, value]) => [key, inWords(key, value)] as const);
  return fill(text, Object.fromEntries(values));
}

/** Words of closed lists in Japanese; a list in brackets, and none of nothing. Names and numbers stay what they are. */
function inWords(key: string, value: string | number | readonly string[]): string | number {
  if (typeof value === "object") {
    return value.length === 0 ? "" : `（${value.map((one) => words[one] ?? one).join("、")}）`;
  }
  return key === "policy" || key === "role" ? (words[value] ?? value) : value;
}

/** The server's words for it as sentences. */
export function gapSentence({ what, mend }: Pick<GapLike, "what" | "mend">): string {
  const sentence = (text: string): string => {
    const first = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
    return /[.。]$/u.test(first) ? first : `${first}.`;
  };
  return mend === null || mend === undefined ? sentence(what) : `${sentence(what)} ${sentence(mend)}`;
}

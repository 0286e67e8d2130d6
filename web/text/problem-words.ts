import type { FailureCode } from "../../src/base/failure-codes.ts";
import type { FailureReason } from "../../src/base/failure-reasons.ts";
import type { Locale } from "../base/locale.ts";
import { fill } from "./text.ts";

/** What the server says of a failure: its English line, and what a line in another language is made of. */
export type Problem = {
  readonly code: string;
  readonly detail: string;
  /** Of HTTP; undefined: it was not answered so. */
  readonly status?: number;
  readonly reason?: FailureReason | null;
  readonly values?: Readonly<Record<string, string | number>>;
};

/** A failure as it is shown: a line in the reader's language, and the server's own where it says more. */
export type ProblemText = { readonly says: string; readonly detail?: string };

/** By the reason, which tells more than the code. */
const japaneseReasons: Readonly<Record<FailureReason, string>> = {
  checksum: "チェックサムが一致しません。アドレスをコピーし直してください。",
  length: "「{name}」は長さが正しくありません。全体をコピーし直してください。",
  characters: "「{name}」にはアドレスに使えない文字が含まれています。コピーし直してください。",
  "letter-case": "「{name}」は大文字・小文字が元の表記と異なります。元のアドレスをコピーし直してください。",
  "other-chain": "「{name}」は別のチェーン（{chains}）のアドレスです。チェーンを選び直してください。",
  "secret-key": "秘密鍵のように見えます。知られると資産を動かされるため、貼り付けないでください。",
  form: "「{name}」はアドレスやトランザクションIDの形式ではありません。確認してください。",
  "several-chains": "「{subject}」は複数のチェーンに該当し得ます。チェーンを選んでください（{chains}）。",
  "transaction-absent":
    "トランザクション「{name}」は台帳にありません。IDを確認するか、続きのブロックを取り込んでください。",
  "address-absent": "アドレス「{name}」は台帳にありません。確認するか、続きのブロックを取り込んでください。",
  "chain-absent": "チェーン「{name}」は台帳にありません。取り込むか、別のチェーンを選んでください。",
  "no-ledger": "台帳が読み込まれていません。--ledgerを指定してサーバーを起動してください。",
  "no-screening": "この照合の記録はありません。IDを確認してください。古い記録は削除されます。",
  "no-trace": "この追跡はありません。終了した追跡は一定期間だけ保持されます。",
  "lists-running": "ほかの一覧を照合しています。終わってから再試行してください。",
  "traces-waiting": "待機中の追跡が多すぎます。いくつか終わってから再試行してください。",
};

const japaneseCodes: Readonly<Record<FailureCode | "FAULT", string>> = {
  USAGE: "指定の組み合わせが正しくありません。",
  UNKNOWN_NAME: "「{name}」は見つかりません。",
  INVALID_VALUE: "「{name}」を読み取れません。",
  REGISTER_UNREADABLE: "事案台帳を読み込めません。",
  REGISTER_INVALID: "事案台帳に誤りがあります。",
  SOURCE_INVALID: "取込元のデータが正しくありません。",
  SOURCE_UNREADABLE: "取込元を読み込めません。",
  SOURCE_UNAVAILABLE: "取込元のノードが応答しません。",
  SOURCE_REFUSED: "取込元のノードに拒否されました。",
  STORE_UNREADABLE: "台帳の保存先を開けません。",
  STORE_READ_ONLY: "台帳が読み取り専用で開かれています。",
  STORE_FULL: "ディスクの空きがありません。空きを作ってから続けてください。",
  LEDGER_DAMAGED: "台帳が壊れています。fundtrail ledger checkで確認してください。",
  LEDGER_FORMAT: "台帳の形式がこの版のFundtrailに合いません。",
  LEDGER_BUSY: "別の処理が台帳に書き込んでいます。終わってから再試行してください。",
  REORG_TOO_DEEP: "チェーンの再編成が深すぎて巻き戻せません。",
  CLUSTERS_UNBUILT: "クラスターが未作成か、台帳より古くなっています。fundtrail clusters buildで作成してください。",
  TAINT_UNBUILT: "汚染の索引が未作成か、台帳より古くなっています。fundtrail taint buildで作成してください。",
  TAINT_DAMAGED: "汚染の索引が壊れています。fundtrail taint drop、次にtaint buildで作り直してください。",
  RULES_INVALID: "照合ルールのファイルに誤りがあります。",
  OUTPUT_UNWRITABLE: "ファイルに書き込めません。",
  REQUEST_INVALID: "リクエストが正しくありません。",
  REQUEST_TOO_LARGE: "送信する内容が大きすぎます。分けて送信してください。",
  UNSUPPORTED_MEDIA_TYPE: "この形式の本文は受け付けていません。JSONで送信してください。",
  METHOD_NOT_ALLOWED: "このURLではそのメソッドを使えません。",
  NOT_FOUND: "見つかりません。",
  HOST_REFUSED: "このホスト名での要求は受け付けていません。",
  TOKEN_REFUSED: "トークンが必要か、無効です。",
  ROLE_MISSING: "このトークンにはその操作の権限がありません。",
  RATE_LIMITED: "要求が多すぎます。しばらく待ってから再試行してください。",
  IDEMPOTENCY_CONFLICT: "同じ冪等キーが別の要求に使われています。",
  SERVER_BUSY: "サーバーが混み合っています。しばらく待ってから再試行してください。",
  TRACE_UNFINISHED: "追跡に結果がありません。終わるまで待つか、もう一度始めてください。",
  RESULT_TOO_LARGE: "追跡の結果が大きすぎます。ブロック、ホップ数、金額で範囲を絞ってください。",
  TOKENS_INVALID: "トークンのファイルを読み込めません。",
  AUDIT_DAMAGED: "監査ログが書き込まれたものと異なります。",
  PORT_UNAVAILABLE: "ポートを使用できません。",
  FAULT: "Fundtrailの不具合です。報告してください。",
};

/** In English too: what is to be done is shorter than what is wrong. */
const wrongChecksum = "Wrong checksum: copy the address again.";

/** Of what is the server's own doing it tells nobody more. */
const atServer = "詳細はサーバーのログにあります。";

/** What the server says of a failure, in a language; nothing of it is lost where only English says it. */
export function problemText(problem: Problem, locale: Locale): ProblemText {
  const { code, detail, status, reason, values = {} } = problem;
  if (locale === "en") return reason === "checksum" ? { says: wrongChecksum, detail } : { says: detail };
  if (reason !== undefined && reason !== null) return { says: fill(japaneseReasons[reason], values) };
  const known = japaneseCodes[code as FailureCode];
  // A server that is newer than the page.
  if (known === undefined) return { says: "エラーが発生しました。", detail };
  const text = known.includes("{name}") && values["name"] === undefined ? japaneseCodes.REQUEST_INVALID : known;
  if (status === undefined) return { says: fill(text, values) };
  return isServers(status, code) ? { says: `${text}${atServer}` } : { says: fill(text, values), detail };
}

function isServers(status: number, code: string): boolean {
  return status >= 500 && code !== "SERVER_BUSY";
}

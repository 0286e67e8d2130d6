import { bilingual } from "../text/text.ts";

export const words = bilingual({
  results: ["What was found", "検索結果"],
  address: ["address", "アドレス"],
  transaction: ["transaction", "トランザクション"],
  output: ["output", "出力"],
  transfer: ["transfer", "移転"],
  block: ["block", "ブロック"],
  incident: ["incident", "事案"],
  actor: ["actor", "攻撃者グループ"],
  entity: ["entity", "主体"],
  unseen: ["not in this ledger; that does not mean clean", "この台帳にありません。安全という意味ではありません"],
  several: ["On several chains: choose", "複数のチェーンにあります。選んでください"],
  none: ["Nothing of this name is in the register or the ledger.", "事案台帳にも台帳にも該当がありません。"],
  screenThis: ["Screen “{what}”", "「{what}」をスクリーニング"],
  screenMany: ["Screen {n} item|Screen {n} items", "{n}件をスクリーニング"],
  more: ["There are more: type on", "ほかにもあります。続けて入力してください"],
  inIncidents: ["Incidents with “{what}”", "「{what}」を含む事案"],
});

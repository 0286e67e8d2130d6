import { bilingual } from "./text.ts";

/** What came from thefts and illicit entities, and what tags say: of a verdict, and of an address. */
export const exposureWords = bilingual({
  exposures: ["Exposures", "エクスポージャー"],
  evidence: ["Tags and clusters", "タグとクラスター"],
  origin: ["Origin", "起点"],
  policy: ["Policy", "充当方式"],
  amount: ["Amount", "数量"],
  share: ["Share", "割合"],
  usd: ["$", "ドル"],
  hops: ["Hops", "ホップ"],
  direct: ["Direct", "直接"],
  directAll: ["direct", "直接"],
  indirect: ["indirect", "間接"],
  sources: ["Source", "出典"],
  confidence: ["Confidence", "確度"],
  category: ["Category", "カテゴリー"],
  kind: ["Evidence", "根拠"],
  kindTag: ["tag", "タグ"],
  kindCluster: ["cluster", "クラスター"],
  fifo: ["FIFO", "先入先出"],
  haircut: ["haircut", "按分"],
  noneFound: [
    "None found to block {block}: {n} theft or entity was followed.|None found to block {block}: {n} thefts and entities were followed.",
    "ブロック{block}まで、追跡した事案・主体{n}件からのエクスポージャーはありません。",
  ],
  noneSoFar: [
    "None found so far, but not everything could be searched. That does not mean clean.",
    "これまでのところ見つかっていませんが、調べられない部分があります。安全という意味ではありません。",
  ],
  notSearched: [
    "Unknown: exposures were not searched. That does not mean clean.",
    "不明：エクスポージャーを調べていません。安全という意味ではありません。",
  ],
  nothingFollowed: [
    "No theft and no illicit entity is followed on this chain. Import tags or a register that concerns it, then run fundtrail taint build.",
    "このチェーンで追跡されている事案や不正な主体がありません。関係するタグや事案台帳を読み込み、fundtrail taint buildを実行してください。",
  ],
  party: ["Of", "対象"],
});

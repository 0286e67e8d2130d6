import { bilingual } from "./text.ts";

/** Tags: who says what of whom. */
export const tagWords = bilingual({
  tagsOf: ["All tags, whoever says so", "すべてのタグと出典"],
  noTags: [
    "No tag is known. Absence of a label does not mean clean.",
    "タグはありません。ラベルがないことは安全を意味しません。",
  ],
  label: ["Label", "ラベル"],
  category: ["Category", "カテゴリー"],
  source: ["Source", "出典"],
  date: ["Date", "日付"],
  confidence: ["Confidence", "確度"],
  conflict: ["Conflict", "不一致"],
  withdrawn: ["withdrawn", "取り下げ"],
  none: ["none", "なし"],
});

import { bilingual } from "../../text/text.ts";

export const words = bilingual({
  title: ["Incidents", "事案"],
  count: ["{n} theft|{n} thefts", "{n}件"],
  countOf: ["{n} of {all} thefts", "{all}件中{n}件"],
  find: ["Find in names, ids, addresses, notes", "名称、ID、アドレス、備考から探す"],
  from: ["From", "開始日"],
  to: ["To", "終了日"],
  none: ["No theft fits these filters.", "条件に合う事案がありません。"],
});

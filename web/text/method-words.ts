import type { Locale } from "../base/locale.ts";

const change = "生成したチェーンで、規則とチェーンにより正答率19.1%〜96.8%（規則のページを参照）";

/** What is known of the error rates of the methods that verdicts rest on, by name; those that tell change are alike. */
const japanese: Readonly<Record<string, string>> = {
  fifo: "事実ではなく取り決めで、誤り率は測れません",
  haircut: "事実ではなく取り決めで、誤り率は測れません",
  "multi-input": "生成したCoinJoinで、結合した組の99.5%が正しい（実際のチェーンでは未測定）",
  "deposit-reuse": "生成した移転で、結び付けた支払元の79.1%が正しい（実際のチェーンでは未測定）",
  "airdrop-reuse": "未測定",
  "same-key": "未測定",
  "actor-by-name": "名称から誤った主体に至る割合は不明",
};

/** A method's error rate in words: in English the server's. */
export function methodText({ name, error }: { readonly name: string; readonly error: string }, locale: Locale): string {
  if (locale === "en") return error;
  return japanese[name] ?? (/[0-9]/u.test(error) ? change : "未測定");
}

import type { KnownChain } from "../base/chains.ts";
import { parseTransfers, type TransfersMark } from "../chains/transfers/rows.ts";
import type { Files } from "./files.ts";
import { ReadMeter } from "./read-meter.ts";
import type { Source } from "./source.ts";

/** A transfers file (`chain,block,time,tx,index,from,to,asset,amount`), CSV or JSON lines, as a source. */
export function transfersSource(
  files: Files,
  chain: KnownChain,
  file: string,
  addresses: "checked" | "as-written",
): Source {
  const meter = new ReadMeter(files);
  return {
    name: file,
    model: "account",
    async *open({ cursor }) {
      await meter.expect([file]);
      const resume = cursor === "" ? undefined : (JSON.parse(cursor) as TransfersMark);
      const chunks = meter.stream(file, resume?.offset ?? 0);
      for await (const { block, mark } of parseTransfers(chunks, chain, { source: file, addresses, resume })) {
        yield { block, height: block.height, cursor: JSON.stringify(mark) };
      }
    },
    progress: () => meter.progress(),
    findings: () => [],
  };
}

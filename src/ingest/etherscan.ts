import type { KnownChain } from "../base/chains.ts";
import { readEtherscan } from "../chains/evm/etherscan.ts";
import type { Files } from "./files.ts";
import { ReadMeter } from "./read-meter.ts";
import type { Source, SourceFinding } from "./source.ts";

/** An explorer's CSV export of some addresses' transactions as a source. The file is read whole: exports are small. */
export function etherscanSource(files: Files, chain: KnownChain, file: string): Source {
  const meter = new ReadMeter(files);
  let findings: readonly SourceFinding[] = [];
  return {
    name: file,
    model: "account",
    async *open({ tip }) {
      await meter.expect([file]);
      const read = await readEtherscan(meter.stream(file, 0), chain, file);
      findings = read.repeated.map((where) => ({ where, what: "repeats an earlier row and was not counted" }));
      for (const block of read.blocks) {
        if (tip !== undefined && block.height <= tip.height) continue;
        yield { block, height: block.height, cursor: String(block.height) };
      }
    },
    progress: () => meter.progress(),
    findings: () => findings,
  };
}

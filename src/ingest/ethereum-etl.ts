import type { KnownChain } from "../base/chains.ts";
import { Failure } from "../base/failure.ts";
import { decodeExport, type EtlTable, type EtlTables } from "../chains/evm/ethereum-etl.ts";
import type { Files } from "./files.ts";
import { ReadMeter } from "./read-meter.ts";
import type { Source, SourceFinding } from "./source.ts";

/** How many findings are kept: a whole chain can have millions. */
const findingsMax = 1_000;

/**
 * A folder with ethereum-etl's exports (`blocks.csv`, `transactions.csv`, `receipts.csv`, `logs.csv` or
 * `token_transfers.csv`, and where there are any `traces.csv`; each also as `.csv.gz`) as a source.
 */
export function ethereumEtlSource(files: Files, chain: KnownChain, folder: string): Source {
  const findings: SourceFinding[] = [];
  const meter = new ReadMeter(files);
  const table = async (name: string): Promise<string | undefined> => {
    for (const ending of [".csv", ".csv.gz"]) {
      const file = `${folder}/${name}${ending}`;
      if ((await files.size(file)) !== undefined) return file;
    }
    return undefined;
  };
  const needed = async (name: string): Promise<string> => {
    const found = await table(name);
    if (found !== undefined) return found;
    throw new Failure("SOURCE_UNREADABLE", { source: folder, why: `has no ${name}.csv`, mend: "export it too" });
  };
  /** Only what will be read. */
  const open = async (): Promise<EtlTables> => {
    await files.list(folder);
    const logs = await table("logs");
    const names = {
      blocks: await needed("blocks"),
      transactions: await needed("transactions"),
      receipts: await needed("receipts"),
      logs,
      tokenTransfers: logs === undefined ? await table("token_transfers") : undefined,
      traces: await table("traces"),
    };
    await meter.expect(Object.values(names).filter((file) => file !== undefined));
    const stream = (file: string): EtlTable => ({ name: file, chunks: meter.stream(file, 0) });
    const streamed = (file: string | undefined): EtlTable | undefined =>
      file === undefined ? undefined : stream(file);
    return {
      blocks: stream(names.blocks),
      transactions: stream(names.transactions),
      receipts: stream(names.receipts),
      logs: streamed(names.logs),
      tokenTransfers: streamed(names.tokenTransfers),
      traces: streamed(names.traces),
    };
  };
  return {
    name: folder,
    model: "account",
    async *open({ tip }) {
      const tables: EtlTables = await open();
      for await (const { block, findings: ofBlock } of decodeExport(chain, tables)) {
        // The tables cannot be entered in the middle: what the ledger has is read again and passed over.
        if (tip !== undefined && block.height <= tip.height) continue;
        for (const { what } of ofBlock) {
          if (findings.length < findingsMax) findings.push({ where: `${folder}, block ${block.height}`, what });
        }
        yield { block, height: block.height, cursor: String(block.height) };
      }
    },
    progress: () => meter.progress(),
    findings: () => findings,
  };
}

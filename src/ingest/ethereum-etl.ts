import { assert } from "../base/assert.ts";
import type { KnownChain } from "../base/chains.ts";
import { Failure } from "../base/failure.ts";
import { decodeExport, type EtlTable, type EtlTables } from "../chains/evm/ethereum-etl.ts";
import type { EtlName } from "../chains/evm/etl-tables.ts";
import type { Files } from "./files.ts";
import type { Source, SourceFinding } from "./source.ts";
import { scanHere, type ScannedTables, type TableScan } from "./table-scan.ts";

/** How many findings are kept: a whole chain can have millions. */
const findingsMax = 1_000;

/**
 * A folder with ethereum-etl's exports (`blocks.csv`, `transactions.csv`, `receipts.csv`, `logs.csv` or
 * `token_transfers.csv`, and where there are any `traces.csv`; each also as `.csv.gz`) as a source.
 *
 * @param scan - By whom the tables are read; the result is the same.
 */
export function ethereumEtlSource(
  files: Files,
  chain: KnownChain,
  folder: string,
  scan: TableScan = scanHere(files),
): Source {
  const findings: SourceFinding[] = [];
  let [bytesTotal, scanned]: [number | undefined, ScannedTables | undefined] = [undefined, undefined];
  return {
    name: folder,
    model: "account",
    async *open({ tip }) {
      const { tables, bytes } = await findTables(files, folder);
      bytesTotal = bytes;
      scanned = scan();
      try {
        for await (const { block, findings: ofBlock } of decodeExport(chain, tablesOf(tables, scanned))) {
          // The tables cannot be entered in the middle: what the ledger has is read again and passed over.
          if (tip !== undefined && block.height <= tip.height) continue;
          for (const { what } of ofBlock) {
            if (findings.length < findingsMax) findings.push({ where: `${folder}, block ${block.height}`, what });
          }
          yield { block, height: block.height, cursor: String(block.height) };
        }
      } finally {
        await scanned.close();
      }
    },
    progress: () => ({ bytes: scanned?.position() ?? 0, bytesTotal, lastHeight: undefined }),
    findings: () => findings,
  };
}

type Found = Readonly<Record<EtlName, string | undefined>>;

/** The files that will be read, and their size. */
async function findTables(files: Files, folder: string): Promise<{ readonly tables: Found; readonly bytes: number }> {
  const names = new Set(await files.list(folder));
  const find = (name: string): string | undefined => {
    const ending = [".csv", ".csv.gz"].find((one) => names.has(`${name}${one}`));
    return ending === undefined ? undefined : `${folder}/${name}${ending}`;
  };
  const need = (name: string): string => {
    const found = find(name);
    if (found !== undefined) return found;
    throw new Failure("SOURCE_UNREADABLE", { source: folder, why: `has no ${name}.csv`, mend: "export it too" });
  };
  const logs = find("logs");
  const tables = {
    blocks: need("blocks"),
    transactions: need("transactions"),
    receipts: need("receipts"),
    logs,
    tokenTransfers: logs === undefined ? find("token_transfers") : undefined,
    traces: find("traces"),
  };
  let bytes = 0;
  for (const file of Object.values(tables)) bytes += file === undefined ? 0 : ((await files.size(file)) ?? 0);
  return { tables, bytes };
}

function tablesOf(found: Found, scanned: ScannedTables): EtlTables {
  const table = <Name extends EtlName>(name: Name): EtlTable<Name> | undefined => {
    const file = found[name];
    return file === undefined ? undefined : { file, rows: scanned.rows(name, file) };
  };
  const needed = <Name extends EtlName>(name: Name): EtlTable<Name> => {
    const there = table(name);
    assert(there !== undefined, `ethereum-etl: ${name} was found`);
    return there;
  };
  return {
    blocks: needed("blocks"),
    transactions: needed("transactions"),
    receipts: needed("receipts"),
    logs: table("logs"),
    tokenTransfers: table("tokenTransfers"),
    traces: table("traces"),
  };
}

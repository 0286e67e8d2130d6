/** The thread of `scanning-thread.ts`: reads the tables that it is asked for. */
import { parentPort } from "node:worker_threads";
import { isFailure } from "../base/failure.ts";
import type { EtlName, EtlRows } from "../chains/evm/etl-tables.ts";
import type { RowsParts } from "../chains/evm/rows.ts";
import { scanHere } from "../ingest/table-scan.ts";
import { diskFiles } from "./disk-files.ts";
import type { ScannedBatch, ScanningOrder } from "./scanning-thread.ts";

/** Bytes of rows in a batch, at which it is sent. */
const batchBytes = 256 * 1024;

const scanned = scanHere(diskFiles())();
type Table = { readonly rows: AsyncIterator<EtlRows<EtlName>>; last: Promise<void>; isOver: boolean };
const tables = new Map<EtlName, Table>();

parentPort?.on("message", ({ name, file }: ScanningOrder) => {
  let table = tables.get(name);
  if (table === undefined) {
    const rows = scanned.rows(name, file)[Symbol.asyncIterator]();
    tables.set(name, (table = { rows, last: Promise.resolve(), isOver: false }));
  }
  const asked = table;
  asked.last = asked.last.then(async () => answer(name, asked));
});

async function answer(name: EtlName, table: Table): Promise<void> {
  if (table.isOver) return;
  const rows: RowsParts<string>[] = [];
  let failure: ScannedBatch["failure"];
  try {
    for (let bytes = 0; bytes < batchBytes && !table.isOver;) {
      const next = await table.rows.next();
      if (next.done === true) {
        table.isOver = true;
      } else {
        bytes += next.value.size;
        rows.push(next.value.parts());
      }
    }
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    table.isOver = true;
    failure = { code: thrown.code, data: thrown.data };
  }
  const batch: ScannedBatch = { name, rows, isLast: table.isOver, failure, position: scanned.position() };
  parentPort?.postMessage(
    batch,
    rows.flatMap(({ bytes, ends, lines }) => [bytes.buffer, ends.buffer, lines.buffer]),
  );
}

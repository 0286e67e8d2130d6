import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FailureCode } from "../base/failure-codes.ts";
import { Failure } from "../base/failure.ts";
import type { EtlName, EtlRows } from "../chains/evm/etl-tables.ts";
import { BlockRows, type RowsParts } from "../chains/evm/rows.ts";
import type { ScannedTables, TableScan } from "../ingest/table-scan.ts";

/** What the thread is sent: for the next rows of a table. */
export type ScanningOrder = { readonly name: EtlName; readonly file: string };
/** What it answers, for each table in the order of the orders. */
export type ScannedBatch = {
  readonly name: EtlName;
  readonly rows: readonly RowsParts<string>[];
  readonly isLast: boolean;
  /** What ends the table instead; behind the rows before it. */
  readonly failure: { readonly code: FailureCode; readonly data: unknown } | undefined;
  /** Bytes of all tables that were read so far. */
  readonly position: number;
};

/** Batches of a table that are under way while one is used. */
const batchesAhead = 2;

/**
 * Reads ethereum-etl's tables in a thread of its own, some blocks ahead of whoever uses them.
 *
 * Finding rows and fields is more than a third of reading an export. The rows' memory is handed over, not copied.
 * Memory: a few batches a table, beside what the tables themselves hold back.
 */
export function scanInThread(): TableScan {
  return () => new ScanningThread();
}

class ScanningThread implements ScannedTables {
  readonly #worker = new Worker(workerFile());
  readonly #arrived = new Map<EtlName, ScannedBatch[]>();
  #position = 0;
  #failed: Error | undefined;

  constructor() {
    this.#worker.setMaxListeners(20);
    this.#worker.on("message", (batch: ScannedBatch) => {
      this.#position = batch.position;
      this.#arrived.get(batch.name)?.push(batch);
    });
    this.#worker.on("error", (error: Error) => void (this.#failed = error));
  }

  position = (): number => this.#position;

  close = async (): Promise<void> => {
    await this.#worker.terminate();
  };

  rows = async function* rows<Name extends EtlName>(
    this: ScanningThread,
    name: Name,
    file: string,
  ): AsyncIterable<EtlRows<Name>> {
    const arrived: ScannedBatch[] = [];
    this.#arrived.set(name, arrived);
    for (let ahead = 0; ahead < batchesAhead; ahead += 1) this.#ask({ name, file });
    for (;;) {
      const batch = await this.#next(arrived);
      this.#ask({ name, file });
      for (const parts of batch.rows) yield BlockRows.of(parts) as unknown as EtlRows<Name>;
      if (batch.failure !== undefined) throw new Failure(batch.failure.code, batch.failure.data as never);
      if (batch.isLast) return;
    }
  };

  async #next(arrived: ScannedBatch[]): Promise<ScannedBatch> {
    for (;;) {
      const batch = arrived.shift();
      if (batch !== undefined) return batch;
      if (this.#failed !== undefined) throw this.#failed;
      // Rejects where the thread itself fails meanwhile.
      await once(this.#worker, "message");
    }
  }

  #ask(order: ScanningOrder): void {
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(order);
  }
}

/** The file beside this one, which is TypeScript in the sources and JavaScript in a package. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "scanning-worker.ts" : "scanning-worker.js", import.meta.url);
}

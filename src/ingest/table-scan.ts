import { etlTable } from "../chains/evm/ethereum-etl.ts";
import type { EtlName, EtlRows } from "../chains/evm/etl-tables.ts";
import type { Files } from "./files.ts";
import { ReadMeter } from "./read-meter.ts";

/** Tables that are being read. */
export type ScannedTables = {
  /** A table's rows by block, to be gone through once. @throws {Failure} as `groupByBlock`, once all before are given. */
  readonly rows: <Name extends EtlName>(name: Name, file: string) => AsyncIterable<EtlRows<Name>>;
  /** Bytes read, as they lie on the disk. */
  readonly position: () => number;
  readonly close: () => Promise<void>;
};

/** Reads tables. */
export type TableScan = () => ScannedTables;

/** Reads in this thread, as much as is asked for. */
export function scanHere(files: Files): TableScan {
  return () => {
    const meter = new ReadMeter(files);
    return {
      rows: (name, file) => etlTable(name, file, meter.stream(file, 0)).rows,
      position: () => meter.progress().bytes,
      close: async () => Promise.resolve(),
    };
  };
}

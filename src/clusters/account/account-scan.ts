import type { ChainReader } from "../../ledger/reader.ts";
import type { RuleSet } from "../rules.ts";
import type { Scan, ScanSink } from "../scan.ts";
import type { ServiceList } from "../services.ts";

/** Applies the rules for chains of accounts to one transfer after the other. */
export class AccountScan implements Scan {
  ownersSeen = 0;

  constructor(_reader: ChainReader, _rules: RuleSet, _services: ServiceList) {
    //
  }

  rows(_from: number, _to: number, _sink: ScanSink): void {
    //
  }
}

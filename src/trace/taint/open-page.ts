import { Failure, isFailure } from "../../base/failure.ts";
import { openPage } from "../../ledger/page.ts";

/**
 * The content of one of the index's pages, checked.
 *
 * @param what - What the page is, for the failure's message.
 * @throws {Failure} `TAINT_DAMAGED` where it is missing or its checksum does not match.
 */
export function openTaintPage(sealed: Uint8Array | undefined, what: string): Uint8Array {
  try {
    return openPage(sealed, what);
  } catch (thrown) {
    if (!isFailure(thrown, "LEDGER_DAMAGED")) throw thrown;
    const why = sealed === undefined ? "the page is missing" : "its checksum does not match";
    throw new Failure("TAINT_DAMAGED", { what, why }, thrown);
  }
}

import { Failure, isFailure } from "../../base/failure.ts";
import { ownerOf } from "../../clusters/owners.ts";
import type { ChainReader } from "../../ledger/reader.ts";

/** Addresses of a list, by whether the ledger has seen them. */
export type AddressList = {
  readonly owners: readonly number[];
  readonly count: number;
  readonly notInLedger: readonly string[];
};

const headings: ReadonlySet<string> = new Set(["address", "addresses", "account", "wallet"]);

/**
 * Reads a list of addresses: one a line, or a CSV whose first column it is; a `#` begins a remark, and a first line that
 * names the column is passed over.
 *
 * @throws {Failure} `SOURCE_INVALID` with the line of what is no address of the chain, and how many more there are.
 */
export function readAddresses(reader: ChainReader, source: string, text: string): AddressList {
  const owners: number[] = [];
  const notInLedger: string[] = [];
  const wrong: { readonly line: number; readonly why: string }[] = [];
  let [count, isHead] = [0, true];
  for (const [at, line] of text
    .replace(/^\uFEFF/u, "")
    .split(/\r?\n/u)
    .entries()) {
    const content = (line.split("#", 1)[0] ?? "").trim();
    const address = (content.split(/[,;\t]/u, 1)[0] ?? "").replaceAll('"', "").trim();
    if (content === "") continue;
    const isHeading = isHead && headings.has(address.toLowerCase());
    isHead = false;
    if (isHeading) continue;
    count += 1;
    try {
      const owner = ownerOf(reader, address);
      if (owner === undefined) notInLedger.push(address);
      else owners.push(owner);
    } catch (thrown) {
      if (!isFailure(thrown, "INVALID_VALUE")) throw thrown;
      wrong.push({ line: at + 1, why: thrown.message });
    }
  }
  const [first, ...others] = wrong;
  if (first !== undefined) {
    const more =
      others.length === 0
        ? ""
        : ` (and lines ${others
            .slice(0, 10)
            .map(({ line }) => line)
            .join(", ")}${others.length > 10 ? ", …" : ""})`;
    const mend = `write an address of ${reader.chain.name} a line, or a CSV whose first column it is`;
    throw new Failure("SOURCE_INVALID", { source, where: `line ${first.line}`, why: `${first.why}${more}`, mend });
  }
  if (count > 0) return { owners, count, notInLedger };
  const mend = `write an address of ${reader.chain.name} a line, or a CSV whose first column it is`;
  throw new Failure("SOURCE_INVALID", { source, where: "", why: "it names no address", mend });
}

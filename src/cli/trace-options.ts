import type { ParseArgsConfig } from "node:util";
import { readFile } from "node:fs/promises";
import { chain as knownChain } from "../base/chains.ts";
import { Failure } from "../base/failure.ts";
import { errnoWords } from "../io/errno.ts";
import type { ChainReader, LedgerReader } from "../ledger/reader.ts";
import { preferPrices, readOwnPrices } from "../prices/own-prices.ts";
import type { PriceTable } from "../prices/price-table.ts";
import { splitReferences } from "../trace/origin.ts";
import type { Limits } from "../trace/trace.ts";
import { readCount, type Arguments } from "./arguments.ts";
import { loadPrices } from "./register.ts";

export const traceOptions: NonNullable<ParseArgsConfig["options"]> = {
  ledger: { type: "string" },
  chain: { type: "string" },
  origin: { type: "string", multiple: true },
  "origin-file": { type: "string" },
  incident: { type: "string" },
  register: { type: "string", multiple: true },
  policy: { type: "string" },
  compare: { type: "boolean" },
  patterns: { type: "boolean" },
  backward: { type: "boolean" },
  stops: { type: "string" },
  tags: { type: "string" },
  swaps: { type: "string" },
  prices: { type: "string" },
  until: { type: "string" },
  "hops-max": { type: "string" },
  "amount-min": { type: "string" },
  budget: { type: "string" },
  "sources-max": { type: "string" },
  hub: { type: "string" },
  path: { type: "string" },
  format: { type: "string" },
  json: { type: "boolean" },
};

/**
 * The chain of a ledger that is meant; where the ledger holds one only, it need not be named.
 *
 * @throws {Failure} `UNKNOWN_NAME` for one that it does not hold, `USAGE` where it holds several and none is named.
 */
export function chosenChain(reader: LedgerReader, text: string | undefined, folder: string): ChainReader {
  const known = reader.chains.map(({ chain }) => chain.alias).join(", ");
  const mend = known === "" ? "it holds no chain yet: fundtrail help ingest" : `it holds ${known}`;
  if (text === undefined) {
    const [only, ...others] = reader.chains;
    if (only !== undefined && others.length === 0) return only;
    throw new Failure("USAGE", { what: "--chain is missing", mend: `give --chain CHAIN; ${folder}: ${mend}` });
  }
  const wanted = knownChain(text).id;
  const found = reader.chains.find(({ chain }) => chain.id === wanted);
  if (found !== undefined) return found;
  throw new Failure("UNKNOWN_NAME", { kind: "chain of the ledger", name: text, where: folder, mend });
}

/**
 * The references given by `--origin` and `--origin-file`.
 *
 * @throws {Failure} `USAGE` where there are none.
 */
export async function readOrigins(options: Arguments): Promise<readonly string[]> {
  const file = options.text("origin-file");
  const ofFile = file === undefined ? [] : splitReferences(await textOf(file));
  const found = [...options.texts("origin").flatMap(splitReferences), ...ofFile];
  if (found.length > 0) return found;
  const what = file === undefined ? "no origin is given" : `${file} names no origin`;
  const mend = "give --origin TXID:VOUT (of accounts TXID:INDEX), several with commas, or --origin-file FILE";
  throw new Failure("USAGE", { what, mend });
}

/** @throws {Failure} `SOURCE_UNREADABLE`. */
export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Failure("SOURCE_UNREADABLE", { source: file, why: errnoWords(error), mend: "check the path" }, error);
  }
}

/**
 * The register's prices, and before them those of `--prices`.
 *
 * @throws {Failure} As {@link withOwnPrices}.
 */
export async function readPriceTable(options: Arguments): Promise<PriceTable> {
  return withOwnPrices(await loadPrices(options.texts("register")), options);
}

/**
 * Prices, and before them those of `--prices`.
 *
 * @throws {Failure} `SOURCE_UNREADABLE`, `SOURCE_INVALID` with the line of a row that is no price.
 */
export async function withOwnPrices(registered: PriceTable, options: Arguments): Promise<PriceTable> {
  const file = options.text("prices");
  return file === undefined ? registered : preferPrices(readOwnPrices(file, await textOf(file)), registered);
}

export function readLimits(options: Arguments): Limits {
  const count = (name: string): number | undefined =>
    options.text(name) === undefined ? undefined : readCount(options, name, 0);
  const least = options.text("amount-min") ?? "0";
  if (!/^[0-9]{1,78}$/u.test(least)) {
    const mend = "give base units, such as 100000 satoshi";
    throw new Failure("USAGE", { what: `--amount-min "${least}" is not an integer`, mend });
  }
  return {
    until: count("until"),
    hopsMax: count("hops-max"),
    amountMin: BigInt(least),
    budget: count("budget"),
  };
}

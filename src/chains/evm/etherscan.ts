import { assert } from "../../base/assert.ts";
import type { AssetId } from "../../base/caip.ts";
import type { KnownChain } from "../../base/chains.ts";
import type { AccountBlock, AccountTransaction, Transfer } from "../block.ts";
import { readRows, type CsvRow } from "./csv.ts";
import { invalid, isAbsent, readAddress, readCount, readHash, readQuantity, textOf } from "./read.ts";

const columns = [
  "hash",
  "from",
  "to",
  "value",
  "timeStamp",
  "blockNumber",
  "tokenSymbol",
  "contractAddress",
  "isError",
  "gasPrice",
  "gasUsed",
] as const;

/** What an explorer's export says. */
export type EtherscanExport = {
  /** In ascending order. */
  readonly blocks: readonly AccountBlock[];
  /** Places of rows that repeat an earlier one and were not counted. */
  readonly repeated: readonly string[];
};

/**
 * Reads an explorer's export of some addresses' transactions as blocks, in ascending order; within a block the file's order
 * counts.
 *
 * A row with a contract is a token's transfer (`value` in its base unit, taken as ERC-20), any other one of the native asset;
 * the file does not tell outer from internal transactions. A row with `isError` other than 0 moves nothing. Fee: gas price ×
 * gas used, once for each hash, of the first row in the native asset with that hash, paid by its `from`, and put before what
 * else its transaction moves; a hash with token rows alone has no fee, since their `from` need not be who paid it. A row
 * that repeats another in every column counts once and is listed: files joined from the lists of several addresses have a
 * transfer between two of them twice. (Two equal internal transfers of one transaction look the same; the file cannot tell.)
 * A file has the transactions of the addresses that were asked for and no others, so internal transfers are unknown.
 *
 * @throws {Failure} `SOURCE_INVALID` for a malformed row, or for rows of one block at different times.
 * Source: Etherscan API, `txlist`, `txlistinternal`, `tokentx`
 * Cost: holds the file's rows: such a file need not be in order.
 */
export async function readEtherscan(
  chunks: AsyncIterable<Uint8Array>,
  chain: KnownChain,
  source: string,
): Promise<EtherscanExport> {
  assert(chain.family === "evm", `etherscan: ${chain.alias} is of the family ${chain.family}`);
  const blocks = new Map<number, Row[]>();
  const seen = new Set<string>();
  const repeated: string[] = [];
  for await (const row of readRows(chunks, source, columns)) {
    const read = readRow(chain, row);
    const whole = JSON.stringify(row.fields);
    if (seen.has(whole)) {
      repeated.push(row.place.where);
      continue;
    }
    seen.add(whole);
    const known = blocks.get(read.height);
    if (known === undefined) blocks.set(read.height, [read]);
    else if (known[0]?.time === read.time) known.push(read);
    else throw invalid(row.place, `block ${read.height} has rows at different times`);
  }
  const sorted = [...blocks].toSorted(([left], [right]) => left - right);
  return { blocks: sorted.map(([height, rows]) => blockOf(chain, height, rows)), repeated };
}

type Row = {
  readonly hash: string;
  readonly height: number;
  readonly time: number;
  readonly failed: boolean;
  readonly from: string;
  /** Undefined: a contract was created whose address the row does not tell. */
  readonly to: string | undefined;
  readonly asset: AssetId;
  readonly amount: bigint;
  readonly fee: bigint;
};

function readRow(chain: KnownChain, { fields, place }: CsvRow): Row {
  const token = fields["contractAddress"];
  // Explorers name the created contract in the same column; then nobody is in "to" and there is no symbol.
  const creates = isAbsent(fields["to"]);
  const native = isAbsent(token) || (creates && isAbsent(fields["tokenSymbol"]));
  const failed = !isAbsent(fields["isError"]) && !/^0(?:\.0)?$/u.test(textOf(fields["isError"]));
  if (failed && !/^1(?:\.0)?$/u.test(textOf(fields["isError"]))) throw invalid(place, "its isError is neither 0 nor 1");
  const amount = readQuantity(fields["value"], "value", place);
  const to = creates
    ? native && !isAbsent(token)
      ? readAddress(token, "contractAddress", place)
      : undefined
    : readAddress(fields["to"], "to", place);
  if (to === undefined && amount > 0n && !failed) throw invalid(place, "it has no receiver", "fill in the contract");
  const gasUsed = isAbsent(fields["gasUsed"]) ? 0n : readQuantity(fields["gasUsed"], "gasUsed", place);
  const price = isAbsent(fields["gasPrice"]) ? 0n : readQuantity(fields["gasPrice"], "gasPrice", place);
  const fee = gasUsed * price;
  if (fee >> 256n !== 0n) throw invalid(place, "its fee is over 256 bits");
  return {
    hash: readHash(fields["hash"], "hash", place),
    height: readCount(fields["blockNumber"], "blockNumber", place),
    time: readCount(fields["timeStamp"], "timeStamp", place),
    failed,
    from: readAddress(fields["from"], "from", place),
    to,
    asset: native ? chain.native : (`${chain.id}/erc20:${readAddress(token, "contractAddress", place)}` as AssetId),
    amount,
    fee: native ? fee : 0n,
  };
}

const zero = `0x${"0".repeat(40)}`;

function blockOf(chain: KnownChain, height: number, rows: readonly Row[]): AccountBlock {
  const byHash = new Map<string, Row[]>();
  for (const row of rows) {
    const known = byHash.get(row.hash);
    if (known === undefined) byHash.set(row.hash, [row]);
    else known.push(row);
  }
  const transactions: AccountTransaction[] = [];
  const transfers: Transfer[] = [];
  for (const [id, own] of byHash) {
    const transaction = transactions.length;
    transactions.push({ id, index: transaction, failed: own.every(({ failed }) => failed) });
    let position = 0;
    const payer = own.find(({ asset }) => asset === chain.native);
    const add = (transfer: Omit<Transfer, "transaction" | "position">): void => {
      transfers.push({ transaction, position, ...transfer });
      position += 1;
    };
    if (payer !== undefined && payer.fee > 0n) {
      add({ kind: "fee", asset: chain.native, from: payer.from, to: undefined, amount: payer.fee });
    }
    for (const { failed, asset, from, to, amount } of own) {
      const native = asset === chain.native;
      if (failed || (native && amount === 0n)) continue;
      if (native) add({ kind: "native", asset, from, to, amount });
      else if (from !== zero || to !== zero) {
        add({ kind: "token", asset, from: from === zero ? undefined : from, to: to === zero ? undefined : to, amount });
      }
    }
  }
  const time = rows[0]?.time ?? 0;
  const common = { model: "account", chain: chain.id, hash: undefined, parent: undefined } as const;
  return { ...common, height, time, transactions, transfers, internalTransfers: "unknown" };
}

/** Published reconstructions of real thefts as blocks of a chain of accounts. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { parseAssetId, type AssetId } from "../../src/base/caip.ts";
import { chain } from "../../src/base/chains.ts";
import type { AccountBlock, Transfer } from "../../src/chains/block.ts";

type Row = Readonly<Record<string, string>>;
type CaseTransfer = Pick<Transfer, "kind" | "asset" | "from" | "to" | "amount"> & {
  readonly txid: string;
  readonly height: number;
  readonly time: number;
};

const ethereum = chain("ethereum");
/** What dollars are counted in here: the data set has up to twelve decimals. */
export const usdDecimals = 12;
export const usd: AssetId = parseAssetId("eip155:1/symbol:USD");

const rowsOf = (file: string): readonly Row[] => parse(readFileSync(file, "utf8"), { columns: true, bom: true });

/** The Harmony thief's transfers of January 2023, in dollars: HB.csv of AnonymousMFTracer/Ground-Truth. */
export function harmonyBlocks(file: string): {
  readonly blocks: readonly AccountBlock[];
  readonly labels: ReadonlyMap<string, string>;
} {
  const labels = new Map<string, string>();
  const transfers = rowsOf(file).map((row): CaseTransfer => {
    const [from, to] = [(row["From"] ?? "").toLowerCase(), (row["To"] ?? "").toLowerCase()];
    labels.set(from, row["From_label"] ?? "");
    labels.set(to, row["To_label"] ?? "");
    const [whole = "0", fraction = ""] = (row["Value_in_USD"] ?? "").split(".");
    const amount = BigInt(whole + fraction.slice(0, usdDecimals).padEnd(usdDecimals, "0"));
    const time = Date.parse(`${row["Timestamp"]?.replace(" ", "T")}Z`) / 1_000;
    return {
      kind: "token",
      asset: usd,
      from,
      to,
      amount,
      txid: row["Tx_hash"] ?? "",
      height: Number(row["Block"]),
      time,
    };
  });
  return { blocks: blocksOf(transfers), labels };
}

/** Blocks in which a row that is there twice, by transaction, both ends and amount, counts once. */
export function withoutRepeats(blocks: readonly AccountBlock[]): readonly AccountBlock[] {
  return blocks.map((block) => {
    const seen = new Set<string>();
    const transfers = block.transfers.filter(({ transaction, from, to, amount }) => {
      const key = `${transaction} ${from} ${to} ${amount}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    return { ...block, transfers };
  });
}

/** The daily closes of an asset, as a file of own prices: daily_usd.csv. */
export function closesOf(file: string, symbol: string): string {
  const rows = rowsOf(file).filter((row) => row["symbol"] === symbol);
  const days = new Map(rows.map((row) => [row["date"] ?? "", row["usd_close"] ?? ""]));
  return `asset,date,usd\n${[...days].map(([day, price]) => `${symbol},${day},${price}\n`).join("")}`;
}

/** The later life of the Bancor thief's addresses, native transfers with their fees: all-tx.csv of EthereumHeist. */
export function bancorBlocks(file: string): readonly AccountBlock[] {
  const paid = new Set<string>();
  const native = rowsOf(file).filter((row) => row["tokenSymbol"] === "" && row["isError"] === "0.0");
  return blocksOf(
    native.flatMap((row): CaseTransfer[] => {
      const [from, to, txid] = [row["from"] ?? "", row["to"] ?? "", row["hash"] ?? ""];
      const moment = { txid, height: Number(row["blockNumber"]), time: Number(row["timeStamp"]) };
      const fee = BigInt(row["gasPrice"] ?? "0") * BigInt(row["gasUsed"] ?? "0");
      const asset = ethereum.native;
      const transfer: CaseTransfer = {
        kind: "native",
        asset,
        from,
        to,
        amount: BigInt(row["value"] ?? "0"),
        ...moment,
      };
      if (fee === 0n || paid.has(txid)) return [transfer];
      paid.add(txid);
      return [{ kind: "fee", asset, from, to: undefined, amount: fee, ...moment }, transfer];
    }),
  );
}

function blocksOf(transfers: readonly CaseTransfer[]): readonly AccountBlock[] {
  const byBlock = Map.groupBy(
    transfers.toSorted((left, right) => left.height - right.height),
    ({ height }) => height,
  );
  return [...byBlock].map(([height, rows]): AccountBlock => {
    const ids = [...new Set(rows.map(({ txid }) => txid))];
    return {
      model: "account",
      chain: ethereum.id,
      hash: undefined,
      parent: undefined,
      height,
      time: rows[0]?.time ?? 0,
      transactions: ids.map((id, index) => ({ id, index, failed: false })),
      transfers: rows.map(({ txid, kind, asset, from, to, amount }, position) => ({
        transaction: ids.indexOf(txid),
        position,
        kind,
        asset,
        from,
        to,
        amount,
      })),
      internalTransfers: "unknown",
    };
  });
}

/** The lines of a list of addresses, in lower case. */
export function addressesIn(file: string): ReadonlySet<string> {
  const lines = readFileSync(file, "utf8")
    .replace(/^\uFEFF/u, "")
    .split(/\r?\n/u);
  return new Set(lines.map((line) => line.trim().toLowerCase()).filter((line) => line !== ""));
}

/** Names of a labelled list of addresses. */
export function labelsIn(file: string): ReadonlyMap<string, { readonly name: string; readonly label: string }> {
  return new Map(
    rowsOf(file).map((row) => [row["address"] ?? "", { name: row["name_tag"] ?? "", label: row["label"] ?? "" }]),
  );
}
